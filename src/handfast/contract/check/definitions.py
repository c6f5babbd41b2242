"""Whether the definitions can mean anything: bars nobody or everybody passes, doors that never open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from handfast.condition import All, Condition, NoneOf, Operator, Test
from handfast.contract.builtin import BANDS
from handfast.contract.check.domain import Domain
from handfast.contract.check.limits import Limits
from handfast.contract.check.ranges import Range, added
from handfast.contract.check.reach import Box, assumed, without_scores
from handfast.contract.model import Contract, MqlDefinition
from handfast.problem import Path, Problems, Severity

MOST_RULES = 200
"""Rules that a later one is held against; more would cost the square of their number."""

_MQL: Path = ("definitions", "mql")


def check_definitions(contract: Contract, problems: Problems) -> None:
    """Refuse what can never, or must always, be: see each function for its rule."""
    limits = Limits(contract)
    _check_signals(limits, problems)
    _check_icp(limits, problems)
    _check_bar(limits, problems)
    _check_disqualifiers(limits, problems)
    _check_hand_raise(limits, problems)
    _check_warm(limits, problems)
    _check_rules(limits, problems)
    _check_clauses(limits, problems)


def _warn(problems: Problems, code: str, path: Path, message: str) -> None:
    problems.add(code, path, message, severity=Severity.WARNING)


def _check_signals(limits: Limits, problems: Problems) -> None:
    """A signal that never matches gives no points, one that always does is no signal."""
    score = limits.contract.score
    for name, signal in score.fit.signals.items():
        path: Path = ("score", "fit", "signals", name, "when")
        if limits.holds(signal.when, limits.everything) is None:
            _warn(problems, "never_matches", path, "No lead can match this; the points are never given.")
        elif limits.holds(signal.when, limits.everything, truth=False) is None:
            _warn(problems, "always_matches", path, "Every lead matches this; the points say nothing.")
    for name, behaviour in score.behaviour.signals.items():
        if not limits.can_match(behaviour):
            path = ("score", "behaviour", "signals", name, "when")
            _warn(problems, "never_matches", path, "No activity can match this; the points are never given.")


def _check_icp(limits: Limits, problems: Problems) -> None:
    icp = limits.contract.definitions.icp
    if icp is None:
        return
    path: Path = ("definitions", "icp", "when")
    if limits.holds(icp.when) is None:
        severity = Severity.ERROR if limits.contract.marketing.icp_required else Severity.WARNING
        message = f"No lead can be an ideal customer: {_why_none(limits, icp.when)}."
        problems.add("icp_unreachable", path, message, severity=severity)
    elif limits.holds(icp.when, truth=False) is None:
        _warn(problems, "icp_always", path, f"Every lead is an ideal customer: {_reach(limits)}.")


def _check_bar(limits: Limits, problems: Problems) -> None:
    """The MQL bar must be one that some leads reach and some do not."""
    mql = limits.contract.definitions.mql
    if limits.holds(mql.when) is None:
        problems.add("mql_unreachable", (*_MQL, "when"), f"No lead can reach this bar: {_why_none(limits, mql.when)}.")
    elif limits.holds(mql.when, truth=False) is None:
        problems.add("mql_always", (*_MQL, "when"), f"Every lead reaches this bar: {_reach(limits)}.")


def _check_disqualifiers(limits: Limits, problems: Problems) -> None:
    mql = limits.contract.definitions.mql
    certain = False
    for name, unless in mql.unless.items():
        path: Path = (*_MQL, "unless", name, "when")
        if limits.holds(unless.when, truth=False) is None:
            certain = True
            problems.add("disqualifies_everybody", path, "This holds of every lead, so that none can be delivered.")
        elif limits.holds(unless.when) is None:
            _warn(problems, "never_matches", path, "No lead can match this; nobody is kept out by it.")
        if unless.except_hand_raise and mql.hand_raise is None:
            message = "No activity is a hand-raise under this contract, so the exception is for nobody."
            _warn(problems, "exception_for_nobody", (*_MQL, "unless", name, "except"), message)
    if not certain and limits.holds(mql.when) is not None and limits.holds(_free(mql)) is None:
        message = "Every lead that reaches the bar is kept out by a disqualifier."
        problems.add("disqualifies_everybody", (*_MQL, "unless"), message)


def _free(mql: MqlDefinition) -> Condition:
    """The bar holds and no disqualifier does."""
    return All((mql.when, NoneOf(tuple(unless.when for unless in mql.unless.values()))))


def _check_hand_raise(limits: Limits, problems: Problems) -> None:
    raised = limits.contract.definitions.mql.hand_raise
    if raised is None or raised.when is None:
        return
    if limits.holds(raised.when, limits.with_properties(raised.on)) is None:
        why = _why_none(limits, raised.when, limits.with_properties(raised.on))
        message = f"No {raised.on} can be this hand-raise: {why}."
        problems.add("hand_raise_never", (*_MQL, "hand_raise", "when"), message)


def _check_warm(limits: Limits, problems: Problems) -> None:
    """The warm band must lie where some lead can be."""
    warm = limits.contract.score.warm
    if warm is None:
        return
    path: Path = ("score", "bands", "warm")
    there = Test("total", Operator.AT_LEAST, warm)
    if limits.holds(there) is None:
        _warn(problems, "band_unreachable", path, f"No lead can be warm: {_reach(limits)}.")
    elif limits.holds(All((there, NoneOf((limits.contract.definitions.mql.when,))))) is None:
        message = f"No lead is ever warm: whoever has {warm} points meets the MQL bar already."
        _warn(problems, "band_unreachable", path, message)


def _check_rules(limits: Limits, problems: Problems) -> None:
    """A rule that earlier rules leave nothing to, or that can never match."""
    conditions = [rule.when for rule in limits.contract.routing.rules if rule.when is not None]
    box = limits.anyone.with_domain("band", Domain(values=frozenset(BANDS), unknown=False))
    firsts: dict[Condition, int] = {}
    for position, condition in enumerate(conditions):
        path: Path = ("routing", "rules", position, "when")
        earlier = conditions[: min(position, MOST_RULES)]
        if firsts.setdefault(condition, position) != position:
            message = f"Rule {firsts[condition] + 1} has the same condition and comes first."
            _warn(problems, "rule_covered", path, message)
        elif limits.holds(condition, box) is None:
            _warn(problems, "never_matches", path, "No lead can match this rule.")
        elif limits.holds(All((condition, NoneOf(tuple(earlier)))), box) is None:
            _warn(problems, "rule_covered", path, "Whoever matches this rule has matched an earlier one.")


def _check_clauses(limits: Limits, problems: Problems) -> None:
    """A definitional reason must name a clause that can hold of one lead and not of another."""
    for name, reason in limits.contract.reasons.items():
        condition = clause_condition(limits.contract, reason.clause) if reason.clause else None
        if condition is None:
            continue
        path: Path = ("reasons", name, "clause")
        if limits.holds(condition) is None:
            message = f"No lead can meet {reason.clause}, so this reason can never be contradicted."
            _warn(problems, "clause_unreachable", path, message)
        elif limits.holds(condition, truth=False) is None:
            message = f"Every lead meets {reason.clause}, so this reason is always contradicted."
            _warn(problems, "clause_unreachable", path, message)


def clause_condition(contract: Contract, clause: str) -> Condition | None:
    """The condition behind a clause that a definitional reason may name; None when the clause has none."""
    return dict(_clauses(contract)).get(clause)


def _clauses(contract: Contract) -> Iterator[tuple[str, Condition]]:
    for name, signal in contract.score.fit.signals.items():
        yield f"score.fit.signals.{name}", signal.when
    for name, unless in contract.definitions.mql.unless.items():
        yield f"definitions.mql.unless.{name}", unless.when
    yield "definitions.mql", contract.definitions.mql.when
    if contract.definitions.icp is not None:
        yield "definitions.icp", contract.definitions.icp.when


def _why_none(limits: Limits, condition: Condition, within: Box | None = None) -> str:
    """How far the scores can go of those whom a condition asks for beside their scores."""
    box = assumed(limits.anyone if within is None else within, without_scores(condition))
    if box is None:
        return "what it asks contradicts itself"
    told = _reach(limits, box)
    return told if told == _reach(limits) else f"of those it asks for, {told}"


def _reach(limits: Limits, box: Box | None = None) -> str:
    """``fit can be -20 to 60, behaviour …``, for the reader to see why."""
    fit, behaviour = limits.fit(limits.anyone if box is None else box), limits.behaviour
    total = added((fit, behaviour))
    return f"fit can be {_between(fit)}, behaviour {_between(behaviour)}, total {_between(total)}"


def _between(found: Range) -> str:
    low, high = found
    if low is None and high is None:
        return "anything"
    if low == high:
        return f"only {_points(low)}"
    if high is None:
        return f"{_points(low)} or more"
    return f"{_points(high)} or less" if low is None else f"{_points(low)} to {_points(high)}"


def _points(value: Fraction | None) -> str:
    return "" if value is None else str(value.numerator)
