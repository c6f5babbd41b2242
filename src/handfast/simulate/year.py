"""The days of a simulated year, as instants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handfast import zones
from handfast.instant import DAY, HOUR, SECOND, Instant
from handfast.simulate.stream import Stream, Whole

BY_HOUR = (2, 1, 1, 1, 1, 2, 5, 9, 18, 22, 22, 19, 15, 18, 20, 20, 17, 13, 9, 8, 8, 7, 5, 3)
"""How many act at each local hour: all day, most in office hours."""

BY_WEEKDAY = (22, 23, 22, 21, 19, 7, 6)

_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """Local days from a first one on. ``midnight`` has one more entry than there are days: the end."""

    zone: str
    midnight: Whole
    offsets: tuple[tuple[Instant, int], ...]

    @classmethod
    def of(cls, zone: str, first: Instant, days: int) -> Year:
        """The days of a zone from the local day of ``first`` on."""
        margin = 2 * DAY
        offsets = zones.transitions(zone, first - margin, first + (days + 2) * DAY)
        begin = (first + offsets[0][1] * SECOND) // DAY * DAY
        local = begin + np.arange(days + 1, dtype=np.int64) * DAY
        return cls(zone, local - _east(offsets, local - offsets[0][1] * SECOND), offsets)

    @property
    def first(self) -> Instant:
        """The first instant."""
        return int(self.midnight[0])

    @property
    def last(self) -> Instant:
        """The end: the first instant after it."""
        return int(self.midnight[-1])

    @property
    def days(self) -> int:
        """How many days."""
        return len(self.midnight) - 1

    @property
    def weekday(self) -> Whole:
        """Of each day, 0 is Monday."""
        return (self.local(self.midnight[:-1]) // DAY + _EPOCH_WEEKDAY) % 7

    def local(self, at: Whole) -> Whole:
        """Microseconds of the local clock since it read 1970."""
        return at + _east(self.offsets, at)

    def day_of(self, at: Whole) -> Whole:
        """Which day each instant lies in."""
        return np.searchsorted(self.midnight, at, side="right") - 1

    def moments(self, chance: Stream, day: Whole) -> Whole:
        """One instant in each of these days, at the hours at which people act."""
        count = len(day)
        second = chance.pick(BY_HOUR, count) * (HOUR // SECOND) + chance.below(HOUR // SECOND, count)
        return self.midnight[day] + second * SECOND


def _east(offsets: tuple[tuple[Instant, int], ...], at: Whole) -> Whole:
    begins = np.array([begin for begin, _ in offsets], dtype=np.int64)
    seconds = np.array([east for _, east in offsets], dtype=np.int64)
    return seconds[np.maximum(np.searchsorted(begins, at, side="right") - 1, 0)] * SECOND
