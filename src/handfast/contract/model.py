"""A contract as values: what every other part of the core is given. Nothing here reads a file or a clock.

A ``Contract`` is complete: every default is filled in, every phrase read, every condition typed. It is made by
``handfast.contract.load`` and by nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from handfast.condition import Condition, ValueType
from handfast.contract.terms import Attempts, Disposition, Duration, Fading, Held, PerPeriod
from handfast.instant import Instant, Span


class PartyName(StrEnum):
    """The two sides of the agreement."""

    MARKETING = "marketing"
    SALES = "sales"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side: its signatory and those who may sign for them."""

    name: str
    email: str
    deputies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """Something known about a lead, typed so that conditions can be checked."""

    name: str
    type: ValueType
    one_of: tuple[str, ...] = ()  # for ValueType.CHOICE
    title: str = ""
    built_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityType:
    """A kind of activity and its typed properties."""

    name: str
    properties: Mapping[str, Attribute]
    built_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a rep records to make a lead an SQL."""

    name: str
    type: ValueType
    title: str
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarTerms:
    """A calendar as written: weekly spans in minutes of the local day, a holiday region, exceptions.

    ``hours[0]`` is Monday; a span is (open, close) in minutes, close > open, close up to 2880 when it runs past
    midnight into the next day. An exception replaces the weekly spans of one date; empty means closed.
    """

    name: str
    zone: str
    hours: tuple[tuple[tuple[int, int], ...], ...]
    holidays: str = ""  # "DE-BE", "US"; empty for none
    exceptions: Mapping[dt.date, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSignal:
    """Points for what a lead is."""

    name: str
    title: str
    when: Condition
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourSignal:
    """Points for what a lead did."""

    name: str
    title: str
    on: str  # activity name
    when: Condition | None = None
    points: int
    most_recent: int | None = None  # only the latest n count
    expires: Span | None = None
    fades: Fading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FitGroup:
    """The fit side of the score."""

    signals: Mapping[str, FitSignal]
    at_most: int | None = None
    at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourGroup:
    """The behaviour side of the score."""

    signals: Mapping[str, BehaviourSignal]
    at_most: int | None = None
    at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Both groups and the lower edge of the warm band (None: there is no warm band)."""

    fit: FitGroup
    behaviour: BehaviourGroup
    warm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandRaise:
    """An activity that qualifies at once."""

    on: str
    when: Condition | None  # activity properties and fit mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Disqualifier:
    """A condition that keeps a lead out whatever the score."""

    name: str
    title: str
    when: Condition
    except_hand_raise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MqlDefinition:
    """When a lead is marketing-qualified."""

    title: str
    when: Condition
    hand_raise: HandRaise | None = None
    unless: Mapping[str, Disqualifier]
    reference: str = ""
    reviewed_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IcpDefinition:
    """The ideal customer."""

    title: str
    when: Condition
    reference: str = ""
    reviewed_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SalDefinition:
    """What accepting means; words only."""

    title: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlDefinition:
    """What evidence makes a lead sales-qualified."""

    title: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """ICP, MQL, SAL, SQL."""

    icp: IcpDefinition | None
    mql: MqlDefinition
    sal: SalDefinition
    sql: SqlDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A routing rule; ``when`` is None for the catch-all."""

    when: Condition | None
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Owner first, then the first rule that matches."""

    owner_first: bool
    rules: tuple[Rule, ...]


class ShareBy(StrEnum):
    """How members of a pool share."""

    BY_WEIGHT = "by_weight"
    EVENLY = "evenly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    """What happens when nobody in a pool is eligible: hold, then another pool or the manager."""

    hold: Duration | None
    then: str  # a pool, or "manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Members who share leads; who they are is the roster, outside the contract."""

    name: str
    calendar: str
    share: ShareBy
    nobody: Nobody
    count_all: bool = False


class ClockName(StrEnum):
    """The five clocks; their starts and stops are fixed."""

    FIRST_TOUCH = "first_touch"  # qualified → touched; belongs to the cycle
    RESPONSE = "response"  # assigned → touched_by_owner; belongs to the assignment
    DECISION = "decision"  # assigned → decided; belongs to the assignment
    WORKING = "working"  # accepted → concluded; belongs to the cycle
    CONTEST = "contest"  # contested → settled; belongs to marketing


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One escalation: at a share of the window, to whom, and whether to re-route."""

    at: int  # per cent of the window
    to: tuple[str, ...]  # owner, manager, marketing, sales, or an e-mail address
    re_route: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A promise in time. ``within`` and ``within_hand_raise`` are equal when the text gives one window."""

    name: ClockName
    starts: str
    stops: str
    within: Duration
    within_hand_raise: Duration
    escalate: tuple[Step, ...] = ()


class Verb(StrEnum):
    """Which act a reason belongs to."""

    RETURN = "return"  # not mine; the handoff lives on
    REJECT = "reject"  # before contact
    DISQUALIFY = "disqualify"  # after acceptance
    EITHER = "either"  # reject or disqualify


class ReasonKind(StrEnum):
    """What a reason says is wrong."""

    CLERICAL = "clerical"  # the record is wrong
    DEFINITIONAL = "definitional"  # it does not meet a clause
    SITUATIONAL = "situational"  # not now


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """An entry of the taxonomy."""

    name: str
    title: str
    verb: Verb
    kind: ReasonKind | None = None
    clause: str = ""  # dotted path, for definitional reasons
    credit: bool = False  # returns only
    needs: Attempts | None = None  # disqualify only
    then: Disposition | None = None  # None for returns


@dataclass(frozen=True, slots=True, kw_only=True)
class Recycle:
    """How a lead may come back."""

    cool_off: Duration
    fresh_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketingCommitment:
    """What marketing owes."""

    mql: PerPeriod | None = None
    icp_required: bool = False
    at_most: PerPeriod | None = None
    sourced_pipeline: PerPeriod | None = None
    accepts_shortfall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesCommitment:
    """What sales owes; shares as fractions."""

    first_touch: Decimal | None = None
    excused_left_out: bool = True
    worked: Decimal | None = None
    attempts: Attempts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Agreed rates between neighbouring stages of ``plan.stages``, as fractions, and the cycle length."""

    rates: Mapping[tuple[str, str], Decimal]
    cycle_length: Duration | None = None


class RevenueNumber(StrEnum):
    """Which revenue counts."""

    ALL_WON = "all_won"
    INFLUENCED = "influenced"
    SOURCED = "sourced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """The number both live by."""

    target: Decimal
    period: str  # "2027", "2027-Q1", "2027-01": of the fiscal year
    average_deal: Decimal | None = None
    from_marketing: Decimal = Decimal(1)
    number: RevenueNumber = RevenueNumber.ALL_WON
    stakes: Mapping[PartyName, Decimal]


class SourcedBy(StrEnum):
    """Which activity names the source of a deal."""

    FIRST_ACTIVITY = "first_activity"
    LAST_ACTIVITY = "last_activity"
    SOURCE_ATTRIBUTE = "source_attribute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """How pipeline and revenue are credited."""

    sourced: SourcedBy
    influence_window: Duration
    eligible: tuple[str, ...]
    sales_sources: tuple[str, ...] = ()
    partner_sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A standing meeting."""

    name: str  # weekly, monthly, quarterly
    title: str
    held: Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something a lead of an example did. ``at`` defaults to the example's instant."""

    on: str
    properties: Mapping[str, object]
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked example that runs as a test."""

    name: str
    at: Instant
    given: Mapping[str, object]
    did: tuple[Act, ...]
    expect: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The whole agreement."""

    name: str
    version: int
    effective_from: Instant
    zone: str
    fiscal_year_starts: int  # month, 1..12
    currency: str
    parties: Mapping[PartyName, Party]
    attributes: Mapping[str, Attribute]  # built-in and own
    activities: Mapping[str, ActivityType]  # built-in and own
    evidence: Mapping[str, Evidence]
    calendars: Mapping[str, CalendarTerms]
    default_calendar: str
    lists: Mapping[str, frozenset[str]]  # own and shipped, normalised
    score: Score
    definitions: Definitions
    routing: Routing
    pools: Mapping[str, Pool]
    clocks: Mapping[ClockName, Clock]
    reasons: Mapping[str, Reason]
    recycle: Recycle
    marketing: MarketingCommitment
    sales: SalesCommitment
    targets: Targets
    revenue: Revenue | None
    stages: tuple[str, ...]  # plan.stages
    attribution: Attribution
    reviews: Mapping[str, Review]
    examples: tuple[Example, ...]
