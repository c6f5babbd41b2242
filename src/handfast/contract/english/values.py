"""Values in English: durations, shares, money, dates, hours, lists.

Explanations, differences and refusals are built from these, so that one value never has two spellings and another
language has one place to begin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from handfast.contract.terms import Attempts, Disposition, DispositionKind, Duration, DurationUnit, Held, PerPeriod
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

_SHOWN = 4
"""Of a long list so many members are named, the rest counted."""


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 day``, ``2 days``, ``1,400 leads``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def join_and(parts: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def join_or(parts: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return join_and(parts, "or")


def some_of(parts: Sequence[str]) -> str:
    """All of a short list, the first few of a long one and how many more there are."""
    if len(parts) <= _SHOWN + 1:
        return join_and(parts)
    return f"{', '.join(parts[:_SHOWN])} and {len(parts) - _SHOWN:,} more"


def a(noun: str) -> str:
    """A noun with its article: ``a form submitted``, ``an event attended``."""
    return f"an {noun}" if noun.startswith(("a", "e", "i", "o", "un")) else f"a {noun}"


def sentence(text: str) -> str:
    """A phrase as a sentence: a capital to begin with, a full stop at the end."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def spoken(name: str) -> str:
    """A key as people say it: ``no_budget`` is "no budget"."""
    return name.replace("_", " ")


def decimal(value: Decimal | int) -> str:
    """``1,400,000``, ``22.5``: without an exponent, without zeros at the end."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal, currency: str) -> str:
    """``1,400,000 EUR``."""
    return f"{decimal(value)} {currency}"


def share(value: Decimal) -> str:
    """A fraction as per cent: ``22.5%``."""
    return f"{decimal(value * 100)}%"


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


def per_period(value: PerPeriod, unit: str = "") -> str:
    """``90 MQLs a month``, ``1,400,000 EUR a quarter``."""
    return f"{decimal(value.amount)}{' ' if unit else ''}{unit} a {value.per}"


def attempts(value: Attempts) -> str:
    """``6 attempts spanning 10 business days``."""
    return f"{count(value.count, 'attempt')} spanning {duration(value.span)}"


def disposition(value: Disposition) -> str:
    """What becomes of a lead, as a verb: ``recycles after 90 days``."""
    if value.kind is DispositionKind.CLOSE:
        return "closes"
    return "recycles on the date given" if value.after is None else f"recycles after {duration(value.after)}"


def held(value: Held) -> str:
    """``every Monday at 10:00``, ``on the first Tuesday of every month at 14:00``."""
    name, at = DAY_NAMES[value.weekday], clock_time(value.minute)
    months = join_and([MONTH_NAMES[month - 1] for month in value.months])
    if value.first:
        return f"on the first {name} of {months or 'every month'} at {at}"
    return f"every {name}{' of ' + months if months else ''} at {at}"


def day(value: dt.date) -> str:
    """``1 January 2027``."""
    return f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}"


def days(values: Sequence[dt.date]) -> str:
    """Dates as data write them, for lists of holidays: ``2031-03-08 and 2032-03-08``."""
    return some_of([value.isoformat() for value in values])


def moment(instant: Instant, zone: str) -> str:
    """``1 January 2027, 00:00 (Europe/Berlin)``; seconds and their parts only where there are any."""
    local = to_datetime(instant, zone)
    seconds = "%H:%M:%S.%f" if local.microsecond else "%H:%M:%S"
    time = local.strftime(seconds if local.second or local.microsecond else "%H:%M")
    return f"{day(local)}, {time} ({zone})"


# Opening hours.

Spans = tuple[tuple[int, int], ...]


def clock_time(minute: int) -> str:
    """A minute of the day: ``09:00``, ``24:00``; beyond midnight ``06:00 the next day``."""
    if minute > 24 * 60:
        return f"{clock_time(minute - 24 * 60)} the next day"
    return f"{minute // 60:02}:{minute % 60:02}"


def spans(value: Spans) -> str:
    """``09:00-12:30 and 13:30-18:00``; ``closed`` when there are none."""
    return join_and([f"{clock_time(opens)}-{clock_time(closes)}" for opens, closes in value]) or "closed"


def week(hours: Sequence[Spans]) -> str:
    """``Monday to Thursday 09:00-12:30 and 13:30-18:00, Friday 09:00-15:00``."""
    runs: list[tuple[int, int]] = []
    for weekday, spans_of_day in enumerate(hours):
        if runs and runs[-1][1] == weekday - 1 and hours[weekday - 1] == spans_of_day:
            runs[-1] = runs[-1][0], weekday
        elif spans_of_day:
            runs.append((weekday, weekday))
    return ", ".join(f"{_run(*run)} {spans(hours[run[0]])}" for run in runs) or "never"


def _run(first: int, last: int) -> str:
    if first == last:
        return DAY_NAMES[first]
    return f"{DAY_NAMES[first]} {'and' if last == first + 1 else 'to'} {DAY_NAMES[last]}"


def weekly_hours(hours: Sequence[Spans]) -> str:
    """The working time of a week without holidays: ``39.5 hours``."""
    minutes = sum(closes - opens for spans_of_day in hours for opens, closes in spans_of_day)
    return f"{decimal(round(Decimal(minutes) / 60, 2))} hours"
