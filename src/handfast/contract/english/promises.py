"""Clauses in English, what is promised: clocks, reasons, commitments, targets, revenue, attribution, reviews.

Each function gives one sentence without its full stop; explanations and differences use the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from handfast.contract.english.clauses import thing
from handfast.contract.english.values import (
    attempts,
    count,
    duration,
    held,
    join_and,
    money,
    per_period,
    share,
    spoken,
)
from handfast.contract.model import (
    Attribution,
    Clock,
    ClockName,
    Contract,
    MarketingCommitment,
    PartyName,
    Reason,
    ReasonKind,
    Recycle,
    Revenue,
    RevenueNumber,
    Review,
    SalesCommitment,
    SourcedBy,
    Step,
    Verb,
)
from handfast.contract.terms import Attempts, Disposition, DispositionKind, Duration

# Clocks.

_PROMISES = {
    ClockName.FIRST_TOUCH: "somebody in sales touches a qualified lead",
    ClockName.RESPONSE: "each owner touches a lead assigned to them",
    ClockName.DECISION: "the owner accepts or declines a lead assigned to them",
    ClockName.WORKING: "an accepted lead comes to a conclusion",
    ClockName.CONTEST: "marketing settles a contested rejection",
}


def clock(terms: Clock) -> str:
    """What a clock promises, for both kinds of leads."""
    usual = f"{clock_name(terms.name)}: {_PROMISES[terms.name]} within {duration(terms.within)}"
    if _same_time(terms.within_hand_raise, terms.within):
        return usual
    return f"{usual}, or within {duration(terms.within_hand_raise)} after a hand-raise"


def _same_time(one: Duration, other: Duration) -> bool:
    return (one.unit, one.amount) == (other.unit, other.amount)


def clock_name(name: ClockName) -> str:
    """A clock as people call it: ``first touch``."""
    return spoken(name.value)


def escalation(terms: Clock) -> str:
    """All steps of a clock in their order; empty when there are none."""
    steps = "; ".join(step(each) for each in terms.escalate)
    return f"{clock_name(terms.name)}: {steps}" if steps else ""


def step(terms: Step) -> str:
    """One step: when, who is told, and whether the lead is routed again."""
    who = [f"the {name}" if name in {"owner", "manager"} else name for name in terms.to]
    told = [f"{join_and(who)} {'is' if len(who) == 1 else 'are'} told"] if who else []
    if terms.re_route:
        told.append("the lead is routed again")
    return f"{_point(terms.at)} {join_and(told) or 'nothing happens'}"


def _point(percent: int) -> str:
    if percent == 100:
        return "when the time is up"
    return f"at {percent}% of the time"


# Reasons.

_VERBS = {
    Verb.RETURN: "the owner may return a lead",
    Verb.REJECT: "sales may reject a lead before contact",
    Verb.DISQUALIFY: "sales may disqualify an accepted lead",
    Verb.EITHER: "sales may reject or disqualify a lead",
}


def reason(contract: Contract, terms: Reason) -> str:
    """Who may say it, when, and what becomes of the lead."""
    said = f'{_VERBS[terms.verb]} as "{terms.title}"'
    conditions = [words for words in (needed(terms), checked(contract, terms)) if words]
    becomes = "the lead is routed again" if terms.then is None else f"the lead {becoming(terms.then)}"
    credit = ", and the owner's turn is credited" if terms.credit else ""
    return f"{said}{''.join(f', {words}' for words in conditions)}: {becomes}{credit}"


def verb(value: Verb) -> str:
    """What a reason lets sales do."""
    return value.value if value is not Verb.EITHER else "reject or disqualify"


def needed(terms: Reason) -> str:
    """What a reason asks for first; empty when nothing."""
    return f"after {attempts(terms.needs)}" if terms.needs is not None else ""


def checked(contract: Contract, terms: Reason) -> str:
    """What a reason claims, and against which clause the claim is checked."""
    if terms.kind is ReasonKind.CLERICAL:
        return "when the record is wrong"
    if terms.kind is ReasonKind.DEFINITIONAL:
        return f"which is checked against {clause_title(contract, terms.clause)}"
    return ""


def clause_title(contract: Contract, clause: str) -> str:
    """The title of the clause a definitional reason names, in quotes; its path when it has no title."""
    name = clause.rpartition(".")[2]
    signals = contract.score.fit.signals
    return f'"{signals[name].title}"' if clause == f"score.fit.signals.{name}" and name in signals else clause


def becoming(terms: Disposition) -> str:
    """What becomes of a lead: ``is closed``, ``comes back after 90 days``."""
    if terms.kind is DispositionKind.CLOSE:
        return "is closed"
    return "comes back on the date given" if terms.after is None else f"comes back after {duration(terms.after)}"


def recycle(terms: Recycle) -> str:
    """How a lead may come back."""
    fresh = "only what it does after that end" if terms.fresh_evidence else "also what it did before"
    return f"after a cycle ends, a lead cools off for {duration(terms.cool_off)}; of its behaviour, {fresh} counts"


# Commitments.


def marketing(contract: Contract, terms: MarketingCommitment) -> dict[str, str]:
    """What marketing owes, a sentence for each key under ``commitments.marketing``."""
    said = {}
    if terms.mql is not None:
        said["mql"] = f"marketing delivers {per_period(terms.mql)} MQLs".replace(" a ", " MQLs a ").removesuffix(
            " MQLs"
        )
    if terms.icp_required:
        said["icp"] = "only MQLs that fit the ideal customer count towards that"
    if terms.at_most is not None:
        said["at_most"] = f"marketing delivers no more than {per_period(terms.at_most, 'MQLs')}"
    if terms.sourced_pipeline is not None:
        said["sourced_pipeline"] = (
            f"marketing sources pipeline of {per_period(terms.sourced_pipeline, contract.currency)}"
        )
    if terms.accepts_shortfall:
        said["accepts_shortfall"] = "both sides accept that this is less than the plan needs"
    return said


def sales(terms: SalesCommitment) -> dict[str, str]:
    """What sales owes, a sentence for each key under ``commitments.sales``."""
    said = {}
    if terms.first_touch is not None:
        said["first_touch"] = f"sales touches {share(terms.first_touch)} of leads before the first-touch time is up"
    excused = "are left out" if terms.excused_left_out else "count all the same"
    said["excused"] = f"breaches that were excused {excused}"
    if terms.worked is not None:
        said["worked"] = f"sales works {share(terms.worked)} of the leads it is given"
    if terms.attempts is not None:
        said["attempts"] = f"an accepted lead that sales does not reach gets {at_least(terms.attempts)}"
    return said


def at_least(terms: Attempts) -> str:
    """``at least 6 attempts within 10 business days``."""
    return f"at least {count(terms.count, 'attempt')} within {duration(terms.span)}"


# Plan.

_STAGES = {"mql": "MQLs", "sal": "SALs", "sql": "SQLs", "opportunity": "opportunities", "won": "won deals"}


def stage(name: str) -> str:
    """Those at a stage: ``MQLs``, ``appointments``."""
    return _STAGES.get(name) or f"{spoken(name)}s"


def rate(stages: tuple[str, str]) -> str:
    """What a rate is the share of: ``of MQLs become SALs``."""
    return f"of {stage(stages[0])} become {stage(stages[1])}"


def rate_of(stages: tuple[str, str]) -> str:
    """What a rate is about: ``MQLs that become SALs:``."""
    return f"{stage(stages[0])} that become {stage(stages[1])}:"


def chain(stages: Sequence[str]) -> str:
    """The stages of the plan in order."""
    return " → ".join(stage(name) for name in stages)


_NUMBERS = {
    RevenueNumber.ALL_WON: "all won deals",
    RevenueNumber.INFLUENCED: "won deals that marketing influenced",
    RevenueNumber.SOURCED: "won deals that marketing sourced",
}


def revenue(contract: Contract, terms: Revenue) -> dict[str, str]:
    """The number both live by, a sentence for each key under ``revenue``."""
    said = {
        "target": f"both sides aim for revenue of {money(terms.target, contract.currency)} in {terms.period}",
        "number": f"{counts(terms.number)} count towards it",
        "from_marketing": f"{share(terms.from_marketing)} of it is to come through marketing",
    }
    if terms.average_deal is not None:
        said["average_deal"] = f"a deal is reckoned at {money(terms.average_deal, contract.currency)}"
    if terms.stakes:
        said["stakes"] = stakes(terms)
    return said


def counts(number: RevenueNumber) -> str:
    """Which won deals count."""
    return _NUMBERS[number]


def stakes(terms: Revenue) -> str:
    """What share of each side's pay rides on the number."""
    parts = [f"{share(terms.stakes[party])} of {possessive(party)}" for party in PartyName if party in terms.stakes]
    return f"{join_and(parts)} variable pay rides on this number"


def possessive(party: PartyName) -> str:
    """``marketing's``, ``sales'``."""
    return f"{party}'" if party.endswith("s") else f"{party}'s"


# Attribution and reviews.

_SOURCED = {
    SourcedBy.FIRST_ACTIVITY: "the first eligible activity before it opened",
    SourcedBy.LAST_ACTIVITY: "the last eligible activity before it opened",
    SourcedBy.SOURCE_ATTRIBUTE: "the source recorded on the lead",
}


def attribution(terms: Attribution) -> dict[str, str]:
    """How deals are credited, a sentence for each key under ``attribution``."""
    said = {
        "sourced": f"a deal is sourced by {sourced(terms.sourced)}",
        "influence_window": f"marketing influenced a deal by an eligible activity {window(terms)}",
        "eligible": f"eligible activities: {things(terms.eligible)}",
    }
    if terms.sales_sources:
        said["sales_sources"] = f"sources that count as sales: {join_and(terms.sales_sources)}"
    if terms.partner_sources:
        said["partner_sources"] = f"sources that count as partner: {join_and(terms.partner_sources)}"
    return said


def sourced(value: SourcedBy) -> str:
    """What names the source of a deal."""
    return _SOURCED[value]


def window(terms: Attribution) -> str:
    """From when to when an activity influences a deal."""
    return f"between {duration(terms.influence_window)} before it opened and its close"


def things(names: Sequence[str]) -> str:
    """Activities as things."""
    return join_and([thing(name) for name in names]) or "none"


def review(terms: Review) -> str:
    """When a meeting is held."""
    return f"{terms.title} ({terms.name}) is held {held(terms.held)}"
