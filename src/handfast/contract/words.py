"""Small phrases of English for the values of a contract: the one place where they are spelled.

Explanations, differences and refusals are built from these, so that one phrase never has two spellings and another
language has one place to begin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handfast.contract.terms import Duration, DurationUnit
from handfast.instant import DAY, HOUR, MINUTE, SECOND, Instant, Span, to_datetime

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 day``, ``2 days``, ``1,400 leads``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def spell_span(span: Span, prefix: str = "") -> str:
    """A length of time in its largest whole unit: ``4 hours``, ``30 business minutes``, ``90 days``."""
    units = [(HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second"), (1, "microsecond")]
    if not prefix:
        units.insert(0, (DAY, "day"))
    size, noun = next((size, noun) for size, noun in units if span % size == 0)
    return count(span // size, prefix + noun)


def spell_duration(unit: DurationUnit, amount: int) -> str:
    """The canonical spelling of a duration: ``30 days``, ``4 business hours``, ``1 business day``."""
    if unit is DurationUnit.BUSINESS_DAYS:
        return count(amount, "business day")
    return spell_span(amount, "business " if unit is DurationUnit.BUSINESS_TIME else "")


def duration(value: Duration) -> str:
    """A duration in its canonical spelling, however it was written."""
    return spell_duration(value.unit, value.amount)


def join_and(parts: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def join_or(parts: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return join_and(parts, "or")


def day(value: dt.date) -> str:
    """``1 January 2027``."""
    return f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}"


def moment(instant: Instant, zone: str) -> str:
    """``1 January 2027, 00:00 (Europe/Berlin)``; seconds only where there are any."""
    local = to_datetime(instant, zone)
    time = local.strftime("%H:%M:%S" if local.second or local.microsecond else "%H:%M")
    return f"{day(local)}, {time} ({zone})"
