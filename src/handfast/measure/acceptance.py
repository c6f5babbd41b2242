"""What sales said: accepted, rejected, or nothing."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from handfast.instant import NEVER
from handfast.measure.build import Entry, Shares, share_measure
from handfast.measure.question import Question, earliest
from handfast.measure.value import Definition, Measure, Target, Unit

_WHERE = "clocks.decision"

ACCEPTANCE_RATE = Definition(
    name="acceptance_rate",
    family="acceptance",
    title="Lead acceptance rate",
    formula="accepted ÷ (accepted + rejected)",
    unit=Unit.SHARE,
    records="delivered cycles on which sales decided; contested ones by their settlement; returns left out",
    clause="definitions.sal",
    needs=("qualified", "accepted", "rejected"),
)

ACCEPTED_OF_DELIVERED = Definition(
    name="accepted_of_delivered",
    family="acceptance",
    title="Accepted of all delivered",
    formula="accepted ÷ delivered",
    unit=Unit.SHARE,
    records="delivered cycles",
    clause="definitions.sal",
    needs=("qualified", "accepted"),
)

UNDECIDED_PAST_DUE = Definition(
    name="undecided_past_due",
    family="acceptance",
    title="Undecided past due",
    formula="neither accepted, rejected, contested nor withdrawn, and past the decision's due ÷ delivered",
    unit=Unit.SHARE,
    records="delivered cycles",
    clause=_WHERE,
    needs=("qualified", "accepted", "rejected", "decision_due"),
)


def _rate(question: Question, definition: Definition) -> Measure:
    accepted = question.delivered & question.accepted
    decided = question.delivered & (question.accepted | question.rejected)
    at, cols = NEVER, question.columns
    said = earliest(cols.accepted_at, cols.rejected_at)
    flow = (np.where(question.accepted, cols.accepted_at, at), said)
    target = question.contract.targets.rates.get(("mql", "sal"), Decimal("0.70"))
    clause = "targets.mql_to_sal" if ("mql", "sal") in question.contract.targets.rates else ""
    shares = Shares(
        numerator=accepted,
        denominator=decided,
        target=Target(value=target, at_least=True, clause=clause),
        flow=flow,
    )
    return share_measure(question, definition, shares)


def _of_delivered(question: Question, definition: Definition) -> Measure:
    shares = Shares(
        numerator=question.accepted & question.delivered,
        denominator=question.delivered,
        still_open=question.delivered & ~question.accepted & ~question.ended,
        flow=(question.columns.accepted_at, question.columns.qualified_at),
    )
    return share_measure(question, definition, shares)


def _undecided(question: Question, definition: Definition) -> Measure:
    due = question.columns.decision_due_at
    over = (due != NEVER) & (due <= question.as_of)
    silent = ~(question.accepted | question.rejected | question.in_contest | question.withdrawn | question.ended)
    return share_measure(
        question, definition, Shares(numerator=question.delivered & over & silent, denominator=question.delivered)
    )


MEASURES = (
    Entry(ACCEPTANCE_RATE, _rate),
    Entry(ACCEPTED_OF_DELIVERED, _of_delivered),
    Entry(UNDECIDED_PAST_DUE, _undecided),
)
