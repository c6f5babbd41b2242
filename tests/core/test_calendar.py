"""Working time on calendars a team would write, worked out by hand."""

from __future__ import annotations

from handfast.calendar import compile_calendar
from handfast.instant import MINUTE, parse_instant
from handfast.zones import holiday_dates, transitions

FIRST = parse_instant("2026-01-01T00:00:00+00:00")
LAST = parse_instant("2028-12-31T00:00:00+00:00")
SPLIT = ((9 * 60, 12 * 60 + 30), (13 * 60 + 30, 18 * 60))
EMEA = compile_calendar(
    (SPLIT, SPLIT, SPLIT, SPLIT, ((9 * 60, 15 * 60),), (), ()),
    transitions=transitions("Europe/Berlin", FIRST, LAST),
    first=FIRST,
    last=LAST,
    holidays=[date for date, _ in holiday_dates("DE-BE", 2026, 2028)],
)


def test_the_contracts_example_is_due_on_monday_at_three_past_nine() -> None:
    start = parse_instant("2027-01-08T14:58:00+01:00")
    assert EMEA.add(start, 5 * MINUTE) == parse_instant("2027-01-11T09:03:00+01:00")
