"""When clocks are due: windows of every kind, steps, calendars sealed and not, and the edges of time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.clock import (
    Calendars,
    calendars_between,
    calendars_sealed,
    due_at,
    due_at_many,
    is_met,
    started,
    step_at,
    tightened,
    window_of,
)
from handfast.contract import load
from handfast.contract.model import ClockName, Contract
from handfast.contract.seal import horizon, seal
from handfast.contract.terms import Duration, DurationUnit
from handfast.errors import OutsideCalendar
from handfast.instant import DAY, HOUR, MINUTE, NEVER, Instant, format_instant, parse_instant

TEXT = """\
handfast: 1
contract: clocked
version: 1
effective_from: 2027-01-01T00:00:00+01:00
zone: Europe/Berlin
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
calendars:
  default: berlin
  berlin: {zone: Europe/Berlin, hours: {mon-thu: ["09:00-12:30", "13:30-18:00"], fri: ["09:00-15:00"]}, holidays: DE-BE}
  boston: {zone: America/New_York, hours: {mon-fri: ["08:30-17:30"]}}
score: {fit: {signals: {industry: {when: {industry: software}, points: 60}}}}
definitions: {mql: {when: {total: {at_least: 60}}}}
routing: {to: inbound}
pools: {inbound: {calendar: boston}}
clocks:
  first_touch:
    within: {hand_raise: 5 business minutes, otherwise: 4 business hours}
    escalate: [{at: 50%, to: [owner]}, {at: 100%, to: [manager], do: re_route}, {at: 200%, to: [sales]}]
  working: {within: 2 days, escalate: [{at: 50%, to: [owner]}]}
  contest: {within: 2 business days, escalate: [{at: 100%, to: [marketing]}, {at: 50%, to: [marketing]}]}
"""


def loaded(text: str = TEXT) -> Contract:
    found = load(text)
    assert found.contract is not None, found.problems
    return found.contract


CONTRACT = loaded()
CALENDARS = calendars_between(CONTRACT, *horizon(CONTRACT.effective_from))
BERLIN = CALENDARS["berlin"]


def minutes(amount: int) -> Duration:
    return Duration(DurationUnit.BUSINESS_TIME, amount * MINUTE, f"{amount} business minutes")


def days(amount: int) -> Duration:
    return Duration(DurationUnit.BUSINESS_DAYS, amount, f"{amount} business days")


def wall(amount: int) -> Duration:
    return Duration(DurationUnit.WALL, amount * HOUR, f"{amount} hours")


def due(window: Duration, start: str, calendars: Calendars = CALENDARS) -> str:
    return format_instant(due_at(window, parse_instant(start), calendars["berlin"]), "Europe/Berlin")


@pytest.mark.parametrize(
    ("window", "start", "expected"),
    [
        (minutes(5), "2027-01-08T14:30:00+01:00", "2027-01-08T14:35:00+01:00"),
        (minutes(5), "2027-01-08T14:58:00+01:00", "2027-01-11T09:03:00+01:00"),  # Friday 15:00 is closed
        (minutes(2), "2027-01-08T14:58:00+01:00", "2027-01-08T15:00:00+01:00"),  # used up exactly at the close
        (minutes(5), "2027-01-09T23:00:00+01:00", "2027-01-11T09:05:00+01:00"),  # Saturday night
        (minutes(30), "2027-01-12T12:15:00+01:00", "2027-01-12T13:45:00+01:00"),  # over lunch
        (minutes(60), "2027-03-26T10:00:00+01:00", "2027-03-30T10:00:00+02:00"),  # Easter, and clocks forward
        (minutes(60), "2027-10-29T14:30:00+02:00", "2027-11-01T09:30:00+01:00"),  # clocks back
        (wall(4), "2027-01-08T23:00:00+01:00", "2027-01-09T03:00:00+01:00"),  # never waits
        (wall(24), "2027-03-27T12:00:00+01:00", "2027-03-28T13:00:00+02:00"),  # 24 hours, not the same time of day
        (days(1), "2027-01-12T16:00:00+01:00", "2027-01-13T16:00:00+01:00"),
        (days(1), "2027-01-07T16:00:00+01:00", "2027-01-08T15:00:00+01:00"),  # Friday ends at 15:00
        (days(1), "2027-01-09T16:00:00+01:00", "2027-01-12T09:00:00+01:00"),  # from Monday's opening
        (days(2), "2027-03-25T10:00:00+01:00", "2027-03-31T10:00:00+02:00"),  # Easter between
        (days(0), "2027-01-09T16:00:00+01:00", "2027-01-11T09:00:00+01:00"),
    ],
)
def test_a_window_is_over_when_it_should_be(window: Duration, start: str, expected: str) -> None:
    assert due(window, start) == expected


def test_the_hand_raise_has_its_own_window() -> None:
    clock = CONTRACT.clocks[ClockName.FIRST_TOUCH]
    assert str(window_of(clock, hand_raised=True)) == "5 business minutes"
    assert str(window_of(clock, hand_raised=False)) == "4 business hours"
    assert window_of(CONTRACT.clocks[ClockName.WORKING], hand_raised=True).amount == 2 * DAY


def test_a_clock_runs_in_the_calendar_of_its_pool_a_contest_never_does() -> None:
    assert CALENDARS.name_for(ClockName.FIRST_TOUCH, "inbound") == "boston"
    assert CALENDARS.name_for(ClockName.FIRST_TOUCH, None) == "berlin"
    assert CALENDARS.name_for(ClockName.CONTEST, "inbound") == "berlin"


def test_a_started_clock_knows_its_steps_in_working_time() -> None:
    start = parse_instant("2027-01-07T16:00:00+01:00")  # Thursday; two hours are left, six on Friday
    running = started(CONTRACT.clocks[ClockName.FIRST_TOUCH], start, CALENDARS)
    assert running.calendar == "berlin"
    assert [(each.step.at, format_instant(each.at, "Europe/Berlin")) for each in running.steps] == [
        (50, "2027-01-07T18:00:00+01:00"),
        (100, "2027-01-08T11:00:00+01:00"),
        (200, "2027-01-08T15:00:00+01:00"),
    ]
    assert running.due_at == running.steps[1].at


def test_steps_of_a_wall_window_fall_around_the_clock() -> None:
    start = parse_instant("2027-01-09T12:00:00+01:00")
    running = started(CONTRACT.clocks[ClockName.WORKING], start, CALENDARS, pool="inbound")
    assert running.calendar == "boston"
    assert [each.at for each in running.steps] == [start + DAY]
    assert running.due_at == start + 2 * DAY


def test_steps_of_working_days_fall_at_their_share_of_the_working_time_and_in_order() -> None:
    start = parse_instant("2027-01-12T09:00:00+01:00")  # 8 hours a day: 16 of them until Thursday 09:00
    running = started(CONTRACT.clocks[ClockName.CONTEST], start, CALENDARS, pool="inbound")
    assert [(each.step.at, format_instant(each.at, "Europe/Berlin")) for each in running.steps] == [
        (50, "2027-01-12T18:00:00+01:00"),
        (100, "2027-01-14T09:00:00+01:00"),
    ]


def test_another_hand_raise_keeps_the_earlier_due_and_the_first_start() -> None:
    clock, first = CONTRACT.clocks[ClockName.FIRST_TOUCH], parse_instant("2027-01-12T09:00:00+01:00")
    running = started(clock, first, CALENDARS)
    soon = started(clock, first + HOUR, CALENDARS, hand_raised=True)
    late = started(clock, first + 9 * HOUR, CALENDARS, hand_raised=True)
    assert tightened(running, soon) == soon._replace(started_at=first)
    assert tightened(running, late) is running
    assert tightened(running, running._replace(started_at=first + 1)) is running


def test_what_happens_at_the_due_itself_is_in_time() -> None:
    due_then = parse_instant("2027-01-12T09:00:00+01:00")
    assert is_met(due_then, due_then)
    assert not is_met(due_then, due_then + 1)
    assert not is_met(due_then, None)


def test_a_sealed_contract_gives_the_same_dues_as_its_draft() -> None:
    sealed = calendars_sealed(seal(CONTRACT))
    for name in ("berlin", "boston"):
        start = sealed[name].first
        for at in range(start, start + 3 * 366 * DAY, 40 * DAY + 7 * HOUR):
            assert due_at(minutes(700), at, sealed[name]) == due_at(minutes(700), at, CALENDARS[name])


def test_a_sealed_calendar_covers_its_fifteen_years_and_no_more() -> None:
    calendar = calendars_sealed(seal(CONTRACT))["berlin"]
    assert due_at(minutes(5), calendar.first, calendar) > calendar.first
    with pytest.raises(OutsideCalendar):
        due_at(minutes(5), calendar.first - 1, calendar)
    with pytest.raises(OutsideCalendar):
        due_at(minutes(5), calendar.last, calendar)


def test_holidays_of_the_next_year_count_where_it_has_begun() -> None:
    text = TEXT.replace("holidays: DE-BE", "holidays: NZ").replace("Europe/Berlin, hours", "Pacific/Auckland, hours")
    first, last = parse_instant("2026-12-30T10:00:00Z"), parse_instant("2026-12-31T23:30:00Z")
    calendar = calendars_between(loaded(text), first, last)["berlin"]
    assert calendar.is_open(parse_instant("2026-12-30T21:00:00Z"))  # Thursday, 10:00 in Auckland
    assert not calendar.is_open(parse_instant("2026-12-31T21:00:00Z"))  # Friday, New Year's Day


def test_each_calendar_is_compiled_once() -> None:
    calendars = calendars_between(CONTRACT, *horizon(CONTRACT.effective_from))
    assert calendars["berlin"] is calendars["berlin"]
    with pytest.raises(KeyError):
        calendars["nowhere"]


YEAR = st.integers(parse_instant("2027-01-01T00:00:00Z"), parse_instant("2028-01-01T00:00:00Z"))
WINDOW = st.one_of(st.integers(1, 5000).map(minutes), st.integers(0, 40).map(days), st.integers(1, 1000).map(wall))


@given(window=WINDOW, starts=st.lists(YEAR, max_size=8))
@settings(max_examples=examples(60))
def test_columns_say_what_single_starts_say(window: Duration, starts: list[Instant]) -> None:
    column = np.array([*starts, NEVER], dtype=np.int64)
    expected = [*(due_at(window, start, BERLIN) for start in starts), NEVER]
    assert due_at_many(window, column, BERLIN).tolist() == expected


@given(window=WINDOW, start=YEAR, low=st.integers(0, 100), high=st.integers(0, 300))
@settings(max_examples=examples(100))
def test_steps_come_in_the_order_of_their_shares_and_the_whole_is_the_due(
    window: Duration, start: Instant, low: int, high: int
) -> None:
    last = due_at(window, start, BERLIN)
    first, second = sorted((low, high))
    assert step_at(window, start, last, 100, BERLIN) == last
    assert start <= step_at(window, start, last, first, BERLIN) <= step_at(window, start, last, second, BERLIN)
