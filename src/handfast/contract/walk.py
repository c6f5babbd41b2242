"""The revenue target walked backwards through the stages, exactly: how many must reach each of them.

deals = target × share ÷ average deal, then each stage of ``plan.stages`` upward by its rate (semantics.md, Plan).
Nothing is rounded here; whoever shows a need rounds it up, since a part of a deal is no deal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from handfast.contract.english.values import decimal
from handfast.contract.model import Contract
from handfast.contract.terms import Per, PerPeriod
from handfast.wording import worded

MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}

_COUNTED_AS: Mapping[str, str] = {
    "won": worded("deals"),
    "opportunity": worded("opportunities"),
    "sql": worded("SQLs"),
    "sal": worded("accepted"),
    "mql": worded("delivered"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How many cycles must reach a stage in the period of the revenue target; exact, rounded up only for display."""

    stage: str
    count: Fraction

    @property
    def words(self) -> str:
        """``219 opportunities``; stages of one's own in the plural: ``80,809 leads``."""
        return worded("{number} {what}", number=decimal(ceil(self.count)), what=counted_as(self.stage))


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The revenue target walked backwards, from the last stage up to the first one whose rate is agreed."""

    needs: tuple[Need, ...]  # last stage first
    rates: tuple[Decimal, ...]  # the rate that led to each need after the first
    months: int

    def need(self, stage: str) -> Fraction | None:
        """What a stage needs in the period; None when the walk does not reach it."""
        return next((need.count for need in self.needs if need.stage == stage), None)

    def monthly(self, stage: str) -> Fraction | None:
        """What a stage needs in a month; None when the walk does not reach it."""
        need = self.need(stage)
        return None if need is None else need / self.months


def counted_as(stage: str) -> str:
    """What is counted at a stage, in the plural: ``deals``, ``leads``."""
    return _COUNTED_AS.get(stage, stage if stage.endswith("s") else f"{stage}s")


def months_of(period: str) -> int:
    """The months in ``2027``, ``2027-Q1`` or ``2027-01``."""
    _, _, part = period.partition("-")
    if not part:
        return 12
    return 3 if part[0] in "Qq" else 1


def monthly(promised: PerPeriod) -> Fraction:
    """What a promise per month, quarter or year is in a month."""
    return Fraction(promised.amount) / MONTHS[promised.per]


def deals(target: Decimal | Fraction, share: Decimal | Fraction, average: Decimal | Fraction) -> Fraction:
    """How many deals of an average amount a share of a target is."""
    return Fraction(target) * Fraction(share) / Fraction(average)


def upward(count: Fraction, rates: Sequence[Decimal | Fraction]) -> tuple[Fraction, ...]:
    """What each stage above must hold for ``count`` at the last one; ``rates`` from the last step to the first.

    Raises ZeroDivisionError for a rate of nothing: no number reaches the target then.
    """
    found = [count]
    for rate in rates:
        found.append(found[-1] / Fraction(rate))
    return tuple(found)


def walked_back(contract: Contract) -> Walk | None:
    """The target of a contract walked backwards.

    None when the contract names no target or no average deal. Stops below a rate that is not agreed, or is nothing.
    """
    revenue = contract.revenue
    if revenue is None or not revenue.average_deal:
        return None
    rates = []
    for stage, following in zip(contract.stages[-2::-1], contract.stages[:0:-1], strict=True):
        rate = contract.targets.rates.get((stage, following))
        if not rate:
            break
        rates.append(rate)
    counts = upward(deals(revenue.target, revenue.from_marketing, revenue.average_deal), rates)
    needs = tuple(Need(stage=stage, count=count) for stage, count in zip(contract.stages[::-1], counts, strict=False))
    return Walk(needs=needs, rates=tuple(rates), months=months_of(revenue.period))
