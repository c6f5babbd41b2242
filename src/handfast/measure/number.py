"""The number both sides live by: revenue against its target, and where the period is likely to end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt

import numpy as np

from handfast.contract.model import Revenue, RevenueNumber
from handfast.instant import DAY, NEVER, Instant
from handfast.measure.attribution import influenced
from handfast.measure.build import Entry, not_measurable
from handfast.measure.period import period_named
from handfast.measure.question import Mask, Question
from handfast.measure.sourcing import is_open, sourced_by, won
from handfast.measure.value import Amount, Definition, Derived, Measure, Target, Unit, View
from handfast.stats import Z95, Incidence, incidence

THE_NUMBER = Definition(
    name="the_number",
    family="number",
    title="The number",
    formula="revenue won in the period of `revenue.period` ÷ `revenue.target`, of the kind `revenue.number` names",
    unit=Unit.SHARE,
    records="deals won in the contract's own period, whatever period is shown; un-won ones are deducted",
    clause="revenue",
    target="100 % by the end of the period",
    view=View.ACTIVITY,
    dated_by="won",
    needs=("opportunities", "amount"),
)

_RANGE = (
    "The range is where the period may end: open deals by how deals of their age went on, and deals yet to be opened "
    "at the rate of the last 90 days, at the average won."
)

TRAILING = 90 * DAY
"""New deals are expected to be opened at the rate of so long before the as-of instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Revenue at the end of a period, in hundredths: won so far, and what may be added, with a 95 % range."""

    so_far: int
    from_open: float
    from_new: float
    low: float
    high: float

    @property
    def expected(self) -> float:
        """The middle of it."""
        return self.so_far + self.from_open + self.from_new


def _number(question: Question, definition: Definition) -> Measure:
    terms = question.contract.revenue
    if terms is None:
        return not_measurable(definition, "The contract names no revenue target.")
    if terms.number is RevenueNumber.INFLUENCED and question.columns.activities is None:
        return not_measurable(definition, question.missing(("activities",)))
    mine = replace(question, period=period_named(terms.period, question.contract))
    so_far, goal = _so_far(mine, terms), terms.target * 100
    ahead = forecast(mine, terms, so_far.value)
    target = Fraction(goal)
    return Measure(
        definition=definition,
        figure=Derived(
            value=so_far.value / target,
            records=so_far.records,
            parts={
                "won": so_far,
                "target": target,
                "expected": Fraction(ahead.expected) / target,
                "from_open_pipeline": Fraction(ahead.from_open),
                "from_deals_to_come": Fraction(ahead.from_new),
            },
            low=ahead.low / float(target),
            high=ahead.high / float(target),
        ),
        target=Target(value=1, at_least=True, clause="revenue.target"),
        notes=(_RANGE,),
    )


def _counts(question: Question, terms: Revenue) -> Mask:
    """The deals that belong to the number."""
    if terms.number is RevenueNumber.SOURCED:
        return sourced_by(question.deals, "marketing")
    if terms.number is RevenueNumber.INFLUENCED:
        return influenced(question)
    return np.ones(len(question.deals), np.bool_)


def _so_far(question: Question, terms: Revenue) -> Amount:
    events = won(question)
    counted = events.counted & events.ground.placed & _counts(question, terms)
    return Amount(value=int(events.amount[counted].sum()), records=events.ground.rows(counted))


def forecast(question: Question, terms: Revenue, so_far: int) -> Forecast:
    """Where the period of the question ends.

    Every open deal is won inside what is left of the period with the chance that deals of its age had; deals to come
    open at the rate of the last 90 days. The range adds the chance of each deal, and the uncertainty of the chances
    themselves, which is shared by all deals. Deals won so far are taken to stay won.
    """
    period = question.period
    if period is None or question.as_of >= period.last:
        return Forecast(so_far=so_far, from_open=0.0, from_new=0.0, low=so_far, high=so_far)
    deals, now = question.deals, question.as_of
    first, last = max(period.first - now, 0), period.last - 1 - now
    curve = _curve(question)
    known = (deals.won == 1) & (deals.amount > 0)
    average = float(deals.amount[known].mean()) if known.any() else 0.0
    size = float((deals.amount[known].astype(float) ** 2).mean()) if known.any() else 0.0
    share = _share(question, terms)
    open_now = is_open(deals) & (_counts(question, terms) if terms.number is RevenueNumber.SOURCED else True)
    weight = share if terms.number is RevenueNumber.INFLUENCED else 1.0
    amounts = np.where(deals.amount > 0, deals.amount, average)[open_now] * weight
    ages = now - deals.opened_at[open_now]
    chance = curve.chance(ages, first, last)
    spread = np.sqrt(chance * (1 - chance) / np.maximum(curve.watched(ages), 1))
    coming = _to_come(question, curve, first, last) * share
    from_open, from_new = float((chance * amounts).sum()), coming * average
    chances = float((chance * (1 - chance) * amounts**2).sum()) + coming * size
    sd = sqrt(chances + float((spread * amounts).sum()) ** 2)
    middle = so_far + from_open + from_new
    return Forecast(
        so_far=so_far,
        from_open=from_open,
        from_new=from_new,
        low=max(float(so_far), middle - Z95 * sd),
        high=middle + Z95 * sd,
    )


def _curve(question: Question) -> Incidence:
    """How deals went on from their opening: won, or lost, or still open."""
    deals = question.deals
    ended = (deals.won >= 0) & (deals.closed_at != NEVER)
    known = (deals.opened_at != NEVER) & (ended | (deals.won < 0))
    spans = np.where(ended, deals.closed_at, question.as_of) - deals.opened_at
    return incidence(spans[known], (deals.won == 1)[known], ended[known])


def _share(question: Question, terms: Revenue) -> float:
    """How much of all revenue won belongs to the number."""
    if terms.number is RevenueNumber.ALL_WON:
        return 1.0
    deals = question.deals
    mine, every = (
        int(deals.amount[mask].sum()) for mask in ((deals.won == 1) & _counts(question, terms), deals.won == 1)
    )
    return mine / every if every else 0.0


def _to_come(question: Question, curve: Incidence, first: Instant, last: Instant) -> float:
    """How many deals that are yet to be opened are won inside what is left of the period."""
    opened = question.deals.opened_at
    known = opened[opened != NEVER]
    if not len(known):
        return 0.0
    watched = min(TRAILING, max(question.as_of - int(known.min()), DAY))
    rate = int(np.count_nonzero(known > question.as_of - watched)) / (watched / DAY)
    opens = np.arange(0, last, DAY, dtype=np.int64) + DAY // 2  # of each day to come the middle
    nothing = np.zeros(len(opens), np.int64)
    won_by = curve.by(np.maximum(last - opens, nothing))
    before = np.where(opens < first, curve.by(np.maximum(first - opens, nothing)), 0.0)
    return float((won_by - before).sum()) * rate


MEASURES = (Entry(THE_NUMBER, _number),)
