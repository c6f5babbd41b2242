"""Values as the core compares them: text folded, numbers exact, dates as ordinal days."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from handfast.condition.model import Value, ValueType

_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LARGEST = 10**18  # more is a mistake, and would make comparisons slow


class Typed(Protocol):
    """Anything that says its type: an attribute, a property, a piece of evidence."""

    @property
    def type(self) -> ValueType:
        """How its values compare."""

    @property
    def one_of(self) -> tuple[str, ...]:
        """The words a choice allows."""


Names = Mapping[str, ValueType | Typed]
"""The names that may be used somewhere, with their types."""


def type_of(name: ValueType | Typed) -> ValueType:
    """The type under which a name was declared."""
    return name if isinstance(name, ValueType) else name.type


def fold(text: str) -> str:
    """Text as it is compared: case and compatibility forms folded, trimmed, inner white space as single blanks.

    The Unicode rule is "compatibility caseless match" (Unicode Standard 3.13, D146) with composed results.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return " ".join(unicodedata.normalize("NFKC", once.casefold()).split())


def typed(raw: object, kind: ValueType) -> Value | None:
    """A raw value (of a form, a CSV cell, a contract's example) as the core compares it; None when it is empty.

    Raises ValueError when it cannot be read as this type.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    match kind:
        case ValueType.NUMBER | ValueType.MONEY:
            return number(raw)
        case ValueType.BOOLEAN:
            return _boolean(raw)
        case ValueType.DATE:
            return ordinal(raw)
        case _:
            return _text(raw)


def value_of(raw: object, kind: ValueType) -> Value | None:
    """Like ``typed``, with None also for what cannot be read: in a condition, nonsense is the same as unknown."""
    try:
        return typed(raw, kind)
    except ValueError:
        return None


def values_of(raw: Mapping[str, object], names: Names) -> dict[str, Value | None]:
    """Raw values by name, typed; names that are not declared are left out."""
    return {name: value_of(value, type_of(names[name])) for name, value in raw.items() if name in names}


def number(raw: object) -> int | Decimal:
    """A number, exact: whole ones as int. Raises ValueError for anything else, and beyond 10^18."""
    match raw:
        case str() if _NUMBER.fullmatch(raw.strip()):
            exact = Decimal(raw.strip())
        case float():
            exact = Decimal(repr(raw))  # as it was written, not as the float stands in memory
        case int() | Decimal() if not isinstance(raw, bool):
            exact = Decimal(raw)
        case _:
            raise ValueError("not a number")
    if not exact.is_finite() or abs(exact) > _LARGEST:
        raise ValueError("not finite, or beyond 10^18")
    return int(exact) if exact == exact.to_integral_value() else exact


def ordinal(raw: object) -> int:
    """A date as its proleptic Gregorian ordinal. Raises ValueError when it is not ``YYYY-MM-DD`` or a date."""
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw.toordinal()
    if isinstance(raw, str) and _DATE.fullmatch(raw.strip()):
        return dt.date.fromisoformat(raw.strip()).toordinal()
    raise ValueError("not a date")


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    words = {"true": True, "false": False}
    if isinstance(raw, str) and fold(raw) in words:
        return words[fold(raw)]
    raise ValueError("neither true nor false")


def _text(raw: object) -> str | None:
    match raw:
        case str():
            return fold(raw) or None
        case int() | Decimal() if not isinstance(raw, bool):
            return fold(str(raw))
        case _:
            raise ValueError("not text")
