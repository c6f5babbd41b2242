"""A compiled calendar and the questions it answers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from handfast.calendar.columns import Columns
from handfast.calendar.cover import Cover
from handfast.calendar.offsets import Column
from handfast.instant import Instant, Span

_Numbers = tuple[int, ...]


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
    # The columns again as Python integers: `bisect` over a tuple costs a tenth of `searchsorted` for one row.
    _opens: _Numbers = field(repr=False)
    _closes: _Numbers = field(repr=False)
    _worked: _Numbers = field(repr=False)
    _base: _Numbers = field(repr=False)
    _days: _Days = field(repr=False)
    _cover: Cover = field(repr=False)
    _columns: Columns = field(repr=False)

    @classmethod
    def of(cls, columns: Columns) -> Calendar:
        """The calendar of compiled columns."""
        return cls(
            columns.cover.first,
            columns.cover.last,
            _numbers(columns.opens),
            _numbers(columns.closes),
            _numbers(columns.worked),
            _numbers(columns.base),
            _Days.of(columns),
            columns.cover,
            columns,
        )

    def is_open(self, instant: Instant) -> bool:
        """Whether an instant is working time."""
        if not self.first <= instant <= self.last:
            raise self._cover.outside(instant)
        return instant < self._closes[bisect_right(self._opens, instant) - 1]

    def next_open(self, instant: Instant) -> Instant:
        """The instant itself during working time, else the next opening."""
        if not self.first <= instant <= self.last:
            raise self._cover.outside(instant)
        at = bisect_right(self._closes, instant)
        if at == len(self._closes):
            raise self._cover.no_more(instant)
        opening = self._opens[at]
        if opening <= instant:
            return instant
        if opening > self.last:
            raise self._cover.no_more(instant)
        return opening

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
        at = bisect_left(self._worked, target)
        if at == len(self._worked):
            raise self._cover.no_more(start)
        due = target - self._base[at - 1]
        if due > self.last:
            raise self._cover.no_more(start)
        return due

    def add_days(self, start: Instant, days: int) -> Instant:
        """The same local time on the ``days``-th next working day (contract.md, business days).

        A start outside hours first moves to the next opening. The due moves back to the end of that day's last
        span if it is later, and forward to the next opening if it falls in a break. An instant in a span that runs
        past midnight belongs to the day on which the span began. Raises ValueError for a negative number.
        """
        if days < 0:
            raise ValueError("a number of working days is not negative")
        begin = self.next_open(start)
        if days == 0:
            return begin
        due = self._days.same_time(begin, days)
        if due is not None:
            opening = self._opens[bisect_left(self._closes, due)]
            if opening <= due <= self.last:
                return due
            if due < opening <= self.last:
                return opening
        raise self._cover.no_more(start)

    def share(self, start: Instant, due: Instant, percent: int) -> Instant:
        """The instant at which ``percent`` of the working time from ``start`` to ``due`` has passed.

        100 is the due itself, even where a due of business days falls on an opening; more than 100 runs on beyond
        it. A share is cut to whole microseconds. Raises ValueError for a negative share.
        """
        if percent == 100:
            return due
        return self.add(start, self.between(start, due) * percent // 100)

    def next_open_many(self, instants: Column) -> Column:
        """``next_open`` of every instant of a column."""
        return self._columns.next_open(instants)

    def between_many(self, starts: Column, ends: Column) -> Column:
        """``between`` of every pair; NEVER where either is NEVER."""
        return self._columns.between(starts, ends)

    def add_many(self, starts: Column, spans: Column | Span) -> Column:
        """``add`` of every pair; NEVER where either is NEVER."""
        return self._columns.add(starts, spans)

    def add_days_many(self, starts: Column, days: Column | int) -> Column:
        """``add_days`` of every pair; NEVER where either is NEVER."""
        return self._columns.add_days(starts, days)

    def _before(self, instant: Instant) -> Span:
        """Working time before an instant, counted from the first opening."""
        if not self.first <= instant <= self.last:
            raise self._cover.outside(instant)
        at = bisect_right(self._opens, instant)
        inside = instant + self._base[at - 1]
        worked = self._worked[at]
        # Comparisons are written out in this module: one call of `min` costs as much as the search above.
        if inside < worked:
            return inside
        return worked


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """The working days of a calendar and its zone's offsets, for counting in days; columns as in ``Columns``."""

    span_opens: _Numbers
    span_day: _Numbers
    midnight: _Numbers
    day_close: _Numbers
    changes: _Numbers  # without the first, which stands for all time before
    offsets: _Numbers
    reach: _Numbers

    @classmethod
    def of(cls, columns: Columns) -> _Days:
        """The tables as Python integers."""
        tables = (columns.at_span.column, columns.span_day, columns.midnight, columns.day_close)
        zone = (columns.zone.changes[1:], columns.zone.offsets, columns.zone.reach)
        return cls(*(_numbers(table) for table in (*tables, *zone)))

    def same_time(self, begin: Instant, days: int) -> Instant | None:
        """The local time of ``begin`` so many working days on, no later than that day's end; None past the last."""
        today = self.span_day[bisect_right(self.span_opens, begin) - 1]
        then = today + days
        if then >= len(self.midnight):
            return None
        reading = begin + self.offsets[bisect_right(self.changes, begin)]
        due = self._edge(reading - self.midnight[today] + self.midnight[then])
        if due < self.day_close[then]:
            return due
        return self.day_close[then]

    def _edge(self, reading: int) -> Instant:
        """The first instant at which the local clock reads that or later."""
        at = bisect_right(self.reach, reading)
        moment = reading - self.offsets[at]
        if at and moment < self.changes[at - 1]:
            return self.changes[at - 1]
        return moment


def _numbers(column: Column) -> _Numbers:
    return tuple(column.tolist())
