"""Columns of instants: a dozen ways to write them, the order of day and month decided by the whole column.

``03/04/2026`` is a day in April or in March; no single value says which. Every value is read in both orders, and
the column decides when it is complete: a 13th month in one order is proof of the other. Where nothing proves
anything, the other columns of the file are asked, then a default is taken and said.
"""

from __future__ import annotations

import datetime as dt
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from handfast.audit.column.vocabulary import Empties
from handfast.instant import DAY, HOUR, MINUTE, NEVER, SECOND
from handfast.measure.columns import Instants
from handfast.zones import known_zone, transitions

UNREAD = NEVER + 1
"""A text that is no instant."""


class DateOrder(StrEnum):
    """Which of two numbers is the day."""

    AUTO = "auto"  # decided by the column
    DMY = "dmy"  # 31/12/2026
    MDY = "mdy"  # 12/31/2026
    ISO = "iso"  # 2026-12-31: nothing to decide


_EPOCH = dt.date(1970, 1, 1).toordinal()
_YEARS = range(1900, 2201)
_MOST_REMEMBERED = 100_000
_NUMERIC = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_EPOCH_NUMBER = re.compile(r"-?\d{9,16}(?:\.0+)?")
_TIME = re.compile(
    r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([ap])?\.?m?\.?\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?|[A-Za-z]+/[A-Za-z_/]+)?",
    re.IGNORECASE,
)
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
_NAMED = re.compile(
    r"(?:[^\W\d]+,\s*)?(?:(\d{1,2})[.\s-]+([^\W\d]+)|([^\W\d]+)\.?\s+(\d{1,2}))[.,]?[\s,-]+(\d{4}|\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class _Day:
    """A date token, read: days since the epoch day first, and how many more when read month first."""

    days: int
    swap: int = 0  # 0 when both orders agree or only one is possible


class _Days(dict[str, _Day | None]):
    """Date tokens seen in a column, and what they prove."""

    def __init__(self) -> None:
        super().__init__()
        self.day_first = 0  # distinct dates only readable day first
        self.month_first = 0
        self.open = 0  # readable either way, with different results

    def __missing__(self, token: str) -> _Day | None:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        day = self[token] = self._read(token)
        return day

    def _read(self, token: str) -> _Day | None:
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
            return _Day(dmy.days, mdy.days - dmy.days)
        if dmy != mdy:
            self.day_first += dmy is not None
            self.month_first += mdy is not None
        return dmy or mdy


def _year(digits: str) -> int:
    """Two digits mean 1970 to 2069."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)


def _day(year: int, month: int, day: int) -> _Day | None:
    try:
        return _Day(dt.date(year, month, day).toordinal() - _EPOCH) if year in _YEARS else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time token, read: microseconds into the day; the offset or zone if it names one."""

    span: int
    offset: int | None = None  # microseconds east
    zone: str = ""


class _Clocks(dict[str, _Clock | None]):
    """Time tokens seen in a column."""

    def __missing__(self, token: str) -> _Clock | None:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        clock = self[token] = _read_clock(token)
        return clock


def _read_clock(token: str) -> _Clock | None:
    found = _TIME.fullmatch(token.strip().strip("\u200e\u202f"))
    if found is None:
        return None
    hour, minute, second, fraction, half, zone = found.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.casefold() == "p" else 0)
    if hours > 24 or int(minute) > 59 or int(second or 0) > 60 or (hours == 24 and int(minute) + int(second or 0)):
        return None
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    span = hours * HOUR + int(minute) * MINUTE + int(second or 0) * SECOND + micro
    return _zoned(span, zone or "")


def _zoned(span: int, zone: str) -> _Clock | None:
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return _Clock(span, 0)
    if zone[:1] in {"+", "-"}:
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = int(digits[:2]) * HOUR + int(digits[2:]) * MINUTE
        return _Clock(span, -offset if zone[0] == "-" else offset)
    if zone:
        return _Clock(span, zone=zone) if known_zone(zone) else None
    return _Clock(span)


class DateColumn:
    """Instants as they are read: local times wait for the order and the zone, exact ones are done."""

    def __init__(self, empties: Empties) -> None:
        self._empties = empties
        self._days = _Days()
        self._clocks = _Clocks()
        self._values = array("q")
        self._swaps = array("i")  # days to add when the order is month first
        self._exact = bytearray()  # 1: an instant; 0: a local time
        self.timed = 0  # values that say a time of day
        self.unread: dict[str, int] = {}  # texts that are no instants, a few of them, with their rows
        self.unread_rows = 0

    def __len__(self) -> int:
        """Rows so far."""
        return len(self._values)

    def extend(self, texts: Iterable[str]) -> list[int]:
        """Append rows; returns positions, within ``texts``, of those that are no instants."""
        empties, read = self._empties, self._read
        values, swaps, exact, bad = [], [], bytearray(), []
        for position, text in enumerate(texts):
            value, swap, done = (NEVER, 0, 1) if not text or empties[text] else read(text)
            if value == UNREAD:
                bad.append(position)
                self._note(text)
            values.append(value)
            swaps.append(swap)
            exact.append(done)
        self._values.extend(values)
        self._swaps.extend(swaps)
        self._exact.extend(exact)
        return bad

    def reads(self, text: str) -> bool:
        """Whether a text is an instant; nothing is appended."""
        return self._read(text)[0] != UNREAD

    def _note(self, text: str) -> None:
        self.unread_rows += 1
        if len(self.unread) < 5:
            self.unread[text[:60]] = self.unread.get(text[:60], 0) + 1

    def _read(self, text: str) -> tuple[int, int, int]:
        """Value, days of swap, 1 if exact."""
        date, _, time = text.partition(" ")
        if not time and len(text) > 10 and text[10] in "Tt":
            date, time = text[:10], text[11:]
        day = self._days[date]
        if day is None:
            return self._read_rest(text.strip())
        if not time:
            return day.days * DAY, day.swap, 0
        clock = self._clocks[time]
        if clock is None:
            return self._read_rest(text.strip())
        self.timed += 1
        return _joined(day, clock)

    def _read_rest(self, text: str) -> tuple[int, int, int]:
        """The rarer ways: epoch numbers, named months, a comma after the date."""
        if _EPOCH_NUMBER.fullmatch(text):
            self.timed += 1
            return _epoch_number(text), 0, 1
        named = _NAMED.match(text)
        if named:
            day, tail = _named_day(named), text[named.end() :]
        else:
            date, _, tail = text.replace(",", " ").partition(" ")
            day = self._days[date]
        if day is None:
            return UNREAD, 0, 1
        tail = tail.strip(" ,T")
        if not tail:
            return day.days * DAY, day.swap, 0
        clock = self._clocks[tail.removeprefix("at ").removeprefix("um ").removesuffix(" Uhr")]
        if clock is None:
            return UNREAD, 0, 1
        self.timed += 1
        return _joined(day, clock)

    @property
    def evidence(self) -> tuple[int, int, int]:
        """Distinct dates only readable day first, only month first, and either way."""
        return self._days.day_first, self._days.month_first, self._days.open

    @property
    def filled(self) -> int:
        """Rows with a value that was read."""
        return int((self._array() > UNREAD).sum())

    def _array(self) -> Instants:
        return np.array(self._values, dtype=np.int64)

    def instants(self, order: DateOrder, zone: str) -> Instants:
        """The column in UTC. A local time that occurs twice is its first; one that the clocks skip is moved on."""
        values = self._array()
        local = np.frombuffer(bytes(self._exact), dtype=np.uint8) == 0
        if order is DateOrder.MDY:
            values += np.array(self._swaps, dtype=np.int64) * DAY
        values[local] = to_utc(values[local], zone)
        values[values == UNREAD] = NEVER
        return values


def _joined(day: _Day, clock: _Clock) -> tuple[int, int, int]:
    moment = day.days * DAY + clock.span
    if clock.offset is not None:
        return moment - clock.offset, day.swap, 1
    if clock.zone:
        return int(to_utc(np.array([moment], dtype=np.int64), clock.zone)[0]), day.swap, 1
    return moment, day.swap, 0


def _epoch_number(text: str) -> int:
    """Seconds, milliseconds or microseconds since 1970, told apart by their length."""
    number = int(text.partition(".")[0])
    size = abs(number)
    moment = number * SECOND if size < 10**11 else number * 1000 if size < 10**14 else number
    return moment if moment // DAY + _EPOCH < dt.date(2200, 1, 1).toordinal() else UNREAD


def _named_day(found: re.Match[str]) -> _Day | None:
    day, month, other_month, other_day, year = found.groups()
    number = _MONTHS.get((month or other_month).casefold())
    return _day(_year(year), number, int(day or other_day)) if number else None


def to_utc(local: Instants, zone: str) -> Instants:
    """Local times of a zone as instants.

    In the hour that the clocks repeat the first pass is meant; in the hour that they skip, the time is read with
    the offset before the change, which puts it as far after the gap as it was into it (PEP 495, fold 0).
    """
    if not len(local):
        return local
    changes = transitions(zone, int(local.min()) - 2 * DAY, int(local.max()) + 2 * DAY)
    offsets = np.array([offset for _, offset in changes], dtype=np.int64) * SECOND
    at = np.array([instant for instant, _ in changes[1:]], dtype=np.int64)
    edges = at + np.maximum(offsets[:-1], offsets[1:])
    return local - offsets[np.searchsorted(edges, local, side="right")]


__all__ = ["UNREAD", "DateColumn", "DateOrder", "to_utc"]
