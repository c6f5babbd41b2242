"""Columns of instants: a dozen ways to write them, the order of day and month decided by the whole column.

``03/04/2026`` is a day in April or in March; no single value says which. Every value is read in both orders, and
the column decides when it is complete: a 13th month in one order is proof of the other. Where nothing proves
anything, the other columns of the file are asked, then a default is taken and said.
"""

from __future__ import annotations

import datetime as dt
import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

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


class _Texts(dict[str, int]):
    """Whole texts seen in a column, numbered, and what each says; instants come again in logs and imports."""

    def __init__(self, read: Callable[[str], tuple[int, int, int]]) -> None:
        super().__init__()
        self._read = read
        self.read_values = array("q")
        self.swaps = array("i")
        self.states = array("B")

    def __missing__(self, text: str) -> int:
        value, swap, state = self._read(text)
        self.read_values.append(value)
        self.swaps.append(swap)
        self.states.append(state)
        number = self[text] = len(self)
        return number

    def forget(self) -> None:
        """Start again, so that a long column of ever new texts does not fill memory."""
        if len(self) > _MOST_REMEMBERED:
            self.clear()
            self.read_values, self.swaps, self.states = array("q"), array("i"), array("B")


DATE, LOCAL, EXACT = 0, 1, 2
"""What a value is: a date of a zone, a time of a zone, an instant."""


_NO_SWAPS = np.zeros(0, dtype=np.int32)  # what stands for a part in which both orders agree


@dataclass(frozen=True, slots=True)
class DatePart:
    """Some rows of a column of instants."""

    texts: Sequence[str]
    values: Instants
    swaps: NDArray[np.int32]  # days to add when the order is month first
    states: NDArray[np.uint8]  # DATE, LOCAL or EXACT

    @property
    def says(self) -> NDArray[np.bool_]:
        """Rows that hold an instant."""
        return self.values > UNREAD


class DateColumn:
    """Instants as they are read: local times wait for the order and the zone, exact ones are done."""

    def __init__(self, empties: Empties) -> None:
        self._empties = empties
        self._days = _Days()
        self._clocks = _Clocks()
        self._texts = _Texts(self._read_cell)
        self._parts: list[tuple[Instants, NDArray[np.int32], NDArray[np.uint8]]] = []
        self.timed = False  # some value says a time of day other than midnight, which stands for none
        self.unread: dict[str, int] = {}  # texts that are no instants, a few of them, with their rows
        self.unread_rows = 0

    def __len__(self) -> int:
        """Rows so far."""
        return sum(len(values) for values, _, _ in self._parts)

    def read(self, texts: Sequence[str]) -> DatePart:
        """Instants of texts; nothing is appended yet."""
        plain = read_iso(texts)
        if plain is not None:
            return DatePart(texts, plain[0], np.zeros(len(texts), dtype=np.int32), plain[1])
        seen = self._texts
        seen.forget()
        numbers = np.fromiter(map(seen.__getitem__, texts), dtype=np.intp, count=len(texts))
        return DatePart(
            texts,
            np.array(seen.read_values, dtype=np.int64)[numbers],
            np.array(seen.swaps, dtype=np.int32)[numbers],
            np.array(seen.states, dtype=np.uint8)[numbers],
        )

    def append(self, part: DatePart, kept: NDArray[np.intp] | None) -> None:
        """Append rows that were read; ``kept`` are positions of those that count, None for all."""
        rows = slice(None) if kept is None else kept
        values, swaps, states = part.values[rows], part.swaps[rows], part.states[rows]
        self._parts.append((values, swaps if swaps.any() else _NO_SWAPS, states))
        self.timed = self.timed or bool(((values > UNREAD) & (values % DAY != 0)).any())
        for row in np.flatnonzero(values == UNREAD).tolist():
            self._note(part.texts[row if kept is None else int(kept[row])])

    def reads(self, text: str) -> bool:
        """Whether a text is an instant; nothing is appended."""
        return self._read(text)[0] != UNREAD

    def _note(self, text: str) -> None:
        self.unread_rows += 1
        if len(self.unread) < 5:
            self.unread[text[:60]] = self.unread.get(text[:60], 0) + 1

    def _read_cell(self, text: str) -> tuple[int, int, int]:
        found = self._read(text)
        return (NEVER, 0, EXACT) if found[0] == UNREAD and self._empties[text] else found

    def _read(self, text: str) -> tuple[int, int, int]:
        """Value, days of swap, and what the value is."""
        date, _, time = text.partition(" ")
        if not time and len(text) > 10 and text[10] in "Tt":
            date, time = text[:10], text[11:]
        day = self._days[date]
        if day is None:
            return self._read_rest(text.strip())
        if not time:
            return day.days * DAY, day.swap, DATE
        clock = self._clocks[time]
        return _joined(day, clock) if clock else self._read_rest(text.strip())

    def _read_rest(self, text: str) -> tuple[int, int, int]:
        """The rarer ways: epoch numbers, named months, a comma after the date."""
        if _EPOCH_NUMBER.fullmatch(text):
            return _epoch_number(text), 0, EXACT
        named = _NAMED.match(text)
        if named:
            day, tail = _named_day(named), text[named.end() :]
        else:
            date, _, tail = text.replace(",", " ").partition(" ")
            day = self._days[date]
        tail = tail.strip(" ,T").removeprefix("at ").removeprefix("um ").removesuffix(" Uhr")
        if day is None:
            return UNREAD, 0, EXACT
        if not tail:
            return day.days * DAY, day.swap, DATE
        clock = self._clocks[tail]
        return _joined(day, clock) if clock else (UNREAD, 0, EXACT)

    @property
    def evidence(self) -> tuple[int, int, int]:
        """Distinct dates only readable day first, only month first, and either way."""
        return self._days.day_first, self._days.month_first, self._days.open

    @property
    def filled(self) -> int:
        """Rows with a value that was read."""
        return int((self._array() > UNREAD).sum())

    def _array(self) -> Instants:
        return np.concatenate([np.zeros(0, np.int64), *(values for values, _, _ in self._parts)])

    def instants(self, order: DateOrder, zone: str) -> Instants:
        """The column in UTC. A local time that occurs twice is its first; one that the clocks skip is moved on."""
        values = self._array()
        local = np.concatenate([np.zeros(0, np.bool_), *(states != EXACT for _, _, states in self._parts)])
        if order is DateOrder.MDY:
            start = 0
            for part, swaps, _ in self._parts:
                if len(swaps):
                    values[start : start + len(part)] += swaps.astype(np.int64) * DAY
                start += len(part)
        local &= values > UNREAD
        values[local] = to_utc(values[local], zone)
        values[values == UNREAD] = NEVER
        return values


def read_iso(texts: Sequence[str]) -> tuple[Instants, NDArray[np.uint8]] | None:
    """The common case at once: cells of one width such as ``2026-01-05 10:12:30`` or ``…T10:12:30.000+0000``.

    Values and what they are, or None when some cell is anything else; then they are read one by one.
    """
    filled = [text for text in texts if text]
    width = len(filled[0]) if filled else 0
    if not (width == 10 or 16 <= width <= 35) or set(map(len, filled)) != {width}:
        return None
    try:
        cells = np.frombuffer("".join(filled).encode("ascii"), dtype=np.uint8).reshape(len(filled), width)
    except UnicodeEncodeError:
        return None
    found = _iso_cells(cells, filled[0])
    if found is None:
        return None
    values = np.full(len(texts), NEVER, dtype=np.int64)
    states = np.full(len(texts), EXACT, dtype=np.uint8)
    places = np.fromiter((bool(text) for text in texts), dtype=np.bool_, count=len(texts))
    values[places], states[places] = found
    return values, states


_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)


def _iso_cells(cells: NDArray[np.uint8], first: str) -> tuple[Instants, int] | None:
    """Values and their state, of cells of one width."""
    shape = re.fullmatch(r"\d{4}-\d\d-\d\d(?:([ T])\d\d:\d\d(?::\d\d(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?", first)
    if shape is None:
        return None
    separator, fraction, offset = shape.groups()
    digits = np.array([character.isdigit() for character in first])
    if offset:
        digits[-len(offset) :] = False  # the offset must be the same in all
    fixed = np.frombuffer(first.encode("ascii"), dtype=np.uint8)
    if not ((cells[:, ~digits] == fixed[~digits]).all() and (np.abs(cells[:, digits] - 52.5) <= 4.5).all()):
        return None
    days = _iso_days(cells)
    if days is None:
        return None
    if separator is None:
        return days * DAY, DATE
    span = _iso_span(cells, len(first) - len(offset or ""), len(fraction or ""))
    clock = _read_clock(f"00:00{offset or ''}")
    if span is None or clock is None:
        return None
    return days * DAY + span - (clock.offset or 0), LOCAL if clock.offset is None else EXACT


def _digits(cells: NDArray[np.uint8], start: int, count: int) -> NDArray[np.int64]:
    number = np.zeros(len(cells), dtype=np.int64)
    for place in range(start, start + count):
        number = number * 10 + (cells[:, place] - 48)
    return number


def _iso_days(cells: NDArray[np.uint8]) -> NDArray[np.int64] | None:
    """Days since 1970; None when one of the dates does not exist."""
    year, month, day = _digits(cells, 0, 4), _digits(cells, 5, 2), _digits(cells, 8, 2)
    if not ((year >= _YEARS.start) & (year < _YEARS.stop) & (month >= 1) & (month <= 12) & (day >= 1)).all():
        return None
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    if not (day <= _MONTH_DAYS[month] - ((month == 2) & ~leap)).all():
        return None
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + day - 1


def _iso_span(cells: NDArray[np.uint8], end: int, fraction: int) -> NDArray[np.int64] | None:
    """Microseconds into the day; None when one of the times does not exist."""
    hour, minute = _digits(cells, 11, 2), _digits(cells, 14, 2)
    second = _digits(cells, 17, 2) if end >= 19 else np.zeros(len(cells), dtype=np.int64)
    if not ((hour < 24) & (minute < 60) & (second < 60)).all():
        return None
    kept = min(fraction, 6)
    micro = _digits(cells, 20, kept) * 10 ** (6 - kept) if kept else 0
    return hour * HOUR + minute * MINUTE + second * SECOND + micro


def _joined(day: _Day, clock: _Clock) -> tuple[int, int, int]:
    moment = day.days * DAY + clock.span
    if clock.offset is not None:
        return moment - clock.offset, day.swap, EXACT
    if clock.zone:
        return int(to_utc(np.array([moment], dtype=np.int64), clock.zone)[0]), day.swap, EXACT
    return moment, day.swap, LOCAL


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
