"""Why sales declined, by where the leads came from."""

from __future__ import annotations

from handfast.measure.build import Entry, Shares, share_measure, table_measure
from handfast.measure.columns import Coded
from handfast.measure.question import Mask, Question
from handfast.measure.value import Definition, Measure, Unit

_DECLINED = "delivered cycles that sales rejected or disqualified; beside them all delivered"
_NEEDS = ("qualified", "rejected", "reason")

DECLINED = Definition(
    name="declined",
    family="reasons",
    title="Declined by sales",
    formula="rejected or disqualified ÷ delivered",
    unit=Unit.SHARE,
    records="delivered cycles",
    clause="reasons",
    needs=("qualified", "rejected"),
)

REASON_GIVEN = Definition(
    name="reason_given",
    family="reasons",
    title="Declined with a reason",
    formula="declined with a named reason ÷ declined",
    unit=Unit.SHARE,
    records="delivered cycles that sales rejected or disqualified",
    clause="reasons",
    needs=_NEEDS,
)


def _by(name: str, title: str) -> Definition:
    return Definition(
        name=f"reasons_by_{name}",
        family="reasons",
        title=f"Reasons by {title}",
        formula=f"declined for the reason ÷ delivered, for each {title}",
        unit=Unit.CYCLES,
        records=_DECLINED,
        clause="reasons",
        needs=_NEEDS,
    )


def declined(question: Question) -> Mask:
    """Delivered, and ended by sales."""
    return question.delivered & (question.rejected | question.columns.happened("disqualified"))


def _declined(question: Question, definition: Definition) -> Measure:
    return share_measure(question, definition, Shares(numerator=declined(question), denominator=question.delivered))


def _reason_given(question: Question, definition: Definition) -> Measure:
    named = question.columns.reason.codes >= 0
    return share_measure(question, definition, Shares(numerator=named, denominator=declined(question)))


def _table(question: Question, definition: Definition) -> Measure:
    by = definition.name.removeprefix("reasons_by_")
    told_apart: Coded = getattr(question.columns, by)
    return table_measure(
        question,
        definition,
        ("reason", question.columns.reason),
        (by, told_apart),
        counted=declined(question),
        could=question.delivered,
    )


MEASURES = (
    Entry(DECLINED, _declined),
    Entry(REASON_GIVEN, _reason_given),
    Entry(_by("source", "source"), _table),
    Entry(_by("campaign", "campaign"), _table),
    Entry(_by("pool", "pool"), _table),
    Entry(_by("owner", "owner"), _table),
)
