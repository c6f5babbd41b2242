"""Making a plan: from the revenue target to how many must come, when, to whom, how sure that is, what would help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import floor

from handfast.clock import calendars_between
from handfast.contract.model import Contract
from handfast.contract.walk import deals as deals_of
from handfast.contract.walk import monthly, months_of, upward
from handfast.errors import PlanRefused
from handfast.measure.period import months, period_named
from handfast.measure.value import Period
from handfast.plan.belief import Belief, certain, chance_of, least_of
from handfast.plan.capacity import Capacity, Roster, working_days
from handfast.plan.evidence import Lengths, Measured
from handfast.plan.lag import Lag, lag
from handfast.plan.value import Coming, Goal, Outlook, Plan, Range, Rate
from handfast.plan.worth import worth

SURE = (Fraction(1, 2), Fraction(4, 5), Fraction(9, 10))
"""The chances for which a plan says how many must come."""


def plan(
    contract: Contract,
    evidence: Measured | None = None,
    *,
    roster: Roster | None = None,
    arrivals: Decimal | None = None,
) -> Plan:
    """The plan of a contract, beside what was measured where something was.

    ``arrivals`` a month into the first stage stand in for those promised. Raises PlanRefused when the contract lacks
    the target, the average deal, or a rate that was not measured either.
    """
    rates = tuple(_rates(contract, evidence))
    goal, period = _ground(contract, rates)
    coming = _coming(contract, months_of(period.label), arrivals)
    is_agreed = all(one.agreed for one in rates)
    needed = upward(goal.deals, [_expected(one, measured=not is_agreed) for one in rates[::-1]])[::-1]
    laid = _laid(contract, goal, needed[0], period, _lengths(contract, evidence))
    case = _Case(contract.stages, rates, goal, coming, laid)
    return Plan(
        contract=contract.name,
        version=contract.version,
        currency=contract.currency,
        period=period,
        months=months_of(period.label),
        goal=goal,
        stages=contract.stages,
        rates=rates,
        needs=needed if is_agreed else None,
        coming=coming,
        agreed=case.outlook(measured=False) if is_agreed else None,
        measured=case.outlook(measured=True) if any(one.measured for one in rates) else None,
        lag=laid,
        capacity=_capacity(contract, period, needed[0], roster or Roster(), evidence),
        evidence=evidence,
    )


def _rates(contract: Contract, evidence: Measured | None) -> Iterator[Rate]:
    for step in pairwise(contract.stages):
        yield Rate(
            stage=step[0],
            following=step[1],
            agreed=contract.targets.rates.get(step),
            measured=None if evidence is None else evidence.rates.get(step),
            why_not="" if evidence is None else evidence.why_not.get(step, ""),
        )


def _ground(contract: Contract, rates: Sequence[Rate]) -> tuple[Goal, Period]:
    """The goal and its period. Raises PlanRefused with everything that lacks."""
    revenue, lacking = contract.revenue, dict(_lacking(contract, rates))
    if lacking or revenue is None or revenue.average_deal is None:
        raise PlanRefused(contract.name, lacking)
    goal = Goal(
        target=revenue.target,
        share=revenue.from_marketing,
        average_deal=revenue.average_deal,
        number=revenue.number,
        deals=deals_of(revenue.target, revenue.from_marketing, revenue.average_deal),
    )
    return goal, period_named(revenue.period.upper(), contract)


def _lacking(contract: Contract, rates: Sequence[Rate]) -> Iterator[tuple[str, str]]:
    if contract.revenue is None:
        yield "revenue", "no target; write revenue: {target: 2000000, period: 2027, average_deal: 25000}."
    elif not contract.revenue.average_deal:
        yield "revenue.average_deal", "how much an average deal is; without it a target is no number of deals."
    for rate in rates:
        if not rate.agreed and rate.measured is None:
            yield f"targets.{rate.stage}_to_{rate.following}", _no_rate(rate)


def _no_rate(rate: Rate) -> str:
    if rate.agreed is not None:
        return "with 0% no number of leads reaches the target."
    measured = f", and it was not measured: {rate.why_not}" if rate.why_not else "."
    return f"no share of {rate.stage} that becomes {rate.following} is agreed{measured}"


def _coming(contract: Contract, count: int, told: Decimal | None) -> Coming | None:
    """Arrivals in the period: those told, else those promised where the chain begins with what is promised."""
    if told is not None:
        return Coming(count=Fraction(told) * count, clause="")
    promised = contract.marketing.mql
    if promised is None or contract.stages[0] != "mql":
        return None
    return Coming(count=monthly(promised) * count, clause="commitments.marketing.mql")


def _expected(rate: Rate, *, measured: bool) -> Fraction:
    """The rate as one number: agreed, or with ``measured`` what is expected of it after measuring."""
    if rate.measured is not None and (measured or not rate.agreed):
        return rate.measured.expected
    return Fraction(rate.agreed or 0)


def _believed(rate: Rate, *, measured: bool) -> Belief:
    if measured and rate.measured is not None:
        return rate.measured.belief
    return certain(float(rate.agreed or 0))


def _lengths(contract: Contract, evidence: Measured | None) -> Lengths | None:
    """The measured lengths; else the agreed one, as if every cycle took it."""
    if evidence is not None and evidence.lengths is not None:
        return evidence.lengths
    agreed = contract.targets.cycle_length
    if agreed is None or not agreed.amount:
        return None
    said = f"every cycle takes {agreed.text}, as agreed (targets.cycle_length)"
    return Lengths(span=(agreed.amount - 1, agreed.amount), by=(0.0, 1.0), source=said)


def _laid(contract: Contract, goal: Goal, arrivals: Fraction, period: Period, lengths: Lengths | None) -> Lag | None:
    if lengths is None:
        return None
    labels, _ = months(period.first, period.last - 1, contract.zone)
    return lag(arrivals, goal.deals, lengths, labels)


def _capacity(
    contract: Contract, period: Period, arrivals: Fraction, roster: Roster, evidence: Measured | None
) -> Capacity:
    """The need over working days of the default calendar; what a rep takes is told, else what reps had is taken."""
    name = contract.default_calendar
    calendar = calendars_between(contract, period.first, period.last)[name]
    days = working_days(contract.calendars[name].zone, period.first, period.last, calendar.between)
    load = None if evidence is None else evidence.load
    told, had = roster.per_day, None if load is None else load.per_rep_and_day
    return Capacity(
        arrivals=arrivals,
        days=days,
        reps=roster.reps or (load.owners if load else None),
        limit=Fraction(told) if told is not None else had,
        limit_from="told" if told is not None else "measured" if had else "",
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """What both outlooks look at."""

    stages: tuple[str, ...]
    rates: tuple[Rate, ...]
    goal: Goal
    coming: Coming | None
    lag: Lag | None

    def outlook(self, *, measured: bool) -> Outlook:
        """What the agreed rates say, or the measured ones."""
        points = tuple(_expected(rate, measured=measured) for rate in self.rates)
        beliefs = [_believed(rate, measured=measured) for rate in self.rates]
        ways = [*accumulate(reversed(beliefs), Belief.times, initial=certain(1.0))][::-1]  # from each stage to the last
        whole, least = ways[0], _whole(self.goal.deals)
        steps = [(rate.stage, rate.following, point) for rate, point in zip(self.rates, points, strict=True)]
        in_time = None if self.lag is None else whole.times(certain(self.lag.in_time))
        return Outlook(
            rates=points,
            needs=tuple(self._needs(ways)),
            chance=self._chance(least, whole),
            from_nothing=None if in_time is None else self._chance(least, in_time),
            enough={sure: least_of(float(sure), least, whole) for sure in SURE},
            worth=worth(steps, self.goal.revenue, upward(self.goal.deals, points[::-1])[-1]),
        )

    def _needs(self, ways: Sequence[Belief]) -> Iterator[Range]:
        """Deals ÷ the product of the rates from a stage on; the last stage needs the deals themselves."""
        deals = float(self.goal.deals)
        for stage, way in zip(self.stages, ways, strict=True):
            low, high = way.range95()
            yield Range(stage=stage, low=deals / high, middle=deals / way.quantile(0.5), high=deals / low)

    def _chance(self, least: int, share: Belief) -> float | None:
        return None if self.coming is None else chance_of(least, floor(self.coming.count), share)


def _whole(deals: Fraction) -> int:
    """A part of a deal is a deal: the target is reached by whole ones."""
    return -(-deals.numerator // deals.denominator)
