"""The few statistics that measures need, in numpy alone: Wilson's interval, Kaplan-Meier, exact quantiles.

Shares carry Wilson's score interval, which stays inside 0..1 and is right for small counts. Durations that have not
ended are censored, so that silence never improves a number; their curve is Kaplan and Meier's product limit, its
variance Greenwood's, its interval taken on the log(-log) scale, which also stays inside 0..1.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: every interval here is of 95 %."""

_LONG = 1 << 13
_STRIDE = 1 << 6
_SLACK = 1e-12  # a product of many fractions may miss 1/2 by an ulp; without it the median would jump a step


def wilson(top: int, bottom: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of ``top`` out of ``bottom``; None when there is nothing to divide by."""
    if bottom <= 0:
        return None
    low, high = wilson_many(np.array([top]), np.array([bottom]))
    return float(low[0]), float(high[0])


def wilson_many(top: NDArray[np.int64], bottom: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's 95 % intervals of many shares at once; NaN where the denominator is empty."""
    with np.errstate(divide="ignore", invalid="ignore"):
        n = np.where(bottom > 0, bottom, np.nan).astype(np.float64)
        share = top / n
        spread = 1 + Z95**2 / n
        middle = (share + Z95**2 / (2 * n)) / spread
        half = Z95 / spread * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
    # At the ends the interval reaches 0 or 1 exactly; rounding must not leave it a hair inside.
    low = np.where(top == 0, middle * 0, middle - half)
    high = np.where(top == bottom, middle * 0 + 1, middle + half)
    return low, high


def quantile(values: NDArray[np.int64], at: Fraction) -> Fraction | None:
    """The exact quantile of whole numbers, linear between neighbours (Hyndman and Fan's type 7); None of nothing."""
    if len(values) == 0:
        return None
    below = int(at * (len(values) - 1))
    return quantile_sorted(np.partition(values, (below, min(below + 1, len(values) - 1))), at)


def quantile_sorted(values: NDArray[np.int64], at: Fraction) -> Fraction | None:
    """The same for values that are ascending already."""
    if len(values) == 0:
        return None
    position = at * (len(values) - 1)
    below = int(position)
    low, high = int(values[below]), int(values[min(below + 1, len(values) - 1)])
    return low + (high - low) * (position - below)


@dataclass(frozen=True, eq=False)
class Survival:
    """A Kaplan-Meier curve: after ``time[i]`` a share ``surviving[i]`` (95 %: ``low[i]``..``high[i]``) still waits.

    ``time`` holds the distinct instants at which something ended or was censored, ascending; before the first the
    share is 1. ``at_risk[i]`` counts those still waiting just before ``time[i]``, ``ended[i]`` those that ended there.
    The limits of a long curve are worked out only where somebody looks.
    """

    time: NDArray[np.int64]
    surviving: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    ended: NDArray[np.int64]

    @cached_property
    def low(self) -> NDArray[np.float64]:
        """The lower limit at every time."""
        return self._limits(slice(None))[0]

    @cached_property
    def high(self) -> NDArray[np.float64]:
        """The upper limit at every time."""
        return self._limits(slice(None))[1]

    @cached_property
    def _variance(self) -> NDArray[np.float64]:
        """Greenwood's sum."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found: NDArray[np.float64] = np.cumsum(self.ended / (self.at_risk * (self.at_risk - self.ended)))
        return found

    def _limits(self, where: slice) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Greenwood's variance on the log(-log) scale; a curve at 1 or at 0 is its own limit."""
        surviving = self.surviving[where]
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(surviving)
            half = Z95 * np.sqrt(self._variance[where]) / log
            low, high = surviving ** np.exp(-half), surviving ** np.exp(half)
        edge = (surviving <= 0) | (surviving >= 1)
        return np.where(edge, surviving, low), np.where(edge, surviving, high)

    @cached_property
    def _coarse(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The limits at the end of every stride."""
        return self._limits(slice(_STRIDE - 1, None, _STRIDE))

    def ended_by(self, span: int) -> tuple[float, float, float] | None:
        """The share ended within ``span`` (inclusive) with its interval.

        None when nothing was watched, or nothing was watched that long while some still waited.
        """
        if len(self.time) == 0 or (span > self.time[-1] and self.surviving[-1] > 0):
            return None
        index = int(np.searchsorted(self.time, span, side="right")) - 1
        if index < 0:
            return 0.0, 0.0, 0.0
        low, high = self._limits(slice(index, index + 1))
        return 1 - float(self.surviving[index]), 1 - float(high[0]), 1 - float(low[0])

    def quantile(self, at: float) -> tuple[int | None, int | None, int | None]:
        """The first time by which a share ``at`` has ended, with its interval; None where the curve never gets there.

        The interval is Brookmeyer and Crowley's: where the limits of the curve cross the same height.
        """
        reached = bisect_left(self.surviving, -(1 - at + _SLACK), key=lambda share: -share)  # it never rises
        value = int(self.time[reached]) if reached < len(self.time) else None
        return value, self._first_limit(0, at), self._first_limit(1, at)

    def _first(self, curve: NDArray[np.float64], at: float) -> int | None:
        reached = np.flatnonzero(curve <= 1 - at + _SLACK)
        return int(self.time[reached[0]]) if len(reached) else None

    def _first_limit(self, which: int, at: float) -> int | None:
        """Where a limit first falls so far: on a long curve looked for by strides, then step by step in one of them."""
        if len(self.time) <= _LONG:
            return self._first(self.high if which else self.low, at)
        coarse = self._coarse[which]
        reached = np.flatnonzero(coarse <= 1 - at + _SLACK)
        begin = int(reached[0]) * _STRIDE if len(reached) else len(coarse) * _STRIDE
        fine = np.flatnonzero(self._limits(slice(begin, begin + _STRIDE))[which] <= 1 - at + _SLACK)
        return int(self.time[begin + fine[0]]) if len(fine) else None


def survival(spans: NDArray[np.int64], ended: NDArray[np.bool_]) -> Survival:
    """The Kaplan-Meier curve of ``spans``, each ended or (False) censored then. Censored ties count as at risk."""
    order = np.argsort(spans, kind="stable")
    return survival_sorted(spans[order], ended[order])


def survival_sorted(spans: NDArray[np.int64], ended: NDArray[np.bool_]) -> Survival:
    """The same for spans that are ascending already."""
    count = len(spans)
    new = np.ones(count, np.bool_)
    np.not_equal(spans[1:], spans[:-1], out=new[1:])
    starts = np.flatnonzero(new)
    if len(starts) < count:
        ended = np.add.reduceat(ended, starts, dtype=np.int64)
    deaths = ended.astype(np.int64, copy=False)
    at_risk = count - starts
    surviving: NDArray[np.float64] = np.cumprod(1 - deaths / at_risk, dtype=np.float64)
    return Survival(spans[starts], surviving, at_risk, deaths)


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """How many ended in one way where another would have prevented it (Aalen and Johansen's estimate).

    By ``time[i]`` a share ``share[i]`` ended in the way that is looked at, and ``surviving[i]`` in no way at all;
    ``at_risk[i]`` were still watched just before. Before the first time nothing has ended.
    """

    time: NDArray[np.int64]
    share: NDArray[np.float64]
    surviving: NDArray[np.float64]
    at_risk: NDArray[np.int64]

    def by(self, spans: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share that ended in that way within each span; flat beyond what was ever watched."""
        return np.append(0.0, self.share)[np.searchsorted(self.time, spans, side="right")]

    def waiting(self, spans: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share that had not ended in any way by each span."""
        return np.append(1.0, self.surviving)[np.searchsorted(self.time, spans, side="right")]

    def chance(self, ages: NDArray[np.int64], first: int, last: int) -> NDArray[np.float64]:
        """The chance of each that has waited for its age to end that way more than ``first`` and up to ``last`` later.

        0 where nothing of that age was ever watched.
        """
        waiting = self.waiting(ages)
        ended = self.by(ages + last) - self.by(ages + first)
        found = np.divide(ended, waiting, out=np.zeros(len(ages)), where=waiting > _SLACK)
        return np.clip(found, 0, 1)  # differences of sums may miss the ends by an ulp

    def watched(self, ages: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many were watched to each age or longer: what a chance of that age rests on."""
        return np.append(self.at_risk, 0)[np.searchsorted(self.time, ages, side="left")]


def incidence(spans: NDArray[np.int64], that_way: NDArray[np.bool_], ended: NDArray[np.bool_]) -> Incidence:
    """The incidence of ending ``that_way`` among ``ended`` in whatever way; the rest are censored at their span."""
    order = np.argsort(spans, kind="stable")
    spans, count = spans[order], len(spans)
    starts = np.flatnonzero(np.append(True, spans[1:] != spans[:-1])[:count])
    ends, mine = (np.append(0, np.cumsum(one[order])) for one in (ended, that_way & ended))
    edges = np.append(starts, count)
    at_risk = count - starts
    surviving: NDArray[np.float64] = np.cumprod(1 - np.diff(ends[edges]) / at_risk, dtype=np.float64)
    before = np.append(1.0, surviving)[: len(starts)]
    share: NDArray[np.float64] = np.cumsum(before * np.diff(mine[edges]) / at_risk, dtype=np.float64)
    return Incidence(spans[starts], share, surviving, at_risk)
