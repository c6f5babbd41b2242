"""How many of those that entered a stage reach another, by the time since they entered: Aalen and Johansen's estimate.

Of those who are still watched at an age, some reach the next stage at it and some end without. The share reached by an
age adds up (share not settled before it) × (reached at it ÷ still watched just before it). One who is still open stops
being watched at the age it has: censored, not failed. Where nobody is open this is reached ÷ entered, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from handfast.instant import Span


class Fate(IntEnum):
    """What became of one that entered."""

    OPEN = 0  # still watched at the as-of instant
    REACHED = 1  # the next stage
    MISSED = 2  # ended without


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """A share ``reached[i]`` has reached the next stage by the age ``age[i]``; ages ascend, in microseconds."""

    age: NDArray[np.int64]
    reached: NDArray[np.float64]

    @property
    def share(self) -> float:
        """The share that ever does, as far as anybody was watched; 0 where nobody was seen to."""
        return float(self.reached[-1]) if len(self.reached) else 0.0

    def age_of(self, part: float) -> Span | None:
        """The age by which that part of those that ever reach it has; None where none was seen to."""
        if not len(self.age):
            return None
        return int(self.age[np.searchsorted(self.reached, part * self.reached[-1])])


def incidence(spans: NDArray[np.int64], fates: NDArray[np.int8]) -> Incidence:
    """The estimate over ``spans`` from entering to the fate; those open at an age are watched at it (ties count)."""
    ages, place = np.unique(spans, return_inverse=True)
    reached = np.bincount(place[fates == Fate.REACHED], minlength=len(ages))
    settled = np.bincount(place[fates != Fate.OPEN], minlength=len(ages))
    gone = np.cumsum(np.bincount(place, minlength=len(ages)))
    watched = len(spans) - np.concatenate(([0], gone[:-1])) if len(ages) else gone
    unsettled = np.concatenate(([1.0], np.cumprod(1 - settled / watched)[:-1])) if len(ages) else gone
    steps = reached > 0
    return Incidence(ages[steps], np.cumsum(unsettled * reached / watched)[steps])
