"""A file of exchange rates: ``day,currency,rate``, one unit of the currency in the contract's own."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from handfast.errors import RatesRefused
from handfast.measure.money import Rates
from handfast.problem import Mark, Problem

COLUMNS = ("day", "currency", "rate")


def no_rates(own: str) -> Rates:
    """Rates that know the contract's own currency alone."""
    return Rates(own.upper(), {})


def read_rates(text: str, own: str, *, file: str = "") -> Rates:
    """The rates of a CSV file with the columns day (2027-01-08), currency (its ISO code) and rate, in any order.

    ``own`` is the contract's currency. Raises RatesRefused with the line of every problem.
    """
    problems: list[Problem] = []
    found: dict[str, dict[dt.date, Decimal]] = {}
    reader = csv.reader(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines(), strict=False)
    header = [name.strip().lower() for name in next(reader, [])]
    if sorted(header) != sorted(COLUMNS):
        message = f"The first line of a file of rates names its columns: {','.join(COLUMNS)}."
        raise RatesRefused([Problem(code="rates_header", path=(), message=message, file=file, mark=Mark(1, 1))])
    for row in reader:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        said = list(_faults(cells, found)) if cells else []
        problems.extend(
            Problem(code="rates_line", path=(), message=message, file=file, mark=Mark(reader.line_num, 1))
            for message in said
        )
        if cells and not said:
            by_day = found.setdefault(cells["currency"].upper(), {})
            by_day[dt.date.fromisoformat(cells["day"])] = Decimal(cells["rate"])
    if problems:
        raise RatesRefused(problems)
    return Rates(own.upper(), found)


def _faults(cells: dict[str, str], known: dict[str, dict[dt.date, Decimal]]) -> Iterator[str]:
    """What is wrong with a line, in sentences."""
    day, currency, rate = (cells.get(name, "") for name in COLUMNS)
    if not (currency.isascii() and currency.isalpha() and len(currency) == 3):
        yield f"{currency!r} is no currency: write its code of three letters, such as USD."
    if _rate(rate) is None:
        yield f"{rate!r} is no rate: write how much of the contract's currency one unit is worth, such as 0.9125."
    date = _day(day)
    if date is None:
        yield f"{day!r} is no day: write it as 2027-01-08."
    elif date in known.get(currency.upper(), {}):
        yield f"{currency.upper()} has two rates of {day}."


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _rate(text: str) -> Decimal | None:
    """A positive number; neither infinite nor anything else that no amount can be multiplied by."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 < found < 10**9 else None
