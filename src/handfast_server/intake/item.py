"""One thing that came in, before anybody knows whose it is; and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from handfast.condition import Value
from handfast.facts import LeadFact, TeamFact
from handfast.instant import Instant
from handfast_server.intake.refused import ItemRefused


class Key(NamedTuple):
    """Something that names a lead: of a kind, in the one spelling in which it is compared."""

    kind: str
    value: str


EMAIL = "email"
ANONYMOUS = "anonymous"
USER = "user"  # the system of user ids: the product's own
RESERVED = frozenset((EMAIL, ANONYMOUS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What an item says of the lead's company beyond its attributes. ``account`` names one that is known."""

    account: str = ""
    phones: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is told of one lead at once, or of the team.

    ``name`` is its source and source key: the same name twice is one item. ``first`` are attributes that are told only
    where nothing is known yet, as where a lead came from. ``introduces``: a lead that is not known is made of it.
    ``new_id`` is what such a lead is called when the name is free. ``facts`` have an empty lead until it is known whose
    they are. ``came`` gives what came, for setting it aside.
    """

    name: str
    source: str
    happened_at: Instant
    lead: str = ""
    email: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    anonymous: str = ""
    also: tuple[Key, ...] = ()  # what else names the same human, where it is known
    new_id: str = ""
    attributes: Mapping[str, Value | None] = field(default_factory=dict)
    first: Mapping[str, Value] = field(default_factory=dict)
    company: Company = Company()
    listed: bool = False
    introduces: bool = True
    loaded: bool = False
    states: bool = False  # it says what the lead is, and not only what it did
    facts: tuple[LeadFact, ...] = ()
    team: tuple[TeamFact, ...] = ()
    came: Callable[[], str] = field(default=str, compare=False, repr=False)

    @property
    def strong(self) -> list[Key]:
        """What names a human: systems by name, as the core's matcher asks them, then the address."""
        ids = [Key(system, self.ids[system]) for system in sorted(self.ids)]
        return [*ids, Key(EMAIL, self.email)] if self.email else ids

    @property
    def keys(self) -> list[Key]:
        """Everything that may name the lead."""
        return [*self.strong, Key(ANONYMOUS, self.anonymous)] if self.anonymous else self.strong

    @property
    def asked(self) -> list[Key]:
        """Every key by which the lead is looked up."""
        return [*self.keys, *self.also]

    @property
    def lead_fact(self) -> str:
        """The name of the fact that says what the lead is."""
        return f"{self.name}:lead"

    @property
    def names(self) -> list[str]:
        """The names of all facts that it tells, whoever's they are."""
        own = [self.lead_fact] if not self.team else []
        return [*own, *(fact.id for fact in (*self.facts, *self.team))]


class Status(StrEnum):
    """What became of an item."""

    ACCEPTED = "accepted"
    REPEAT = "repeat"  # it was here before: nothing is done again
    HELD = "held"  # of a visitor without a name, until they say who they are
    REFUSED = "refused"  # code and message say why
    SET_ASIDE = "set_aside"  # it broke something, and is kept to be looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one item."""

    status: Status
    name: str = ""
    lead: str = ""
    code: str = ""
    message: str = ""
    path: str = ""

    @classmethod
    def refused(cls, name: str, refused: ItemRefused) -> Outcome:
        """An item that cannot be taken as it is."""
        return cls(status=Status.REFUSED, name=name, code=refused.code, message=str(refused), path=refused.path)
