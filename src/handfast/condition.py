"""Conditions as data: a typed tree of tests on a lead's attributes, on an activity's properties, on its score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Test:
    """One question about one name. ``operand`` is normalised when the condition is read."""

    name: str
    operator: Operator
    operand: Value | tuple[Value, ...] | frozenset[Value]


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; an empty one always holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No part holds."""

    parts: tuple[Condition, ...]


Condition = Test | All | AnyOf | NoneOf
