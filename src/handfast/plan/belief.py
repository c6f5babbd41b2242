"""What is believed of a share, as cells of equal meaning: a value and the weight it has. Nothing is drawn.

A share measured on a sample is a Beta distribution. Put x = sin²θ: its density in θ is smooth up to both ends, also
where that in x is not, so midpoints of a few thousand cells between the farthest θ that matter are as good as a closed
form. A product of shares that are independent is every value of one times every value of the other, gathered again into
cells of equal weight; the gathering keeps the mean exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import asin, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PRIOR = 0.5
"""Jeffreys' prior: before anything is measured every share is Beta(½, ½)."""

_CELLS = 4096  # of one Beta distribution
_KEPT = 600  # of a product
_REACH = 12.0  # standard deviations of θ beyond which nothing is left


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """Values ascending, and the weight of each; the weights add up to 1."""

    values: Floats
    weights: Floats

    @property
    def mean(self) -> float:
        """The expected value."""
        return float(self.values @ self.weights)

    def quantile(self, at: float) -> float:
        """The value below which a share ``at`` of the weight lies, linear between the middles of cells."""
        middles = np.cumsum(self.weights) - self.weights / 2
        return float(np.interp(at, middles, self.values))

    def range95(self) -> tuple[float, float]:
        """The limits that leave 2.5 % of the weight on either side."""
        return self.quantile(0.025), self.quantile(0.975)

    def gathered(self, cells: int = _KEPT) -> Belief:
        """The same in fewer cells of nearly equal weight, each at the mean of what it gathers."""
        if len(self.values) <= cells:
            return self
        reached = np.cumsum(self.weights) - self.weights / 2
        cell = np.minimum((reached * cells).astype(np.int64), cells - 1)
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        weights = np.add.reduceat(self.weights, starts)
        values = np.add.reduceat(self.weights * self.values, starts)
        kept = weights > 0
        return Belief(values[kept] / weights[kept], weights[kept] / weights[kept].sum())

    def times(self, other: Belief) -> Belief:
        """The product of two shares that know nothing of each other."""
        left, right = self.gathered(), other.gathered()
        values = np.multiply.outer(left.values, right.values).ravel()
        weights = np.multiply.outer(left.weights, right.weights).ravel()
        order = np.argsort(values, kind="stable")
        return Belief(values[order], weights[order]).gathered()


def certain(value: float) -> Belief:
    """A share that is agreed, not measured: one value with all the weight."""
    return Belief(np.array([value]), np.array([1.0]))


def product(beliefs: Iterable[Belief]) -> Belief:
    """The product of several; of none, 1."""
    return reduce(Belief.times, beliefs, certain(1.0))


def posterior(reached: float, missed: float) -> Belief:
    """What is believed of a share after ``reached`` of ``reached + missed``: Beta(½ + reached, ½ + missed)."""
    return beta(PRIOR + reached, PRIOR + missed)


def beta(a: float, b: float) -> Belief:
    """A Beta distribution, a and b at least ½."""
    edges = _edges(a, b)
    theta = (edges[1:] + edges[:-1]) / 2
    log = (2 * a - 1) * np.log(np.sin(theta)) + (2 * b - 1) * np.log(np.cos(theta))
    weights = np.exp(log - log.max())
    return Belief(np.sin(theta) ** 2, weights / weights.sum())


def _edges(a: float, b: float) -> Floats:
    """Cells of θ around where the weight is: its standard deviation is about 1 ÷ 2√(a + b)."""
    middle, spread = asin(sqrt(a / (a + b))), _REACH / (2 * sqrt(a + b))
    return np.linspace(max(0.0, middle - spread), min(pi / 2, middle + spread), _CELLS + 1)


def beta_below(a: float, b: float, values: Floats) -> Floats:
    """The weight of Beta(a, b) below each value: the regularised incomplete beta function."""
    edges = _edges(a, b)
    reached = np.concatenate(([0.0], np.cumsum(beta(a, b).weights)))
    found: Floats = np.interp(np.arcsin(np.sqrt(values)), edges, np.minimum(reached, 1.0))
    return found


def chance_of(least: int, of: int, share: Belief) -> float:
    """The chance that at least ``least`` of ``of`` go all the way, when each does so with a share believed so.

    At least k of n is P(X ≤ q) of X in Beta(k, n − k + 1); it is averaged over what is believed of q.
    """
    if least <= 0:
        return 1.0
    if least > of:
        return 0.0
    return float(beta_below(least, of - least + 1, share.values) @ share.weights)


def least_of(chance: float, least: int, share: Belief) -> int | None:
    """The smallest number of which at least ``least`` go all the way with that chance; None when none is enough.

    Raising the number never lowers the chance, so it is found by halving.
    """
    high = max(least, 1)
    while chance_of(least, high, share) < chance:
        high *= 2
        if high > _MOST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance_of(least, middle, share) >= chance else (middle, high)
    return high


_MOST = 10**12  # leads; a plan that needs more has no number worth telling
