"""Clauses in English, what is owed and counted: commitments, targets, revenue, attribution, reviews.

Each function gives one sentence without its full stop; explanations and differences use the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from handfast.contract.english.names import thing
from handfast.contract.english.values import duration, held, join_and, money, per_period, share, spoken
from handfast.contract.model import (
    Attribution,
    Contract,
    MarketingCommitment,
    PartyName,
    Revenue,
    RevenueNumber,
    Review,
    SalesCommitment,
    SourcedBy,
)
from handfast.contract.terms import Attempts
from handfast.wording import counted, series, worded

# Commitments.


def marketing(contract: Contract, terms: MarketingCommitment) -> dict[str, str]:
    """What marketing owes, a sentence for each key under ``commitments.marketing``."""
    said: dict[str, str] = {}
    if terms.mql is not None:
        said["mql"] = worded("marketing delivers {amount}", amount=per_period(terms.mql, "MQLs"))
    if terms.icp_required:
        said["icp"] = worded("only MQLs that fit the ideal customer count towards that")
    if terms.at_most is not None:
        said["at_most"] = worded("marketing delivers no more than {amount}", amount=per_period(terms.at_most, "MQLs"))
    if terms.sourced_pipeline is not None:
        pipeline = per_period(terms.sourced_pipeline, contract.currency)
        said["sourced_pipeline"] = worded("marketing sources pipeline of {amount}", amount=pipeline)
    if terms.accepts_shortfall:
        said["accepts_shortfall"] = worded("both sides accept that this is less than the plan needs")
    return said


def sales(terms: SalesCommitment) -> dict[str, str]:
    """What sales owes, a sentence for each key under ``commitments.sales``."""
    said: dict[str, str] = {}
    if terms.first_touch is not None:
        first = share(terms.first_touch)
        said["first_touch"] = worded("sales touches {share} of leads before the first-touch time is up", share=first)
    said["excused"] = (
        worded("breaches that were excused are left out")
        if terms.excused_left_out
        else worded("breaches that were excused count all the same")
    )
    if terms.worked is not None:
        said["worked"] = worded("sales works {share} of the leads it is given", share=share(terms.worked))
    if terms.attempts is not None:
        tried = at_least(terms.attempts)
        said["attempts"] = worded("an accepted lead that sales does not reach gets {attempts}", attempts=tried)
    return said


def at_least(terms: Attempts) -> str:
    """``at least 6 attempts within 10 business days``."""
    number = counted(terms.count, "{number} attempt", "{number} attempts")
    return worded("at least {attempts} within {span}", attempts=number, span=duration(terms.span))


# Plan.

_STAGES = {
    "mql": worded("MQLs"),
    "sal": worded("SALs"),
    "sql": worded("SQLs"),
    "opportunity": worded("opportunities"),
    "won": worded("won deals"),
}


def stage(name: str) -> str:
    """Those at a stage: ``MQLs``, ``appointments``."""
    return _STAGES.get(name) or worded("{stage}s", stage=spoken(name))


def rate(stages: tuple[str, str]) -> str:
    """What a rate is the share of: ``of MQLs become SALs``."""
    return worded("of {before} become {after}", before=stage(stages[0]), after=stage(stages[1]))


def rate_of(stages: tuple[str, str]) -> str:
    """What a rate is about: ``MQLs that become SALs:``."""
    return worded("{before} that become {after}:", before=stage(stages[0]), after=stage(stages[1]))


def chain(stages: Sequence[str]) -> str:
    """The stages of the plan in order."""
    return series([stage(name) for name in stages], "{first} → {last}", between=" → ")


_NUMBERS = {
    RevenueNumber.ALL_WON: worded("all won deals"),
    RevenueNumber.INFLUENCED: worded("won deals that marketing influenced"),
    RevenueNumber.SOURCED: worded("won deals that marketing sourced"),
}


def revenue(contract: Contract, terms: Revenue) -> dict[str, str]:
    """The number both live by, a sentence for each key under ``revenue``."""
    target = money(terms.target, contract.currency)
    said: dict[str, str] = {
        "target": worded("both sides aim for revenue of {amount} in {period}", amount=target, period=terms.period),
        "number": worded("{deals} count towards it", deals=counts(terms.number)),
        "from_marketing": worded("{share} of it is to come through marketing", share=share(terms.from_marketing)),
    }
    if terms.average_deal is not None:
        deal = money(terms.average_deal, contract.currency)
        said["average_deal"] = worded("a deal is reckoned at {amount}", amount=deal)
    if terms.stakes:
        said["stakes"] = stakes(terms)
    return said


def counts(number: RevenueNumber) -> str:
    """Which won deals count."""
    return _NUMBERS[number]


def stakes(terms: Revenue) -> str:
    """What share of each side's pay rides on the number."""
    parts = [
        worded("{share} of {whose}", share=share(terms.stakes[party]), whose=possessive(party))
        for party in PartyName
        if party in terms.stakes
    ]
    return worded("{parts} variable pay rides on this number", parts=join_and(parts))


def possessive(party: PartyName) -> str:
    """``marketing's``, ``sales'``."""
    return worded("sales'") if party is PartyName.SALES else worded("marketing's")


# Attribution and reviews.

_SOURCED = {
    SourcedBy.FIRST_ACTIVITY: worded("the first eligible activity before it opened"),
    SourcedBy.LAST_ACTIVITY: worded("the last eligible activity before it opened"),
    SourcedBy.SOURCE_ATTRIBUTE: worded("the source recorded on the lead"),
}


def attribution(terms: Attribution) -> dict[str, str]:
    """How deals are credited, a sentence for each key under ``attribution``."""
    said: dict[str, str] = {
        "sourced": worded("a deal is sourced by {activity}", activity=sourced(terms.sourced)),
        "influence_window": worded(
            "marketing influenced a deal by an eligible activity between {span} before it opened and its close",
            span=duration(terms.influence_window),
        ),
        "eligible": worded("eligible activities: {activities}", activities=things(terms.eligible)),
    }
    if terms.sales_sources:
        sources = join_and(terms.sales_sources)
        said["sales_sources"] = worded("sources that count as sales: {sources}", sources=sources)
    if terms.partner_sources:
        sources = join_and(terms.partner_sources)
        said["partner_sources"] = worded("sources that count as partner: {sources}", sources=sources)
    return said


def sourced(value: SourcedBy) -> str:
    """What names the source of a deal."""
    return _SOURCED[value]


def things(names: Sequence[str]) -> str:
    """Activities as things."""
    return join_and([thing(name) for name in names]) or worded("none")


def review(terms: Review) -> str:
    """When a meeting is held."""
    return worded("{title} ({name}) is held {when}", title=terms.title, name=terms.name, when=held(terms.held))
