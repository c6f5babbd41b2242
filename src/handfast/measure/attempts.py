"""Whether sales kept trying: attempts on accepted leads that nobody reached."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from handfast.contract.terms import Attempts, DurationUnit
from handfast.instant import NEVER
from handfast.measure.build import Entry, Events, Shares, not_measurable, share_measure
from handfast.measure.columns import Instants
from handfast.measure.question import Mask, Question
from handfast.measure.value import Definition, Measure, Target, Unit

ATTEMPTS = Definition(
    name="attempts_compliance",
    family="attempts",
    title="Kept trying",
    formula="enough attempts within the window ÷ accepted cycles without contact whose window has ended",
    unit=Unit.SHARE,
    records="accepted cycles without a two-way touch by the end of the window that `commitments.sales.attempts` sets; "
    "those that were withdrawn, or became a deal, inside it are left out",
    clause="commitments.sales.attempts",
    target="100 %",
    dated_by="accepted",
    needs=("accepted", "contact", "touches"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """Each cycle held against ``commitments.sales.attempts``: whether it is counted, how often it was tried."""

    counted: Mask
    attempts: NDArray[np.int64]  # within the window
    due_at: Instants  # the end of the window; NEVER where it has not begun


def tried(question: Question, terms: Attempts) -> Tried:
    """The windows of all accepted cycles. Rule: contract.md, "attempts".

    Contact inside the window fulfils it, whatever the number: such a cycle is not counted. Neither is one that was
    withdrawn or became a deal inside it; one that sales gave up inside it is. Raises KeyError when the window is in
    working time and its calendar is not compiled.
    """
    accepted = question.timed("accepted")
    due_at = _end(question, terms, accepted)
    over = (due_at != NEVER) & (due_at <= question.as_of)
    first = question.soonest(("contact", "withdrawn", "opportunity", "won", "lost"))
    spared = (first != NEVER) & (first <= due_at)
    return Tried(
        counted=question.accepted & over & ~spared, attempts=_within(question, accepted, due_at), due_at=due_at
    )


def _within(question: Question, accepted: Instants, due_at: Instants) -> NDArray[np.int64]:
    touches, count = question.touches, len(question.columns)
    cycle = touches.cycle
    from_at, to_at = (np.append(at, NEVER).take(cycle) for at in (accepted, due_at))  # -1, of nothing, is the last
    counts = (from_at != NEVER) & (touches.at >= from_at) & (touches.at <= to_at) & ~touches.contact & (cycle >= 0)
    return np.bincount(cycle.take(np.flatnonzero(counts)), minlength=count)


def _end(question: Question, terms: Attempts, accepted: Instants) -> Instants:
    """The end of each window; NEVER where a cycle was not accepted, or too late for its calendar to reach."""
    span, found = terms.span, np.full(len(accepted), NEVER, np.int64)
    begun = (accepted != NEVER) & (accepted <= question.as_of)
    if span.unit is DurationUnit.WALL:
        return np.where(begun, accepted + span.amount, NEVER)
    for name, calendar in question.calendars.items():
        mine = np.flatnonzero(begun & question.on_calendar(name))
        add = calendar.add_days_many if span.unit is DurationUnit.BUSINESS_DAYS else calendar.add_many
        if len(mine):
            found[mine] = add(accepted.take(mine), np.full(len(mine), span.amount, np.int64))
    return found


def _attempts(question: Question, definition: Definition) -> Measure:
    terms = question.contract.sales.attempts
    if terms is None:
        return not_measurable(definition, "The contract commits sales to no number of attempts.")
    if terms.span.unit is not DurationUnit.WALL and not question.calendars:
        return not_measurable(definition, question.missing(("calendars",)))
    found = tried(question, terms)
    enough = found.counted & (found.attempts >= terms.count)
    shares = Shares(
        numerator=enough,
        denominator=found.counted,
        target=Target(value=Decimal(1), at_least=True, clause="commitments.sales.attempts"),
        flow=Events((enough, found.due_at), (found.counted, found.due_at)),
    )
    return share_measure(question, definition, shares)


MEASURES = (Entry(ATTEMPTS, _attempts),)
