"""A file of what marketing spent: ``day,source,campaign,amount`` in the contract's currency, campaigns left out or not.

A line says what was spent on a source, or on one of its campaigns, on a day. What is spent for a month is told on one
of its days: costs of periods that cut the month then count all of it on the side where the day lies.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from handfast.errors import SpendRefused
from handfast.problem import Mark, Problem

COLUMNS = ("day", "source", "campaign", "amount")
_OPTIONAL = "campaign"
_MOST = Decimal(10**12)
_LONGEST = 200


class Spent(NamedTuple):
    """What was spent on something on a day, in hundredths of the contract's currency."""

    day: dt.date
    source: str
    campaign: str
    amount: int


def read_spend(text: str, *, file: str = "") -> tuple[Spent, ...]:
    """The lines of a CSV file, its columns in any order. Raises SpendRefused with the line of every problem."""
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\0", "\N{REPLACEMENT CHARACTER}")
    reader = csv.reader(text.splitlines(), strict=False)
    header = [name.strip().lower() for name in next(reader, [])]
    if sorted({*header, _OPTIONAL}) != sorted(COLUMNS) or len(set(header)) != len(header):
        message = f"The first line of a file of spend names its columns: {','.join(COLUMNS)}."
        raise SpendRefused([Problem(code="spend_header", path=(), message=message, file=file, mark=Mark(1, 1))])
    problems: list[Problem] = []
    found: dict[tuple[str, str, str], Spent] = {}
    for row in reader:
        cells = dict.fromkeys(COLUMNS, "") | dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not any(cells.values()):
            continue
        key = (cells["day"], cells["source"], cells["campaign"])
        said = list(_faults(cells, known=key in found))
        mark = Mark(reader.line_num, 1)
        problems.extend(Problem(code="spend_line", path=(), message=each, file=file, mark=mark) for each in said)
        if not said:
            amount = int(_amount(cells["amount"]) * 100)
            found[key] = Spent(dt.date.fromisoformat(cells["day"]), cells["source"], cells["campaign"], amount)
    if problems:
        raise SpendRefused(problems)
    return tuple(found.values())


def _faults(cells: dict[str, str], *, known: bool) -> Iterator[str]:
    """What is wrong with a line, in sentences."""
    if _day(cells["day"]) is None:
        yield f"{cells['day']!r} is no day: write it as 2027-01-08."
    if not cells["source"]:
        yield "The source is missing: name it as leads are told with it."
    yield from (
        f"The {name} is longer than {_LONGEST} characters." for name in COLUMNS[1:3] if len(cells[name]) > _LONGEST
    )
    if _amount(cells["amount"]) < 0:
        yield f"{cells['amount']!r} is no amount: write it as 1250.50, in the contract's currency; 0 takes one back."
    if known:
        yield "The same day, source and campaign stand in the file twice."


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None  # one spelling of each day: 20270108 is the same one again


def _amount(text: str) -> Decimal:
    """The amount; -1 for what is none: negative, infinite, too large, or finer than hundredths."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return Decimal(-1)
    is_one = found.is_finite() and 0 <= found < _MOST and found * 100 == int(found * 100)
    return found if is_one else Decimal(-1)
