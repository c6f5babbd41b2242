"""Which pool a qualified lead goes to: the first rule that matches, and what every rule before it found."""

from __future__ import annotations

from typing import NamedTuple

from handfast.condition import Trace, Values, trace
from handfast.contract.model import Contract


class RuleTried(NamedTuple):
    """A rule that was looked at; ``why`` is None for a rule without a condition, which always matches."""

    position: int  # in ``routing.rules``, from 0
    to: str
    matched: bool
    why: Trace | None


class Routed(NamedTuple):
    """The pool, the rule that named it, and the trace: every rule tried, the matching one last."""

    pool: str
    rule: int
    tried: tuple[RuleTried, ...]


class Ruled(NamedTuple):
    """What the rules were asked with; the pool, and which rule named it. Why is told when somebody asks: ``routed``."""

    contract: Contract
    values: Values
    rule: int
    pool: str

    def told(self) -> Routed:
        """Every rule tried, with what it found."""
        return routed(self.contract, self.values)


def ruled(contract: Contract, values: Values) -> Ruled:
    """The first rule that matches. ``values`` are those of ``qualify.values_for_routing``; they must not change later.

    Raises ValueError when no rule matches, which a contract that was loaded cannot have.
    """
    for position, rule in enumerate(contract.routing.rules):
        if rule.when is None or rule.when.holds(values):
            return Ruled(contract, values, position, rule.to)
    raise ValueError("no rule matches: the last one has a condition")


def pool_of(contract: Contract, values: Values) -> str:
    """The pool of the first rule that matches, as ``ruled`` has it."""
    return ruled(contract, values).pool


def routed(contract: Contract, values: Values) -> Routed:
    """``ruled`` with its trace."""
    found = ruled(contract, values)
    tried = (_tried(contract, values, position) for position in range(found.rule + 1))
    return Routed(pool=found.pool, rule=found.rule, tried=tuple(tried))


def _tried(contract: Contract, values: Values, position: int) -> RuleTried:
    rule = contract.routing.rules[position]
    why = None if rule.when is None else trace(rule.when, values)
    return RuleTried(position=position, to=rule.to, matched=why is None or why.holds, why=why)
