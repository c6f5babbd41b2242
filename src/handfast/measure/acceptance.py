"""What sales said: accepted, rejected, or nothing."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from handfast.instant import NEVER
from handfast.measure.build import Entry, Events, Shares, share_measure
from handfast.measure.question import Question
from handfast.measure.value import Definition, Measure, Target, Unit

ACCEPTANCE_RATE = Definition(
    name="acceptance_rate",
    family="acceptance",
    title="Lead acceptance rate",
    formula="accepted ÷ (accepted + rejected)",
    unit=Unit.SHARE,
    records="delivered cycles on which sales decided; contested ones by their settlement; returns left out",
    clause="definitions.sal",
    target="70 %, or what `targets.mql_to_sal` says",
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
    formula="still without any answer of sales after the decision was due ÷ delivered",
    unit=Unit.SHARE,
    records="delivered cycles",
    clause="clocks.decision",
    needs=("qualified", "accepted", "rejected", "decision_due"),
)


def _rate(question: Question, definition: Definition) -> Measure:
    agreed = question.contract.targets.rates.get(("mql", "sal"))
    target = Target(
        value=Decimal("0.7") if agreed is None else agreed,
        at_least=True,
        clause="" if agreed is None else "targets.mql_to_sal",
    )
    shares = Shares(
        numerator=question.accepted,
        denominator=question.delivered & (question.accepted | question.rejected),
        target=target,
        flow=("accepted", question.soonest(("accepted", "rejected"))),
    )
    return share_measure(question, definition, shares)


def _of_delivered(question: Question, definition: Definition) -> Measure:
    shares = Shares(
        numerator=question.accepted,
        denominator=question.delivered,
        still_open=~question.accepted & ~question.ended,
        flow=("accepted", "qualified"),
    )
    return share_measure(question, definition, shares)


def _undecided(question: Question, definition: Definition) -> Measure:
    due = question.columns.decision_due_at
    over = (due != NEVER) & (due <= question.as_of)
    silent = question.waiting & np.asarray(over)
    shares = Shares(
        numerator=silent,
        denominator=question.delivered,
        flow=Events((silent, due), (question.delivered, question.columns.qualified_at)),
    )
    return share_measure(question, definition, shares)


MEASURES = (
    Entry(ACCEPTANCE_RATE, _rate),
    Entry(ACCEPTED_OF_DELIVERED, _of_delivered),
    Entry(UNDECIDED_PAST_DUE, _undecided),
)
