"""From hours, holidays, exceptions and offset changes to the columns of a calendar."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handfast.calendar.columns import Columns
from handfast.calendar.cover import Cover
from handfast.calendar.lookup import Lookup
from handfast.calendar.offsets import Column, Offsets
from handfast.calendar.working import Calendar
from handfast.instant import DAY, MINUTE, NEVER, Instant

Hours = Sequence[tuple[int, int]]
"""Spans of one local day: (open, close) in minutes after its midnight; close up to 2880 runs into the next day."""

_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
_EVER = 2**62  # more microseconds than any sum of instants and spans here


def compile_calendar(
    hours: Sequence[Hours],
    *,
    transitions: Sequence[tuple[Instant, int]],
    first: Instant,
    last: Instant,
    exceptions: Mapping[dt.date, Hours] | None = None,
    holidays: Iterable[dt.date] = (),
) -> Calendar:
    """The working time of ``first`` ≤ t ≤ ``last``, from plain values.

    ``hours`` are the spans of Monday to Sunday; ``holidays`` are dates on which none of them begins; ``exceptions``
    replace the spans of a date, holiday or not. ``transitions`` are the zone's (instant, seconds east of UTC) as
    ``zones.transitions`` gives them for the same span.

    A span's edge is the first instant at which the local clock reads that time or later: within a gap it is the
    instant of the change, and of a repeated hour it is the first pass. Spans that touch or overlap count once.
    Raises ValueError for hours that are not seven days of spans within their bounds, for offsets out of order or
    beginning after ``first``, and for a ``last`` before ``first``.
    """
    replaced = dict(exceptions or {})
    _check_hours([*hours, *replaced.values()], len(hours))
    _check_time(transitions, first, last)
    zone = Offsets.of(transitions)
    # A span begun the day before may still be running; one begun two days before is over by midnight.
    days = range((first + int(zone.offsets.min())) // DAY - 1, (last + int(zone.offsets.max())) // DAY + 1)
    rows = list(_readings(hours, replaced, frozenset(holidays), days))
    midnight, opens, closes = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    spans = _Spans(midnight, zone.edge(opens), zone.edge(closes))
    return Calendar.of(_columns(spans.begun_and_not_over(first), zone, first, last))


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """Spans as columns: the midnight of the day each begins on, as a reading, and its edges as instants."""

    midnight: Column
    opens: Column
    closes: Column

    def begun_and_not_over(self, first: Instant) -> _Spans:
        """In order of opening, without those that a gap swallowed and those that were over before ``first``."""
        kept = np.flatnonzero((self.opens < self.closes) & (self.closes > first))
        order = kept[np.argsort(self.opens[kept], kind="stable")]
        return _Spans(self.midnight[order], self.opens[order], self.closes[order])


def _columns(spans: _Spans, zone: Offsets, first: Instant, last: Instant) -> Columns:
    """Everything a calendar asks of its spans, worked out once."""
    opens, closes = _merged(spans.opens, spans.closes)
    worked = np.concatenate([[0, 0], np.cumsum(closes - opens)])
    midnight, span_day = np.unique(spans.midnight, return_inverse=True)
    day_close = np.full(len(midnight), NEVER, dtype=np.int64)
    np.maximum.at(day_close, span_day, spans.closes)
    return Columns(
        cover=Cover(first, last, bool((opens <= last).any())),
        opens=np.concatenate([[NEVER], opens]),
        closes=np.concatenate([[NEVER], closes]),
        worked=worked,
        base=np.concatenate([[_EVER], worked[1:-1] - opens]),
        at_open=Lookup.of(opens),
        at_close=Lookup.of(closes),
        at_worked=Lookup.of(worked[1:]),
        at_span=Lookup.of(spans.opens),
        span_day=span_day.astype(np.int64),
        midnight=midnight,
        day_close=day_close,
        zone=zone,
    )


def _merged(opens: Column, closes: Column) -> tuple[Column, Column]:
    """Disjoint intervals from spans in order of opening; what touches becomes one."""
    reach = np.maximum.accumulate(closes)
    apart = opens[1:] > reach[:-1]
    begins, ends = np.ones(len(opens), dtype=bool), np.ones(len(opens), dtype=bool)
    begins[1:], ends[:-1] = apart, apart
    return opens[begins], reach[ends]


def _readings(
    hours: Sequence[Hours], exceptions: Mapping[dt.date, Hours], holidays: Collection[dt.date], days: range
) -> Iterator[tuple[int, int, int]]:
    """Each day's spans as local readings: midnight, open, close."""
    for day in days:
        date = dt.date.fromordinal(day + _EPOCH_ORDINAL)
        usual = () if date in holidays else hours[date.weekday()]
        for opens, closes in exceptions.get(date, usual):
            yield day * DAY, day * DAY + opens * MINUTE, day * DAY + closes * MINUTE


def _check_hours(spans: Iterable[Hours], days: int) -> None:
    if days != 7:
        raise ValueError(f"a week has the hours of seven days, not of {days}")
    for opens, closes in itertools.chain.from_iterable(spans):
        if not 0 <= opens < min(closes, DAY // MINUTE) or closes > 2 * DAY // MINUTE:
            raise ValueError(f"a span begins on its day and ends later, by 2880 at most: ({opens}, {closes})")


def _check_time(transitions: Sequence[tuple[Instant, int]], first: Instant, last: Instant) -> None:
    if last < first:
        raise ValueError("a calendar ends after it begins")
    changes = [instant for instant, _ in transitions]
    if not changes or changes[0] > first or changes != sorted(set(changes)):
        raise ValueError("the offsets of a zone begin with the one in force at the first instant, and stand in order")
