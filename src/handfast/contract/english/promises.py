"""Clauses in English, what is promised: clocks, reasons, commitments, targets, revenue, attribution, reviews.

Each function gives one sentence without its full stop; explanations and differences use the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from handfast.contract.english import values
from handfast.contract.english.values import (
    attempts,
    duration,
    join_and,
    quoted,
)
from handfast.contract.model import (
    Clock,
    ClockName,
    Contract,
    Reason,
    ReasonKind,
    Recycle,
    Step,
    Verb,
)
from handfast.contract.terms import Disposition, DispositionKind, Duration
from handfast.wording import series, worded

_ROUTED_AGAIN = worded("the lead is routed again")

# Clocks.

_PROMISES = {
    ClockName.FIRST_TOUCH: worded("somebody in sales touches a qualified lead"),
    ClockName.RESPONSE: worded("each owner touches a lead assigned to them"),
    ClockName.DECISION: worded("the owner accepts or declines a lead assigned to them"),
    ClockName.WORKING: worded("an accepted lead comes to a conclusion"),
    ClockName.CONTEST: worded("marketing settles a contested rejection"),
}


def clock(terms: Clock) -> str:
    """What a clock promises, for both kinds of leads."""
    known = {"clock": clock_name(terms.name), "promise": _PROMISES[terms.name], "span": duration(terms.within)}
    usual = worded("{clock}: {promise} within {span}", **known)
    if _same_time(terms.within_hand_raise, terms.within):
        return usual
    raised = duration(terms.within_hand_raise)
    return worded("{usual}, or within {span} after a hand-raise", usual=usual, span=raised)


def _same_time(one: Duration, other: Duration) -> bool:
    return (one.unit, one.amount) == (other.unit, other.amount)


def clock_name(name: ClockName) -> str:
    """A clock as people call it: ``first touch``."""
    return _CLOCKS[name]


_CLOCKS: Mapping[ClockName, str] = {
    ClockName.FIRST_TOUCH: worded("first touch"),
    ClockName.RESPONSE: worded("response"),
    ClockName.DECISION: worded("decision"),
    ClockName.WORKING: worded("working"),
    ClockName.CONTEST: worded("contest"),
}


def escalation(terms: Clock) -> str:
    """All steps of a clock in their order; empty when there are none."""
    steps = series([step(each) for each in terms.escalate], "{first}; {last}", between="; ")
    return worded("{clock}: {steps}", clock=clock_name(terms.name), steps=steps) if steps else ""


def step(terms: Step) -> str:
    """One step: when, who is told, and whether the lead is routed again."""
    who = join_and([_TOLD.get(name, name) for name in terms.to])
    told = []
    if who:
        told.append(worded("{who} is told", who=who) if len(terms.to) == 1 else worded("{who} are told", who=who))
    if terms.re_route:
        told.append(_ROUTED_AGAIN)
    return worded("{point} {done}", point=_point(terms.at), done=join_and(told) or worded("nothing happens"))


_TOLD: Mapping[str, str] = {
    "owner": worded("the owner"),
    "manager": worded("the manager"),
    "marketing": worded("marketing"),
    "sales": worded("sales"),
}


def _point(percent: int) -> str:
    if percent == 100:
        return worded("when the time is up")
    return worded("at {share} of the time", share=values.percent(percent))


# Reasons.

_VERBS = {
    Verb.RETURN: worded("the owner may return a lead"),
    Verb.REJECT: worded("sales may reject a lead before contact"),
    Verb.DISQUALIFY: worded("sales may disqualify an accepted lead"),
    Verb.EITHER: worded("sales may reject or disqualify a lead"),
}


def reason(contract: Contract, terms: Reason) -> str:
    """Who may say it, when, and what becomes of the lead."""
    said: str = worded("{verb} as {title}", verb=_VERBS[terms.verb], title=quoted(terms.title))
    said = series([said, *(words for words in (needed(terms), checked(contract, terms)) if words)], "{first}, {last}")
    becomes = _ROUTED_AGAIN if terms.then is None else worded("the lead {becomes}", becomes=becoming(terms.then))
    if terms.credit:
        becomes = worded("{becomes}, and the owner's turn is credited", becomes=becomes)
    return worded("{said}: {becomes}", said=said, becomes=becomes)


def verb(value: Verb) -> str:
    """What a reason lets sales do."""
    return _ALLOWED[value]


_ALLOWED: Mapping[Verb, str] = {
    Verb.RETURN: worded("return"),
    Verb.REJECT: worded("reject"),
    Verb.DISQUALIFY: worded("disqualify"),
    Verb.EITHER: worded("reject or disqualify"),
}


_KINDS: Mapping[ReasonKind, str] = {
    ReasonKind.CLERICAL: worded("clerical"),
    ReasonKind.DEFINITIONAL: worded("definitional"),
}


def kind_words(value: ReasonKind) -> str:
    """What kind of reason it is."""
    return _KINDS.get(value) or value.value


def needed(terms: Reason) -> str:
    """What a reason asks for first; empty when nothing."""
    return worded("after {attempts}", attempts=attempts(terms.needs)) if terms.needs is not None else ""


def checked(contract: Contract, terms: Reason) -> str:
    """What a reason claims, and against which clause the claim is checked."""
    if terms.kind is ReasonKind.CLERICAL:
        return worded("when the record is wrong")
    if terms.kind is ReasonKind.DEFINITIONAL:
        return worded("which is checked against {clause}", clause=clause_title(contract, terms.clause))
    return ""


def clause_title(contract: Contract, clause: str) -> str:
    """The title of the clause a definitional reason names, in quotes; its path when it has no title."""
    name = clause.rpartition(".")[2]
    signals = contract.score.fit.signals
    return quoted(signals[name].title) if clause == f"score.fit.signals.{name}" and name in signals else clause


def becoming(terms: Disposition) -> str:
    """What becomes of a lead: ``is closed``, ``comes back after 90 days``."""
    if terms.kind is DispositionKind.CLOSE:
        return worded("is closed")
    if terms.after is None:
        return worded("comes back on the date given")
    return worded("comes back after {span}", span=duration(terms.after))


def recycle(terms: Recycle) -> str:
    """How a lead may come back."""
    cools = worded("after a cycle ends, a lead cools off for {span}", span=duration(terms.cool_off))
    if terms.fresh_evidence:
        return worded("{cools}; of its behaviour, only what it does after that end counts", cools=cools)
    return worded("{cools}; of its behaviour, also what it did before counts", cools=cools)
