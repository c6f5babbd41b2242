"""Whether there are hands enough: leads per rep and working day, against what the roster takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from handfast.instant import Instant, Span, from_datetime, to_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who takes leads, and how many each takes on a working day. Not in the contract: it changes daily."""

    reps: int | None = None
    per_day: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Arrivals laid over working days and reps; exact."""

    arrivals: Fraction
    days: int  # working days of the period, by the contract's default calendar
    reps: int | None
    limit: Fraction | None  # what one rep takes on a working day
    limit_from: str  # roster, or measured: what reps had on their hands

    @property
    def per_day(self) -> Fraction | None:
        """Leads on a working day; None where there is none."""
        return self.arrivals / self.days if self.days else None

    @property
    def per_rep(self) -> Fraction | None:
        """Leads for one rep on a working day."""
        return None if self.per_day is None or not self.reps else self.per_day / self.reps

    @property
    def reps_needed(self) -> int | None:
        """How many reps take them all; a part of a rep is a rep."""
        return None if self.per_day is None or not self.limit else ceil(self.per_day / self.limit)

    @property
    def used(self) -> Fraction | None:
        """The share of the roster's capacity that the plan takes; above 1 it is too small."""
        return None if self.per_rep is None or not self.limit else self.per_rep / self.limit


def working_days(zone: str, first: Instant, last: Instant, between: Callable[[Instant, Instant], Span]) -> int:
    """The local days of [first, last) that have any working time in it. ``between`` is a calendar's."""
    day, count, start = to_datetime(first, zone).date(), 0, first
    while start < last:
        day += timedelta(days=1)
        end = min(_midnight(day, zone), last)
        count += between(start, end) > 0
        start = end
    return count


def _midnight(day: date, zone: str) -> Instant:
    return from_datetime(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))
