"""Facts: everything the engine is told, each with when it happened and when it was learned.

Facts are append-only values. A fact's ``id`` is what makes a repeat harmless: the same id twice is one fact. Whoever
stores facts makes the id from source and source key, which are unique together.

Fact
├─ about a lead      LeadCreated, AttributesChanged, ActivityHappened, TouchMade, ConsentChanged, LeadsMerged,
│                    LeadErased, StageStamped
├─ decisions         Accepted, Returned, Rejected, SalesQualified, Disqualified, ContestUpheld, ContestOverturned,
│                    Released, Reassigned, Rerouted, GivenBack, ClockPaused, ClockResumed, BreachCauseSet,
│                    BreachExcused, AdminWithdrew, TakenOver
├─ about a deal      DealOpened, DealWon, DealLost, DealReopened, DealAmended
├─ about the team    MemberSet, MemberRemoved, RepSet, AbsenceSet, AbsenceCancelled, PoolManagerSet, AccountOwnerSet,
│                    ShadowSet
└─ of the engine     ContractInForce, Tick, TeamTick
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from handfast.condition import Value
from handfast.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact carries: when it was true in the world, and when it was learned, which orders the facts."""

    id: str
    happened_at: Instant
    recorded_at: Instant
    loaded: bool = False  # history, from an import or a back-fill: starts no clocks and sends nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFact(Fact):
    """A fact about one lead."""

    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCreated(LeadFact):
    """A lead was first seen, or put on an import list (``listed``)."""

    attributes: Mapping[str, Value]
    account: str | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributesChanged(LeadFact):
    """Attributes became known, changed, or (None) became unknown."""

    attributes: Mapping[str, Value | None]
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityHappened(LeadFact):
    """The lead did something. ``by_bot`` keeps it as a fact and out of the score."""

    kind: str
    properties: Mapping[str, Value] = field(default_factory=dict)
    by_bot: bool = False


class TouchKind(StrEnum):
    """Which way outreach went."""

    ATTEMPT = "attempt"  # one way
    CONTACT = "contact"  # two-way


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchMade(LeadFact):
    """Outreach by sales. Only a human's counts; sequences and auto-replies are kept and stop nothing."""

    by: str
    kind: TouchKind
    human: bool = True
    self_reported: bool = False


class Purpose(StrEnum):
    """What a consent is for."""

    MARKETING = "marketing"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChanged(LeadFact):
    """Consent for a purpose was granted or denied."""

    purpose: Purpose
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsMerged(LeadFact):
    """``lead`` absorbed ``absorbed``: both were the same human."""

    absorbed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadErased(LeadFact):
    """The person asked to be forgotten."""


class Stage(StrEnum):
    """The stages of a handoff in another system, once they are mapped; those from REJECTED on end it."""

    INQUIRY = "inquiry"
    QUALIFIED = "qualified"
    ACCEPTED = "accepted"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    REJECTED = "rejected"
    DISQUALIFIED = "disqualified"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"  # closed there by neither side


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStamped(LeadFact):
    """Another system stamped a handoff of its own with a stage: history, which never starts a clock or sends anything.

    ``handoff`` is that system's name for it; ``owner`` the rep who has it there, empty where nothing is said of them.
    """

    handoff: str
    stage: Stage
    owner: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(LeadFact):
    """What a person decided about the lead's open cycle. ``by`` is a rep's id, or a user's.

    ``self_reported``: the instant is that person's own word, which goes back a day at most; not so when a system in
    which it was decided says when.
    """

    by: str
    self_reported: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Decision):
    """The owner (or a manager, for them) takes the lead on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Decision):
    """Not mine."""

    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(Decision):
    """Sales declines before contact."""

    reason: str
    note: str = ""
    revisit_on: Instant | None = None  # for ``recycle on a date given``: 00:00 of the date in the contract's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesQualified(Decision):
    """Evidence recorded: an SQL."""

    evidence: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disqualified(Decision):
    """Sales ends it after acceptance."""

    reason: str
    note: str = ""
    revisit_on: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestUpheld(Decision):
    """Marketing agrees with a contested rejection."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestOverturned(Decision):
    """Marketing does not."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Decision):
    """Marketing releases a lead that would now qualify under a new version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Decision):
    """A manager gives the handoff to somebody, or (``to`` None) has it routed again."""

    to: str | None
    note: str = ""


class RerouteCause(StrEnum):
    """Why a waiting handoff is routed again."""

    ABSENCE = "absence"  # its owner went on leave
    REP_GONE = "rep_gone"  # its owner left
    BULK = "bulk"  # a manager moved many at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted(Decision):
    """A waiting handoff is routed again through no fault of its owner; ``by`` is empty when the engine asks for it."""

    cause: RerouteCause
    rep: str  # whose handoff it was when that was asked: if it has moved on since, nothing happens


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack(Decision):
    """After a touch in time that was recorded late, the manager gives the lead back to the rep who made it."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused(Decision):
    """The prospect asked to be called on a date."""

    clock: str
    until: Instant
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(Decision):
    """A pause ends before its date."""

    clock: str


class BreachCause(StrEnum):
    """Why a clock was broken."""

    REP_IDLE = "rep_idle"
    NO_CAPACITY = "no_capacity"
    ABSENCE = "absence"
    ROUTING = "routing"
    DATA = "data"
    OUT_OF_HOURS = "out_of_hours"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachCauseSet(Decision):
    """A manager confirms or changes the proposed cause of a breach."""

    breach: str
    cause: BreachCause


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachExcused(Decision):
    """A manager excuses a breach; it is shown apart, never dropped."""

    breach: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminWithdrew(Decision):
    """An administrator ends a cycle that is neither side's."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver(Decision):
    """Cut-over: an open handoff of another system becomes a live cycle, whose clocks start at ``starts_at``."""

    handoff: str
    starts_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class DealFact(LeadFact):
    """A fact about a deal that the lead is on."""

    deal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealOpened(DealFact):
    """An opportunity was opened."""

    by: str = ""
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealAmended(DealFact):
    """Amount or currency changed: a fact of the deal, never of the cycle."""

    amount: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWon(DealFact):
    """The deal was won."""

    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLost(DealFact):
    """The deal was lost."""

    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReopened(DealFact):
    """Un-won or un-lost: changes the deal; an ended cycle never changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFact(Fact):
    """A fact about reps, pools, absences or account owners; the roster lives outside the signed text."""

    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepSet(TeamFact):
    """A rep joined, changed caps, or became inactive."""

    rep: str
    active: bool = True
    open_cap: int | None = None  # waiting + accepted, over all pools
    day_cap: int | None = None  # assignments a day of the contract's zone, over all pools


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSet(TeamFact):
    """A rep is a member of a pool with a weight and caps; weight 0 pauses."""

    pool: str
    rep: str
    weight: int = 1
    open_cap: int | None = None
    day_cap: int | None = None
    calendar: str = ""  # working hours of their own, by a calendar of the contract; empty: the pool's


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRemoved(TeamFact):
    """A rep left a pool."""

    pool: str
    rep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSet(TeamFact):
    """A rep is away from ``starts`` until before ``ends``."""

    absence: str
    rep: str
    starts: Instant
    ends: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceCancelled(TeamFact):
    """An absence was recorded in error, or cut short to nothing."""

    absence: str
    rep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolManagerSet(TeamFact):
    """Who manages a pool."""

    pool: str
    rep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOwnerSet(TeamFact):
    """Who owns an account, or (None) nobody."""

    account: str
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowSet(TeamFact):
    """Shadow mode begins or ends: live facts are judged, and nothing is assigned, promised or sent."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractInForce(Fact):
    """A signed version takes force; nothing is judged again by itself."""

    digest: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(LeadFact):
    """The engine looked at a lead's dues at ``recorded_at``: a fact, so that replay takes the same steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamTick(TeamFact):
    """The engine looked at the team's dues, absences that begin and end, at ``recorded_at``."""
