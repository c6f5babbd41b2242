"""Values in English: durations, shares, money, dates, hours, lists.

Explanations, differences and refusals are built from these, so that one value never has two spellings and another
language has one place to begin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from handfast.contract.terms import Attempts, Disposition, DispositionKind, Duration, DurationUnit, Held, Per, PerPeriod
from handfast.instant import DAY, HOUR, MINUTE, SECOND, Instant, Span, to_datetime
from handfast.wording import Day, Number, Whole, Worded, counted, series, worded

MONTH_NAMES = (
    worded("January"),
    worded("February"),
    worded("March"),
    worded("April"),
    worded("May"),
    worded("June"),
    worded("July"),
    worded("August"),
    worded("September"),
    worded("October"),
    worded("November"),
    worded("December"),
)
DAY_NAMES = (
    worded("Monday"),
    worded("Tuesday"),
    worded("Wednesday"),
    worded("Thursday"),
    worded("Friday"),
    worded("Saturday"),
    worded("Sunday"),
)

_SHOWN = 4
"""Of a long list so many members are named, the rest counted."""


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 day``, ``2 days``, ``1,400 leads``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def join_and(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return series(parts, "{first} and {last}")


def join_or(parts: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return series(parts, "{first} or {last}")


def some_of(parts: Sequence[str]) -> str:
    """All of a short list, the first few of a long one and how many more there are."""
    if len(parts) <= _SHOWN + 1:
        return join_and(parts)
    shown = series(parts[:_SHOWN], "{first}, {last}")
    return worded("{shown} and {number} more", shown=shown, number=decimal(len(parts) - _SHOWN))


def a(noun: str) -> str:
    """A noun with its article: ``a form submitted``, ``an event attended``."""
    vowel = noun.startswith(("a", "e", "i", "o", "un"))
    return worded("an {noun}", noun=noun) if vowel else worded("a {noun}", noun=noun)


def sentence(text: str) -> str:
    """A phrase as a sentence: a capital to begin with, a full stop at the end."""
    return Worded(text[:1].upper() + text[1:] + ("" if text.endswith(".") else "."), Whole(text))


def quoted(text: str) -> str:
    """A title, or words of somebody's, in quotes."""
    return worded('"{value}"', value=text)


def spoken(name: str) -> str:
    """A key as people say it: ``no_budget`` is "no budget"."""
    return name.replace("_", " ")


def decimal(value: Decimal | int) -> str:
    """``1,400,000``, ``22.5``: without an exponent, without zeros at the end."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return Worded(text.rstrip("0").rstrip(".") if "." in text else text, Number(value))


def money(value: Decimal, currency: str) -> str:
    """``1,400,000 EUR``."""
    return worded("{amount} {currency}", amount=decimal(value), currency=currency)


def share(value: Decimal) -> str:
    """A fraction as per cent: ``22.5%``."""
    return percent(value * 100)


def percent(value: Decimal | int) -> str:
    """``22.5%``."""
    return worded("{number}%", number=decimal(value))


def spell_span(span: Span) -> str:
    """A length of time in its largest whole unit: ``4 hours``, ``90 days``."""
    if span % DAY == 0:
        return counted(span // DAY, "{number} day", "{number} days")
    if span % HOUR == 0:
        return counted(span // HOUR, "{number} hour", "{number} hours")
    if span % MINUTE == 0:
        return counted(span // MINUTE, "{number} minute", "{number} minutes")
    if span % SECOND == 0:
        return counted(span // SECOND, "{number} second", "{number} seconds")
    return counted(span, "{number} microsecond", "{number} microseconds")


def spell_open(span: Span) -> str:
    """A length of opening time: ``4 business hours``, ``30 business minutes``; never days, whose length differs."""
    if span % HOUR == 0:
        return counted(span // HOUR, "{number} business hour", "{number} business hours")
    if span % MINUTE == 0:
        return counted(span // MINUTE, "{number} business minute", "{number} business minutes")
    if span % SECOND == 0:
        return counted(span // SECOND, "{number} business second", "{number} business seconds")
    return counted(span, "{number} business microsecond", "{number} business microseconds")


def spell_duration(unit: DurationUnit, amount: int) -> str:
    """The canonical spelling of a duration: ``30 days``, ``4 business hours``, ``1 business day``."""
    if unit is DurationUnit.BUSINESS_DAYS:
        return counted(amount, "{number} business day", "{number} business days")
    return spell_open(amount) if unit is DurationUnit.BUSINESS_TIME else spell_span(amount)


def duration(value: Duration) -> str:
    """A duration in its canonical spelling, however it was written."""
    return spell_duration(value.unit, value.amount)


def per_period(value: PerPeriod, unit: str = "") -> str:
    """``90 MQLs a month``, ``1,400,000 EUR a quarter``."""
    amount = decimal(value.amount)
    return _A_PERIOD[value.per](worded("{amount} {unit}", amount=amount, unit=unit) if unit else amount)


_A_PERIOD: Mapping[Per, Callable[[str], str]] = {
    Per.MONTH: lambda amount: worded("{amount} a month", amount=amount),
    Per.QUARTER: lambda amount: worded("{amount} a quarter", amount=amount),
    Per.YEAR: lambda amount: worded("{amount} a year", amount=amount),
}


def attempts(value: Attempts) -> str:
    """``6 attempts spanning 10 business days``."""
    number = counted(value.count, "{number} attempt", "{number} attempts")
    return worded("{attempts} spanning {span}", attempts=number, span=duration(value.span))


def disposition(value: Disposition) -> str:
    """What becomes of a lead, as a verb: ``recycles after 90 days``."""
    if value.kind is DispositionKind.CLOSE:
        return worded("closes")
    if value.after is None:
        return worded("recycles on the date given")
    return worded("recycles after {span}", span=duration(value.after))


def held(value: Held) -> str:
    """``every Monday at 10:00``, ``on the first Tuesday of every month at 14:00``."""
    when: dict[str, str] = {"day": DAY_NAMES[value.weekday], "at": clock_time(value.minute)}
    months = join_and([MONTH_NAMES[month - 1] for month in value.months])
    if value.first and months:
        return worded("on the first {day} of {months} at {at}", months=months, **when)
    if value.first:
        return worded("on the first {day} of every month at {at}", **when)
    if months:
        return worded("every {day} of {months} at {at}", months=months, **when)
    return worded("every {day} at {at}", **when)


def day(value: dt.date) -> str:
    """``1 January 2027``."""
    return Worded(f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}", Day(value))


def days(values: Sequence[dt.date]) -> str:
    """Dates as data write them, for lists of holidays: ``2031-03-08 and 2032-03-08``."""
    return some_of([value.isoformat() for value in values])


def moment(instant: Instant, zone: str) -> str:
    """``1 January 2027, 00:00 (Europe/Berlin)``; seconds and their parts only where there are any."""
    local = to_datetime(instant, zone)
    seconds = "%H:%M:%S.%f" if local.microsecond else "%H:%M:%S"
    time = local.strftime(seconds if local.second or local.microsecond else "%H:%M")
    return worded("{day}, {time} ({zone})", day=day(local), time=time, zone=zone)


# Opening hours.

Spans = tuple[tuple[int, int], ...]


def clock_time(minute: int) -> str:
    """A minute of the day: ``09:00``, ``24:00``; beyond midnight ``06:00 the next day``."""
    if minute > 24 * 60:
        return worded("{time} the next day", time=clock_time(minute - 24 * 60))
    return f"{minute // 60:02}:{minute % 60:02}"


def spans(value: Spans) -> str:
    """``09:00-12:30 and 13:30-18:00``; ``closed`` when there are none."""
    hours = [worded("{opens}-{closes}", opens=clock_time(opens), closes=clock_time(closes)) for opens, closes in value]
    return join_and(hours) or worded("closed")


def week(hours: Sequence[Spans]) -> str:
    """``Monday to Thursday 09:00-12:30 and 13:30-18:00, Friday 09:00-15:00``."""
    runs: list[tuple[int, int]] = []
    for weekday, spans_of_day in enumerate(hours):
        if runs and runs[-1][1] == weekday - 1 and hours[weekday - 1] == spans_of_day:
            runs[-1] = runs[-1][0], weekday
        elif spans_of_day:
            runs.append((weekday, weekday))
    said = [worded("{days} {hours}", days=_run(*run), hours=spans(hours[run[0]])) for run in runs]
    return series(said, "{first}, {last}") or worded("never")


def _run(first: int, last: int) -> str:
    if first == last:
        return DAY_NAMES[first]
    if last == first + 1:
        return join_and(DAY_NAMES[first : last + 1])
    return worded("{first} to {last}", first=DAY_NAMES[first], last=DAY_NAMES[last])


def weekly_hours(hours: Sequence[Spans]) -> str:
    """The working time of a week without holidays: ``39.5 hours``."""
    minutes = sum(closes - opens for spans_of_day in hours for opens, closes in spans_of_day)
    return worded("{number} hours", number=decimal(round(Decimal(minutes) / 60, 2)))
