"""Conditions over columns: each test is asked once per distinct value, then combined with numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.condition.model import All, AnyOf, Condition, Test, Value, ValueType
from handfast.condition.value import value_of


@dataclass(frozen=True, slots=True)
class Column:
    """A dictionary-encoded column: ``values[codes[i]]`` is known of row i; code -1 is unknown."""

    codes: NDArray[np.integer]
    values: Sequence[Value | None]


def column_of(codes: NDArray[np.integer], words: Sequence[object], kind: ValueType) -> Column:
    """A column of raw words under codes, typed word by word."""
    return Column(codes, [value_of(word, kind) for word in words])


def holds_in_columns(condition: Condition, columns: Mapping[str, Column], rows: int) -> NDArray[np.bool_]:
    """For each row whether the condition holds. A name without a column is unknown everywhere.

    Equal to ``evaluate`` row by row, because each test asks the same question.
    """
    if isinstance(condition, Test):
        return _test_in_column(condition, columns.get(condition.name), rows)
    parts = [holds_in_columns(part, columns, rows) for part in condition.parts]
    if isinstance(condition, All):
        return np.logical_and.reduce(parts) if parts else np.ones(rows, dtype=np.bool_)
    some = np.logical_or.reduce(parts) if parts else np.zeros(rows, dtype=np.bool_)
    return some if isinstance(condition, AnyOf) else ~some


def _test_in_column(test: Test, column: Column | None, rows: int) -> NDArray[np.bool_]:
    if column is None:
        return np.full(rows, test.ask(None), dtype=np.bool_)
    found: NDArray[np.bool_] = answers(test, column.values)[column.codes]
    return found


def answers(test: Test, values: Sequence[Value | None]) -> NDArray[np.bool_]:
    """The answer for each distinct value, and one more at the end, which code -1 reaches, for unknown."""
    return np.array([test.ask(value) for value in [*values, None]], dtype=np.bool_)
