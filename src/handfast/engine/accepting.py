"""Acceptance: by a decision, by a two-way contact, or inferred from a deal."""

from __future__ import annotations

from handfast.contract.model import ClockName
from handfast.cycle.life import CycleEvent
from handfast.cycle.values import Assignment
from handfast.engine import clocks
from handfast.engine.turn import Turn
from handfast.instant import Instant


def accept(turn: Turn, owner: Assignment, *, at: Instant, by: str) -> None:
    """The owner takes the lead on: ``decision`` stops, ``working`` starts by the calendar of the assignment's pool."""
    turn.move(CycleEvent.ACCEPTED, at=turn.happened_at, by=by, accepted_at=at, accepted_by=by)
    clocks.answer(turn, ClockName.DECISION, at, assignment=owner.id)
    clocks.start(turn, ClockName.WORKING, pool=owner.pool)
