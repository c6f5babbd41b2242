"""Endpoints, chats, messages and wishes, as they are told and answered."""

from __future__ import annotations

from typing import Annotated

from ninja import Path, Schema
from pydantic import Field

from handfast_server.api.body import Body
from handfast_server.api.fields import GivenName, LeadId, MomentOut, Name
from handfast_server.delivery.models import Message

Url = Annotated[
    str,
    Field(min_length=1, max_length=2_000, pattern=r"^[^\s\x00]+$", examples=["https://hooks.company.example/handfast"]),
]


Events = Annotated[
    list[Annotated[str, Field(max_length=60, pattern=r"^[a-z_.]+$")]],
    Field(max_length=100, examples=[["lead.assigned", "clock."]]),
]


NamePath = Annotated[str, Path(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_]+$")]


Minute = Annotated[int, Field(ge=0, lt=24 * 60, description="Minutes from midnight in one's own zone.")]


class EndpointIn(Body):
    """Where webhooks go; `events` are names or beginnings such as `clock.`; none: everything but `lead.rescored`."""

    url: Url
    about: Name = ""
    events: Events = Field(default_factory=list)


class EndpointChange(Body):
    """What is given is changed; `active: true` also switches on again what was switched off for failing."""

    url: Url | None = None
    about: Name | None = None
    events: Events | None = None
    active: bool | None = None


class EndpointOut(Schema):
    """An endpoint and how it does; its secret is shown once, when it is made."""

    id: str
    url: str
    about: str
    events: list[str]
    active: bool
    made_at: MomentOut
    succeeded_at: MomentOut | None
    failing_since: MomentOut | None
    failures: int
    disabled_at: MomentOut | None


class EndpointMade(Schema):
    """The new endpoint, and its secret."""

    endpoint: EndpointOut
    secret: str


class SecretOut(Schema):
    """A secret; it is shown this once."""

    secret: str


class MessageName(Schema):
    """The id of a message."""

    message: str


class ChannelIn(Body):
    """A chat: an address as Apprise writes it, with `user` that person's own, else shared by those who read it."""

    name: GivenName
    address: Url = Field(..., examples=["slack://token_a/token_b/token_c/#sales"])
    events: Events = Field(default_factory=list)
    user: Annotated[int, Field(ge=1, lt=2**31)] | None = None


class ChannelOut(Schema):
    """A chat; its address is not shown, since it holds passwords."""

    id: str
    name: str
    events: list[str]
    user: int | None = Field(default=None, alias="user_id")
    active: bool
    made_at: MomentOut


class MessageFilter(Schema):
    """Which messages; every filter narrows."""

    state: Annotated[str, Field(pattern=rf"^({'|'.join(Message.State.values)})?$")] = ""
    channel: Annotated[str, Field(pattern=r"^(person|mail|chat|webhook)?$")] = ""
    event: Name = ""
    to: Name = Field("", description="A rep's name, an address, or the id of a channel or an endpoint.")
    lead: LeadId | None = None


class MessageOut(Schema):
    """A message: what happened, over which channel, and how it stands."""

    id: str
    event: str
    channel: str
    to: str
    lead: str
    cycle: str
    state: str
    error: str
    attempts: int
    created_at: MomentOut
    due_at: MomentOut


class MessageRows(Schema):
    """A page of messages, and the cursor to the next; empty at the end."""

    items: list[MessageOut]
    next: str


class AttemptOut(Schema):
    """One try; without an end it was cut off, and what came of it is not known."""

    number: int
    started_at: MomentOut
    ended_at: MomentOut | None
    result: str
    detail: str


class Again(Body):
    """Which messages are sent again: by id, or all that were given up, of one endpoint if it is named."""

    messages: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=1_000)] | None = None
    endpoint: Annotated[str, Field(max_length=40)] = ""


class Count(Schema):
    """How many."""

    count: int


class WishIn(Body):
    """What is given is changed. `quiet_from` and `quiet_until` are null for no quiet hours."""

    mail: bool | None = None
    chat: bool | None = None
    muted: Events | None = None
    quiet_from: Minute | None = None
    quiet_until: Minute | None = None
    digest: bool | None = None
    digest_at: Minute | None = None
    digest_days: Annotated[str, Field(pattern=r"^[1-7]{0,7}$", description="1 is Monday.")] | None = None


class WishOut(Schema):
    """What somebody is told, and when."""

    mail: bool
    chat: bool
    muted: list[str]
    quiet_from: int | None
    quiet_until: int | None
    digest: bool
    digest_at: int
    digest_days: str
