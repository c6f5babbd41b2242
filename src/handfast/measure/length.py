"""How long the way to revenue is: of those won alone, and of everything that closed or is still open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handfast.contract.terms import DurationUnit
from handfast.measure.build import Entry
from handfast.measure.duration import MONTHS, between, duration_measure
from handfast.measure.question import ENDS, Question
from handfast.measure.value import Definition, Measure, Target, Unit

_WON_ONLY = "won cycles alone; those lost or still open are not in it, so it is shorter than what a new lead may expect"

CYCLE_LENGTH = Definition(
    name="cycle_length",
    family="length",
    title="Cycle length, won",
    formula="from qualified_at to won_at",
    unit=Unit.WALL,
    records=_WON_ONLY,
    clause="targets.cycle_length",
    target="`targets.cycle_length`, for the median",
    needs=("qualified", "won"),
)

CYCLE_LENGTH_ALL = Definition(
    name="cycle_length_all",
    family="length",
    title="Cycle length, all",
    formula="from qualified_at to the end, whichever it was",
    unit=Unit.WALL,
    records="delivered cycles; those still open count as open at the as-of instant",
    clause="targets.cycle_length",
    needs=("qualified", "won", "lost"),
)


_CLOSED = "won and lost cycles alone; those disqualified or still open are not in it"


def _ended_from(name: str, title: str, stage: str, *stops: str) -> Definition:
    """From a stage to its cycle's end as won, or as lost too where that is among the stops."""
    return Definition(
        name=name,
        family="length",
        title=title,
        formula=f"from {stage}_at to {' or '.join(f'{stop}_at' for stop in stops)}",
        unit=Unit.WALL,
        records=_CLOSED if "lost" in stops else _WON_ONLY,
        clause="targets.cycle_length",
        dated_by=stage,
        needs=(stage, *stops),
    )


LEAD_TO_WON = _ended_from("length_lead_to_won", "From first contact to won", "inquiry", "won")
SQL_TO_WON = _ended_from("length_sql_to_won", "From SQL to won", "sql", "won")
OPENED_TO_WON = _ended_from("length_opportunity_to_won", "From opportunity to won", "opportunity", "won")

CLOSED = _ended_from("cycle_length_closed", "Cycle length, closed", "qualified", "won", "lost")
SQL_TO_CLOSED = _ended_from("length_sql_to_closed", "From SQL to won or lost", "sql", "won", "lost")
OPENED_TO_CLOSED = _ended_from(
    "length_opportunity_to_closed", "From opportunity to won or lost", "opportunity", "won", "lost"
)


def _won(question: Question, definition: Definition) -> Measure:
    stops = ("won", "lost") if "lost" in definition.needs else ("won",)
    watch = between(question, definition.dated_by, stops, limits=MONTHS, censoring=False)
    negative = int(np.count_nonzero(watch.watched & (watch.spans < 0)))
    notes = (f"{negative:,} ended before they began; they are counted as they stand.",) if negative else ()
    target = _target(question) if definition is CYCLE_LENGTH else None
    return duration_measure(question, definition, replace(watch, target=target, notes=notes, also=question.hand_offs))


def _all(question: Question, definition: Definition) -> Measure:
    watch = between(question, "qualified", ENDS, limits=MONTHS)
    return duration_measure(question, definition, replace(watch, also=question.hand_offs))


def _target(question: Question) -> Target | None:
    agreed = question.contract.targets.cycle_length
    if agreed is None or agreed.unit is not DurationUnit.WALL:
        return None
    return Target(value=agreed.amount, at_least=False, clause="targets.cycle_length")


MEASURES = (
    Entry(CYCLE_LENGTH, _won),
    Entry(CYCLE_LENGTH_ALL, _all),
    Entry(LEAD_TO_WON, _won),
    Entry(SQL_TO_WON, _won),
    Entry(OPENED_TO_WON, _won),
    Entry(CLOSED, _won),
    Entry(SQL_TO_CLOSED, _won),
    Entry(OPENED_TO_CLOSED, _won),
)
