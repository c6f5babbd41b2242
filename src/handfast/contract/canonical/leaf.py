"""Leaves of canonical content: text, numbers, dates, durations, and values whose type the model leaves open."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from handfast.contract.english.values import spell_duration
from handfast.contract.terms import Duration, DurationUnit

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]
"""What JSON can hold without floats."""


def distinct(parts: list[Plain]) -> list[Plain]:
    """The parts once each: numbers by size, then the rest in the order of their text."""
    by_text = {json.dumps(part, sort_keys=True): part for part in parts}
    numbers = sorted(part for part in by_text.values() if isinstance(part, int))
    return [*numbers, *(by_text[key] for key in sorted(by_text) if not isinstance(by_text[key], int))]


def expected(plain: Any, kind: type) -> Any:
    """The value itself if it is exactly of this type; raises ValueError otherwise."""
    if type(plain) is not kind:
        raise ValueError(f"{plain!r} is no {kind.__name__}")
    return plain


def text(value: str) -> str:
    """Text in Unicode's composed form (NFC)."""
    return unicodedata.normalize("NFC", value)


def decimal_text(value: Decimal) -> str:
    """A decimal as plain digits without trailing zeros: ``0.9``, ``1400000``, never ``1E+3`` or ``-0``."""
    if not value.is_finite():
        raise ValueError(f"{value} is no amount")
    digits = format(value, "f")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if digits in {"-0", ""} else digits


def duration_plain(value: Duration) -> Plain:
    """A duration without the spelling in which it was written."""
    return {"unit": value.unit.value, "amount": value.amount}


def duration_back(plain: Any) -> Duration:
    """A duration in its canonical spelling."""
    unit, amount = DurationUnit(plain["unit"]), expected(plain["amount"], int)
    return Duration(unit, amount, str(spell_duration(unit, amount)))


def open_plain(value: object) -> Plain:
    """A value whose type the model leaves open (an example's attribute): its own type is written with it."""
    for kind, to in _OPEN:
        if isinstance(value, kind):
            return to(value)
    raise TypeError(f"{value!r} has no canonical form")


_OPEN: tuple[tuple[Any, Callable[[Any], Plain]], ...] = (
    (bool | int | None, lambda value: value),
    (str, text),
    (Decimal, lambda value: int(value) if value == value.to_integral_value() else {"decimal": decimal_text(value)}),
    (dt.date, lambda value: {"date": dt.date.isoformat(value)}),
    (tuple | list, lambda value: [open_plain(part) for part in value]),
    (frozenset, lambda value: {"set": distinct([open_plain(part) for part in value])}),
    (Mapping, lambda value: {"map": {text(str(key)): open_plain(part) for key, part in value.items()}}),
)


def open_value(plain: Any) -> object:
    """The value that ``open_plain`` wrote; lists become tuples."""
    if isinstance(plain, list):
        return tuple(open_value(part) for part in plain)
    if not isinstance(plain, dict):
        return plain
    ((tag, inner),) = plain.items()
    return _TAGGED[tag](inner)


_TAGGED: dict[str, Callable[[Any], object]] = {
    "decimal": Decimal,
    "date": dt.date.fromisoformat,
    "set": lambda parts: frozenset(open_value(part) for part in parts),
    "map": lambda parts: {key: open_value(part) for key, part in parts.items()},
}
