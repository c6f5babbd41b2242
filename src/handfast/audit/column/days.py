"""Days as texts name them, in both orders of day and month, and what they prove about the order."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from handfast.audit.column.iso import YEARS

EPOCH = dt.date(1970, 1, 1).toordinal()
MOST_REMEMBERED = 100_000
"""Of how many different texts of a column it is remembered what they say."""

_NUMERIC = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän jänner",
            "feb february februar",
            "mar march mär märz mrz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        start=1,
    )
    for name in names.split()
}
NAMED = re.compile(
    r"(?:[^\W\d]+,\s*)?(?:(\d{1,2})[.\s-]+([^\W\d]+)|([^\W\d]+)\.?\s+(\d{1,2}))[.,]?[\s,-]+(\d{4}|\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date token, read: days since the epoch day first, and how many more when read month first."""

    days: int
    swap: int = 0  # 0 when both orders agree or only one is possible


class Days(dict[str, Day | None]):
    """Date tokens seen in a column, and what they prove."""

    def __init__(self) -> None:
        super().__init__()
        self.day_first = 0  # distinct dates only readable day first
        self.month_first = 0
        self.open = 0  # readable either way, with different results

    def __missing__(self, token: str) -> Day | None:
        """Read a token that was not seen before."""
        if len(self) > MOST_REMEMBERED:
            self.clear()
        day = self[token] = self._read(token)
        return day

    def _read(self, token: str) -> Day | None:
        found = _NUMERIC.fullmatch(token)
        if found is None:
            compact = _COMPACT.fullmatch(token)
            return _day(*map(int, compact.groups())) if compact else None
        first, _, second, third = found.groups()
        if len(first) > 2:
            return _day(int(first), int(second), int(third))
        year = _year(third)
        dmy = _day(year, int(second), int(first))
        mdy = _day(year, int(first), int(second))
        if dmy and mdy and dmy != mdy:
            self.open += 1
            return Day(dmy.days, mdy.days - dmy.days)
        if dmy != mdy:
            self.day_first += dmy is not None
            self.month_first += mdy is not None
        return dmy or mdy


def _year(digits: str) -> int:
    """Two digits mean 1970 to 2069."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)


def _day(year: int, month: int, day: int) -> Day | None:
    try:
        return Day(dt.date(year, month, day).toordinal() - EPOCH) if year in YEARS else None
    except ValueError:
        return None


def named_day(found: re.Match[str]) -> Day | None:
    """The day of a match of ``NAMED``; None where it names no month, or a day that the month does not have."""
    day, month, other_month, other_day, year = found.groups()
    number = _MONTHS.get((month or other_month).casefold())
    return _day(_year(year), number, int(day or other_day)) if number else None
