"""The day of the week of a handoff is that of the contract's zone."""

from __future__ import annotations

import numpy as np

from handfast.instant import NEVER, parse_instant
from handfast.measure.weekday import WEEKDAYS, weekdays


def days(*texts: str, zone: str = "Europe/Berlin") -> list[str]:
    found = weekdays(np.array([parse_instant(text) if text else NEVER for text in texts], np.int64), zone)
    return [found.words[code] if code >= 0 else "" for code in found.codes]


def test_days_are_those_of_the_zone_in_summer_and_winter() -> None:
    assert days("2026-11-22T22:59:59Z", "2026-11-22T23:00:00Z") == ["sunday", "monday"]
    assert days("2026-07-19T21:59:59Z", "2026-07-19T22:00:00Z") == ["sunday", "monday"]
    assert days("2026-11-23T04:30:00Z", zone="America/New_York") == ["sunday"]
    assert days("1970-01-01T12:00:00Z", "1969-12-29T12:00:00Z") == ["thursday", "monday"]


def test_a_week_has_seven_days_and_never_is_on_none() -> None:
    week = [f"2026-11-{day}T12:00:00Z" for day in range(23, 30)]
    assert days(*week, "") == [*WEEKDAYS, ""]
    assert weekdays(np.array([], np.int64), "UTC").words == ()
