"""Conditions as canonical content: one form for all that ask the same.

Parts stand in the order of their text, nests of one kind are flattened, a group of one is its part. A test on a list
names it; what the list holds stands once, under the contract's lists, and comes back from there.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from handfast.condition import All, AnyOf, Condition, NoneOf, Operator, Test, Value
from handfast.contract.canonical.leaf import Plain, distinct, expected, open_plain, open_value, text

_LISTS: ContextVar[Mapping[str, list[str]]] = ContextVar("lists")

_GROUPS: dict[str, type[All | AnyOf | NoneOf]] = {"all": All, "any": AnyOf, "none": NoneOf}
_GROUP_WORD = {kind: word for word, kind in _GROUPS.items()}
_SET_OPERATORS = {Operator.IN, Operator.NOT_IN, Operator.HAS_ANY_WORD}


def condition_plain(value: Condition) -> Plain:
    """A condition as plain data."""
    if isinstance(value, Test):
        operand = text(value.list_name) if value.operator is Operator.IN_LIST else open_plain(value.operand)
        if value.operator in _SET_OPERATORS and isinstance(operand, list):
            operand = distinct(operand)
        return {"name": text(value.name), "operator": value.operator.value, "operand": operand}
    word = _GROUP_WORD[type(value)]
    parts = distinct(_flat(word, [condition_plain(part) for part in value.parts]))
    return parts[0] if len(parts) == 1 and word != "none" else {word: parts}


def _flat(word: str, parts: list[Plain]) -> list[Plain]:
    """All inside all, any inside any and any inside none are one group."""
    inner = "any" if word == "none" else word
    flat: list[Plain] = []
    for part in parts:
        group = part.get(inner) if isinstance(part, dict) else None
        flat.extend(group if isinstance(group, list) else [part])
    return flat


def condition_back(plain: Any) -> Condition:
    """The condition of plain data; raises ValueError, KeyError or TypeError when it is none."""
    if "operator" in plain:
        return _test(expected(plain["name"], str), Operator(plain["operator"]), plain["operand"])
    ((word, parts),) = plain.items()
    return _GROUPS[word](tuple(condition_back(part) for part in parts))


def _test(name: str, operator: Operator, operand: Any) -> Test:
    if operator is not Operator.IN_LIST:
        return Test(name, operator, typing.cast("Value", open_value(operand)))
    lists = _LISTS.get({})
    if expected(operand, str) not in lists:
        raise ValueError(f"the list {operand!r} is not part of the content")
    return Test(name, operator, frozenset(lists[operand]), operand)


@contextmanager
def lists_known(lists: Mapping[str, list[str]]) -> Iterator[None]:
    """While conditions are read back: what the lists hold that they name."""
    token = _LISTS.set(lists)
    try:
        yield
    finally:
        _LISTS.reset(token)
