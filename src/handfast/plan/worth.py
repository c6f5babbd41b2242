"""What one point of each rate is worth in money: the same leads, one rate a point better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

POINT = Fraction(1, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """One rate a point better, all others as they are: so much more revenue of the same leads, or so many fewer."""

    stage: str
    following: str
    rate: Fraction
    point: Fraction  # 1/100; less where the rate is closer to 1 than that
    money: Fraction
    arrivals: Fraction  # so many fewer are needed for the same revenue


def worth(steps: Sequence[tuple[str, str, Fraction]], revenue: Fraction, arrivals: Fraction) -> tuple[Worth, ...]:
    """The worth of a point of each rate of a chain that turns ``arrivals`` into ``revenue``; exact.

    Revenue is in proportion to every rate: a point of a rate r is worth revenue × 0.01 ÷ r. Arrivals fall from A to
    A × r ÷ (r + 0.01). Raises ZeroDivisionError for a rate of nothing.
    """
    found = []
    for stage, following, rate in steps:
        point = min(POINT, 1 - rate)
        found.append(
            Worth(
                stage=stage,
                following=following,
                rate=rate,
                point=point,
                money=revenue * point / rate,
                arrivals=arrivals * point / (rate + point),
            )
        )
    return tuple(found)
