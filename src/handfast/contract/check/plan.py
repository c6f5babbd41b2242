"""Whether what marketing promises is enough for the plan, as ``contract.walk`` walks it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from handfast.contract.model import Contract, MarketingCommitment, Revenue
from handfast.contract.terms import Per, PerPeriod
from handfast.contract.walk import MONTHS, Walk, monthly, walked_back
from handfast.problem import Path, Problems, Severity

_MARKETING: Path = ("commitments", "marketing")


def check_plan(contract: Contract, problems: Problems) -> None:
    """Refuse a commitment smaller than its own plan, unless the text accepts the shortfall; say the figures."""
    _check_rates(contract, problems)
    promised, revenue = contract.marketing, contract.revenue
    walk = walked_back(contract)
    if walk is None or revenue is None:
        return
    words = _told(contract, revenue, walk)
    mqls = walk.monthly("mql")
    if mqls is None:
        _say(problems, "plan_walked", ("revenue", "target"), f"{words}.")
    else:
        _compare_mqls(promised, mqls, words, problems)
    _compare_pipeline(contract, revenue, walk, problems)


def _check_rates(contract: Contract, problems: Problems) -> None:
    for (stage, following), rate in contract.targets.rates.items():
        if not rate:
            message = f"With 0% from {stage} to {following} no number of leads reaches the target."
            problems.add("rate_of_nothing", ("targets", f"{stage}_to_{following}"), message)


def _compare_mqls(promised: MarketingCommitment, needed: Fraction, words: str, problems: Problems) -> None:
    need = f"{words}, so {ceil(needed):,} MQLs a month"
    if promised.mql is None:
        _say(problems, "plan_walked", ("revenue", "target"), f"{need}; none are promised.")
        return
    text = f"{need}; {_promise(promised.mql)} are promised."
    if monthly(promised.mql) >= needed:
        _say(problems, "plan_agrees", (*_MARKETING, "mql"), text)
    elif promised.accepts_shortfall:
        _say(problems, "shortfall_accepted", (*_MARKETING, "accepts_shortfall"), f"{text} The shortfall is accepted.")
    else:
        message = f"The promise is too small for the plan: {text}"
        allowed = f"at least {ceil(needed):,} a month, or accepts_shortfall: true"
        problems.add("commitment_below_plan", (*_MARKETING, "mql"), message, allowed=allowed)


def _compare_pipeline(contract: Contract, revenue: Revenue, walk: Walk, problems: Problems) -> None:
    promised, opportunities = contract.marketing.sourced_pipeline, walk.monthly("opportunity")
    if promised is None or opportunities is None or revenue.average_deal is None:
        return
    needed = opportunities * Fraction(revenue.average_deal) * MONTHS[promised.per]
    if Fraction(promised.amount) >= needed or contract.marketing.accepts_shortfall:
        return
    period, least = promised.per.value, f"{ceil(needed):,}"
    need = next(each for each in walk.needs if each.stage == "opportunity")
    message = (
        f"The promised pipeline is too small for the plan: {need.words} at {_figure(revenue.average_deal)} "
        f"{contract.currency} each are {least} a {period}; {_figure(promised.amount)} are promised."
    )
    allowed = f"at least {least} per {period}, or accepts_shortfall: true"
    problems.add("commitment_below_plan", (*_MARKETING, "sourced_pipeline"), message, allowed=allowed)


def _say(problems: Problems, code: str, path: Path, message: str) -> None:
    problems.add(code, path, message, severity=Severity.NOTE)


def _told(contract: Contract, revenue: Revenue, walk: Walk) -> str:
    """The walk as the sentence that contract.md tells it in, without its end."""
    share = f"{_percent(revenue.from_marketing)} of " if revenue.from_marketing != 1 else ""
    target = f"{share}{_figure(revenue.target)} {contract.currency}"
    head = f"{target} at {_figure(revenue.average_deal or 0)} a deal is {walk.needs[0].words}"
    if not walk.rates:
        return head
    return f"{head}; at {_listed(map(_percent, walk.rates))} that is {_listed(need.words for need in walk.needs[1:])}"


def _listed(words: Iterator[str]) -> str:
    *head, last = words
    return f"{', '.join(head)} and {last}" if head else last


def _promise(promised: PerPeriod) -> str:
    """``90``; ``240 a quarter, 80 a month,``: the plan is told in months."""
    if promised.per is Per.MONTH:
        return _figure(promised.amount)
    tenths = floor(monthly(promised) * 10)
    return f"{_figure(promised.amount)} a {promised.per.value}, {_figure(Decimal(tenths) / 10)} a month,"


def _percent(rate: Decimal) -> str:
    return f"{_figure(rate * 100)}%"


def _figure(amount: Decimal | int) -> str:
    """``25,000`` and ``1.5``, without zeros that say nothing."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
