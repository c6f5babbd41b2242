"""When a window is over, found by walking through it minute by minute: slow, obvious, in no calendar's way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import holidays as holiday_lists
from tests.support.story.read import CaseRefused

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LINE = re.compile(r"^(\d+) (business )?(minutes?|hours?|days?) in (\w+) from (\S+) is (\S+)$")


def check_line(line: str, calendars: Mapping[str, Any]) -> str:
    """What is wrong with a line such as ``4 business hours in office from … is …``; empty when it is right."""
    found = LINE.match(line)
    if found is None:
        raise CaseRefused(f"{line!r} is not worked out: write '4 business hours in office from … is …'.")
    number, business, unit, name, start, said = found.groups()
    walked = _over(Desk(calendars[name]), int(number), bool(business), unit.rstrip("s"), _instant(start))
    return "" if walked == _instant(said) else f"{line}: walked through minute by minute it is {walked.isoformat()}"


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def _over(desk: Desk, number: int, business: bool, unit: str, start: dt.datetime) -> dt.datetime:
    if not business:
        return start + number * {"minute": MINUTE, "hour": 60 * MINUTE, "day": DAY}[unit]
    if unit == "day":
        return desk.days_on(start, number)
    left, at = number * (60 if unit == "hour" else 1), start
    while left:
        left -= desk.open(at)
        at += MINUTE
    return at


class Desk:
    """A calendar as the contract writes it."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.zone = ZoneInfo(written["zone"])
        self.week = {day: spans for days, spans in written["hours"].items() for day in _weekdays(days)}
        self.exceptions = written.get("exceptions", {})
        country, _, part = written.get("holidays", "").partition("-")
        self.free = holiday_lists.country_holidays(country, subdiv=part or None) if country else {}

    def spans(self, date: dt.date) -> list[tuple[int, int]]:
        """Minutes of the local day from its midnight; a night runs past 1440."""
        said = self.exceptions.get(date.isoformat())
        if said is None:
            said = [] if date in self.free else self.week.get(date.weekday(), [])
        return [] if said == "closed" else [_span(each) for each in said]

    def open(self, at: dt.datetime) -> bool:
        """Whether the minute that begins at an instant is working time."""
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        today = any(opens <= minute < closes for opens, closes in self.spans(local.date()))
        return today or any(minute + 1440 < closes for _, closes in self.spans(local.date() - DAY))

    def days_on(self, start: dt.datetime, number: int) -> dt.datetime:
        """The same local time that many working days later, for desks that close before midnight."""
        at = start
        while not self.open(at):
            at += MINUTE
        local = at.astimezone(self.zone)
        date, minute = local.date(), local.hour * 60 + local.minute
        while number:
            date += DAY
            number -= bool(self.spans(date))
        spans = sorted(self.spans(date))
        minute = min(minute, spans[-1][1])
        if not any(opens <= minute <= closes for opens, closes in spans):
            minute = min(opens for opens, _ in spans if opens > minute)
        midnight = dt.datetime.combine(date, dt.time(), self.zone)
        return (midnight + minute * MINUTE).astimezone(dt.UTC)


def _weekdays(days: str) -> range:
    first, _, last = days.partition("-")
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def _span(text: str) -> tuple[int, int]:
    opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return opens, closes if closes > opens else closes + 1440
