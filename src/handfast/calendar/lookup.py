"""Where values fall in a sorted column, many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from handfast.calendar.offsets import Column

_CELLS = 4  # at most eight cells an entry, so that the table stays in the processor's cache
_MOST_STEPS = 8  # beyond this many entries in one cell, halving is no slower


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """The same answer as ``searchsorted`` on the right, ten times sooner where entries are spread evenly.

    The column is cut into cells of equal width. A value's cell gives the first entry that may lie beyond it, and
    as many steps forward as the fullest cell has entries give the answer: no branch to guess wrong. Openings of a
    week are spread evenly; a column that is not is searched by halving.
    """

    column: Column
    padded: Column  # with an entry that no step goes past
    origin: int
    shift: int  # a cell is 2**shift wide
    first: npt.NDArray[np.intp]  # per cell: how many entries lie at or before its left edge
    steps: int  # the entries of the fullest cell; 0: search by halving

    @classmethod
    def of(cls, column: Column) -> Lookup:
        """The cells of an ascending column."""
        padded = np.append(column, np.iinfo(np.int64).max)
        if len(column) < 2:
            return cls(column, padded, 0, 0, np.zeros(1, dtype=np.intp), 0)
        origin, width = int(column[0]), int(column[-1] - column[0])
        shift = (width // (_CELLS * len(column))).bit_length()
        edges = origin + (np.arange((width >> shift) + 2, dtype=np.int64) << shift)
        # The first cell holds all that lies before the column; no step forward is made from there.
        first = np.concatenate([[0], np.searchsorted(column, edges, side="right")])
        steps = int(np.diff(first[1:]).max())
        return cls(column, padded, origin, shift, first, steps if steps <= _MOST_STEPS else 0)

    def find(self, values: Column) -> npt.NDArray[np.intp]:
        """How many entries of the column are at or before each value."""
        if not self.steps:
            return np.searchsorted(self.column, values, side="right")
        cell = ((values - self.origin) >> self.shift) + 1
        at = self.first.take(cell, mode="clip")
        for _ in range(self.steps):
            at += self.padded.take(at) <= values
        return at
