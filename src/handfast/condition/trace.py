"""Why a condition holds or does not: the tree again, with what was found at each test."""

from __future__ import annotations

from typing import NamedTuple

from handfast.condition.model import All, AnyOf, Condition, Operator, Test, Value, Values


class Trace(NamedTuple):
    """One node of a judged condition. ``kind`` is ``test``, ``all``, ``any`` or ``none``.

    A test carries name, operator, operand and what was found (None: unknown); a group carries its parts, all of
    them, also those that evaluation had no need to look at.
    """

    kind: str
    holds: bool
    name: str = ""
    operator: Operator | None = None
    operand: Value | tuple[Value, ...] | frozenset[str] | None = None
    list_name: str = ""
    found: Value | None = None
    parts: tuple[Trace, ...] = ()


def trace(condition: Condition, values: Values) -> Trace:
    """Judge a condition and say why. ``trace(c, v).holds`` equals ``evaluate(c, v)``."""
    if isinstance(condition, Test):
        return Trace(
            kind="test",
            holds=condition.holds(values),
            name=condition.name,
            operator=condition.operator,
            operand=condition.operand,
            list_name=condition.list_name,
            found=values.get(condition.name),
        )
    parts = tuple(trace(part, values) for part in condition.parts)
    if isinstance(condition, All):
        return Trace(kind="all", holds=all(part.holds for part in parts), parts=parts)
    holds = any(part.holds for part in parts)
    if isinstance(condition, AnyOf):
        return Trace(kind="any", holds=holds, parts=parts)
    return Trace(kind="none", holds=not holds, parts=parts)
