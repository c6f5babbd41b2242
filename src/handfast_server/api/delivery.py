"""Webhooks, chats, the messages that could not be sent, and what somebody wants to be told."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from handfast_server.accounts.models import User
from handfast_server.api.auth import caller, may
from handfast_server.api.errors import ApiRefused
from handfast_server.api.fields import GivenName, LeadId, MomentOut, Name
from handfast_server.api.paging import Order, Paging, page_of, question
from handfast_server.delivery import actions
from handfast_server.delivery.models import Attempt, Channel, Endpoint, Message, Wish

router = Router(tags=["delivery"])

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


class EndpointIn(Schema):
    """Where webhooks go; `events` are names or beginnings such as `clock.`; none: everything but `lead.rescored`."""

    url: Url
    about: Name = ""
    events: Events = Field(default_factory=list)


class EndpointChange(Schema):
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


class ChannelIn(Schema):
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


class Again(Schema):
    """Which messages are sent again: by id, or all that were given up, of one endpoint if it is named."""

    messages: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=1_000)] | None = None
    endpoint: Annotated[str, Field(max_length=40)] = ""


class Count(Schema):
    """How many."""

    count: int


class WishIn(Schema):
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


@router.get("/endpoints", response=list[EndpointOut])
@may("endpoints.read")
def list_endpoints(request: HttpRequest) -> Any:
    """Everything that gets webhooks."""
    return Endpoint.objects.order_by("made_at", "id")


@router.post("/endpoints", response={201: EndpointMade})
@may("endpoints.write")
def make_endpoint(request: HttpRequest, body: EndpointIn) -> Any:
    """Have webhooks sent to an address."""
    endpoint, secret = actions.do_make_endpoint(body.url, body.about, body.events)
    return Status(201, {"endpoint": endpoint, "secret": secret})


@router.patch("/endpoints/{endpoint}", response=EndpointOut)
@may("endpoints.write")
def change_endpoint(request: HttpRequest, endpoint: NamePath, body: EndpointChange) -> Any:
    """Change an endpoint."""
    return actions.do_change_endpoint(endpoint, **_given(body))


@router.delete("/endpoints/{endpoint}", response={204: None})
@may("endpoints.write")
def remove_endpoint(request: HttpRequest, endpoint: NamePath) -> Any:
    """Send nothing there any more."""
    actions.do_remove_endpoint(endpoint)
    return Status(204, None)


@router.post("/endpoints/{endpoint}/secret", response=SecretOut)
@may("endpoints.write")
def rotate_secret(request: HttpRequest, endpoint: NamePath) -> Any:
    """A new secret; for a day both sign."""
    return {"secret": actions.do_rotate_secret(endpoint)}


@router.post("/endpoints/{endpoint}/test", response={202: MessageName})
@may("endpoints.write")
def try_endpoint(request: HttpRequest, endpoint: NamePath) -> Any:
    """Send `endpoint.test`."""
    return Status(202, {"message": actions.do_try_endpoint(endpoint)})


@router.get("/channels", response=list[ChannelOut])
@may("endpoints.read")
def list_channels(request: HttpRequest) -> Any:
    """Every chat."""
    return Channel.objects.order_by("made_at", "id")


@router.post("/channels", response={201: ChannelOut})
@may("endpoints.write")
def make_channel(request: HttpRequest, body: ChannelIn) -> Any:
    """Have messages sent to a chat."""
    if body.user is not None and not User.objects.filter(pk=body.user).exists():
        raise ApiRefused(422, "unknown_user", "There is nobody with that number.", "user")
    return Status(201, actions.do_make_channel(body.name, body.address, body.events, body.user))


@router.delete("/channels/{channel}", response={204: None})
@may("endpoints.write")
def remove_channel(request: HttpRequest, channel: NamePath) -> Any:
    """Send nothing there any more."""
    actions.do_remove_channel(channel)
    return Status(204, None)


@router.get("/messages", response=MessageRows)
@may("endpoints.read")
def list_messages(request: HttpRequest, filters: Query[MessageFilter], paging: Query[Paging]) -> Any:
    """What was sent, is to be sent, and could not be: the latest first."""
    rows = Message.objects.all()
    rows = rows.filter(state=filters.state) if filters.state else rows
    rows = rows.filter(channel=filters.channel) if filters.channel else rows
    rows = rows if filters.lead is None else rows.filter(lead=filters.lead)
    page = page_of(rows.values(), Order("created_at", down=True), paging, question(request), key="id")
    return {"items": page.rows, "next": page.next}


@router.get("/messages/{message}/attempts", response=list[AttemptOut])
@may("endpoints.read")
def list_attempts(request: HttpRequest, message: NamePath) -> Any:
    """Every try to send a message."""
    Message.objects.get(pk=message)
    return Attempt.objects.filter(message=message).order_by("number")


@router.post("/messages/send-again", response=Count)
@may("endpoints.write")
def send_again(request: HttpRequest, body: Again) -> Any:
    """Send what was given up, skipped or too late, under the same ids."""
    return {"count": actions.do_send_again(body.messages, endpoint=body.endpoint)}


@router.get("/wishes", response=WishOut)
@may("self.read")
def read_wishes(request: HttpRequest) -> Any:
    """What you are told, and when."""
    return Wish.objects.filter(pk=_own(request)).first() or Wish()


@router.patch("/wishes", response=WishOut)
@may("self.write")
def change_wishes(request: HttpRequest, body: WishIn) -> Any:
    """Say what you want to be told, and when."""
    given = body.dict(exclude_unset=True)
    empty = {name: value for name, value in given.items() if value is not None or name.startswith("quiet_")}
    return actions.do_wish(_own(request), **empty)


def _own(request: HttpRequest) -> int:
    """The number of whoever signed in. Raises ApiRefused for a program."""
    principal = caller(request)
    if principal.scopes is not None:
        raise ApiRefused(403, "not_a_person", "A token belongs to a program, which is told nothing.")
    return int(principal.id.partition(":")[2])


def _given(body: Schema) -> dict[str, Any]:
    return {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
