"""How much oftener something happens with than without: the quotient of two shares, with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from handfast.measure.figure import Ratio
from handfast.stats import Z95

LEAST = 5
"""So many are expected in each of the four cells, or there is too little to say: Cochran's rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """``value`` times as often; None where it never happened without. ``high`` is None where nothing bounds it.

    ``enough`` is False where the counts are too small for the interval to hold what it says.
    """

    value: Fraction | None
    low: float
    high: float | None
    enough: bool


def lift_of(counted: Ratio, other: Ratio, z: float = Z95) -> Lift | None:
    """How much oftener with than without; None where either has no records."""
    one, two = ((each.numerator.count, each.denominator.count) for each in (counted, other))
    return lift_between(one, two, z)


def lift_between(counted: tuple[int, int], other: tuple[int, int], z: float = Z95) -> Lift | None:
    """How much oftener, from how often out of how many; None where either is of nothing.

    The interval is Katz's, on the logarithm of the quotient; where one of the numerators is 0, half a record is added
    to each count. ``z`` is the point of the normal distribution: wider where many are looked at together.
    """
    (top, bottom), (top_other, bottom_other) = counted, other
    if not bottom or not bottom_other:
        return None
    low, high = _interval(counted, other, z)
    return Lift(
        value=Fraction(top * bottom_other, top_other * bottom) if top_other else None,
        low=low if top else 0.0,
        high=high if top_other else None,
        enough=_is_enough(top + top_other, (bottom, bottom_other)),
    )


def _interval(one: tuple[int, int], other: tuple[int, int], z: float) -> tuple[float, float]:
    add = 0.0 if one[0] and other[0] else 0.5
    a, n, c, m = (count + add for count in (*one, *other))
    half = z * math.sqrt(max(1 / a - 1 / n + 1 / c - 1 / m, 0.0))
    middle = math.log(a / n) - math.log(c / m)
    return math.exp(middle - half), math.exp(middle + half)


def _is_enough(happened: int, sizes: tuple[int, int]) -> bool:
    whole = sum(sizes)
    return min(happened, whole - happened) * min(sizes) >= LEAST * whole
