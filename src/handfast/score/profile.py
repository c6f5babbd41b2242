"""Rows that no test can tell apart are judged once: many rows, few profiles, and the one evaluator for each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from handfast.condition import Test, Value
from handfast.condition.columns import Column
from handfast.score.compiled import Compiled

Key = TypeVar("Key", bound=Hashable)

_BLOCK = 1 << 20  # rows at a time, so that what numpy makes on the way stays small
_MANY = 1 << 20  # possible combinations that are worth a table; beyond, rows are sorted


@dataclass(frozen=True, slots=True)
class Profiles:
    """``codes[i]`` is the profile of row i; ``rows[p]`` is a row that has profile p, or -1 where none has."""

    codes: NDArray[np.int32]
    rows: NDArray[np.int64]

    def occurring(self) -> Iterator[tuple[int, int]]:
        """Every profile that some row has, with such a row."""
        for code in np.flatnonzero(self.rows >= 0):
            yield int(code), int(self.rows[code])


def profiles(
    columns: Mapping[Key, Column], tests: Mapping[Key, Sequence[Test]], rows: int, loops: Compiled | None = None
) -> Profiles:
    """Group rows by the answers that their values give to the tests asked of each column.

    Two rows of one profile answer every test alike, so whatever is built from the tests is the same for both. A name
    without a column is unknown in every row and tells none apart.
    """
    codes: NDArray[np.int32] = np.zeros(rows, dtype=np.int32)
    size = 1
    for key in tests:
        if key not in columns:
            continue
        column = columns[key]
        classes, found = _classes(column.values, tests[key])
        if size * found > _MANY:
            kinds, dense = np.unique(codes.astype(np.int64) * found + classes[column.codes], return_inverse=True)
            codes, size = dense.astype(np.int32), len(kinds)
            continue
        (_join if loops is None else loops.join)(codes, found, column.codes, classes)
        size *= found
    samples: NDArray[np.int64] = np.full(size, -1, dtype=np.int64)
    (_a_row_of_each if loops is None else loops.a_row_of_each)(codes, samples)
    return Profiles(codes, samples)


def known_in(columns: Mapping[Key, Column], row: int) -> dict[Key, Value | None]:
    """The values of one row."""
    found = {}
    for key, column in columns.items():
        code = int(column.codes[row])
        found[key] = column.values[code] if code >= 0 else None
    return found


def _classes(values: Sequence[Value | None], asked: Sequence[Test]) -> tuple[NDArray[np.int32], int]:
    """The class of each distinct value, and at the end that of unknown; equal answers, equal class."""
    order: dict[tuple[bool, ...], int] = {}
    found = [order.setdefault(tuple(test.ask(value) for test in asked), len(order)) for value in (*values, None)]
    return np.array(found, dtype=np.int32), len(order)


def _join(codes: NDArray[np.int32], found: int, column: NDArray[np.integer], classes: NDArray[np.int32]) -> None:
    """``kernel.join`` in numpy."""
    for begin in range(0, len(codes), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        codes[block] = codes[block] * found + classes[column[block]]


def _a_row_of_each(codes: NDArray[np.int32], rows: NDArray[np.int64]) -> None:
    """``kernel.a_row_of_each`` in numpy."""
    for begin in range(0, len(codes), _BLOCK):
        block = codes[begin : begin + _BLOCK]
        rows[block] = np.arange(begin, begin + len(block))
