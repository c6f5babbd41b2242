"""Calendars against somebody who watches the wall clock: slow, obvious, and without a line of the calendar's.

The watcher looks at the local clock of a zone again and again and remembers the furthest reading so far: during a
repeated hour nothing new is read, in a gap the clock has jumped. A moment is working time when that furthest
reading lies in a span of its own day, of the day before, or of the one before that. The rest is counting looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import PROOF, examples

from handfast.calendar import Calendar, Hours, compile_calendar
from handfast.errors import NeverOpens, OutsideCalendar
from handfast.instant import DAY, HOUR, MINUTE, SECOND, from_datetime, parse_instant
from handfast.zones import holiday_dates, transitions, zone_info

ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Europe/London", "Europe/Dublin"),
    *("Africa/Casablanca", "Africa/El_Aaiun", "America/Havana", "America/Santiago", "America/Asuncion"),
    *("America/St_Johns", "America/Los_Angeles", "America/Sao_Paulo", "America/Nuuk", "America/Caracas"),
    *("Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Gaza", "Asia/Beirut", "Asia/Amman", "Asia/Tokyo"),
    *("Asia/Pyongyang", "Asia/Shanghai", "Atlantic/Azores", "Africa/Cairo", "Africa/Juba", "Antarctica/Troll"),
    *("Antarctica/Casey", "Australia/Adelaide", "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham"),
    *("Pacific/Apia", "Pacific/Kwajalein", "Pacific/Kiritimati", "Pacific/Norfolk", "Europe/Moscow"),
    "Europe/Volgograd",
)
CLOSED: tuple[Hours, ...] = ((),) * 7


@dataclass(frozen=True)
class Plan:
    """A calendar as written, and the time it is asked about."""

    zone: str
    hours: tuple[Hours, ...]
    first: int
    last: int
    holidays: frozenset[dt.date] = frozenset()
    exceptions: Mapping[dt.date, Hours] = field(default_factory=dict)

    def spans(self, date: dt.date) -> Hours:
        if date in self.exceptions:
            return self.exceptions[date]
        return () if date in self.holidays else self.hours[date.weekday()]

    def overlaps(self) -> bool:
        """Whether some span runs into the next day's: no contract may, and whose day it then is nobody can say."""
        begin, end = (dt.date(1970, 1, 1) + dt.timedelta(days=moment // DAY) for moment in (self.first, self.last))
        days = [begin + dt.timedelta(days=day) for day in range(-8, (end - begin).days + 9)]
        later = pairwise(self.spans(day) for day in days)
        return any(one and other and one[-1][1] - 1440 > other[0][0] for one, other in later)

    def calendar(self) -> Calendar:
        return compile_calendar(
            self.hours,
            transitions=transitions(self.zone, self.first - 3 * DAY, self.last),
            first=self.first,
            last=self.last,
            exceptions=self.exceptions,
            holidays=self.holidays,
        )


class Watcher:
    """One look at the clock every ``step`` microseconds, from three days before the plan to three days after."""

    def __init__(self, plan: Plan, step: int) -> None:
        self.step = step
        self.start = (plan.first - 3 * DAY) // HOUR * HOUR
        self.readings = [_wall(plan.zone, moment) for moment in range(self.start, plan.last + 3 * DAY, step)]
        self.open: list[bool] = []
        self.begun: list[set[dt.date]] = []  # at each look: the dates of the spans that begin there
        self.ended: dict[dt.date, int] = {}  # the look after the last one at which a span of a date was running
        furthest, before = self.readings[0], set[tuple[dt.date, int]]()
        for look, reading in enumerate(self.readings):
            furthest = max(furthest, reading)
            running = _running(plan, furthest)
            self.open.append(bool(running))
            self.begun.append({date for date, _ in running - before})
            self.ended.update((date, look + 1) for date, _ in running)
            before = running

    def at(self, look: int) -> int:
        return self.start + look * self.step

    def look(self, moment: int) -> int:
        return (moment - self.start) // self.step

    def is_open(self, moment: int) -> bool:
        return self.open[self.look(moment)]

    def between(self, start: int, end: int) -> int:
        if end < start:
            return -self.between(end, start)
        looks = (look for look in range(self.look(start), self.look(end) + 1) if self.open[look])
        return sum(min(end, self.at(look + 1)) - max(start, self.at(look)) for look in looks)

    def next_open(self, moment: int) -> int | None:
        looks = (look for look in range(self.look(moment), len(self.open)) if self.open[look])
        return next((max(moment, self.at(look)) for look in looks), None)

    def add(self, start: int, span: int) -> int | None:
        if span == 0:
            return self.next_open(start)
        for look in range(self.look(start), len(self.open)):
            if self.open[look]:
                begin = max(start, self.at(look))
                if span <= self.at(look + 1) - begin:
                    return begin + span
                span -= self.at(look + 1) - begin
        return None

    def add_days(self, start: int, days: int) -> int | None:
        begin = self.next_open(start)
        if begin is None or days == 0:
            return begin
        here = self.look(begin)
        today = next(max(dates) for dates in reversed(self.begun[: here + 1]) if dates)
        later = sorted({date for dates in self.begun for date in dates if date > today})
        if len(later) < days:
            return None
        then = later[days - 1]
        reading = self.readings[here] + begin - self.at(here)
        due = min(self.first_reading(reading + (then - today).days * DAY), self.at(self.ended[then]))
        a_close = due == self.at(self.look(due)) and self.open[self.look(due) - 1]
        return due if a_close else self.next_open(due)

    def first_reading(self, wanted: int) -> int:
        looks = (look for look, reading in enumerate(self.readings) if reading + self.step > wanted)
        return next((self.at(look) + max(0, wanted - self.readings[look]) for look in looks), self.at(len(self.open)))


@lru_cache(20_000)  # several calendars are watched around the same change, one after the other
def _wall(zone: str, moment: int) -> int:
    local = dt.datetime.fromtimestamp(moment // SECOND, zone_info(zone))
    return from_datetime(local.replace(tzinfo=dt.UTC))


def _running(plan: Plan, reading: int) -> set[tuple[dt.date, int]]:
    """The spans, each by its date and place, that hold a reading of the local clock."""
    today = dt.date(1970, 1, 1) + dt.timedelta(days=reading // DAY)
    minute = reading % DAY / MINUTE
    return {
        (today - dt.timedelta(days=back), place)
        for back in range(3)
        for place, (opens, closes) in enumerate(plan.spans(today - dt.timedelta(days=back)))
        if opens <= minute + back * 1440 < closes
    }


def agree(plan: Plan, told: int | None, ask: Callable[..., int], *given: int) -> None:
    """The calendar says what the watcher told, and refuses what lies past its end."""
    if told is None or told > plan.last:
        with pytest.raises((OutsideCalendar, NeverOpens)):
            ask(*given)
    else:
        assert ask(*given) == told


def compare(plan: Plan, watcher: Watcher, moments: list[int], spans: list[int], days: list[int]) -> None:
    """Every question of the calendar, asked of both."""
    calendar = plan.calendar()
    for start, end in zip(moments, moments[1:] + moments[:1], strict=True):
        assert calendar.is_open(start) == watcher.is_open(start)
        assert calendar.between(start, end) == watcher.between(start, end)
        agree(plan, watcher.next_open(start), calendar.next_open, start)
        for span in spans:
            agree(plan, watcher.add(start, span), calendar.add, start, span)
        for count in days:
            agree(plan, watcher.add_days(start, count), calendar.add_days, start, count)


def edges(plan: Plan, watcher: Watcher) -> list[int]:
    """Every opening and close seen within the plan, and the moments just around it."""
    changes = (watcher.at(look) for look in range(1, len(watcher.open)) if watcher.open[look] != watcher.open[look - 1])
    near = (change + by for change in changes for by in (-SECOND, -1, 0, 1, SECOND))
    return [moment for moment in near if plan.first <= moment <= plan.last]


def week(**named: Hours) -> tuple[Hours, ...]:
    """Hours by the day's English name; days left out are closed."""
    return tuple(named.get(day, ()) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))


def every(*spans: tuple[int, int], days: int = 5) -> tuple[Hours, ...]:
    return tuple(spans if day < days else () for day in range(7))


def at(text: str) -> int:
    return parse_instant(text)


def region(name: str, *years: int) -> frozenset[dt.date]:
    return frozenset(date for date, _ in holiday_dates(name, years[0], years[-1]))


NINE_TO_FIVE, LUNCH = (540, 1020), ((540, 750), (810, 1080))
JANUARY = (at("2027-01-06T00:00:00Z"), at("2027-01-20T00:00:00Z"))
TRAPS = {
    "Saturday evening": Plan("Europe/Berlin", every(NINE_TO_FIVE), *JANUARY),
    "lunch breaks": Plan("Europe/Berlin", every(*LUNCH), *JANUARY),
    "overnight": Plan("Europe/Berlin", every((1320, 1800)), *JANUARY),
    "overnight meets the next morning": Plan("Europe/Berlin", every((0, 360), (1320, 1440 + 120)), *JANUARY),
    "two nights and a day": Plan("Europe/Berlin", week(mon=((1200, 2880),), thu=((0, 60),)), *JANUARY),
    "until 24:00": Plan("America/New_York", every((720, 1440)), *JANUARY),
    "around the clock": Plan("Asia/Kolkata", every((0, 1440), days=7), *JANUARY),
    "several spans": Plan("Asia/Tokyo", every((420, 540), (600, 660), (665, 700), (1380, 1440), days=6), *JANUARY),
    "shorter Friday": Plan("Europe/Berlin", (*every(*LUNCH)[:4], ((540, 900),), (), ()), *JANUARY),
    "Friday without a break": Plan("Europe/Berlin", (*every(*LUNCH)[:4], (NINE_TO_FIVE,), (), ()), *JANUARY),
    "holiday on 6 January in Baden-Württemberg": Plan(
        "Europe/Berlin", every(NINE_TO_FIVE), at("2027-01-03T00:00:00Z"), JANUARY[1], region("DE-BW", 2027)
    ),
    "holiday kept on another day": Plan(
        "America/New_York",
        every(NINE_TO_FIVE),
        at("2027-06-28T00:00:00Z"),  # 4 July 2027 is a Sunday, kept on Monday
        at("2027-07-09T00:00:00Z"),
        region("US", 2027),
    ),
    "exception opens a holiday": Plan(
        "Europe/London",
        every(NINE_TO_FIVE),
        at("2026-12-21T00:00:00Z"),
        at("2027-01-06T00:00:00Z"),
        region("GB-ENG", 2026, 2027),
        {dt.date(2026, 12, 25): ((600, 720),), dt.date(2026, 12, 23): ()},
    ),
    "no open day for a month": Plan(
        "Australia/Sydney",
        every(NINE_TO_FIVE),
        at("2027-06-28T00:00:00Z"),
        at("2027-08-05T00:00:00Z"),
        frozenset(dt.date(2027, 7, 1) + dt.timedelta(days=day) for day in range(31)),
    ),
    "never": Plan("Europe/Berlin", CLOSED, *JANUARY),
}


@pytest.mark.parametrize("name", TRAPS)
def test_every_minute_agrees_on(name: str) -> None:
    plan = TRAPS[name]
    watcher = Watcher(plan, MINUTE)
    around = [*edges(plan, watcher), *range(plan.first, plan.last, 11 * HOUR + 17 * MINUTE)]
    sample = around[:: max(1, len(around) // examples(8))] + around[:5]
    compare(plan, watcher, sample, [0, 1, 5 * MINUTE, 4 * HOUR, 7 * HOUR + 30 * MINUTE, 40 * HOUR], [0, 1, 2, 5])


CHANGES = {
    "Berlin in spring": ("Europe/Berlin", "2027-03-28T01:00:00Z"),
    "Berlin in autumn": ("Europe/Berlin", "2027-10-31T01:00:00Z"),
    "New York in spring": ("America/New_York", "2027-03-14T07:00:00Z"),
    "New York in autumn": ("America/New_York", "2027-11-07T06:00:00Z"),
    "Lord Howe, half an hour forward": ("Australia/Lord_Howe", "2027-10-02T15:30:00Z"),
    "Lord Howe, half an hour back": ("Australia/Lord_Howe", "2027-04-03T15:00:00Z"),
    "Havana repeats midnight": ("America/Havana", "2027-11-07T05:00:00Z"),
    "Beirut skips midnight": ("Asia/Beirut", "2027-03-27T22:00:00Z"),
}
NIGHTS = {
    "edges inside the change": every((90, 135), (150, 195), days=7),
    "edges at the change": every((60, 120), (180, 240), days=7),
    "the change within one span": every((0, 300), days=7),
    "overnight into the change": every((1320, 1440 + 150), days=7),
    "around midnight": every((0, 30), (45, 75), (1410, 1440), days=7),
}


@pytest.mark.parametrize("hours", NIGHTS)
@pytest.mark.parametrize("change", CHANGES)
def test_every_second_agrees_where_clocks_change(change: str, hours: str) -> None:
    zone, moment = CHANGES[change]
    plan = Plan(zone, NIGHTS[hours], at(moment) - 30 * HOUR, at(moment) + 30 * HOUR)
    watcher = Watcher(plan, MINUTE)
    seconds = [at(moment) + by for by in (-2 * HOUR, -SECOND, -1, 0, 1, SECOND, 30 * MINUTE, HOUR, 2 * HOUR)]
    compare(plan, watcher, [*edges(plan, watcher)[:: 1 if PROOF else 3], *seconds], [0, 1, 20 * MINUTE, 2 * HOUR], [1])


@pytest.mark.parametrize(
    ("zone", "moment", "step"),
    [
        ("Africa/Monrovia", "1972-01-07T00:44:30Z", 30 * SECOND),
        ("Asia/Kolkata", "1905-12-31T18:38:50Z", 10 * SECOND),
    ],
)
def test_offsets_of_seconds_agree(zone: str, moment: str, step: int) -> None:
    plan = Plan(zone, every((0, 15), (30, 50), (1380, 1441), days=7), at(moment) - 6 * HOUR, at(moment) + 20 * HOUR)
    watcher = Watcher(plan, step)
    compare(plan, watcher, edges(plan, watcher), [0, 1, 25 * MINUTE], [])


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Kwajalein"])
def test_a_date_that_never_was_is_no_working_day(zone: str) -> None:
    skipped = {"Pacific/Apia": dt.date(2011, 12, 30), "Pacific/Kwajalein": dt.date(1993, 8, 21)}[zone]
    around = from_datetime(dt.datetime(skipped.year, skipped.month, skipped.day, tzinfo=dt.UTC))
    plan = Plan(zone, every(*LUNCH, days=7), around - 5 * DAY, around + 5 * DAY)
    watcher = Watcher(plan, 5 * MINUTE)
    assert not any(skipped in dates for dates in watcher.begun)
    compare(plan, watcher, edges(plan, watcher), [0, 3 * HOUR, 30 * HOUR], [1, 2, 3])


@st.composite
def day_spans(draw: st.DrawFn) -> Hours:
    """Up to three spans of a day on five-minute edges, the last perhaps far into the next days."""
    cuts: list[int] = sorted(draw(st.sets(st.integers(0, 288), max_size=6)))
    spans = [(opens * 5, closes * 5) for opens, closes in zip(cuts[::2], cuts[1::2], strict=False)]
    late: int = draw(st.integers(0, 288)) if draw(st.integers(0, 7)) == 7 else 0  # seldom: most run into a neighbour
    if spans and late:
        spans[-1] = (spans[-1][0], min(2880, spans[-1][1] + late * 5))
    return tuple(spans)


@st.composite
def plans(draw: st.DrawFn, zone: str) -> Plan:
    """A calendar of a few days, more often than not around a change of the zone's clocks."""
    whole = at("1990-01-01T00:00:00Z"), at("2036-01-01T00:00:00Z")
    changes = [moment for moment, _ in transitions(zone, *whole)[1:]]
    anywhere = st.integers(whole[0] // DAY, whole[1] // DAY).map(lambda day: day * DAY)
    anchor = draw(st.sampled_from(changes) | anywhere if changes else anywhere)
    first, last = anchor - draw(st.integers(1, 4 * DAY)), anchor + draw(st.integers(1, 6 * DAY))
    date = st.integers(-5, 8).map(lambda day: dt.date(1970, 1, 1) + dt.timedelta(days=anchor // DAY + day))
    return Plan(
        zone,
        draw(st.tuples(*(day_spans() for _ in range(7)))),
        first,
        last,
        draw(st.frozensets(date, max_size=3)),
        draw(st.dictionaries(date, day_spans(), max_size=3)),
    )


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=examples(3))
@given(data=st.data())
def test_random_calendars_agree(zone: str, data: st.DataObject) -> None:
    plan = data.draw(plans(zone))
    watcher = Watcher(plan, 5 * MINUTE)
    moment = st.integers(plan.first, plan.last)
    near = edges(plan, watcher)
    some = moment | st.sampled_from(near) if near else moment
    moments = data.draw(st.lists(some, min_size=6, max_size=6))
    days = [] if plan.overlaps() else [data.draw(st.integers(0, 6))]
    compare(plan, watcher, moments, [0, data.draw(st.integers(1, 40 * HOUR))], days)
