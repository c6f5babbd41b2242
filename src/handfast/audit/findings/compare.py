"""Which of several groups differ, said only when the sample bears it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import exp, sqrt
from statistics import NormalDist
from typing import TypeGuard

from handfast.measure.value import Interval, Ratio, Split

ENOUGH = 30
"""Records a group needs before anything is said of it: below, one record moves the share by more than three points."""

_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """``top`` of ``bottom``, and whose share it is."""

    word: str
    top: int
    bottom: int

    @property
    def value(self) -> float:
        """The share."""
        return self.top / self.bottom


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two groups whose shares differ: ``more`` above ``less``, by an interval that excludes no difference."""

    more: Share
    less: Share
    difference: Interval
    compared: int  # how many pairs were looked at; the interval is widened for that many


def contrast(shares: Iterable[Share]) -> Contrast | None:
    """The two groups that differ most, of all large enough; None when no pair differs beyond chance.

    Newcombe's interval of a difference of two shares (hybrid score, method 10), each at 1 - 0.05/pairs, so that the
    claim stays right at 95 % although the pair was picked for being the farthest apart (Bonferroni).
    """
    enough = [share for share in shares if share.bottom >= ENOUGH]
    pairs = list(combinations(sorted(enough, key=lambda share: share.value, reverse=True), 2))
    found = [Contrast(more, less, difference(more, less, len(pairs)), len(pairs)) for more, less in pairs]
    apart = [one for one in found if one.difference.low > 0]
    return max(apart, key=lambda one: one.difference.low, default=None)


def against_rest(shares: Iterable[Share], word: str, compared: int = 1) -> Contrast | None:
    """One group against all others together; None when either is small or they do not differ."""
    found = list(shares)
    mine = [share for share in found if share.word == word]
    rest = [share for share in found if share.word != word]
    if not mine:
        return None
    others = Share("", sum(share.top for share in rest), sum(share.bottom for share in rest))
    one = mine[0]
    if one.bottom < ENOUGH or others.bottom < ENOUGH:
        return None
    more, less = (one, others) if one.value >= others.value else (others, one)
    apart = difference(more, less, compared)
    return Contrast(more, less, apart, compared) if apart.low > 0 else None


def difference(more: Share, less: Share, compared: int = 1) -> Interval:
    """Newcombe's interval of ``more`` minus ``less`` at 1 - 0.05/compared (Statistics in Medicine 17, 1998)."""
    z = NormalDist().inv_cdf(1 - _LEVEL / max(compared, 1) / 2)
    (low_1, high_1), (low_2, high_2) = _score(more, z), _score(less, z)
    apart = more.value - less.value
    down = sqrt((more.value - low_1) ** 2 + (high_2 - less.value) ** 2)
    up = sqrt((high_1 - more.value) ** 2 + (less.value - low_2) ** 2)
    return Interval(max(-1.0, apart - down), min(1.0, apart + up))


def times_as_often(more: Share, less: Share, compared: int = 1) -> Interval | None:
    """The interval of the quotient of two shares at 1 - 0.05/compared (Katz, on the log scale); None when one is 0."""
    if not more.top or not less.top:
        return None
    z = NormalDist().inv_cdf(1 - _LEVEL / max(compared, 1) / 2)
    spread = z * sqrt(1 / more.top - 1 / more.bottom + 1 / less.top - 1 / less.bottom)
    ratio = more.value / less.value
    return Interval(ratio * exp(-spread), ratio * exp(spread))


def _score(share: Share, z: float) -> tuple[float, float]:
    """Wilson's interval at any level."""
    n, p = share.bottom, share.value
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return middle - half, middle + half


NAMELESS = frozenset(
    {"", "unknown", "other", "others", "none", "null", "n/a", "na", "(not set)", "(none)", "not set", "-"}
)
"""Words that name no group: nobody can act on what sets "unknown" apart."""


def shares(split: Split) -> list[Share]:
    """The words of a split of ratios that name a group."""
    return [_share(part.word, part.figure) for part in split if named(part.word) and isinstance(part.figure, Ratio)]


def named(word: str | None) -> TypeGuard[str]:
    """Whether a word tells a group apart."""
    return word is not None and word.strip().casefold() not in NAMELESS


def _share(word: str, ratio: Ratio) -> Share:
    return Share(word, ratio.numerator.count, ratio.denominator.count)
