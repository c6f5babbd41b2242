"""Whether the data contradict a clause that sales says is not met."""

from __future__ import annotations

from handfast.condition import All, AnyOf, Condition, Operator, Test, Values
from handfast.contract.check import clause_condition
from handfast.engine.judge import governed, then
from handfast.engine.turn import Turn
from handfast.qualify import values_of_lead


def contradicted(turn: Turn, clause: str) -> bool:
    """Whether a fit signal or a definition holds on the attributes known now, under the pinned version.

    What is unknown counts as agreeing: a clause that holds only because something is unknown contradicts nobody.
    """
    condition, found = clause_condition(turn.version.contract, clause), governed(turn)
    if condition is None or found is None:
        return False
    return surely(condition, values_of_lead(then(turn.lead, found[0], turn.now))) is True


def surely(condition: Condition, values: Values) -> bool | None:
    """Whether a condition holds whatever the unknown values are; None when that depends on them."""
    if isinstance(condition, Test):
        known = values.get(condition.name) is not None or condition.operator is Operator.KNOWN
        return condition.holds(values) if known else None
    parts = [surely(part, values) for part in condition.parts]
    if isinstance(condition, All):
        return _all(parts)
    some = _any(parts)
    if isinstance(condition, AnyOf):
        return some
    return None if some is None else not some


def _all(parts: list[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _any(parts: list[bool | None]) -> bool | None:
    if True in parts:
        return True
    return None if None in parts else False
