"""The two shapes every column has: instants, and words stored as codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.int64]
"""Microseconds since the epoch, UTC; ``handfast.instant.NEVER`` where it did not happen."""
Codes = NDArray[np.int32]
"""Positions in a vocabulary; -1 where unknown."""


@dataclass(slots=True, kw_only=True)
class Coded:
    """A column of words stored as codes. ``words[codes[i]]`` is the value of row i; code -1 is unknown."""

    codes: Codes
    words: tuple[str, ...]

    def taken(self, rows: NDArray[np.bool_] | NDArray[np.intp] | Codes) -> Coded:
        """The same words for some of the rows, or for other rows that point at these (-1: unknown)."""
        if rows.dtype == np.bool_:
            return Coded(codes=self.codes[rows], words=self.words)
        found: Codes = np.append(self.codes, np.int32(-1))[rows]  # -1, of nothing, is the last
        return Coded(codes=found, words=self.words)

    def code(self, word: str) -> int:
        """The code of a word; -2, which no row carries, where there is none."""
        return self.words.index(word) if word in self.words else -2


class OfRows(Mapping[str, Coded]):
    """Coded columns looked at through other rows that point at theirs; each is taken when somebody asks for it."""

    def __init__(self, columns: Mapping[str, Coded], rows: Codes) -> None:
        self._columns = columns
        self._rows = rows

    def __getitem__(self, name: str) -> Coded:
        """The column of that name, for the rows. Raises KeyError for a name that is none."""
        return self._columns[name].taken(self._rows)

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._columns)

    def __len__(self) -> int:
        """How many columns there are."""
        return len(self._columns)


def unknown(count: int) -> Coded:
    """A column of which nothing is known."""
    return Coded(codes=np.full(count, -1, np.int32), words=())
