"""Promises in time judged cycle by cycle: what starts, stops and cancels each clock, and whether it was kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.contract.model import ClockName
from handfast.instant import DAY, NEVER
from handfast.measure.columns import Instants
from handfast.measure.question import Mask, Question


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise judged: 1 kept, 0 broken, -1 not judged; and those that were due and answered nobody knows when."""

    kept: NDArray[np.int8]
    unsure: Mask


STOPS = {
    ClockName.FIRST_TOUCH: ("first_touch",),
    ClockName.DECISION: ("accepted", "rejected", "contested"),
    ClockName.WORKING: ("sql", "opportunity", "disqualified", "won", "lost"),
}
"""What stops each clock."""

_CANCELS = {
    # A disqualification does not cancel a first touch: one never answered ends as missed.
    ClockName.FIRST_TOUCH: ("rejected", "won", "lost", "withdrawn"),
    ClockName.DECISION: ("disqualified", "won", "lost", "withdrawn"),
    ClockName.WORKING: ("withdrawn",),
}
"""What cancels a clock that still runs."""


def in_time(question: Question, clock: ClockName) -> NDArray[np.int8]:
    """Each cycle's promise: 1 kept, 0 broken, -1 none that can be judged.

    Not judged: never started, not due by the as-of instant, cancelled by the end of the cycle before it was due,
    suspended by a contest, or stopped nobody knows when. The last are left out whether or not what is known of them
    would do: to count only those that happen to be sure would count only those in time. By the day where the source
    knows only the day.
    """
    return promise(question, clock).kept


def promise(question: Question, clock: ClockName) -> Promise:
    """A promise as ``in_time`` judges it, and those left out because they were answered nobody knows when.

    Where a later stage alone implies the start, there was an answer, and when it was due nobody knows: left out too.
    """
    return question.kept(f"promise {clock.value}", lambda: _judged(question, clock))


def _judged(question: Question, clock: ClockName) -> Promise:
    due: Instants = getattr(question.columns, f"{clock.value}_due_at")
    stopped = stopped_at(question, clock)
    over = (due != NEVER) & (due <= question.as_of)
    kept = (stopped != NEVER) & (_comparable(question, clock, stopped) <= _comparable(question, clock, due))
    judged = over & (kept | ~(_cancelled(question, clock, due) | _suspended(question, clock, due)))
    unknown = question.unknown_when(STOPS[clock])
    sure = judged & ~unknown
    return Promise(
        kept=(kept & sure).view(np.int8) - (~sure).view(np.int8),
        unsure=(judged & unknown) | question.implied(starts(clock)),
    )


def starts(clock: ClockName) -> str:
    """The stage at which a clock starts."""
    return "accepted" if clock is ClockName.WORKING else "qualified"


def stopped_at(question: Question, clock: ClockName) -> Instants:
    """When what was promised happened, by instants that time may be measured by."""
    return question.first(STOPS[clock])


def _comparable(question: Question, clock: ClockName, at: Instants) -> Instants:
    return question.wall(at) // DAY if knows_only_days(question, clock) else at


def _cancelled(question: Question, clock: ClockName, due: Instants) -> Mask:
    ended = question.soonest(_CANCELS[clock])
    stopped = stopped_at(question, clock)
    found: Mask = (ended != NEVER) & (ended < due) & ((stopped == NEVER) | (stopped > ended))
    return found


def _suspended(question: Question, clock: ClockName, due: Instants) -> Mask:
    if clock is not ClockName.FIRST_TOUCH:
        return np.zeros(len(due), np.bool_)
    return question.in_contest & (question.columns.contested_at < due)


def knows_only_days(question: Question, clock: ClockName) -> bool:
    """Whether the source dates the start or a stop of a clock by the day alone."""
    return not question.columns.date_only.isdisjoint({starts(clock), *STOPS[clock]})
