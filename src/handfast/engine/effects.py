"""What a step brings about, as values. Whoever keeps state writes them all together, or none.

Every effect carries an ``id`` made from the ids of what caused it, so that a unique key makes a repeat harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from handfast.cycle.elsewhere import Elsewhere, Shadowed
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import Assignment, AssignmentEnd, Breach, Hold, RunningClock
from handfast.instant import Instant
from handfast.qualify import Band
from handfast.route.ledger import EntryKind
from handfast.score import Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something that the engine decided at ``at``."""

    id: str
    at: Instant
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Effect):
    """A row of the first table: the cycle went from one state to another, or back into the same."""

    cycle: str
    event: CycleEvent
    before: CycleState | None
    after: CycleState
    by: str = ""  # rep or user; empty for the engine
    happened_at: Instant  # in the world; ``at`` is when it was decided
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored(Effect):
    """The score is another."""

    score: Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class BandChanged(Effect):
    """The score crossed an edge of a band."""

    before: Band
    after: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldByDisqualifier(Effect):
    """The bar is met, or a hand raised, and a disqualifier holds: counted, so that no good lead is lost silently."""

    cycle: str
    disqualifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Effect):
    """One owner's turn begins."""

    cycle: str
    assignment: Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentEnded(Effect):
    """One owner's turn is over."""

    cycle: str
    assignment: str
    rep: str
    end: AssignmentEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry(Effect):
    """An entry of the append-only ledger of a pool. ``amount`` is exact: numerator and denominator."""

    pool: str
    sequence: int
    rep: str
    kind: EntryKind
    amount: tuple[int, int]
    cycle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBegan(Effect):
    """Nobody is eligible; the handoff waits."""

    cycle: str
    hold: Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnded(Effect):
    """Somebody became eligible, or the hold's own due came, or the cycle moved on."""

    cycle: str
    hold: str


class ClockChange(StrEnum):
    """What can happen to a clock; due_at changes only by the three marked ones."""

    STARTED = "started"
    STOPPED = "stopped"
    BREACHED = "breached"
    ANSWERED_LATE = "answered_late"
    SUSPENDED = "suspended"  # and resumed
    RESUMED = "resumed"
    PAUSED = "paused"  # and resumed
    TIGHTENED = "tightened"
    CANCELLED = "cancelled"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChanged(Effect):
    """A transition of a clock, exactly once; ``at`` is when it was due for breaches, else when it was decided."""

    cycle: str
    change: ClockChange
    clock: RunningClock  # as it is now


class BreachChange(StrEnum):
    """What can be said of a breach."""

    PROPOSED = "proposed"  # a cause, from facts
    CAUSE_SET = "cause_set"  # by a manager
    EXCUSED = "excused"
    IN_TIME = "in_time"  # what was promised had happened in time, and was recorded late


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachChanged(Effect):
    """Something is said of a breach, which stays one."""

    change: BreachChange
    breach: Breach  # as it is now
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFell(Effect):
    """An escalation step of a clock: ``at`` is when it was due. ``told`` is empty when it was found past its cutoff."""

    cycle: str
    clock: str
    percent: int
    to: tuple[str, ...]
    told: tuple[str, ...]
    re_route: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted(Effect):
    """Somebody is told of something that is no escalation: a hand-raise on an accepted lead, a lead given back."""

    cycle: str
    to: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepLeft(Effect):
    """A rep is gone or away from now on: every waiting handoff of theirs is to be routed again."""

    rep: str
    absent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DealChanged(Effect):
    """A fact of a deal; a cycle that ended does not change with it. ``joined`` is no fact: see ``joining``."""

    deal: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereChanged(Effect):
    """A handoff of another system is at another stage, has another owner there, or was taken over."""

    handoff: Elsewhere  # as it is now


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowJudged(Effect):
    """In shadow mode: the lead would have been delivered; or (``over_at``) the other system's handoff ended."""

    judgement: Shadowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Effect):
    """A decision that the table or the contract does not allow: nothing has changed."""

    code: str
    message: str
