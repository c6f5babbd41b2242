"""Rows of several tables about the same leads, folded to one value a lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handfast.instant import NEVER
from handfast.measure.columns import Coded, Codes, Instants

LATER = np.iinfo(np.int64).max


def joined(parts: Sequence[Coded]) -> Coded:
    """Coded columns one after the other, with one vocabulary; words that differ in case alone are one."""
    numbers: dict[str, int] = {}
    words: list[str] = []
    codes: list[Codes] = [np.zeros(0, np.int32)]
    for part in parts:
        table = np.full(len(part.words) + 1, -1, dtype=np.int32)
        for code, word in enumerate(part.words):
            number = numbers.setdefault(word.casefold(), len(words))
            if number == len(words):
                words.append(word)
            table[code] = number
        codes.append(table[part.codes])
    return Coded(codes=np.concatenate(codes), words=tuple(words))


def first_known(codes: Codes, lead: Codes, order: NDArray[np.intp], count: int) -> Codes:
    """Per lead the first value that is known, rows taken in ``order``; -1 where none is. Lead -1 is nobody."""
    result = np.full(count, -1, dtype=np.int32)
    rows = order[(codes[order] >= 0) & (lead[order] >= 0)][::-1]  # the last write wins: write in reverse
    result[lead[rows]] = codes[rows]
    return result


def earliest(instants: Instants, lead: Codes, count: int) -> Instants:
    """Per lead the earliest instant; NEVER where there is none."""
    result = np.full(count, LATER, dtype=np.int64)
    rows = (instants != NEVER) & (lead >= 0)
    np.minimum.at(result, lead[rows], instants[rows])
    result[result == LATER] = NEVER
    return result


def ever(flags: NDArray[np.bool_], lead: Codes, count: int) -> NDArray[np.bool_]:
    """Per lead whether any row says so."""
    result = np.zeros(count, dtype=np.bool_)
    result[lead[flags & (lead >= 0)]] = True
    return result


def earlier_of(first: Instants, second: Instants) -> Instants:
    """The earlier of two instants in each place, NEVER standing aside."""
    both = np.minimum(np.where(first == NEVER, LATER, first), np.where(second == NEVER, LATER, second))
    return np.where(both == LATER, NEVER, both)


def once(*columns: NDArray[Any]) -> NDArray[np.intp]:
    """The first row of each distinct combination, in the order of the rows."""
    count = len(columns[0])
    order = np.lexsort((np.arange(count), *columns))
    new = np.zeros(count, dtype=np.bool_)
    new[:1] = True
    for column in columns:
        in_order = column[order]
        new[1:] |= in_order[1:] != in_order[:-1]
    rows: NDArray[np.intp] = np.sort(order[new])
    return rows


def places(numbers: NDArray[np.integer[Any]], count: int) -> NDArray[np.intp]:
    """The distinct numbers below ``count``, in order; much quicker than to sort or hash them."""
    seen = np.zeros(count, dtype=np.bool_)
    seen[numbers] = True
    return np.flatnonzero(seen)


def marked(coded: Coded, test: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Rows whose word passes a test; unknown ones do not."""
    table = np.array([*map(test, coded.words), False], dtype=np.bool_)
    rows: NDArray[np.bool_] = table[coded.codes]
    return rows
