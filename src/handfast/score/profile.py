"""Rows that no test can tell apart are judged once: many rows, few profiles, and the one evaluator for each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from handfast.condition import Test, Value
from handfast.condition.columns import Column

Key = TypeVar("Key", bound=Hashable)

_BLOCK = 1 << 20  # rows at a time, so that what numpy makes on the way stays small
_MANY = 1 << 24  # possible combinations that are worth a table; beyond, rows are sorted


@dataclass(frozen=True, slots=True)
class Profiles:
    """``codes[i]`` is the profile of row i; ``rows[p]`` is a row that has profile p."""

    codes: NDArray[np.int32]
    rows: NDArray[np.int64]


def profiles(columns: Mapping[Key, Column], tests: Mapping[Key, Sequence[Test]], rows: int) -> Profiles:
    """Group rows by the answers that their values give to the tests asked of each column.

    Two rows of one profile answer every test alike, so whatever is built from the tests is the same for both. A name
    without a column is unknown in every row and tells none apart.
    """
    codes: NDArray[np.int32] = np.zeros(rows, dtype=np.int32)
    size = 1
    for key, asked in tests.items():
        if key not in columns:
            continue
        column = columns[key]
        classes, found = _classes(column.values, asked)
        if size * found > _MANY:
            codes, size = _sorted_out(codes.astype(np.int64) * found + classes[column.codes])
            continue
        for block in _blocks(rows):
            codes[block] = codes[block] * found + classes[column.codes[block]]
        size *= found
    size = _thinned(codes, size)
    return Profiles(codes, _a_row_of_each(codes, size))


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


def _blocks(rows: int) -> Iterator[slice]:
    return (slice(begin, min(begin + _BLOCK, rows)) for begin in range(0, rows, _BLOCK))


def _sorted_out(wide: NDArray[np.int64]) -> tuple[NDArray[np.int32], int]:
    """The same grouping under consecutive codes, for codes too far apart for a table."""
    kinds, codes = np.unique(wide, return_inverse=True)
    return codes.astype(np.int32), len(kinds)


def _thinned(codes: NDArray[np.int32], size: int) -> int:
    """Renumber, in place, so that only groups that occur have a code; returns how many those are."""
    occurs = np.zeros(size, dtype=np.bool_)
    for block in _blocks(len(codes)):
        occurs[codes[block]] = True
    dense = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
    for block in _blocks(len(codes)):
        codes[block] = dense[codes[block]]
    return int(occurs.sum())


def _a_row_of_each(codes: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    rows = np.zeros(size, dtype=np.int64)
    for block in _blocks(len(codes)):
        rows[codes[block]] = np.arange(block.start, block.stop)
    return rows
