"""What holds for every calendar: add and between undo each other, order is kept, business time adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handfast.calendar import Calendar, Hours, compile_calendar
from handfast.instant import DAY, HOUR, MINUTE, NEVER, parse_instant
from handfast.zones import holiday_dates, transitions

FIRST, LAST = parse_instant("2026-06-01T00:00:00Z"), parse_instant("2028-12-01T00:00:00Z")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Havana")
REGIONS = ("US", "DE-BE", "GB-ENG", "AU-NSW", "JP")


@st.composite
def day_spans(draw: st.DrawFn) -> Hours:
    """Spans of one day that neither touch nor overlap, all over by midnight."""
    minute = st.integers(0, 1440) | st.integers(0, 24).map(lambda hour: hour * 60)
    cuts: list[int] = sorted(draw(st.sets(minute, max_size=6)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Some years of random hours under the holidays of a region, sometimes with a month off."""
    hours = draw(st.tuples(*(day_spans() for _ in range(7))))
    assume(sum(closes - opens for spans in hours for opens, closes in spans) >= 300)  # the longest window has an end
    return _compiled(hours, draw(st.sampled_from(ZONES)), draw(st.sampled_from(REGIONS)), closed=draw(st.booleans()))


def _compiled(hours: tuple[Hours, ...], zone: str, region: str, *, closed: bool = False) -> Calendar:
    august: dict[dt.date, Hours] = {dt.date(2027, 8, day): () for day in range(1, 32)}
    return compile_calendar(
        hours,
        transitions=transitions(zone, FIRST, LAST),
        first=FIRST,
        last=LAST,
        exceptions=august if closed else {},
        holidays=[date for date, _ in holiday_dates(region, 2026, 2028)],
    )


NIGHT_AND_DAY: tuple[Hours, ...] = tuple(((0, 300), (540, 750), (810, 1080), (1320, 1440)) for _ in range(7))
OFFICE: tuple[Hours, ...] = (((540, 750), (810, 1080)),) * 5 + ((), ())
moments = st.integers(FIRST, LAST - 400 * DAY) | st.integers(FIRST // HOUR, LAST // HOUR - 9600).map(
    lambda at: at * HOUR
)
spans = st.integers(0, 30 * HOUR) | st.integers(0, 600).map(lambda minutes: minutes * MINUTE)


@given(calendars(), moments, spans)
def test_what_is_added_is_found_between(calendar: Calendar, start: int, span: int) -> None:
    assert calendar.between(start, calendar.add(start, span)) == span


@given(calendars(), moments, moments)
def test_what_lies_between_leads_back_to_the_end(calendar: Calendar, one: int, other: int) -> None:
    start, end = min(one, other), max(one, other)
    worked = calendar.between(start, end)
    assert calendar.between(end, start) == -worked
    if worked:
        due = calendar.add(start, worked)
        assert due == end if calendar.between(end - 1, end) else due < end
        assert calendar.between(due, end) == 0
    assert calendar.between(start, calendar.next_open(end)) == worked


@given(calendars(), moments, spans, st.integers(1, 20 * HOUR))
def test_business_time_adds_up(calendar: Calendar, start: int, one: int, other: int) -> None:
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, one + other)


@given(calendars(), st.lists(moments, min_size=3, max_size=3))
def test_working_time_adds_up_over_neighbouring_stretches(calendar: Calendar, three: list[int]) -> None:
    one, two, end = three
    assert calendar.between(one, two) + calendar.between(two, end) == calendar.between(one, end)


@given(calendars(), st.lists(moments, min_size=2, max_size=6), spans)
def test_a_later_start_is_never_due_sooner(calendar: Calendar, starts: list[int], span: int) -> None:
    dues = [calendar.add(start, span) for start in sorted(starts)]
    assert dues == sorted(dues)
    openings = [calendar.next_open(start) for start in sorted(starts)]
    assert openings == sorted(openings)


@given(calendars(), moments, st.lists(spans, min_size=2, max_size=6))
def test_a_longer_window_is_never_due_sooner(calendar: Calendar, start: int, windows: list[int]) -> None:
    dues = [calendar.add(start, span) for span in sorted(windows)]
    assert dues == sorted(dues)


@given(calendars(), moments)
def test_working_time_passes_only_while_open(calendar: Calendar, moment: int) -> None:
    assert calendar.between(moment, moment + 1) == int(calendar.is_open(moment))
    opening = calendar.next_open(moment)
    assert calendar.is_open(opening)
    assert calendar.between(moment, opening) == 0


@given(calendars(), moments, st.integers(0, 30))
def test_days_end_in_hours_and_grow(calendar: Calendar, start: int, days: int) -> None:
    dues = [calendar.add_days(start, count) for count in (days, days + 1)]
    assert dues == sorted(set(dues))
    for due in dues:
        assert calendar.is_open(due) or calendar.between(due - 1, due) == 1


@given(calendars(), moments, spans, st.lists(st.integers(0, 300), min_size=2, max_size=5))
def test_shares_keep_their_order_and_end_at_the_due(
    calendar: Calendar, start: int, span: int, steps: list[int]
) -> None:
    due = calendar.add(start, span)
    assert calendar.share(start, due, 100) == due
    found = [calendar.share(start, due, percent) for percent in sorted(steps)]
    assert found == sorted(found)
    assert [calendar.between(start, step) for step in found] == [span * percent // 100 for percent in sorted(steps)]


@st.composite
def columns(draw: st.DrawFn, values: st.SearchStrategy[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A column of values, NEVER among them."""
    cells: list[int] = draw(st.lists(values | st.just(NEVER), min_size=1, max_size=40))
    return np.array(cells, dtype=np.int64)


def _row_by_row(ask: Callable[..., int], *given: Any) -> list[int]:
    rows = np.broadcast(*given)
    return [NEVER if NEVER in row else ask(*(int(cell) for cell in row)) for row in rows]


@given(calendars(), columns(moments), st.data())
def test_columns_answer_as_single_questions_do(calendar: Calendar, starts: Any, data: st.DataObject) -> None:
    size = len(starts)
    cells = st.lists(spans | st.just(NEVER), min_size=size, max_size=size)
    windows = np.array(data.draw(cells), dtype=np.int64)
    days = np.array(data.draw(st.lists(st.integers(0, 20), min_size=size, max_size=size)), dtype=np.int64)
    assert calendar.add_many(starts, windows).tolist() == _row_by_row(calendar.add, starts, windows)
    assert calendar.add_many(starts, HOUR).tolist() == _row_by_row(calendar.add, starts, HOUR)
    assert calendar.add_days_many(starts, days).tolist() == _row_by_row(calendar.add_days, starts, days)
    assert calendar.next_open_many(starts).tolist() == _row_by_row(calendar.next_open, starts)
    ends = np.roll(starts, 1)
    assert calendar.between_many(starts, ends).tolist() == _row_by_row(calendar.between, starts, ends)


@pytest.mark.parametrize("zone", ZONES)
def test_many_blocks_answer_as_single_questions_do(zone: str) -> None:
    calendar = _compiled(NIGHT_AND_DAY, zone, "US")
    draw = np.random.default_rng(7)
    starts = draw.integers(FIRST, LAST - 400 * DAY, 70_001)
    spans_ = draw.integers(0, 300 * HOUR, 70_001)
    starts[::97] = NEVER
    picked = slice(None, None, 701)
    assert calendar.add_many(starts, spans_)[picked].tolist() == _row_by_row(
        calendar.add, starts[picked], spans_[picked]
    )
    assert calendar.add_days_many(starts, 3)[picked].tolist() == _row_by_row(calendar.add_days, starts[picked], 3)


class Counted(int):
    """An instant that counts how often it, or a sum made from it, is compared."""

    compared = 0

    def __lt__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) < int(other)

    def __gt__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) > int(other)

    def __le__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) <= int(other)

    def __ge__(self, other: int) -> bool:
        Counted.compared += 1
        return int(self) >= int(other)

    def __add__(self, other: int) -> Counted:
        return Counted(int(self) + int(other))

    __radd__ = __add__

    def __sub__(self, other: int) -> Counted:
        return Counted(int(self) - int(other))


def _comparisons(work: Callable[[], object]) -> int:
    Counted.compared = 0
    work()
    return Counted.compared


def test_a_gap_of_years_is_found_in_as_many_steps_as_one_of_minutes() -> None:
    calendar = _long_calendar()
    start = Counted(parse_instant("2027-01-08T14:30:00Z"))
    gaps = (5 * MINUTE, 30 * DAY, 3650 * DAY)
    spread = [_comparisons(partial(calendar.between, start, start + gap)) for gap in gaps]
    assert max(spread) <= 2 * 14 + 8  # two searches of some 11,000 intervals
    assert max(spread) - min(spread) <= 2
    windows = (MINUTE, 160 * HOUR, 18_000 * HOUR)
    added = [_comparisons(partial(calendar.add, start, span)) for span in windows]
    assert max(added) <= 2 * 14 + 8
    assert _comparisons(partial(calendar.add_days, start, 2000)) <= 60


def _long_calendar() -> Calendar:
    first, last = parse_instant("2020-01-01T00:00:00Z"), parse_instant("2045-01-01T00:00:00Z")
    return compile_calendar(OFFICE, transitions=transitions("Europe/Berlin", first, last), first=first, last=last)
