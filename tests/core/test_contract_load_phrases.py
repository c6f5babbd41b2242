"""What a phrase means, and what people probably meant when it is none."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from handfast.contract import hours, phrase
from handfast.contract.english.values import spell_duration
from handfast.contract.phrase import PhraseError
from handfast.contract.terms import DurationUnit, Held, counted, wall_text
from handfast.instant import DAY, HOUR, MINUTE, SECOND


@pytest.mark.parametrize(
    ("read", "written", "meant"),
    [
        (phrase.duration, "4h", "4 hours"),
        (phrase.duration, "15 min", "15 minutes"),
        (phrase.duration, "30 Days", "30 days"),
        (phrase.duration, "4 busines hours", "4 business hours"),
        (phrase.duration, "1 working day", "1 business day"),
        (phrase.duration, "2 weeks", "14 days"),
        (phrase.duration, "1 year", "365 days"),
        (phrase.duration, "1 quarter", "90 days"),
        (phrase.duration, "3 months", "90 days"),
        (phrase.duration, "2 working days", "2 business days"),
        (phrase.duration, "3 business weeks", "15 business days"),
        (phrase.duration, "1.5 hours", "90 minutes"),
        (phrase.duration, "1.5 days", ""),
        (phrase.duration, "5 fortnights", ""),
        (phrase.duration, "soon", ""),
        (phrase.wall_duration, "2 busines days", ""),
        (phrase.percent, "0.9", "90%"),
        (phrase.percent, "22.5", "22.5%"),
        (phrase.percent, "1", ""),
        (phrase.percent, "1.5", "1.5%"),
        (phrase.percent, "most", ""),
        (phrase.per_period, "1,400,000 per quarter", "1400000 per quarter"),
        (phrase.per_period, "1400000 per quartr", "1400000 per quarter"),
        (phrase.per_period, "1400000 per week", ""),
        (phrase.per_period, "a lot", ""),
        (phrase.disposition, "closed", "close"),
        (phrase.disposition, "recycle on the date given", "recycle on a date given"),
        (phrase.disposition, "recycle after 3 months", "recycle after 90 days"),
        (phrase.disposition, "recycle after a while", ""),
        (phrase.held, "monday 10:00", "mon"),
        (phrase.held, "first tue of january 14:00", "jan"),
        (phrase.held, "mon of jan 10:00", ""),
        (phrase.held, "first mon of 10:00", ""),
        (phrase.held, "", ""),
        (hours.span, "9-17", "09:00-17:00"),
        (hours.span, "9am-5pm", ""),
        (hours.weekdays, "monday-thursday", "mon-thu"),
        (hours.weekdays, "mon-wed-fri", ""),
        (hours.weekdays, "thurs", "thu"),
        (hours.weekdays, "mon-mon", "mon"),
    ],
)
def test_the_likely_meaning_is_offered(read: Callable[[str], object], written: str, meant: str) -> None:
    with pytest.raises(PhraseError) as refused:
        read(written)
    assert refused.value.meant == meant


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (phrase.duration, "0 minutes"),
        (phrase.duration, "3661 days"),
        (phrase.duration, "2611 business days"),
        (phrase.duration, "1 " + "x" * 200),
        (phrase.whole_percent, "33.3%"),
        (phrase.percent, "-5%"),
        (phrase.fading, "25%"),
        (phrase.fading, "0% every 14 days"),
        (phrase.fading, "25% every 2 business days"),
        (phrase.held, "first wed of jan jan 14:00"),
        (phrase.held, "mon 10:60"),
        (hours.span, "24:00-06:00"),
        (hours.span, "09:00-09:00"),
        (hours.span, "09:00-24:01"),
    ],
)
def test_what_makes_no_sense_is_refused(read: Callable[[str], object], written: str) -> None:
    with pytest.raises(PhraseError):
        read(written)


def test_the_longest_duration_is_ten_years() -> None:
    assert phrase.duration("3660 days").amount == phrase.LONGEST
    assert phrase.duration("2610 business days").amount == 2_610


def test_no_time_at_all_is_a_duration_where_it_may_be() -> None:
    assert phrase.wall_duration("0 days", zero=True).amount == 0


def test_a_share_is_exact() -> None:
    assert phrase.percent("22.5%") == Decimal("22.5")
    assert phrase.whole_percent("200 %") == 200


def test_only_a_clock_is_named_after_as() -> None:
    assert phrase.as_clock("as first_touch") == "first_touch"
    assert not phrase.as_clock("4 hours")


def test_months_of_a_meeting_stand_in_the_order_of_the_year() -> None:
    assert phrase.held("first wed of oct jan jul apr 14:00") == Held(2, 14 * 60, first=True, months=(1, 4, 7, 10))


@pytest.mark.parametrize(
    ("written", "days"),
    [("mon", (0,)), ("mon-thu", (0, 1, 2, 3)), ("sat-mon", (5, 6, 0)), ("sun-sat", (6, 0, 1, 2, 3, 4, 5))],
)
def test_a_range_of_days_may_run_over_the_weekend(written: str, days: tuple[int, ...]) -> None:
    assert hours.weekdays(written) == days


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("09:00-12:30", (540, 750)),
        ("9:00 - 12:30", (540, 750)),
        ("22:00-06:00", (1320, 1800)),
        ("22:00-00:00", (1320, 1440)),
        ("22:00-24:00", (1320, 1440)),
        ("00:00-24:00", (0, 1440)),
        ("23:59-23:58", (1439, 2878)),
    ],
)
def test_a_span_of_hours_is_minutes_of_the_day(written: str, span: tuple[int, int]) -> None:
    assert hours.span(written) == span


def test_spans_of_a_day_are_put_in_order_and_may_touch() -> None:
    assert hours.spans(["13:00-17:00", "09:00-13:00"]) == ((540, 780), (780, 1020))


def test_hours_of_a_week_overlap_across_midnight_and_across_sunday() -> None:
    night, early, day = ((1320, 1800),), ((300, 600),), ((540, 1020),)
    closed: hours.Hours = ()
    assert hours.overlap([night, early, *[closed] * 5]) == (0, 1)
    assert hours.overlap([early, *[closed] * 5, night]) == (6, 0)
    assert hours.overlap([day] * 7) is None
    assert hours.overlap([closed] * 7) is None
    assert hours.overlap([((1320, 1440),), ((0, 360),), *[closed] * 5]) is None


def test_lengths_are_written_in_their_largest_whole_unit() -> None:
    assert [wall_text(span) for span in (DAY, 36 * HOUR, 90 * MINUTE, MINUTE)] == [
        "1 day", "36 hours", "90 minutes", "1 minute",
    ]  # fmt: skip
    assert counted(0, "day") == "0 days"


def test_what_is_no_whole_minute_is_written_to_the_second_and_the_microsecond() -> None:
    assert [str(spell_duration(DurationUnit.BUSINESS_TIME, span)) for span in (90 * MINUTE, 30 * SECOND, 1)] == [
        "90 business minutes", "30 business seconds", "1 business microsecond",
    ]  # fmt: skip
    assert [str(spell_duration(DurationUnit.WALL, span)) for span in (30 * SECOND, 2)] == [
        "30 seconds", "2 microseconds",
    ]  # fmt: skip
