"""How many were delivered, out of how many that came."""

from __future__ import annotations

from handfast.measure.build import Entry, Shares, count_measure, share_measure
from handfast.measure.question import Question
from handfast.measure.value import Definition, Measure, Unit

DELIVERED = Definition(
    name="delivered",
    family="volume",
    title="Delivered to sales",
    formula="count of cycles that qualified",
    unit=Unit.CYCLES,
    records="delivered cycles; unique leads beside them",
    clause="definitions.mql",
    needs=("qualified",),
)

DELIVERED_ICP = Definition(
    name="delivered_icp",
    family="volume",
    title="Delivered and an ideal customer",
    formula="count of delivered cycles that met the ICP when they qualified",
    unit=Unit.CYCLES,
    records="delivered cycles that met the ICP; those of which it is unknown are not among them",
    clause="definitions.icp",
    needs=("qualified", "icp"),
)

LEAD_TO_MQL = Definition(
    name="lead_to_mql",
    family="volume",
    title="Lead to MQL",
    formula="delivered ÷ cycles opened",
    unit=Unit.SHARE,
    records="cycles opened",
    clause="definitions.mql",
    dated_by="inquiry",
    needs=("inquiry", "qualified", "delivery"),
)


def _delivered(question: Question, definition: Definition) -> Measure:
    return count_measure(question, definition, question.delivered)


def _delivered_icp(question: Question, definition: Definition) -> Measure:
    unknown = int((question.delivered & (question.columns.icp < 0)).sum())
    notes = (f"Of {unknown:,} delivered cycles it is unknown whether they met the ICP.",) if unknown else ()
    return count_measure(question, definition, question.delivered & (question.columns.icp == 1), notes=notes)


def _lead_to_mql(question: Question, definition: Definition) -> Measure:
    opened = question.happened("inquiry")
    shares = Shares(
        numerator=question.delivered,
        denominator=opened,
        still_open=~question.delivered & ~question.ended,
        flow=(question.columns.qualified_at, question.columns.inquiry_at),
    )
    return share_measure(question, definition, shares)


MEASURES = (
    Entry(DELIVERED, _delivered),
    Entry(DELIVERED_ICP, _delivered_icp),
    Entry(LEAD_TO_MQL, _lead_to_mql),
)
