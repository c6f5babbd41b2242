"""What a lead costs, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from handfast.instant import NEVER
from handfast.measure.build import Entry, amounts_by, counts, largest_first
from handfast.measure.coded import Coded
from handfast.measure.question import Mask, Question
from handfast.measure.tables import Spend
from handfast.measure.value import (
    Amount,
    Count,
    Definition,
    Derived,
    Kind,
    Measure,
    OnDemand,
    Part,
    Rows,
    Split,
    Unit,
    View,
    rows,
)

STAGE = {"lead": "inquiry", "mql": "qualified", "sal": "accepted", "sql": "sql", "deal": "won"}
"""What is paid for → the stage that says a cycle reached it."""


def _defined(of: str, title: str) -> Definition:
    return Definition(
        name=f"cost_per_{of}",
        family="cost",
        title=title,
        formula=f"spend of the period ÷ cycles that reached {of} in it, whoever brought them",
        unit=Unit.MONEY,
        records="entries of spend, and cycles by when they reached the stage",
        view=View.ACTIVITY,
        dated_by=STAGE[of],
        needs=("spend", STAGE[of]),
    )


def _cost(question: Question, definition: Definition) -> Measure:
    spend, stage = question.spend, definition.dated_by
    paid = question.inside(spend.at) & (spend.at != NEVER)
    reached = question.happened(stage) & question.placed(stage)

    def split(by: str) -> Split:
        return Split(by=by, parts=tuple(sorted(_parts(question, by, paid, reached), key=largest_first)))

    return Measure(
        definition=definition,
        figure=_quotient(Amount(value=int(spend.amount[paid].sum()), records=rows(paid, Kind.SPEND)), rows(reached)),
        splits=OnDemand(tuple(by for by in ("source", "campaign") if getattr(spend, by).words), split),
    )


def _quotient(paid: Amount, reached: Rows) -> Derived:
    value = Fraction(paid.value, reached.count) if reached.count else None
    return Derived(value=value, records=reached, parts={"spend": paid, "reached": Count(records=reached)})


def _parts(question: Question, by: str, paid: Mask, reached: Mask) -> Iterator[Part]:
    """Each word that was paid for or reached; what is not told by a word stands under the unknown."""
    spend: Spend = question.spend
    bought: Coded = getattr(spend, by)
    came: Coded = getattr(question.columns, by)
    sums, entries = amounts_by(bought, spend.amount, paid), counts(bought.codes, paid, len(bought.words))
    found = counts(came.codes, reached, len(came.words))
    for word in dict.fromkeys((*bought.words, *came.words, None)):
        one, other = (-1 if word is None else coded.code(word) for coded in (bought, came))
        amount, many = (0, 0) if one == -2 else (sums[one], entries[one])
        count = 0 if other == -2 else found[other]
        if many or count:
            records = Rows(paid, many, bought.codes, one, Kind.SPEND)
            yield Part(
                word=word,
                figure=_quotient(Amount(value=amount, records=records), Rows(reached, count, came.codes, other)),
            )


MEASURES = tuple(
    Entry(_defined(of, title), _cost)
    for of, title in (
        ("lead", "Cost per lead"),
        ("mql", "Cost per MQL"),
        ("sal", "Cost per SAL"),
        ("sql", "Cost per SQL"),
        ("deal", "Cost per deal won"),
    )
)
