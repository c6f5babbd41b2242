"""How long a prospect waits for the first human of sales."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handfast.measure.build import Entry, not_measurable
from handfast.measure.duration import HOURS, MINUTES, between, duration_measure, working_between
from handfast.measure.question import Question
from handfast.measure.value import Definition, Measure, Unit

_RECORDS = "delivered cycles; those never touched count as still waiting at the end of their cycle or the as-of instant"

SPEED = Definition(
    name="speed_to_first_touch",
    family="speed",
    title="Speed to first touch",
    formula="from qualified_at to the first human touch, around the clock",
    unit=Unit.WALL,
    records=_RECORDS,
    clause="clocks.first_touch",
    needs=("qualified", "first_touch"),
)

SPEED_WORKING = Definition(
    name="speed_to_first_touch_working",
    family="speed",
    title="Speed to first touch, working time",
    formula="from qualified_at to the first human touch, in working time of the calendar of the cycle's pool",
    unit=Unit.BUSINESS,
    records=_RECORDS,
    clause="clocks.first_touch",
    needs=("qualified", "first_touch", "calendars"),
)

SPEED_FROM_RAISE = Definition(
    name="speed_from_raise",
    family="speed",
    title="Speed to first touch, from the act that qualified",
    formula="from raised_at, the activity that tipped it, to the first human touch, around the clock",
    unit=Unit.WALL,
    records=_RECORDS,
    clause="clocks.first_touch",
    dated_by="raised",
    needs=("raised", "qualified", "first_touch"),
)

SPEED_FROM_RAISE_WORKING = Definition(
    name="speed_from_raise_working",
    family="speed",
    title="Speed to first touch, from the act that qualified, working time",
    formula="from raised_at to the first human touch, in working time of the calendar of the cycle's pool",
    unit=Unit.BUSINESS,
    records=_RECORDS,
    clause="clocks.first_touch",
    dated_by="raised",
    needs=("raised", "qualified", "first_touch", "calendars"),
)

TO_DECISION = Definition(
    name="time_to_decision",
    family="speed",
    title="Time to a decision",
    formula="from qualified_at to the first acceptance, rejection or contest, around the clock",
    unit=Unit.WALL,
    records="delivered cycles; those undecided count as still waiting at the end of their cycle or the as-of instant",
    clause="clocks.decision",
    needs=("qualified", "accepted"),
)


def _wall(question: Question, definition: Definition) -> Measure:
    return duration_measure(question, definition, between(question, "qualified", ("first_touch",), limits=MINUTES))


def _from_raise(question: Question, definition: Definition) -> Measure:
    return duration_measure(question, definition, between(question, "raised", ("first_touch",), limits=MINUTES))


def _working(question: Question, definition: Definition) -> Measure:
    start = definition.dated_by
    if {start, "first_touch"} & question.columns.date_only:
        return not_measurable(definition, "The source knows only the day, which says nothing about working hours.")
    watch = between(question, start, ("first_touch",), limits=MINUTES)
    begun, until = question.columns.at(start), question.watched_until(("first_touch",)).copy()
    # Of a source with one row a person an earlier pass may have ended before this one began: such a wait is no time.
    before = np.flatnonzero(~watch.ended & (until < begun))
    until[before] = begun[before]
    spans = working_between(question, begun, until, watch.watched)
    return duration_measure(question, definition, replace(watch, spans=spans, unit=Unit.BUSINESS))


def _to_decision(question: Question, definition: Definition) -> Measure:
    watch = between(question, "qualified", ("accepted", "rejected", "contested"), limits=HOURS)
    return duration_measure(question, definition, replace(watch, also=question.hand_offs))


MEASURES = (
    Entry(SPEED, _wall),
    Entry(SPEED_WORKING, _working),
    Entry(SPEED_FROM_RAISE, _from_raise),
    Entry(SPEED_FROM_RAISE_WORKING, _working),
    Entry(TO_DECISION, _to_decision),
)
