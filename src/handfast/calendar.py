"""Working time, exact and fast: add, between and next opening over compiled intervals.

A calendar is compiled once from plain, sealed values: weekly hours of a local day, holidays, exceptions and the
offset changes of a zone. What is left is a sorted list of disjoint intervals [open, close) in UTC and the
working time before each, so that every question is one or two binary searches: thirty days apart or ten years,
the cost is the same. Worked tables: docs/algorithms/business-time.md.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from handfast.errors import NeverOpens, OutsideCalendar
from handfast.instant import DAY, MINUTE, NEVER, SECOND, Instant, Span, format_instant

Hours = Sequence[tuple[int, int]]
"""Spans of one local day: (open, close) in minutes after its midnight; close up to 2880 runs into the next day."""

Instants = npt.NDArray[np.int64]

_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
_LONGEST_DAYS = 2  # a span ends at most 2880 minutes after the midnight of its day


@dataclass(frozen=True, slots=True)
class _Table:
    """One sorted list twice: as Python integers for `bisect`, as a column for `searchsorted`."""

    scalar: tuple[int, ...]
    column: Instants

    @staticmethod
    def of(column: Instants) -> _Table:
        """Both forms of one column."""
        return _Table(tuple(column.tolist()), column)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Compiled working time over ``first`` ≤ t ≤ ``last``; made by ``compile_calendar``.

    Instants and spans are microseconds. Intervals are half-open: the instant of a close is closed. The ``*_many``
    twins take and give int64 columns, and hand NEVER through. Raises OutsideCalendar when an instant asked about,
    or the answer, is not within the compiled span, and NeverOpens when working time is asked of a calendar that
    has none.
    """

    first: Instant
    last: Instant
    _opens: _Table  # of merged intervals, n
    _closes: _Table  # of merged intervals, n
    _worked: _Table  # working time before each interval, and in all: n + 1
    _span_opens: _Table  # of the spans as written, before merging
    _span_day: _Table  # which working day a span belongs to
    _midnight: _Table  # of each working day: its local midnight as if it were UTC
    _day_close: _Table  # of each working day: the end of its last span
    _changes: _Table  # instants from which an offset holds; the first stands for all time before
    _offsets: _Table  # microseconds east of UTC
    _reach: _Table  # the latest local reading seen by the end of each offset's time

    @property
    def opens_at_all(self) -> bool:
        """Whether there is any working time in the compiled span."""
        return bool(self._opens.scalar) and self._opens.scalar[0] <= self.last

    def is_open(self, instant: Instant) -> bool:
        """Whether an instant is working time."""
        self._check(instant)
        at = bisect_right(self._opens.scalar, instant) - 1
        return at >= 0 and instant < self._closes.scalar[at]

    def next_open(self, instant: Instant) -> Instant:
        """The instant itself during working time, else the next opening."""
        self._check(instant)
        at = bisect_right(self._closes.scalar, instant)
        if at == len(self._closes.scalar):
            raise self._no_more(instant)
        return self._within(max(instant, self._opens.scalar[at]), instant)

    def between(self, start: Instant, end: Instant) -> Span:
        """Working time from ``start`` to ``end``; negative when the end comes first."""
        return self._before(end) - self._before(start)

    def add(self, start: Instant, span: Span) -> Instant:
        """The instant at which ``span`` of working time has passed since ``start``.

        A start outside hours begins at the next opening. A positive span that is used up exactly at a close is due
        at that close; a span of nothing is due at the start, or at the next opening. Raises ValueError for a
        negative span.
        """
        if span <= 0:
            if span < 0:
                raise ValueError("a span of working time is not negative")
            return self.next_open(start)
        target = self._before(start) + span
        worked = self._worked.scalar
        at = bisect_left(worked, target) - 1
        if at + 1 == len(worked):
            raise self._no_more(start)
        return self._within(self._opens.scalar[at] + target - worked[at], start)

    def add_days(self, start: Instant, days: int) -> Instant:
        """The same local time on the ``days``-th next working day (contract.md, business days).

        A start outside hours first moves to the next opening. The due moves back to the end of that day's last
        span if it is later, and forward to the next opening if it falls in a break. An instant in a span that runs
        past midnight belongs to the day on which the span began. Raises ValueError for a negative number.
        """
        begin = self.next_open(start)
        if days <= 0:
            if days < 0:
                raise ValueError("a number of working days is not negative")
            return begin
        today = self._span_day.scalar[bisect_right(self._span_opens.scalar, begin) - 1]
        if today + days >= len(self._midnight.scalar):
            raise self._no_more(start)
        reading = begin + self._offsets.scalar[bisect_right(self._changes.scalar, begin) - 1]
        same_time = self._edge(reading - self._midnight.scalar[today] + self._midnight.scalar[today + days])
        due = min(same_time, self._day_close.scalar[today + days])
        return self._within(self._out_of_break(due), start)

    def share(self, start: Instant, due: Instant, percent: int) -> Instant:
        """The instant at which ``percent`` of the working time from ``start`` to ``due`` has passed.

        100 is the due itself, even where a due of business days falls on an opening; more than 100 runs on beyond.
        """
        if percent == 100:
            return due
        return self.add(start, self.between(start, due) * percent // 100)

    def next_open_many(self, instants: Instants) -> Instants:
        """``next_open`` of every instant of a column."""
        given = self._checked(instants)
        at = np.searchsorted(self._closes.column, given, side="right")
        self._enough(at, len(self._closes.column), given)
        found = np.maximum(given, self._opens.column[np.minimum(at, len(self._opens.column) - 1)])
        return self._answer(found, instants, given)

    def between_many(self, starts: Instants, ends: Instants) -> Instants:
        """``between`` of every pair; NEVER where either is NEVER."""
        found: Instants = self._before_many(self._checked(ends)) - self._before_many(self._checked(starts))
        found[(starts == NEVER) | (ends == NEVER)] = NEVER
        return found

    def add_many(self, starts: Instants, spans: Instants | Span) -> Instants:
        """``add`` of every pair; NEVER where either is NEVER."""
        return np.array(
            [NEVER if NEVER in (a, b) else self.add(int(a), int(b)) for a, b in np.broadcast(starts, spans)],
            dtype=np.int64,
        )

    def add_days_many(self, starts: Instants, days: Instants | int) -> Instants:
        """``add_days`` of every pair; NEVER where either is NEVER."""
        return np.array(
            [NEVER if NEVER in (a, b) else self.add_days(int(a), int(b)) for a, b in np.broadcast(starts, days)],
            dtype=np.int64,
        )

    def _before(self, instant: Instant) -> Span:
        """Working time before an instant, counted from the first opening."""
        self._check(instant)
        at = bisect_right(self._opens.scalar, instant) - 1
        if at < 0:
            return 0
        return self._worked.scalar[at] + min(instant, self._closes.scalar[at]) - self._opens.scalar[at]

    def _before_many(self, instants: Instants) -> Instants:
        """Working time before each instant."""
        if not self.opens_at_all:
            return np.zeros(instants.shape, dtype=np.int64)
        at = np.searchsorted(self._opens.column, instants, side="right") - 1
        inside = np.minimum(instants, self._closes.column[at]) - self._opens.column[at]
        found: Instants = np.where(at < 0, 0, self._worked.column[at] + inside)
        return found

    def _edge(self, local: int) -> Instant:
        """The first instant at which the local clock reads ``local`` or later."""
        at = min(bisect_right(self._reach.scalar, local), len(self._offsets.scalar) - 1)
        start = self._changes.scalar[at] if at else NEVER
        return max(start, local - self._offsets.scalar[at])

    def _out_of_break(self, due: Instant) -> Instant:
        """The due itself in hours or at a close, else the next opening."""
        at = bisect_left(self._closes.scalar, due)
        return max(due, self._opens.scalar[at])

    def _check(self, instant: Instant) -> None:
        if not self.first <= instant <= self.last:
            raise OutsideCalendar(f"{_shown(instant)} lies outside the calendar, which {self._spelt()}")

    def _within(self, answer: Instant, start: Instant) -> Instant:
        if answer > self.last:
            raise self._no_more(start)
        return answer

    def _no_more(self, start: Instant) -> OutsideCalendar | NeverOpens:
        """Why there is no answer: the calendar has no working time, or not enough of it after ``start``."""
        if not self.opens_at_all:
            return NeverOpens(f"the calendar has no working time; it {self._spelt()}")
        return OutsideCalendar(
            f"counted from {_shown(start)} the answer lies beyond the calendar, which {self._spelt()}"
        )

    def _spelt(self) -> str:
        return f"covers {_shown(self.first)} to {_shown(self.last)}"

    def _checked(self, instants: Instants) -> Instants:
        """The column with NEVER replaced by the first instant, after checking the rest."""
        given = np.where(instants == NEVER, self.first, instants)
        wrong = (given < self.first) | (given > self.last)
        if wrong.any():
            self._check(int(given[wrong][0]))
        return given

    def _enough(self, at: npt.NDArray[np.intp], count: int, given: Instants) -> None:
        if (at >= count).any():
            raise self._no_more(int(given[at >= count][0]))

    def _answer(self, found: Instants, asked: Instants, given: Instants) -> Instants:
        if (found > self.last).any():
            raise self._no_more(int(given[found > self.last][0]))
        found[asked == NEVER] = NEVER
        return found


def compile_calendar(
    hours: Sequence[Hours],
    *,
    transitions: Sequence[tuple[Instant, int]],
    first: Instant,
    last: Instant,
    exceptions: Mapping[dt.date, Hours] | None = None,
    holidays: Iterable[dt.date] = (),
) -> Calendar:
    """Working time of ``first`` ≤ t ≤ ``last`` from plain values.

    ``hours`` are the spans of Monday to Sunday in minutes of the local day; ``holidays`` are dates on which none
    of them begins; ``exceptions`` replace the spans of a date, holiday or not. ``transitions`` are the zone's
    (instant, seconds east of UTC) as ``zones.transitions`` gives them for the same span.

    An edge of a span is the first instant at which the local clock reads that time or later: inside a gap it is
    the instant of the change, and of a repeated hour it is the first pass. Overlapping and touching spans count
    once. Raises ValueError for hours that are not those of seven days, spans out of order or range, and a span of
    time that ends before it begins.
    """
    if len(hours) != 7 or last < first or not transitions:
        raise ValueError("a calendar needs the hours of seven days, an offset, and a span that begins before it ends")
    changes = np.array([instant for instant, _ in transitions], dtype=np.int64)
    offsets = np.array([seconds * SECOND for _, seconds in transitions], dtype=np.int64)
    reach = np.maximum.accumulate(changes[1:] + offsets[:-1])
    days = range((first + int(offsets[0])) // DAY - _LONGEST_DAYS, (last + int(offsets[-1])) // DAY + 2)
    spans = np.array(list(_spans(hours, exceptions or {}, frozenset(holidays), days)), dtype=np.int64).reshape(-1, 3)
    at = np.searchsorted(reach, spans[:, 1:], side="right")
    starts = np.where(at == 0, NEVER, changes[at])
    edges = np.maximum(starts, spans[:, 1:] - offsets[at])
    held = (edges[:, 0] < edges[:, 1]) & (edges[:, 1] > first)
    spans, edges = spans[held], edges[held]
    order = np.argsort(edges[:, 0], kind="stable")
    opens, closes = _merged(edges[order, 0], edges[order, 1])
    midnight, span_day = np.unique(spans[:, 0], return_inverse=True)
    day_close = np.full(len(midnight), NEVER, dtype=np.int64)
    np.maximum.at(day_close, span_day, edges[:, 1])
    return Calendar(
        first,
        last,
        *map(
            _Table.of,
            (
                opens,
                closes,
                np.concatenate([[0], np.cumsum(closes - opens)]).astype(np.int64),
                edges[order, 0],
                span_day[order].astype(np.int64),
                midnight,
                day_close,
                changes,
                offsets,
                reach,
            ),
        ),
    )


def _spans(
    hours: Sequence[Hours], exceptions: Mapping[dt.date, Hours], holidays: Collection[dt.date], days: range
) -> Iterable[tuple[int, int, int]]:
    """Each day's spans as (midnight, open, close), local readings in microseconds as if they were UTC."""
    for day in days:
        date = dt.date.fromordinal(day + _EPOCH_ORDINAL)
        usual = () if date in holidays else hours[date.weekday()]
        for opens, closes in exceptions.get(date, usual):
            yield day * DAY, day * DAY + opens * MINUTE, day * DAY + closes * MINUTE


def _merged(opens: Instants, closes: Instants) -> tuple[Instants, Instants]:
    """Disjoint intervals from sorted ones; what touches becomes one."""
    reach = np.maximum.accumulate(closes)
    begins = np.ones(len(opens), dtype=bool)
    begins[1:] = opens[1:] > reach[:-1]
    ends = np.ones(len(opens), dtype=bool)
    ends[:-1] = begins[1:]
    return opens[begins], reach[ends]


def _shown(instant: Instant) -> str:
    try:
        return format_instant(instant)
    except (OverflowError, ValueError):
        return f"{instant} microseconds"
