"""What a calendar refuses, and the corners that the worked tables leave out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from handfast.calendar import Calendar, Hours, compile_calendar
from handfast.calendar.lookup import Lookup
from handfast.errors import NeverOpens, OutsideCalendar
from handfast.instant import DAY, HOUR, MINUTE, NEVER, parse_instant
from handfast.zones import transitions

FIRST, LAST = parse_instant("2027-01-01T00:00:00Z"), parse_instant("2028-01-01T00:00:00Z")
OFFICE: tuple[Hours, ...] = (((540, 1020),),) * 5 + ((), ())
CLOSED: tuple[Hours, ...] = ((),) * 7
MONDAY = parse_instant("2027-01-11T10:00:00Z")
LAST_FRIDAY = parse_instant("2027-12-31T10:00:00Z")


def calendar(hours: tuple[Hours, ...] = OFFICE, **more: Any) -> Calendar:
    """Hours in UTC over 2027, unless said otherwise."""
    given: dict[str, Any] = {"transitions": ((FIRST, 0),), "first": FIRST, "last": LAST} | more
    return compile_calendar(hours, **given)


def column(*cells: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(cells, dtype=np.int64)


class TestOutside:
    """Instants that were not compiled are refused by naming what was."""

    @pytest.mark.parametrize("moment", [FIRST - 1, LAST + 1, NEVER, 2**63])
    def test_instants_before_and_after(self, moment: int) -> None:
        office = calendar()
        for ask in (office.is_open, office.next_open):
            with pytest.raises(OutsideCalendar, match=r"2027-01-01T00:00:00.* to 2028-01-01T00:00:00"):
                ask(moment)
        with pytest.raises(OutsideCalendar):
            office.add(moment, HOUR)
        with pytest.raises(OutsideCalendar):
            office.between(MONDAY, moment)

    def test_both_ends_belong_to_the_calendar(self) -> None:
        always = calendar(((((0, 1440)),),) * 7)
        assert always.is_open(FIRST)
        assert always.is_open(LAST)
        assert always.between(FIRST, LAST) == LAST - FIRST
        assert always.add(FIRST, LAST - FIRST) == LAST

    @pytest.mark.parametrize("hours", [OFFICE, (((0, 1440),),) * 7])
    def test_answers_past_the_end(self, hours: tuple[Hours, ...]) -> None:
        some = calendar(hours)
        for ask, amount in ((some.add, 30 * HOUR), (some.add, 2**62), (some.add_days, 1), (some.add_days, 400)):
            with pytest.raises(OutsideCalendar, match=r"counted from 2027-12-31T10:00:00.*lies past"):
                ask(LAST_FRIDAY, amount)
        for many, amount in ((some.add_many, 30 * HOUR), (some.add_many, 2**62), (some.add_days_many, 400)):
            with pytest.raises(OutsideCalendar, match=r"counted from 2027-12-31T10:00:00.*lies past"):
                many(column(LAST_FRIDAY, MONDAY), amount)

    def test_the_last_working_day_is_the_same_for_columns(self) -> None:
        always, start = calendar((((0, 1440),),) * 7), LAST - 5 * DAY
        assert always.add_days(start, 5) == LAST
        assert always.add_days_many(column(start), 5).tolist() == [LAST]
        ends = calendar(last=parse_instant("2027-12-31T23:00:00Z"))
        days = [1, 2, 3, 4, 5]
        friday = parse_instant("2027-12-24T10:00:00Z")
        assert ends.add_days_many(column(*[friday] * 5), column(*days)).tolist()[-1] == LAST_FRIDAY
        for count in (6, 7, 8):
            with pytest.raises(OutsideCalendar):
                ends.add_days(friday, count)
            with pytest.raises(OutsideCalendar):
                ends.add_days_many(column(friday), count)

    def test_the_last_day_is_closed_where_it_closes_even_past_the_end(self) -> None:
        # The calendar ends in Friday's break: the end of the day is known, and lies outside.
        ends = parse_instant("2027-01-08T12:40:00Z")
        split = calendar((((540, 750), (810, 1080)),) * 7, last=ends)
        thursday = parse_instant("2027-01-07T17:00:00Z")
        with pytest.raises(OutsideCalendar):
            split.add_days(thursday, 1)
        with pytest.raises(OutsideCalendar):
            split.next_open(ends)
        with pytest.raises(OutsideCalendar):
            split.next_open_many(column(thursday, ends))
        assert split.add_days(parse_instant("2027-01-07T12:10:00Z"), 1) == parse_instant("2027-01-08T12:10:00Z")

    def test_no_opening_is_left(self) -> None:
        once = calendar(CLOSED, exceptions={dt.date(2027, 1, 11): ((540, 1020),)})
        assert once.next_open(FIRST) == MONDAY - HOUR
        with pytest.raises(OutsideCalendar):
            once.next_open(LAST)
        with pytest.raises(OutsideCalendar):
            once.add(LAST, 0)
        with pytest.raises(OutsideCalendar):
            once.add_days(MONDAY, 1)

    def test_columns_name_the_first_instant_outside(self) -> None:
        with pytest.raises(OutsideCalendar, match=r"2028-01-01T00:00:00\.000001"):
            calendar().next_open_many(column(MONDAY, LAST + 1, FIRST - 1))
        with pytest.raises(OutsideCalendar, match=r"2026-12-31T23:59:59\.999999"):
            calendar().between_many(column(MONDAY), column(FIRST - 1))


class TestNever:
    """A calendar without working time says so at once."""

    def test_asking_for_working_time_is_refused(self) -> None:
        never = calendar(CLOSED)
        assert not never.is_open(MONDAY)
        assert never.between(FIRST, LAST) == 0
        with pytest.raises(NeverOpens, match="no working time"):
            never.next_open(MONDAY)
        for ask in (never.add, never.add_days):
            with pytest.raises(NeverOpens, match="no working time"):
                ask(MONDAY, 1)

    def test_columns_are_refused_too_unless_there_is_nothing_to_ask(self) -> None:
        never = calendar(CLOSED)
        with pytest.raises(NeverOpens):
            never.add_many(column(MONDAY), HOUR)
        with pytest.raises(NeverOpens):
            never.next_open_many(column(NEVER, MONDAY))
        assert never.next_open_many(column(NEVER)).tolist() == [NEVER]
        assert never.add_days_many(column(), 3).tolist() == []
        assert never.between_many(column(FIRST), column(LAST)).tolist() == [0]

    def test_an_opening_after_the_end_is_none(self) -> None:
        sunday = parse_instant("2027-01-10T12:00:00Z")
        weekend = calendar(first=sunday, last=sunday + HOUR)
        with pytest.raises(NeverOpens):
            weekend.next_open(sunday)

    def test_all_holidays(self) -> None:
        year = [dt.date(2026, 12, 28) + dt.timedelta(days=day) for day in range(400)]
        with pytest.raises(NeverOpens):
            calendar(holidays=year).next_open(MONDAY)


class TestColumns:
    """Shapes and types of the columns that are taken."""

    def test_never_passes_through(self) -> None:
        office = calendar()
        holes = column(NEVER, MONDAY, NEVER)
        assert office.add_many(holes, HOUR).tolist() == [NEVER, MONDAY + HOUR, NEVER]
        assert office.add_many(holes, column(NEVER, NEVER, NEVER)).tolist() == [NEVER] * 3
        assert office.between_many(holes, column(MONDAY, MONDAY, MONDAY)).tolist() == [NEVER, 0, NEVER]
        assert office.add_days_many(holes, 1).tolist() == [NEVER, MONDAY + DAY, NEVER]
        assert office.next_open_many(holes).tolist() == holes.tolist()

    def test_a_span_of_nothing_waits_for_the_next_opening(self) -> None:
        office, saturday = calendar(), MONDAY - 2 * DAY
        rows = column(saturday, saturday, NEVER, MONDAY)
        assert office.add_many(rows, column(0, HOUR, 0, 0)).tolist() == [MONDAY - HOUR, MONDAY, NEVER, MONDAY]

    def test_the_columns_given_are_left_as_they_were(self) -> None:
        starts, windows = column(NEVER, MONDAY), column(0, HOUR)
        calendar().add_many(starts, windows)
        calendar().between_many(starts, starts)
        assert (starts.tolist(), windows.tolist()) == ([NEVER, MONDAY], [0, HOUR])

    @pytest.mark.parametrize("wrong", [np.array([1.5]), np.array(["2027-01-11"], dtype="datetime64[us]")])
    def test_instants_are_whole_numbers(self, wrong: Any) -> None:
        with pytest.raises(TypeError):
            calendar().next_open_many(wrong)

    def test_nothing_runs_backwards(self) -> None:
        office = calendar()
        for ask in (office.add, office.add_days):
            with pytest.raises(ValueError, match="not negative"):
                ask(MONDAY, -1)
        for many in (office.add_many, office.add_days_many):
            with pytest.raises(ValueError, match="not negative"):
                many(column(MONDAY, MONDAY), column(1, -1))
        with pytest.raises(ValueError, match="not negative"):
            office.share(MONDAY, MONDAY + HOUR, -1)


class TestLookup:
    """Cells find what halving finds, whatever the column."""

    @pytest.mark.parametrize(
        "entries",
        [
            [],
            [5],
            [5, 6],
            [0, 0, 3, 3, 3, 9],
            [*range(0, 1000, 7)],
            [*range(20), 10**15],  # all but one in a single cell
            [NEVER // 4, 0, 2**60],
        ],
    )
    def test_find(self, entries: list[int]) -> None:
        sorted_column = column(*entries)
        around = [entry + by for entry in entries for by in (-1, 0, 1)]
        asked = column(*around, -(2**61), 2**61)
        expected = np.searchsorted(sorted_column, asked, side="right")
        assert Lookup.of(sorted_column).find(asked).tolist() == expected.tolist()

    def test_a_crowd_in_one_cell_is_searched_by_halving(self) -> None:
        assert Lookup.of(column(*range(20), 10**15)).steps == 0
        assert 0 < Lookup.of(column(*range(0, 1000, 7))).steps <= 2

    def test_a_calendar_open_one_month_in_years_is_searched_by_halving(self) -> None:
        dates = [dt.date(2027, 3, 1) + dt.timedelta(days=day) for day in (*range(31), 4000, 4001)]
        last = parse_instant("2040-01-01T00:00:00Z")
        march = calendar(CLOSED, last=last, exceptions=dict.fromkeys(dates, ((540, 1020),)))
        starts = column(*range(FIRST, FIRST + 100 * DAY, 7 * HOUR))
        assert march.add_many(starts, 9 * HOUR).tolist() == [march.add(int(start), 9 * HOUR) for start in starts]


class TestCompiling:
    """What is written is checked where it is compiled."""

    @pytest.mark.parametrize("span", [(-1, 60), (60, 60), (61, 60), (1440, 1500), (0, 2881)])
    def test_spans_within_their_bounds(self, span: tuple[int, int]) -> None:
        with pytest.raises(ValueError, match="a span begins on its day"):
            calendar(((span,),) * 7)
        with pytest.raises(ValueError, match="a span begins on its day"):
            calendar(exceptions={dt.date(2027, 1, 1): (span,)})

    def test_seven_days(self) -> None:
        with pytest.raises(ValueError, match="seven days, not of 5"):
            calendar(OFFICE[:5])

    @pytest.mark.parametrize(
        "offsets", [(), ((FIRST + 1, 0),), ((FIRST, 0), (FIRST, 1)), ((FIRST - 1, 0), (LAST, 0), (FIRST, 0))]
    )
    def test_offsets_in_order_from_the_first_instant(self, offsets: tuple[tuple[int, int], ...]) -> None:
        with pytest.raises(ValueError, match="stand in order"):
            calendar(transitions=offsets)

    def test_the_end_after_the_beginning(self) -> None:
        with pytest.raises(ValueError, match="ends after it begins"):
            calendar(last=FIRST - 1)

    def test_a_span_begun_before_the_first_instant_is_running(self) -> None:
        sunday_night: tuple[Hours, ...] = ((),) * 6 + (((1200, 2880),),)
        monday = parse_instant("2027-01-11T00:00:00Z")
        late = calendar(sunday_night, first=monday + 20 * HOUR)
        assert late.is_open(late.first)
        assert late.between(late.first, monday + 3 * DAY) == 4 * HOUR
        assert late.add_days(late.first, 1) == monday + 7 * DAY + 20 * HOUR

    def test_changes_that_follow_each_other_within_the_hour_they_repeat(self) -> None:
        # The clock goes back three hours at noon and forward two an hour later: 11:30 is read first before noon.
        noon = parse_instant("2027-03-01T12:00:00Z")
        odd = ((FIRST, 0), (noon, -3 * 3600), (noon + HOUR, -3600))
        morning = calendar((((690, 700),),) * 7, transitions=odd)
        assert morning.next_open(noon - 2 * HOUR) == noon - 30 * MINUTE
        assert morning.next_open(noon) == noon + 24 * HOUR + 30 * MINUTE

    def test_overlapping_and_touching_spans_count_once(self) -> None:
        written = ((540, 720), (600, 660), (720, 1020), (1000, 1080))
        assert calendar((written,) * 7).between(FIRST, FIRST + DAY) == 9 * HOUR

    def test_it_shows_what_it_covers_and_not_its_tables(self) -> None:
        assert repr(calendar()) == f"Calendar(first={FIRST}, last={LAST})"


def test_twenty_five_years_hold_what_their_days_hold() -> None:
    first, last = parse_instant("2021-01-01T00:00:00+01:00"), parse_instant("2046-01-01T00:00:00+01:00")
    berlin = calendar(transitions=transitions("Europe/Berlin", first, last), first=first, last=last)
    weekdays = int(np.busday_count("2021-01-01", "2046-01-01"))
    assert berlin.between(first, last) == weekdays * 8 * HOUR
    noon = parse_instant("2021-01-04T12:00:00+01:00")
    assert berlin.add_days(noon, 5 * 52) == parse_instant("2022-01-03T12:00:00+01:00")
    assert berlin.share(noon, noon + 20 * MINUTE, 50) == noon + 10 * MINUTE
    assert berlin.share(noon, noon + 3, 50) == noon + 1  # cut to whole microseconds
