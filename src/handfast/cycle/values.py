"""A lead and its cycle as the engine keeps them: frozen values, replaced and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from handfast.changed import changed
from handfast.clock import StepDue
from handfast.condition import Value, Values
from handfast.contract.model import ClockName
from handfast.contract.terms import Duration
from handfast.cycle.elsewhere import Elsewhere, Shadowed, Touch
from handfast.cycle.life import CycleState
from handfast.cycle.log import Log, Seen
from handfast.facts import BreachCause
from handfast.instant import Instant
from handfast.qualify import NOTHING, Asked, Band
from handfast.route.choice import Way
from handfast.score import Scored, ScoreState
from handfast.verdict import Verdict


class AssignmentEnd(StrEnum):
    """Why an assignment is over."""

    RETURNED = "returned"
    CONTESTED = "contested"
    BREACH = "breach"
    ABSENCE = "absence"
    REP_GONE = "rep_gone"
    HUMAN = "human"  # a manager gave it to somebody else
    BULK = "bulk"
    MERGED = "merged"  # the lead was another's double
    CYCLE_ENDED = "cycle_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One owner's turn. ``pool`` names calendar and ledger; None for an account owner outside the rule's pool."""

    id: str
    rep: str
    at: Instant
    way: Way
    pool: str | None
    counted: bool  # the ledger has an entry for it
    ended_at: Instant | None = None
    end: AssignmentEnd | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Nobody is eligible: the handoff waits for somebody of the pool until ``due_at``, then goes on to ``then``."""

    id: str
    pool: str
    since: Instant
    due_at: Instant
    tried: tuple[str, ...]  # pools that had nobody, this one last
    unmanaged: bool = False  # no manager either: everybody is asked again when it is over


class ClockState(StrEnum):
    """Where a started clock stands."""

    RUNNING = "running"
    PAUSED = "paused"  # the prospect asked to be called on a date
    SUSPENDED = "suspended"  # a contest is on
    STOPPED = "stopped"  # what was promised happened in time
    BREACHED = "breached"  # its due passed; later steps may still fall until it is answered or cancelled
    ANSWERED_LATE = "answered_late"  # breached, and then it happened; what happened in time may be recorded late
    CANCELLED = "cancelled"  # its cycle or assignment ended first
    MISSED = "missed"  # never answered, and the cycle was disqualified: ends silently


@dataclass(frozen=True, kw_only=True)
class RunningClock:
    """A clock of a cycle or of an assignment, from its start to its result.

    While it is suspended or paused it has no due; ``frozen_at`` says since when, ``frozen_due`` what its due was then.
    """

    id: str
    name: ClockName
    assignment: str | None  # for response and decision
    state: ClockState
    started_at: Instant
    window: Duration
    calendar: str
    due_at: Instant | None  # None while suspended or paused
    steps: tuple[StepDue, ...]  # those that have not fallen, in order
    rep: str = ""  # of the assignment
    frozen_at: Instant | None = None
    frozen_due: Instant | None = None
    paused_until: Instant | None = None
    paused_once: bool = False
    stopped_at: Instant | None = None  # when what stopped it happened
    breached_at: Instant | None = None  # its due
    recorded_late: bool = False  # answered in time, recorded after the breach

    @property
    def open(self) -> bool:
        """Whether it still waits for what was promised: running, paused or suspended, in time or not."""
        return self.state in OPEN_CLOCKS


OPEN_CLOCKS = frozenset((ClockState.RUNNING, ClockState.PAUSED, ClockState.SUSPENDED, ClockState.BREACHED))
UNDECIDED_CLOCKS = OPEN_CLOCKS - {ClockState.BREACHED}
"""Those that whatever ends a cycle or an assignment cancels; the others keep their result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What is said about a breach, kept beside the cycle: it may be discussed long after the cycle has ended."""

    clock: str
    name: ClockName
    cycle: str
    rep: str
    at: Instant
    proposed: BreachCause
    cause: BreachCause | None = None  # as confirmed or changed by a manager
    excused: str | None = None  # why
    in_time: bool = False  # what was promised had happened in time, and was recorded late


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """One pass of one lead through the funnel. ``version`` is pinned when it qualifies, for life."""

    id: str
    state: CycleState
    inquiry_at: Instant
    version: int | None = None
    qualified_at: Instant | None = None  # when it was decided
    raised_at: Instant | None = None  # when the activity that tipped it happened
    hand_raised: bool = False
    pool: str | None = None  # the first pool chosen: its calendar is first_touch's
    ruled: str | None = None  # the pool that the rules named: its manager's, also while an account owner outside has it
    first_touch_at: Instant | None = None
    first_touch_reported: bool = False  # by the rep, not captured by a system
    contact_at: Instant | None = None
    attempts: tuple[Instant, ...] = ()  # one-way human outreach of sales on this cycle, by when it happened
    accepted_at: Instant | None = None
    accepted_by: str | None = None
    contested_at: Instant | None = None
    sql_at: Instant | None = None
    opportunity_at: Instant | None = None
    ended_at: Instant | None = None
    inferred: frozenset[CycleState] = frozenset()  # stages skipped, stamped with the later one's instant
    reason: str | None = None
    revisit_at: Instant | None = None  # 00:00 of the date in the contract's zone, for a disposition with a date
    recycled: bool = False
    credited: frozenset[str] = frozenset()  # reps who had their credit for this cycle
    escalated: frozenset[str] = frozenset()  # assignments that stayed after a breach because nobody else could
    held_by: tuple[str, ...] = ()  # disqualifiers that keep it out although the bar is met
    deals: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    hold: Hold | None = None
    clocks: Mapping[str, RunningClock] = field(default_factory=dict)  # by id, in order of start
    taken_over: str | None = None  # another system's handoff that it was until the cut-over
    clocks_from: Instant | None = None  # what it was taken over with: no clock of it starts sooner
    turns: int = 0  # what was made within this cycle so far: ids are counted by it

    @property
    def owner(self) -> Assignment | None:
        """The current assignment."""
        last = self.assignments[-1] if self.assignments else None
        return None if last is None or last.ended_at is not None else last

    @property
    def reps(self) -> frozenset[str]:
        """Who has had it."""
        return frozenset(assignment.rep for assignment in self.assignments)

    def open_clock(self, name: ClockName) -> RunningClock | None:
        """The clock of that name that still waits for an answer; of several the latest."""
        found = (clock for clock in reversed(tuple(self.clocks.values())) if clock.name is name and clock.open)
        return next(found, None)


class DealState(StrEnum):
    """Where a deal stands; unlike a cycle it may be opened again."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A deal that the lead is on. Amounts and un-winning are its own, never the cycle's."""

    id: str
    state: DealState
    opened_at: Instant
    amount: Decimal | None = None
    currency: str = ""
    cycle: str | None = None  # on which it was opened


class Act(NamedTuple):
    """Something the lead did, as it was told."""

    happened_at: Instant
    kind: str
    properties: Mapping[str, Value]
    loaded: bool = False  # history: it scores, and a hand that was raised in it is not pending


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What one version of the contract makes of a lead so far: brought up to date by each fact, never counted anew."""

    version: int
    values: Values  # attributes, typed
    fit: int  # hundredths
    score: ScoreState  # of everything the lead did
    fresh: ScoreState | None  # of what it did after the last cycle ended; None where all counts for the bar
    asked: tuple[Asked, ...]  # in the open cycle, of the kind that can raise a hand; the latest of equal ones


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A human prospect: what is known, what it did, its open cycle and those that ended."""

    id: str
    known: Mapping[str, Value | None] = field(default_factory=dict)  # as told
    known_since: Mapping[str, Instant] = field(default_factory=dict)
    stated_at: Mapping[str, Instant] = field(default_factory=dict)  # the latest statement, also of the same value
    account: str | None = None
    account_at: Instant | None = None  # its latest statement
    acts: Log[Act] = field(default_factory=Log)
    facts: Seen = field(default_factory=Seen)  # ids of facts taken in
    standing: Standing | None = None
    scored: Scored = NOTHING  # when something last changed
    band: Band = Band.NURTURE
    verdict: Verdict | None = field(default=None, compare=False, repr=False)  # the last judgement, while it stands
    cycle: Cycle | None = None  # the open one
    ended: tuple[Cycle, ...] = ()
    cool_until: Instant | None = None  # cooling off; None once that is over
    fresh_from: Instant | None = None  # the last end: behaviour up to it is stale
    deals: Mapping[str, Deal] = field(default_factory=dict)
    breaches: Mapping[str, Breach] = field(default_factory=dict)  # by clock
    due_at: Instant | None = None  # when something next happens by itself
    recorded_at: Instant | None = None  # of the latest fact taken in: none is taken in that was recorded before it
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)  # handoffs of another system
    touches: Log[Touch] = field(default_factory=Log)  # while no live cycle was with sales, as they were told
    shadowed: tuple[Shadowed, ...] = ()  # shadow judgements: a stream of their own
    merged_into: str | None = None
    erased: bool = False
    cycles: int = 0  # opened so far: ids are counted by it

    @property
    def latest(self) -> Cycle | None:
        """The open cycle, else the one that ended last."""
        if self.cycle is not None:
            return self.cycle
        return self.ended[-1] if self.ended else None


_NOBODY = Lead(id="")
_NO_CYCLE = Cycle(id="", state=CycleState.OPEN, inquiry_at=0)
# Both have some thirty fields, and a frozen class sets each of them through a call; a copy takes one pass.


def new_lead(name: str) -> Lead:
    """A lead of whom nothing is known yet, as ``Lead(id=name)`` makes it at a tenth of the cost."""
    return changed(_NOBODY, id=name, acts=Log(), facts=Seen(), touches=Log())


def new_cycle(name: str, inquiry_at: Instant) -> Cycle:
    """A cycle that has just opened, as ``Cycle`` makes it at a tenth of the cost."""
    return changed(_NO_CYCLE, id=name, inquiry_at=inquiry_at)
