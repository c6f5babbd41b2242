"""What a local clock reads, and when it first reads a given time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from handfast.instant import NEVER, SECOND, Instant

Column = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Offsets:
    """The offset changes of one zone, as columns. A reading is a local time in microseconds as if it were UTC."""

    changes: Column  # instants from which an offset holds; the first one stands for all time before it too
    offsets: Column  # microseconds east of UTC
    reach: Column  # the latest reading by the end of each offset's time; one fewer, as the last has no end

    @classmethod
    def of(cls, transitions: Sequence[tuple[Instant, int]]) -> Offsets:
        """The columns of (instant, seconds east of UTC), in order."""
        changes = np.array([instant for instant, _ in transitions], dtype=np.int64)
        offsets = np.array([seconds * SECOND for _, seconds in transitions], dtype=np.int64)
        return cls(changes, offsets, np.maximum.accumulate(changes[1:] + offsets[:-1]))

    def reading(self, instants: Column) -> Column:
        """What the local clock reads."""
        return instants + self.offsets[np.searchsorted(self.changes[1:], instants, side="right")]

    def edge(self, readings: Column) -> Column:
        """The first instants at which the local clock reads that or later.

        Within a gap that is the instant of the change; of a repeated hour it is the first pass.
        """
        at = np.searchsorted(self.reach, readings, side="right")
        began = np.where(at == 0, NEVER, self.changes[at])
        first: Column = np.maximum(began, readings - self.offsets[at])
        return first
