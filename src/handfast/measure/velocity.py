"""How much revenue the pipeline makes a day."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from handfast.instant import DAY, NEVER
from handfast.measure.build import Entry
from handfast.measure.question import Question
from handfast.measure.sourcing import is_open, over
from handfast.measure.value import Amount, Count, Definition, Derived, Figure, Measure, Ratio, Unit, View
from handfast.stats import quantile

VELOCITY = Definition(
    name="velocity",
    family="velocity",
    title="Sales velocity",
    formula="open opportunities × win rate × average won ÷ cycle length, in money a day",
    unit=Unit.MONEY_PER_DAY,
    records="opportunities open at the as-of instant; win rate and average of those that closed in the period; cycle "
    "length is the median from opened to won of those won in it",
    view=View.SNAPSHOT,
    dated_by="opportunity",
    needs=("opportunities", "amount", "opportunity"),
)


def _velocity(question: Question, definition: Definition) -> Measure:
    deals = question.deals
    ground = over(question, deals, "closed")
    closed = (deals.won >= 0) & ground.placed
    won = closed & (deals.won == 1)
    timed = won & (deals.opened_at != NEVER) & (deals.closed_at != NEVER)
    open_now = ground.rows(is_open(deals))
    rate = Ratio(numerator=ground.rows(won), denominator=ground.rows(closed))
    revenue = Amount(value=int(deals.amount[won].sum()), records=ground.rows(won))
    average = Fraction(revenue.value, revenue.records.count) if revenue.records.count else None
    median = quantile((deals.closed_at - deals.opened_at)[np.flatnonzero(timed)], Fraction(1, 2))
    days = None if median is None else median / DAY
    value = None
    if rate.value is not None and average is not None and days is not None and days > 0:
        value = open_now.count * rate.value * average / days
    parts: dict[str, Figure | Fraction | None] = {
        "open": Count(records=open_now),
        "win_rate": rate,
        "won": revenue,
        "average_won": average,
        "cycle_length_days": days,
    }
    return Measure(definition=definition, figure=Derived(value=value, records=open_now, parts=parts))


MEASURES = (Entry(VELOCITY, _velocity),)
