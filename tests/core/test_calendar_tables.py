"""The tables of docs/algorithms/business-time.md, row by row."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
from tests.support.tables import PAGES, Row, rows_of

from handfast.calendar import Calendar, Hours, compile_calendar
from handfast.instant import HOUR, MINUTE, NEVER, from_datetime, parse_instant
from handfast.zones import holiday_dates, transitions

PAGE = PAGES / "business-time.md"

FIRST, LAST = parse_instant("2026-01-01T00:00:00Z"), parse_instant("2028-01-01T00:00:00Z")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = {"minute": MINUTE, "hour": HOUR}


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _span(text: str) -> tuple[int, int]:
    opens, closes = (_minute(edge) for edge in text.split("-"))
    return opens, closes if closes > opens else closes + 1440


def _weekdays(text: str) -> tuple[str, ...]:
    first, _, last = text.partition("-")
    return DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]


def _hours(text: str) -> tuple[Hours, ...]:
    week: dict[str, Hours] = {}
    for part in text.split("; "):
        days, *spans = part.split()
        week |= dict.fromkeys(_weekdays(days), tuple(_span(span) for span in spans))
    return tuple(week.get(day, ()) for day in DAYS)


def _closed(text: str) -> dict[dt.date, Hours]:
    if not text:
        return {}
    first, last = (dt.date.fromisoformat(date) for date in text.split(" to "))
    return {first + dt.timedelta(days=day): () for day in range((last - first).days + 1)}


def _calendar(row: Row) -> Calendar:
    return compile_calendar(
        _hours(row["hours"]),
        transitions=transitions(row["zone"], FIRST, LAST),
        first=FIRST,
        last=LAST,
        exceptions=_closed(row["closed besides"]),
        holidays=[date for date, _ in holiday_dates(row["holidays"], 2026, 2027)] if row["holidays"] else (),
    )


ZONES = {row["calendar"]: row["zone"] for row in rows_of(PAGE, "calendar") if "zone" in row}
CALENDARS = {row["calendar"]: _calendar(row) for row in rows_of(PAGE, "calendar") if "zone" in row}
QUESTIONS = [row for row in rows_of(PAGE, "calendar") if "ask" in row]
OF_COLUMNS = [row for row in QUESTIONS if row["ask"].split(maxsplit=1)[0] not in {"share", "is_open"}]


def _instant(text: str, zone: str) -> int:
    """``Fri 2027-01-08 14:58``, checked to be a Friday; an offset may follow."""
    weekday, stated = text.split(" ", 1)
    moment = dt.datetime.fromisoformat(stated)
    assert DAYS[moment.weekday()] == weekday.lower(), text
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
        assert moment.utcoffset() == moment.replace(fold=1).utcoffset(), f"{text} is read twice or never in {zone}"
    return from_datetime(moment)


def _length(text: str) -> int:
    amount, unit = text.split()
    return int(amount) * UNITS[unit.removesuffix("s")]


def _due(calendar: Calendar, start: int, window: str) -> int:
    if window.endswith("working day"):
        return calendar.add_days(start, int(window.split(maxsplit=1)[0]))
    return calendar.add(start, _length(window))


def _answer(calendar: Calendar, zone: str, start: int, ask: str) -> int | bool:
    question, _, rest = ask.partition(" ")
    match question:
        case "add":
            return calendar.add(start, _length(rest))
        case "add_days":
            return calendar.add_days(start, int(rest))
        case "between":
            return calendar.between(start, _instant(rest, zone))
        case "share":
            percent, _, window = rest.partition(" of ")
            return calendar.share(start, _due(calendar, start, window), int(percent))
        case "next_open":
            return calendar.next_open(start)
    return calendar.is_open(start)


def _answers(calendar: Calendar, zone: str, start: int, ask: str) -> npt.NDArray[np.int64]:
    """The same asked of a column, in which the row stands between two others."""
    question, _, rest = ask.partition(" ")
    starts = np.array([FIRST, start, NEVER], dtype=np.int64)
    match question:
        case "add":
            return calendar.add_many(starts, _length(rest))
        case "add_days":
            return calendar.add_days_many(starts, int(rest))
        case "between":
            return calendar.between_many(starts, np.full(3, _instant(rest, zone)))
    return calendar.next_open_many(starts)


def _expected(text: str, zone: str) -> int | bool:
    if text in {"yes", "no"}:
        return text == "yes"
    return _length(text) if re.fullmatch(r"-?\d+ \w+", text) else _instant(text, zone)


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: f"{row['calendar']} {row['start']} {row['ask']}")
def test_the_page_is_true(row: Row) -> None:
    zone = ZONES[row["calendar"]]
    start = _instant(row["start"], zone)
    assert _answer(CALENDARS[row["calendar"]], zone, start, row["ask"]) == _expected(row["answer"], zone)


@pytest.mark.parametrize("row", OF_COLUMNS, ids=lambda row: f"{row['calendar']} {row['start']} {row['ask']}")
def test_the_page_is_true_of_columns(row: Row) -> None:
    zone = ZONES[row["calendar"]]
    answers = _answers(CALENDARS[row["calendar"]], zone, _instant(row["start"], zone), row["ask"])
    assert answers.tolist()[1:] == [_expected(row["answer"], zone), NEVER]


def test_the_compiled_intervals_are_as_shown() -> None:
    rows = list(rows_of(PAGE, "emea opens"))
    calendar, zone = CALENDARS["emea"], ZONES["emea"]
    start = _instant(rows[0]["emea opens"], zone)
    for row in rows:
        opens, closes = _instant(row["emea opens"], zone), _instant(row["closes"], zone)
        assert calendar.between(start, opens) == _length(row["worked before"])
        assert calendar.between(opens, closes) == closes - opens
        assert not calendar.is_open(opens - 1)
        assert not calendar.is_open(closes)


def test_every_table_is_read() -> None:
    tables = re.findall(r"^\|---", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(tables) == 1 + 1 + 5  # the calendars, the intervals, and those of questions
    assert len(QUESTIONS) > 40
    asked = {row["ask"].split(maxsplit=1)[0] for row in QUESTIONS}
    assert asked == {"add", "add_days", "between", "share", "next_open", "is_open"}
