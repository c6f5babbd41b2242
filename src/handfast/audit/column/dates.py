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

from handfast.audit.column.clock import Clock, read_clock
from handfast.audit.column.days import EPOCH, MOST_REMEMBERED, NAMED, Day, Days, named_day
from handfast.audit.column.iso import DATE, EXACT, LOCAL, read_iso
from handfast.audit.column.vocabulary import Empties
from handfast.instant import DAY, NEVER, SECOND
from handfast.measure.columns import Instants
from handfast.zones import transitions

UNREAD = NEVER + 1
"""A text that is no instant."""


class DateOrder(StrEnum):
    """Which of two numbers is the day."""

    AUTO = "auto"  # decided by the column
    DMY = "dmy"  # 31/12/2026
    MDY = "mdy"  # 12/31/2026
    ISO = "iso"  # 2026-12-31: nothing to decide


_EPOCH_NUMBER = re.compile(r"-?\d{9,16}(?:\.0+)?")


class _Clocks(dict[str, Clock | None]):
    """Time tokens seen in a column."""

    def __missing__(self, token: str) -> Clock | None:
        if len(self) > MOST_REMEMBERED:
            self.clear()
        clock = self[token] = read_clock(token)
        return clock


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
        if len(self) > MOST_REMEMBERED:
            self.clear()
            self.read_values, self.swaps, self.states = array("q"), array("i"), array("B")


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
        self._days = Days()
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
        named = NAMED.match(text)
        if named:
            day, tail = named_day(named), text[named.end() :]
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


def _joined(day: Day, clock: Clock) -> tuple[int, int, int]:
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
    return moment if moment // DAY + EPOCH < dt.date(2200, 1, 1).toordinal() else UNREAD


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
