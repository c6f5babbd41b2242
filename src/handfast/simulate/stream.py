"""Chance from a seed: integers out of numpy's PCG64, by fixed integer arithmetic alone.

The raw 64-bit output of a bit generator is the one thing that numpy promises never to change; what its ``Generator``
makes of it may change with any version, and logarithms differ in their last bit between machines. So everything here is
drawn as whole numbers, and the shapes that need a logarithm are tables of quantiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFF_FFFF)


class Concern(IntEnum):
    """What is drawn. Each has a stream of its own, so that drawing more of one changes none of the others."""

    ARRIVAL = 1
    ACCOUNT = 2
    PERSON = 3
    ACT = 4
    TWIN = 5
    LATE = 6
    ANSWER = 7
    SHOWN = 8


class Stream:
    """One stream of chance. The same seed and concern give the same numbers everywhere."""

    def __init__(self, seed: int, concern: Concern) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, int(concern)]))

    def below(self, bound: int | Whole, count: int) -> Whole:
        """``count`` whole numbers from 0 to below ``bound`` (at most 2**31), each as likely as the next."""
        raw = self._bits.random_raw(count).astype(np.uint64, copy=False) >> _HALF
        return ((raw * np.asarray(bound, dtype=np.uint64)) >> _HALF).astype(np.int64)

    def happens(self, permille: int | Whole, count: int) -> NDArray[np.bool_]:
        """Whether each of ``count`` chances of so many in a thousand came up."""
        return self.below(1000, count) < permille

    def pick(self, weights: Sequence[int], count: int) -> Whole:
        """Positions in ``weights``, each as likely as its weight."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(int(edges[-1]), count), side="right").astype(np.int64)

    def shaped(self, quantiles: Sequence[int], count: int) -> Whole:
        """Draws from the shape with these quantiles, evenly spaced from the least to the most."""
        return quantile(quantiles, self.below(1 << 20, count))


def quantile(quantiles: Sequence[int], share: Whole) -> Whole:
    """What lies at ``share`` / 2**20 of a shape, between two quantiles in proportion."""
    table = np.asarray(quantiles, dtype=np.int64)
    scaled = share * (len(table) - 1)
    place, rest = scaled >> 20, scaled & ((1 << 20) - 1)
    low: Whole = table[place]
    found: Whole = low + (((table[np.minimum(place + 1, len(table) - 1)] - low) * rest) >> 20)
    return found


EXPONENTIAL = (
    0, 65, 134, 208, 288, 375, 470, 575, 693, 827, 981, 1163, 1386, 1674, 2079, 2773, 5200,
)  # fmt: skip
"""Waiting times in thousandths of their mean: −ln(1 − q) at sixteenths, the last cut off."""

SPREAD = (
    80, 212, 316, 412, 509, 613, 727, 856, 1000, 1169, 1376, 1631, 1963, 2427, 3165, 4715, 12500,
)  # fmt: skip
"""Speeds in thousandths of their median: a lognormal with sigma 1 at sixteenths, both ends cut off."""

HEAVY = (
    20, 60, 100, 145, 195, 250, 320, 400, 490, 600, 740, 920, 1150, 1480, 1980, 2900, 7000,
)  # fmt: skip
"""How much people do, in thousandths: most do little, few do most. Its mean is about 1,000."""
