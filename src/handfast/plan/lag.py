"""When those who make a target must come: what is won this month came over the months before.

Somebody who enters at a moment u of a month (all moments alike) and takes a length L is won ⌊u + L⌋ months later. With
F the share of lengths up to x months and H its integral, the share won at most k months later is H(k + 1) − H(k).
Months are of equal length here, a twelfth of 365.2425 days; what a calendar month more or less has is not planned by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil

import numpy as np

from handfast.instant import DAY, Span
from handfast.plan.evidence import Lengths

MONTH: Span = 3_652_425 * DAY // 120_000
"""A twelfth of the mean year of the calendar: 30.436875 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LagMonth:
    """One month: how many of those entering in it the period's deals need, and how many deals they bring to it."""

    label: str  # 2026-11
    inside: bool  # of the period; else before it
    arrivals: Fraction  # the even pace; what is needed of it for this period is ``for_period``
    for_period: float
    deals: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """The even pace laid out over months, from the first that still matters to the last of the period."""

    source: str
    months: tuple[LagMonth, ...]
    shares: tuple[float, ...]  # won in the same month, one month later, …
    carried: float  # the share of the period's deals that comes of those who entered before it
    in_time: float  # the share of those entering in the period and ever won that is won in it


def delays(lengths: Lengths) -> tuple[float, ...]:
    """The shares won in the month of entering, one month later, and so on; they add up to 1."""
    last = ceil(lengths.span[-1] / MONTH) + 1
    whole = [_area(lengths, k * MONTH) / MONTH for k in range(last + 2)]
    by = [0.0, *(later - earlier for earlier, later in pairwise(whole))]
    shares = [max(later - earlier, 0.0) for earlier, later in pairwise(by)]
    while len(shares) > 1 and shares[-1] < _NOTHING:
        shares.pop()
    total = sum(shares)
    return tuple(share / total for share in shares)


_NOTHING = 1e-9


def _area(lengths: Lengths, until: Span) -> float:
    """The integral from 0 to ``until`` of the share that has made it."""
    spans, by = np.array((0, *lengths.span), np.float64), np.array((0.0, *lengths.by))
    inside = spans < until
    x = np.append(spans[inside], until)
    y = np.append(by[inside], np.interp(until, spans, by))
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


def lag(arrivals: Fraction, deals: Fraction, lengths: Lengths, labels: Sequence[str]) -> Lag:
    """Lay needs of a period over months: ``arrivals`` to enter and ``deals`` to win in its months ``labels``.

    At an even pace since before it began, a month of the period wins what a month needs; each month's part of that is
    the pace × the share of those entering in it that is won within the period. These parts add up to the need.
    """
    shares, count = delays(lengths), len(labels)
    by = np.cumsum(shares)
    pace, won = arrivals / count, float(deals) / count

    def within(place: int) -> float:
        """Of those entering in a month (0: the first of the period), the share that is won inside the period."""
        to = float(by[min(count - 1 - place, len(by) - 1)])
        return to - (float(by[min(-1 - place, len(by) - 1)]) if place < 0 else 0.0)

    places = range(1 - len(shares), count)
    parts = [(place, within(place)) for place in places]
    inside = sum(part for place, part in parts if place >= 0) / count
    return Lag(
        source=lengths.source,
        months=tuple(
            LagMonth(
                label=labels[place] if place >= 0 else earlier(labels[0], -place),
                inside=place >= 0,
                arrivals=pace,
                for_period=float(pace) * part,
                deals=won * part,
            )
            for place, part in parts
        ),
        shares=shares,
        carried=sum(part for place, part in parts if place < 0) / count,
        in_time=inside,
    )


def earlier(label: str, months: int) -> str:
    """The month so many months before ``2027-01``."""
    year, month = label.split("-")
    place = int(year) * 12 + int(month) - 1 - months
    return f"{place // 12:04}-{place % 12 + 1:02}"
