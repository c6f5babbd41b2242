"""A lead and its cycle as the engine keeps them: frozen values, replaced and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from handfast.clock import StepDue
from handfast.contract.model import ClockName
from handfast.contract.terms import Duration
from handfast.cycle.life import CycleState
from handfast.instant import Instant, Span


class Way(StrEnum):
    """How an assignment came about."""

    ROUTED = "routed"  # by rule, pool and level
    ACCOUNT_OWNER = "account_owner"
    HUMAN = "human"  # a manager chose
    GIVEN_BACK = "given_back"  # to the rep whose touch in time was recorded late
    LAST_RESORT = "last_resort"  # the pool's manager, nobody else being eligible


class AssignmentEnd(StrEnum):
    """Why an assignment is over."""

    RETURNED = "returned"
    CONTESTED = "contested"
    BREACH = "breach"
    ABSENCE = "absence"
    REP_GONE = "rep_gone"
    HUMAN = "human"  # a manager gave it to somebody else
    BULK = "bulk"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningClock:
    """A clock of a cycle or of an assignment, from its start to its result."""

    id: str
    name: ClockName
    assignment: str | None  # for response and decision
    state: ClockState
    started_at: Instant
    window: Duration
    calendar: str
    due_at: Instant | None  # None while suspended or paused
    steps: tuple[StepDue, ...]  # those that have not fallen, in order
    left: Span | None = None  # of the window, while suspended or paused, in the calendar's own time
    paused_until: Instant | None = None
    paused_once: bool = False
    stopped_at: Instant | None = None  # when what stopped it happened
    breached_at: Instant | None = None  # its due
    recorded_late: bool = False  # answered in time, recorded after the breach
    cause: str | None = None
    excused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
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
    first_touch_at: Instant | None = None
    contact_at: Instant | None = None
    attempts: tuple[Instant, ...] = ()  # human outreach of sales on this cycle
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
    overturned: bool = False
    held_by: tuple[str, ...] = ()  # disqualifiers that keep it out although the bar is met
    deals: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    hold: Hold | None = None
    clocks: Mapping[str, RunningClock] = field(default_factory=dict)  # by id, in order of start
    turns: int = 0  # of ids

    @property
    def owner(self) -> Assignment | None:
        """The current assignment."""
        last = self.assignments[-1] if self.assignments else None
        return None if last is None or last.ended_at is not None else last
