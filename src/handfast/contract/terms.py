"""The values that the small phrases of a contract stand for: durations, shares, fading, dispositions, meetings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from handfast.instant import DAY, HOUR, MINUTE, Span

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DurationUnit(StrEnum):
    """How a duration is counted."""

    WALL = "wall"  # around the clock; amount in microseconds
    BUSINESS_TIME = "business_time"  # working time of a calendar; amount in microseconds
    BUSINESS_DAYS = "business_days"  # amount in working days


@dataclass(frozen=True, slots=True)
class Duration:
    """``4 business hours``, ``30 days``: an amount in the unit's own measure, and the text as written."""

    unit: DurationUnit
    amount: int  # microseconds for WALL and BUSINESS_TIME, whole days for BUSINESS_DAYS
    text: str = ""

    def __str__(self) -> str:
        """The canonical spelling, such as ``4 business hours``."""
        return self.text


@dataclass(frozen=True, slots=True)
class Fading:
    """``25% every 14 days``: per cent of the original points lost at each full ``every`` of age."""

    percent: int
    every: Span

    def __str__(self) -> str:
        """The canonical spelling, such as ``25% every 14 days``."""
        return f"{self.percent}% every {wall_text(self.every)}"


class Per(StrEnum):
    """The period an amount is promised for."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PerPeriod:
    """``1400000 per quarter``."""

    amount: Decimal
    per: Per

    def __str__(self) -> str:
        """The canonical spelling, such as ``1400000 per quarter``."""
        return f"{self.amount:f} per {self.per}"


class DispositionKind(StrEnum):
    """What becomes of a lead after a reason was given."""

    CLOSE = "close"  # no date of its own; the cool-off alone
    RECYCLE_AFTER = "recycle_after"  # back after a duration
    RECYCLE_ON_DATE = "recycle_on_date"  # back on the date the rep gives


@dataclass(frozen=True, slots=True)
class Disposition:
    """``close``, ``recycle after 90 days``, ``recycle on a date given``."""

    kind: DispositionKind
    after: Duration | None = None  # wall days, only with RECYCLE_AFTER

    def __str__(self) -> str:
        """The canonical spelling, such as ``recycle after 90 days``."""
        if self.kind is DispositionKind.CLOSE:
            return "close"
        return "recycle on a date given" if self.after is None else f"recycle after {self.after}"


@dataclass(frozen=True, slots=True)
class Attempts:
    """``{attempts: 6, spanning: 10 business days}`` and ``{at_least: 6, within: 10 business days}``."""

    count: int
    span: Duration


@dataclass(frozen=True, slots=True)
class Held:
    """``mon 10:00``, ``first tue 14:00``, ``first wed of jan apr jul oct 14:00``."""

    weekday: int  # 0 = Monday
    minute: int  # of the day, in the contract's zone
    first: bool = False  # the first such weekday of the month
    months: tuple[int, ...] = ()  # 1..12; empty means every month

    def __str__(self) -> str:
        """The canonical spelling, such as ``first tue 14:00``."""
        first = "first " if self.first else ""
        months = " of " + " ".join(MONTHS[month - 1] for month in self.months) if self.months else ""
        return f"{first}{WEEKDAYS[self.weekday]}{months} {self.minute // 60:02}:{self.minute % 60:02}"


def counted(amount: int, unit: str) -> str:
    """An amount with its unit in the singular or plural: ``1 business day``, ``2 business days``."""
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def wall_text(span: Span) -> str:
    """A span of whole minutes in its largest whole unit: ``14 days``, ``36 hours``, ``90 minutes``."""
    for length, unit in ((DAY, "day"), (HOUR, "hour")):
        if span % length == 0:
            return counted(span // length, unit)
    return counted(span // MINUTE, "minute")
