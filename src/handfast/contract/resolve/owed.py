"""What the sides owe and how it is counted: commitments, targets, revenue, attribution, reviews."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from handfast.contract import document as doc
from handfast.contract.model import (
    ActivityType,
    Attribution,
    MarketingCommitment,
    PartyName,
    Revenue,
    RevenueNumber,
    Review,
    SalesCommitment,
    SourcedBy,
    Targets,
)
from handfast.contract.phrase import shown
from handfast.contract.resolve.names import NO_TIME, Ground, words_of
from handfast.contract.terms import Attempts, Held, Per, PerPeriod

_ALL = Decimal(1)


def marketing(document: doc.Document, ground: Ground) -> MarketingCommitment:
    """What marketing owes."""
    owed, path = document.commitments.marketing, ("commitments", "marketing")
    if owed.icp is not None and document.definitions.icp is None and not ground.cuts.within(("definitions",)):
        message = "Only MQLs that meet the ICP are to count, but no ICP is defined."
        ground.problems.add("no_icp", (*path, "icp"), message, allowed="definitions.icp: {when: …}, or no icp here")
    if owed.mql is not None and owed.at_most is not None and owed.at_most < owed.mql:
        message = f"at_most ({owed.at_most}) is below what is promised ({owed.mql})."
        ground.problems.add("range_reversed", (*path, "at_most"), message)
    per = Per(owed.per)
    return MarketingCommitment(
        mql=None if owed.mql is None else PerPeriod(Decimal(owed.mql), per),
        icp_required=owed.icp is not None,
        at_most=None if owed.at_most is None else PerPeriod(Decimal(owed.at_most), per),
        sourced_pipeline=owed.sourced_pipeline,
        accepts_shortfall=owed.accepts_shortfall,
    )


def sales(owed: doc.SalesOwes) -> SalesCommitment:
    """What sales owes."""
    tried = owed.attempts
    return SalesCommitment(
        first_touch=owed.first_touch,
        excused_left_out=owed.excused != "counted",
        worked=owed.worked,
        attempts=None if tried is None else Attempts(tried.at_least, tried.within or NO_TIME),
    )


def targets(document: doc.Document, ground: Ground) -> Targets:
    """The agreed rates, each between two neighbouring stages of the plan."""
    stages = document.plan.stages
    _check_stages(stages, ground)
    steps = {f"{stage}_to_{following}": (stage, following) for stage, following in pairwise(stages)}
    known = ground.known("target", (*steps, "cycle_length"), ("plan",))
    written: Mapping[str, Decimal] = document.targets.model_extra or {}
    rates = {}
    for key, rate in written.items():
        if known.has(key, ("targets", key), ground.problems) and key in steps:
            rates[steps[key]] = rate
    return Targets(rates=rates, cycle_length=document.targets.cycle_length)


def _check_stages(stages: list[str], ground: Ground) -> None:
    for index, stage in enumerate(stages):
        if stages.index(stage) != index:
            ground.problems.add("repeated", ("plan", "stages", index), f"{shown(stage)} is named twice.")


def revenue(written: doc.Revenue | None, ground: Ground) -> Revenue | None:
    """The number both sides live by."""
    if written is None:
        return None
    target = written.target or _ALL
    if written.average_deal is not None and written.average_deal > target and not ground.cuts.within(("revenue",)):
        message = "One average deal is more than the whole target."
        ground.problems.add("range_reversed", ("revenue", "average_deal"), message)
    stakes = {PartyName.MARKETING: written.stakes.marketing, PartyName.SALES: written.stakes.sales}
    return Revenue(
        target=target,
        period=written.period,
        average_deal=written.average_deal,
        from_marketing=_ALL if written.from_marketing is None else written.from_marketing,
        number=written.number or RevenueNumber.ALL_WON,
        stakes={party: share for party, share in stakes.items() if share is not None},
    )


def attribution(written: doc.Attribution, activities: Mapping[str, ActivityType], ground: Ground) -> Attribution:
    """How pipeline and revenue are credited."""
    known = ground.known("activity", activities, ("activities",))
    for key in ("eligible", "sales_sources", "partner_sources"):
        ground.different(getattr(written, key), ("attribution", key))
    for index, name in enumerate(written.eligible):
        known.has(name, ("attribution", "eligible", index), ground.problems)
    return Attribution(
        sourced=written.sourced or SourcedBy.FIRST_ACTIVITY,
        influence_window=written.influence_window or NO_TIME,
        eligible=tuple(written.eligible),
        sales_sources=tuple(written.sales_sources),
        partner_sources=tuple(written.partner_sources),
    )


_RHYTHM = {
    "weekly": "a day of the week, such as mon 10:00",
    "monthly": "the first such day of each month, such as first tue 14:00",
    "quarterly": "the first such day of four months, such as first wed of jan apr jul oct 14:00",
}


def reviews(written: doc.Reviews, ground: Ground) -> Mapping[str, Review]:
    """The standing meetings; each must be as frequent as its name says."""
    found = {}
    for name, allowed in _RHYTHM.items():
        review: doc.Review | None = getattr(written, name)
        if review is None or review.held is None:
            continue
        if _rhythm(review.held) != name:
            message = f"{shown(str(review.held))} is not {name}."
            ground.problems.add("rhythm", ("reviews", name, "held"), message, allowed=allowed)
        found[name] = Review(name=name, title=review.title or words_of(name), held=review.held)
    return found


def _rhythm(held: Held) -> str:
    if not held.first:
        return "weekly"
    return {0: "monthly", 4: "quarterly"}.get(len(held.months), "")
