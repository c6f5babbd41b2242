"""The library workclock, written by others in another language, asked the same questions.

It knows weekly hours, breaks and holidays. Where the two mean different things on purpose the calendars drawn here
keep away from it: workclock moves an edge inside a gap forward by the gap's length (here: to the end of the gap),
and takes the small hours of a holiday off a night that began the day before (here: a night belongs to its day).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.examples import examples
from workclock import Holidays, Schedule, WorkDay

from handfast.calendar import Calendar, Hours, compile_calendar
from handfast.instant import DAY, HOUR, MINUTE, from_datetime, parse_instant, to_datetime
from handfast.zones import transitions

# Years gone by: workclock carries a zone database of its own, and only the past is the same in all of them.
FIRST, LAST = parse_instant("2015-01-01T00:00:00Z"), parse_instant("2023-01-01T00:00:00Z")
ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Europe/London", "Europe/Dublin"),
    *("Africa/Casablanca", "America/Havana", "America/Santiago", "America/St_Johns", "Asia/Kolkata"),
    *("Asia/Beirut", "Asia/Tokyo", "Atlantic/Azores", "Africa/Cairo", "Australia/Sydney", "Pacific/Chatham"),
)


def _time(minute: int) -> dt.time:
    return dt.time(minute // 60 % 24, minute % 60)


def _schedule(hours: tuple[Hours, ...], zone: str, holidays: frozenset[dt.date]) -> Schedule:
    rules = [
        WorkDay(_time(opens), _time(closes), days=[day]) for day, spans in enumerate(hours) for opens, closes in spans
    ]
    return Schedule([*rules, Holidays(holidays)], time_zone=zone)


def _compiled(hours: tuple[Hours, ...], zone: str, holidays: frozenset[dt.date]) -> Calendar:
    offsets = transitions(zone, FIRST, LAST)
    return compile_calendar(hours, transitions=offsets, first=FIRST, last=LAST, holidays=holidays)


@st.composite
def weeks(draw: st.DrawFn, *, nights: bool) -> tuple[Hours, ...]:
    """Hours of a week, from four in the morning on, where no zone here skips time; nights run past midnight."""
    hours = draw(st.tuples(*(_day(nights=nights) for _ in range(7))))
    assume(sum(closes - opens for spans in hours for opens, closes in spans) >= 60)  # the longest window has an end
    return hours


@st.composite
def _day(draw: st.DrawFn, *, nights: bool) -> Hours:
    cuts: list[int] = sorted(draw(st.sets(st.integers(240, 1440), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    if nights and spans and draw(st.booleans()):
        # A close between midnight and four may fall into a repeated hour; after four it never falls into a gap.
        spans[-1] = (spans[-1][0], 1440 + min(draw(st.integers(240, 600)), spans[-1][0]))
    return tuple(spans)


def _agree(calendar: Calendar, schedule: Schedule, start: int, span: int, end: int) -> None:
    def told(moment: int) -> dt.datetime:
        return to_datetime(moment)

    expected: Any = schedule.between(told(start), told(end))
    assert calendar.between(start, end) == expected // dt.timedelta(microseconds=1)
    assert calendar.next_open(start) == from_datetime(schedule.next_period(told(start))[0])
    assert calendar.add(start, span) == from_datetime(schedule.add(told(start), dt.timedelta(microseconds=span)))


moments = st.integers(FIRST + 2 * DAY, LAST - 900 * DAY)
spans = st.integers(1, 30 * HOUR) | st.integers(1, 1800).map(lambda minutes: minutes * MINUTE)
dates = st.integers(0, 700).map(lambda day: dt.date(2017, 1, 1) + dt.timedelta(days=day))


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=examples(15))
@given(weeks(nights=False), st.frozensets(dates, max_size=60), moments, spans, moments)
def test_days_and_holidays_agree(
    zone: str, hours: tuple[Hours, ...], holidays: frozenset[dt.date], start: int, span: int, end: int
) -> None:
    _agree(_compiled(hours, zone, holidays), _schedule(hours, zone, holidays), start, span, end)


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=examples(15))
@given(weeks(nights=True), moments, spans, moments)
def test_nights_agree(zone: str, hours: tuple[Hours, ...], start: int, span: int, end: int) -> None:
    _agree(_compiled(hours, zone, frozenset()), _schedule(hours, zone, frozenset()), start, span, end)
