"""The tree that a condition is, and the one evaluator of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from handfast.condition.question import Question, question_of


class ValueType(StrEnum):
    """The type of an attribute, a property or a piece of evidence."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    COUNTRY = "country"  # ISO 3166 code; compared as text
    CHOICE = "choice"  # one of a list of words


class Operator(StrEnum):
    """What a test asks."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    IN_LIST = "in_list"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    BETWEEN = "between"
    HAS_WORD = "has_word"
    HAS_ANY_WORD = "has_any_word"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    KNOWN = "known"


Value = str | int | Decimal | bool
"""A value as the core compares it: text already folded, dates as ordinal days."""

Values = Mapping[str, Value | None]
"""What is known, by name. A name that is absent and a name that holds None are the same: unknown."""


@dataclass(frozen=True)
class Test:
    """One question about one name. ``operand`` is normalised when the condition is read.

    IN, NOT_IN and HAS_ANY_WORD carry a tuple in the order written, BETWEEN (low, high), IN_LIST the content of the
    list as a frozenset, and ``list_name`` says which list that was.
    """

    __test__: ClassVar[bool] = False  # not a test of pytest

    name: str
    operator: Operator
    operand: Value | tuple[Value, ...] | frozenset[str]
    list_name: str = ""

    @cached_property
    def ask(self) -> Question:
        """The question as a function of the value found (None: unknown); built once."""
        return question_of(self.operator.value, self.operand)

    def holds(self, values: Values) -> bool:
        """Whether the value known under this name passes."""
        return self.ask(values.get(self.name))

    def __reduce__(self) -> tuple[object, ...]:
        """Copies and pickles carry the four fields; the question is built again."""
        return Test, (self.name, self.operator, self.operand, self.list_name)


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; an empty one always holds."""

    parts: tuple[Condition, ...]

    def holds(self, values: Values) -> bool:
        """Whether every part holds."""
        return all(part.holds(values) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, values: Values) -> bool:
        """Whether one part holds."""
        return any(part.holds(values) for part in self.parts)


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No part holds."""

    parts: tuple[Condition, ...]

    def holds(self, values: Values) -> bool:
        """Whether no part holds."""
        return not any(part.holds(values) for part in self.parts)


Condition = Test | All | AnyOf | NoneOf


def evaluate(condition: Condition, values: Values) -> bool:
    """Whether the condition holds for these values.

    ``values`` are typed as ``value_of`` makes them. An unknown value satisfies no positive operator; ``is_not`` and
    ``not_in`` are exact negations of ``is`` and ``in``, so they hold of an unknown one.
    """
    return condition.holds(values)


def tests_in(condition: Condition) -> Iterator[Test]:
    """Every test of the tree, in the order written."""
    if isinstance(condition, Test):
        yield condition
        return
    for part in condition.parts:
        yield from tests_in(part)


def names_in(condition: Condition) -> frozenset[str]:
    """Every name that the condition reads."""
    return frozenset(test.name for test in tests_in(condition))


def plain(condition: Condition) -> dict[str, object]:
    """The condition as data: what ``parse`` reads back into an equal one.

    Text stands as it is compared (folded), dates as ordinal days, a list by its name.
    """
    if isinstance(condition, Test):
        return {condition.name: {condition.operator.value: _plain_operand(condition)}}
    key = {All: "all", AnyOf: "any", NoneOf: "none"}[type(condition)]
    return {key: [plain(part) for part in condition.parts]}


def _plain_operand(test: Test) -> object:
    if test.operator is Operator.IN_LIST:
        return test.list_name
    return list(test.operand) if isinstance(test.operand, tuple) else test.operand
