"""Conditions as data: a typed tree of tests on a lead's attributes, on an activity's properties, on its score."""

from __future__ import annotations

from handfast.condition.model import (
    All,
    AnyOf,
    Condition,
    NoneOf,
    Operator,
    Test,
    Value,
    Values,
    ValueType,
    evaluate,
    names_in,
    plain,
    tests_in,
)
from handfast.condition.parse import GROUPS, OPERATORS, parse
from handfast.condition.trace import Trace, trace
from handfast.condition.value import Names, Typed, fold, type_of, typed, value_of, values_of

# Conditions over columns are in ``handfast.condition.columns``: reading a contract has no need of numpy.
__all__ = [
    "GROUPS",
    "OPERATORS",
    "All",
    "AnyOf",
    "Condition",
    "Names",
    "NoneOf",
    "Operator",
    "Test",
    "Trace",
    "Typed",
    "Value",
    "ValueType",
    "Values",
    "evaluate",
    "fold",
    "names_in",
    "parse",
    "plain",
    "tests_in",
    "trace",
    "type_of",
    "typed",
    "value_of",
    "values_of",
]
