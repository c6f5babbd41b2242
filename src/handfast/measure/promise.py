"""Whether promises in time were kept: first touch, decision, working; and whether anything was done at all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from handfast.contract.model import ClockName
from handfast.contract.terms import Duration, DurationUnit
from handfast.instant import DAY, NEVER
from handfast.measure.build import Entry, Events, Shares, not_measurable, share_measure
from handfast.measure.in_time import STOPS, in_time, knows_only_days, promise, starts, stopped_at
from handfast.measure.question import Mask, Question
from handfast.measure.value import Definition, Measure, Target, Unit

_NEEDS = ("qualified", "first_touch", "first_touch_due")
_DUE = "delivered cycles whose first touch was due at or before the as-of instant and was not cancelled by their end"

_PROMISED = "90 %, or what `commitments.sales.first_touch` says"

FOLLOW_UP = Definition(
    name="follow_up_compliance",
    family="promise",
    title="Follow-up compliance",
    formula="touched at or before due ÷ first touches due; late and never touched count against",
    unit=Unit.SHARE,
    records=_DUE,
    clause="clocks.first_touch",
    target=_PROMISED,
    needs=_NEEDS,
)

FOLLOW_UP_STRICT = Definition(
    name="follow_up_excused_counted",
    family="promise",
    title="Follow-up compliance, nothing excused",
    formula="touched at or before due ÷ first touches due; excused ones count against like any other",
    unit=Unit.SHARE,
    records=_DUE,
    clause="clocks.first_touch",
    target=_PROMISED,
    needs=_NEEDS,
)

TOUCHED_LATE = Definition(
    name="touched_late",
    family="promise",
    title="Touched, but late",
    formula="touched after due ÷ first touches due",
    unit=Unit.SHARE,
    records=_DUE,
    clause="clocks.first_touch",
    needs=_NEEDS,
)

NEVER_TOUCHED = Definition(
    name="never_touched",
    family="promise",
    title="Never touched",
    formula="no human touch by the as-of instant ÷ first touches due",
    unit=Unit.SHARE,
    records=_DUE,
    clause="clocks.first_touch",
    needs=_NEEDS,
)

WORKED = Definition(
    name="worked",
    family="promise",
    title="Worked",
    formula="with a human touch or a decision ÷ delivered cycles whose first decision window has ended",
    unit=Unit.SHARE,
    records="delivered cycles whose decision was due at or before the as-of instant; "
    "those withdrawn before they were touched or decided are left out",
    clause="commitments.sales.worked",
    target="100 %, or what `commitments.sales.worked` says",
    needs=("qualified", "decision_due", "first_touch"),
)

DECIDED_IN_TIME = Definition(
    name="decision_compliance",
    family="promise",
    title="Decided in time",
    formula="accepted, rejected or contested at or before due ÷ decisions due",
    unit=Unit.SHARE,
    records="delivered cycles whose decision was due at or before the as-of instant and was not cancelled by their end",
    clause="clocks.decision",
    needs=("qualified", "decision_due", "accepted", "rejected"),
)

CONCLUDED_IN_TIME = Definition(
    name="working_compliance",
    family="promise",
    title="Concluded in time",
    formula="accepted cycles qualified by sales, turned into a deal or disqualified at or before due ÷ conclusions due",
    unit=Unit.SHARE,
    records="accepted cycles whose conclusion was due at or before the as-of instant and not cancelled by a withdrawal",
    clause="clocks.working",
    dated_by="accepted",
    needs=("accepted", "working_due"),
)


def _too_fine(question: Question, clock: ClockName) -> str:
    """Why the day alone cannot bear the window of a clock; empty where it can."""
    terms = question.contract.clocks[clock]
    fine = [window for window in (terms.within, terms.within_hand_raise) if not _bears_days(window)]
    if not fine or not knows_only_days(question, clock):
        return ""
    bare, known = question.bare_days((starts(clock), *STOPS[clock]))
    often = "only the day" if bare in {0, known} else f"only the day of {bare:,} of {known:,} instants"
    return f"The source knows {often}, and a day cannot bear a window of {fine[-1]}."


def _bears_days(window: Duration) -> bool:
    return window.unit is DurationUnit.BUSINESS_DAYS or (window.unit is DurationUnit.WALL and window.amount >= DAY)


def _share(question: Question, definition: Definition, clock: ClockName, shares: Shares) -> Measure:
    reason = _too_fine(question, clock)
    return not_measurable(definition, reason) if reason else share_measure(question, definition, shares)


def among(question: Question, clock: ClockName, stage: Mask, **said: Any) -> Shares:
    """The share of promises kept, with those beside it that were answered nobody knows when, and those never.

    As a flow: kept ones by when they were kept, over those judged by when they were due.
    """
    found = promise(question, clock)
    stopped = stopped_at(question, clock)
    shares = Shares(
        numerator=found.kept == 1,
        denominator=stage & (found.kept >= 0),
        unsure=stage & found.unsure,
        silent=stopped == NEVER,
    )
    shares = replace(shares, **said)
    counted, due = shares.denominator, getattr(question.columns, f"{clock.value}_due_at")
    flow = Events((counted & shares.numerator, stopped), (counted, due))
    return replace(shares, flow=flow)


def _follow_up(question: Question, definition: Definition) -> Measure:
    terms = question.contract.sales
    return _follow_up_measure(question, definition, leave_out=terms.excused_left_out)


def _follow_up_strict(question: Question, definition: Definition) -> Measure:
    return _follow_up_measure(question, definition, leave_out=False)


def _follow_up_measure(question: Question, definition: Definition, *, leave_out: bool) -> Measure:
    kept = in_time(question, ClockName.FIRST_TOUCH)
    forgiven = question.columns.excused & (kept == 0)
    due = (kept >= 0) & ~forgiven if leave_out else kept >= 0
    agreed = question.contract.sales.first_touch
    target = Target(
        value=Decimal("0.9") if agreed is None else agreed,
        at_least=True,
        clause="" if agreed is None else "commitments.sales.first_touch",
    )
    shares = among(
        question,
        ClockName.FIRST_TOUCH,
        question.delivered,
        denominator=question.delivered & due,
        target=target,
        notes=_forgiven(int((forgiven & question.delivered).sum()), leave_out=leave_out),
    )
    return _share(question, definition, ClockName.FIRST_TOUCH, shares)


def _forgiven(count: int, *, leave_out: bool) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"{count:,} excused breaches are " + ("left out." if leave_out else "counted against."),)


def _touched_late(question: Question, definition: Definition) -> Measure:
    late = (in_time(question, ClockName.FIRST_TOUCH) == 0) & question.touched
    shares = among(question, ClockName.FIRST_TOUCH, question.delivered, numerator=late)
    return _share(question, definition, ClockName.FIRST_TOUCH, shares)


def _never_touched(question: Question, definition: Definition) -> Measure:
    """Who was touched nobody knows when was touched: nobody is left out."""
    found = promise(question, ClockName.FIRST_TOUCH)
    due = (found.kept >= 0) | (found.unsure & question.touched)
    shares = Shares(numerator=~question.touched, denominator=question.delivered & due)
    return _share(question, definition, ClockName.FIRST_TOUCH, shares)


def _worked(question: Question, definition: Definition) -> Measure:
    due = question.columns.decision_due_at
    decided = question.accepted | question.rejected | question.happened("contested")
    worked = question.touched | decided
    over = (due != NEVER) & (due <= question.as_of)
    counted = question.delivered & over & (worked | ~question.withdrawn)
    agreed = question.contract.sales.worked
    target = Target(
        value=Decimal(1) if agreed is None else agreed,
        at_least=True,
        clause="" if agreed is None else "commitments.sales.worked",
    )
    shares = Shares(
        numerator=worked,
        denominator=counted,
        target=target,
        flow=Events((counted & worked, due), (counted, due)),
    )
    return share_measure(question, definition, shares)


def _decided(question: Question, definition: Definition) -> Measure:
    shares = among(question, ClockName.DECISION, question.delivered)
    return _share(question, definition, ClockName.DECISION, shares)


def _concluded(question: Question, definition: Definition) -> Measure:
    shares = among(question, ClockName.WORKING, question.accepted)
    return _share(question, definition, ClockName.WORKING, shares)


MEASURES = (
    Entry(FOLLOW_UP, _follow_up),
    Entry(FOLLOW_UP_STRICT, _follow_up_strict),
    Entry(TOUCHED_LATE, _touched_late),
    Entry(NEVER_TOUCHED, _never_touched),
    Entry(WORKED, _worked),
    Entry(DECIDED_IN_TIME, _decided),
    Entry(CONCLUDED_IN_TIME, _concluded),
)
