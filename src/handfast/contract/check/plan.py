"""Whether what marketing promises is enough for the plan, as ``contract.walk`` walks it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from handfast.contract.english.values import decimal, join_and, money, per_period, share
from handfast.contract.model import Contract, MarketingCommitment, Revenue
from handfast.contract.terms import Per, PerPeriod
from handfast.contract.walk import MONTHS, Walk, monthly, walked_back
from handfast.problem import Path, Problems, Severity
from handfast.wording import worded

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
        _say(problems, "plan_walked", ("revenue", "target"), worded("{plan}.", plan=words))
    else:
        _compare_mqls(promised, mqls, words, problems)
    _compare_pipeline(contract, revenue, walk, problems)


def _check_rates(contract: Contract, problems: Problems) -> None:
    for (stage, following), rate in contract.targets.rates.items():
        if not rate:
            message = f"With 0% from {stage} to {following} no number of leads reaches the target."
            problems.add("rate_of_nothing", ("targets", f"{stage}_to_{following}"), message)


def _compare_mqls(promised: MarketingCommitment, needed: Fraction, words: str, problems: Problems) -> None:
    need = worded("{plan}, so {number} MQLs a month", plan=words, number=decimal(ceil(needed)))
    if promised.mql is None:
        _say(problems, "plan_walked", ("revenue", "target"), worded("{need}; none are promised.", need=need))
        return
    text = worded("{need}; {promised} are promised.", need=need, promised=_promise(promised.mql))
    if monthly(promised.mql) >= needed:
        _say(problems, "plan_agrees", (*_MARKETING, "mql"), text)
    elif promised.accepts_shortfall:
        accepted = worded("{plan} The shortfall is accepted.", plan=text)
        _say(problems, "shortfall_accepted", (*_MARKETING, "accepts_shortfall"), accepted)
    else:
        message = worded("The promise is too small for the plan: {plan}", plan=text)
        allowed = f"at least {ceil(needed):,} a month, or accepts_shortfall: true"
        problems.add("commitment_below_plan", (*_MARKETING, "mql"), message, allowed=allowed)


def _compare_pipeline(contract: Contract, revenue: Revenue, walk: Walk, problems: Problems) -> None:
    promised, opportunities = contract.marketing.sourced_pipeline, walk.monthly("opportunity")
    if promised is None or opportunities is None or revenue.average_deal is None:
        return
    needed = opportunities * Fraction(revenue.average_deal) * MONTHS[promised.per]
    if Fraction(promised.amount) >= needed or contract.marketing.accepts_shortfall:
        return
    period, least = promised.per.value, decimal(ceil(needed))
    need = next(each for each in walk.needs if each.stage == "opportunity")
    message = worded(
        "The promised pipeline is too small for the plan: {need} at {deal} each are {least}; {promised} are promised.",
        need=need.words,
        deal=money(revenue.average_deal, contract.currency),
        least=per_period(PerPeriod(amount=Decimal(ceil(needed)), per=promised.per)),
        promised=decimal(promised.amount),
    )
    allowed = f"at least {least} per {period}, or accepts_shortfall: true"
    problems.add("commitment_below_plan", (*_MARKETING, "sourced_pipeline"), message, allowed=allowed)


def _say(problems: Problems, code: str, path: Path, message: str) -> None:
    problems.add(code, path, message, severity=Severity.NOTE)


def _told(contract: Contract, revenue: Revenue, walk: Walk) -> str:
    """The walk as the sentence that contract.md tells it in, without its end."""
    target = money(revenue.target, contract.currency)
    if revenue.from_marketing != 1:
        target = worded("{share} of {amount}", share=share(revenue.from_marketing), amount=target)
    deal = decimal(revenue.average_deal or 0)
    head = worded("{target} at {deal} a deal is {need}", target=target, deal=deal, need=walk.needs[0].words)
    if not walk.rates:
        return head
    rates, needs = join_and([share(rate) for rate in walk.rates]), join_and([need.words for need in walk.needs[1:]])
    return worded("{head}; at {rates} that is {needs}", head=head, rates=rates, needs=needs)


def _promise(promised: PerPeriod) -> str:
    """``90``; ``240 a quarter, 80 a month,``: the plan is told in months."""
    if promised.per is Per.MONTH:
        return decimal(promised.amount)
    tenths = floor(monthly(promised) * 10)
    return worded("{given}, {month} a month,", given=per_period(promised), month=decimal(Decimal(tenths) / 10))
