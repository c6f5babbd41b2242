from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handfast.audit.english import said, words
from handfast.instant import DAY, HOUR, MINUTE, SECOND, parse_instant

AT = parse_instant("2026-03-03T14:05:00+01:00")


def spaced(text: str) -> str:
    """With plain spaces, for reading."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.274, 0, "27 %"),
        (0.0, 0, "0 %"),
        (0.0, 1, "0 %"),
        (1.0, 1, "100 %"),
        (0.004, 0, "<1 %"),
        (0.0004, 1, "<0.1 %"),
        (0.997, 0, ">99 %"),
        (0.9997, 1, ">99.9 %"),
        (0.10525, 1, "10.5 %"),
        (None, 0, "—"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(value: float | None, places: int, text: str) -> None:
    assert spaced(words.share(value, places=places)) == text


@pytest.mark.parametrize(
    ("low", "high", "places", "text"),
    [
        (0.25, 0.30, 0, "25–30 %"),
        (0.0988, 0.1121, 1, "9.9–11.2 %"),
        (0.99985, 1.0, 1, ">99.9–100 %"),
        (0.251, 0.254, 0, "25 %"),
        (None, None, 0, ""),
        (0.1, None, 0, ""),
    ],
)
def test_an_interval_says_both_ends(low: float | None, high: float | None, places: int, text: str) -> None:
    assert spaced(words.interval(low, high, places=places)) == text


def test_a_narrow_interval_earns_a_decimal() -> None:
    assert (words.places(0.100, 0.115), words.places(0.10, 0.20), words.places(None, None)) == (1, 0, 0)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (None, "—"),
        (0, "0 s"),
        (42 * SECOND, "42 s"),
        (59.4 * SECOND, "59 s"),
        (59.6 * SECOND, "1 min"),
        (12 * MINUTE, "12 min"),
        (59.9 * MINUTE, "1 h"),
        (9 * HOUR + 20 * MINUTE, "9 h 20 min"),
        (23 * HOUR + 59.8 * MINUTE, "1 day"),
        (3 * DAY + 4 * HOUR, "3 days 4 h"),
        (9 * DAY + 23.8 * HOUR, "10 days"),
        (15.2 * DAY, "15 days"),
        (1_200 * DAY, "1,200 days"),
        (-2 * HOUR, "−2 h"),
    ],
)
def test_durations_in_peoples_words(span: float | None, text: str) -> None:
    assert spaced(words.duration(span)) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (None, "—"),
        (4 * HOUR, "4 h"),
        (31 * HOUR + 20 * MINUTE, "31 h 20 min"),
        (-31 * HOUR, "−31 h"),
        (120.4 * HOUR, "120 h"),
        (-1_200 * HOUR, "−1,200 h"),
    ],
)
def test_working_time_stays_in_hours_since_a_working_day_has_no_length(span: float | None, text: str) -> None:
    assert spaced(words.working(span)) == text


@given(st.floats(0, 400 * DAY, allow_nan=False))
def test_a_duration_never_says_sixty_minutes_or_twenty_four_hours(span: float) -> None:
    text = spaced(words.duration(span))
    assert "60 s" not in text
    assert "60 min" not in text
    assert "24 h" not in text


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (("35\u00a0days", "47\u00a0days"), "35–47 days"),
        (("50\u00a0min", "2\u00a0h"), "50 min to 2 h"),
        (("1\u00a0h\u00a04\u00a0min", "2\u00a0h"), "1 h 4 min to 2 h"),
        (("7\u00a0h", "7\u00a0h"), "7 h"),
        (("7\u00a0h",), "7 h"),
        ((), ""),
    ],
)
def test_two_lengths_in_one_unit_name_it_once(limits: tuple[str, ...], text: str) -> None:
    assert spaced(words.between(limits)) == text


def test_money_dates_and_months() -> None:
    assert spaced(words.money(2_500_000, "EUR")) == "EUR 25,000"
    assert words.money(2_500_000) == "25,000"
    assert words.money(None) == "—"
    assert spaced(words.date(AT, "Europe/Berlin")) == "3 March 2026"
    assert spaced(words.moment(AT, "Europe/Berlin")) == "3 March 2026, 14:05 CET"
    assert spaced(words.month("2026-12")) == "Dec 2026"


def test_lists_counts_and_ratios() -> None:
    assert [words.listed(list("abc"[:length])) for length in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert spaced(words.many(1, "lead")) == "1 lead"
    assert spaced(words.many(1_140, "person", "people")) == "1,140 people"
    assert [spaced(words.times(ratio)) for ratio in (3.04, 1.44, 12.3)] == ["3 times", "1.4 times", "12 times"]


def test_a_mark_of_direction_cannot_turn_a_number_around() -> None:
    assert words.clean("\u202e62 live\u202c") == "62 live"
    assert words.clean("a\tb\r\nc\x00\x1b[31m\ud800") == "a b  c[31m"


def test_a_long_name_is_cut() -> None:
    assert words.name("x" * 400) == "x" * 39 + "…"
    assert words.name("paid search") == "paid search"


def test_parts_are_said_by_their_names() -> None:
    assert said.parts("owner", [("sam", 140), ("", 20)]) == "By owner: sam 140, no owner 20."
    assert said.parts("owner", [("", 20)]) == ""
    assert said.parts("owner", []) == ""


def test_a_share_of_nothing_is_none() -> None:
    assert (said.share(0, 0), said.spread(0, 0)) == ("—", "")
