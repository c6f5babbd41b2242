"""Business time: one question, a million rows, compiling; beside workclock, and businesstimedelta where installed.

The calendar is an office in Berlin with a lunch break and the holidays of its state, over 25 years; questions lie
30 days apart.
"""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from timing import Figure, measure, race, ratio, report
from workclock import Break, Holidays, Rule, Schedule, WorkDay

from handfast.calendar import Calendar, Hours, compile_calendar
from handfast.instant import DAY, HOUR, MINUTE, Instant, parse_instant, to_datetime
from handfast.zones import holiday_dates, transitions

FIRST, LAST = parse_instant("2021-01-01T00:00:00Z"), parse_instant("2046-01-01T00:00:00Z")
BERLIN = "Europe/Berlin"
OFFSETS = transitions(BERLIN, FIRST, LAST)
HOLIDAYS = [date for date, _ in holiday_dates("DE-BE", 2020, 2046)]
HOURS: tuple[Hours, ...] = (((540, 750), (810, 1080)),) * 4 + (((540, 900),), (), ())
CALLS, PEER_CALLS, ROWS, PEER_ROWS = 20_000, 2_000, 1_000_000, 10_000
DISTANCE = 30 * DAY

Work = Callable[[], object]


def compiled() -> Calendar:
    return compile_calendar(HOURS, transitions=OFFSETS, first=FIRST, last=LAST, holidays=HOLIDAYS)


def peer() -> Schedule:
    rules: list[Rule] = [
        WorkDay(dt.time(9), dt.time(18), days=[0, 1, 2, 3]),
        WorkDay(dt.time(9), dt.time(15), days=[4]),
        Break(dt.time(12, 30), dt.time(13, 30), days=[0, 1, 2, 3]),
        Holidays(HOLIDAYS),
    ]
    return Schedule(rules, time_zone=BERLIN)


def each(ask: Callable[..., object], *columns: list[Any]) -> Work:
    """One call a row, in a plain loop, as a caller would."""

    def work() -> None:
        for row in zip(*columns, strict=True):
            ask(*row)

    return work


def single_questions(calendar: Calendar, schedule: Schedule, starts: list[Instant]) -> list[Figure]:
    told = [to_datetime(start, BERLIN) for start in starts[:PEER_CALLS]]
    later = [to_datetime(start + DISTANCE, BERLIN) for start in starts[:PEER_CALLS]]
    ends, days = [start + DISTANCE for start in starts], [15] * len(starts)
    windows, deltas = [160 * HOUR] * len(starts), [dt.timedelta(hours=160)] * len(told)
    works = {
        "between, 30 days apart": each(calendar.between, starts, ends),
        "workclock: between": each(schedule.between, told, later),
        "add, 160 hours": each(calendar.add, starts, windows),
        "workclock: add": each(schedule.add, told, deltas),
        "add_days, 15 business days": each(calendar.add_days, starts, days),
        "next_open": each(calendar.next_open, starts),
    }
    return _race(works, len(starts), len(told), "≤ 0.003")


def columns(calendar: Calendar, schedule: Schedule, starts: np.ndarray[Any, np.dtype[np.int64]]) -> list[Figure]:
    ends = starts + DISTANCE
    spans = np.random.default_rng(2).integers(0, 200 * HOUR, len(starts))
    told, later = starts[:PEER_ROWS].astype("datetime64[us]"), ends[:PEER_ROWS].astype("datetime64[us]")
    deltas = spans[:PEER_ROWS].astype("timedelta64[us]")
    works = {
        "between_many": lambda: calendar.between_many(starts, ends),
        "workclock: between_many": lambda: schedule.between_many(told, later),
        "add_many": lambda: calendar.add_many(starts, spans),
        "workclock: add_many": lambda: schedule.add_many(told, deltas),
        "add_days_many": lambda: calendar.add_days_many(starts, 15),
        "next_open_many": lambda: calendar.next_open_many(starts),
    }
    return _race(works, len(starts), len(told), "≤ 0.00033 (3 M/s)")


def _race(works: dict[str, Work], ours: int, theirs: int, reach: str) -> list[Figure]:
    peers = {name for name in works if name.startswith("workclock")}
    units = {name: theirs if name in peers else ours for name in works}
    return race(works, units=units, reach=dict.fromkeys(works.keys() - peers, reach))


def old_peer(starts: list[Instant]) -> Figure | None:
    """businesstimedelta, whose cost per question grows with the distance; None where it is not installed."""
    if importlib.util.find_spec("businesstimedelta") is None:
        return None
    businesstimedelta = importlib.import_module("businesstimedelta")
    zone = ZoneInfo(BERLIN)
    rules = businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(dt.time(9), dt.time(18), working_days=[0, 1, 2, 3], tz=zone),
            businesstimedelta.WorkDayRule(dt.time(9), dt.time(15), working_days=[4], tz=zone),
            businesstimedelta.LunchTimeRule(dt.time(12, 30), dt.time(13, 30), working_days=[0, 1, 2, 3], tz=zone),
        ]
    )
    told = [to_datetime(start, BERLIN) for start in starts[:200]]
    later = [moment + dt.timedelta(days=30) for moment in told]
    return measure("businesstimedelta: difference", each(rules.difference, told, later), units=len(told))


def main() -> None:
    calendar, schedule = compiled(), peer()
    starts = np.random.default_rng(1).integers(FIRST, LAST - 400 * DAY, ROWS) // MINUTE * MINUTE
    some: list[Instant] = starts[:CALLS].tolist()
    single, many = single_questions(calendar, schedule, some), columns(calendar, schedule, starts)
    old = old_peer(some)
    compiling = measure("compile 25 years", compiled, reach="≤ 300")
    figures = [*single, *([old] if old else []), *many, compiling]
    ratios = [ratio(theirs, ours) for ours, theirs in ((*single[:2],), (*single[2:4],), (*many[:2],), (*many[2:4],))]
    speeds = ", ".join(f"{figure.label} {1 / figure.cpu / 1000:.1f} M/s" for figure in many)
    report(
        "Business time, 30 days apart",
        figures,
        ratios=ratios,
        notes=[
            "A unit is one question; of the compiled calendar, the whole.",
            f"Units a run: {CALLS:,} questions, {ROWS:,} rows; of workclock {PEER_CALLS:,} and {PEER_ROWS:,}.",
            f"As rows a second: {speeds}.",
            "Peers measured for performance.md: businesstimedelta 1.3 ms, Frappe 8 to 13 s a question.",
            *([] if old else ["businesstimedelta is not installed here."]),
        ],
    )


if __name__ == "__main__":
    main()
