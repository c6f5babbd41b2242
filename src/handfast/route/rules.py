"""Which pool a qualified lead goes to: the first rule that matches, and what every rule before it found."""

from __future__ import annotations

from dataclasses import dataclass

from handfast.condition import Trace, Values, trace
from handfast.contract.model import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTried:
    """A rule that was looked at; ``why`` is None for a rule without a condition, which always matches."""

    position: int  # in ``routing.rules``, from 0
    to: str
    matched: bool
    why: Trace | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The pool, the rule that named it, and the trace: every rule tried, the matching one last."""

    pool: str
    rule: int
    tried: tuple[RuleTried, ...]


def pool_of(contract: Contract, values: Values) -> str:
    """The pool of the first rule that matches. ``values`` are those of ``qualify.values_for_routing``.

    Raises ValueError when no rule matches, which a contract that was loaded cannot have.
    """
    for rule in contract.routing.rules:
        if rule.when is None or rule.when.holds(values):
            return rule.to
    raise ValueError("no rule matches: the last one has a condition")


def routed(contract: Contract, values: Values) -> Routed:
    """``pool_of`` with its trace."""
    tried: list[RuleTried] = []
    for position, rule in enumerate(contract.routing.rules):
        why = None if rule.when is None else trace(rule.when, values)
        tried.append(RuleTried(position=position, to=rule.to, matched=why is None or why.holds, why=why))
        if tried[-1].matched:
            return Routed(pool=rule.to, rule=position, tried=tuple(tried))
    raise ValueError("no rule matches: the last one has a condition")
