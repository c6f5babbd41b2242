"""How each type of a fact's field stands in JSON: read strictly, written so that reading gives the same value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from handfast.facts import BreachCause, Purpose, RerouteCause, Stage, TouchKind
from handfast.instant import Instant, parse_instant

LONGEST = 10_000
"""Letters of one text; more is a mistake."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 10**18
_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)
_NO_TEXT = re.compile("[\ud800-\udfff]")  # halves of a pair, which no text can be written with
_text_of = json.JSONEncoder(ensure_ascii=False).encode


class NotThis(ValueError):
    """A value that a field cannot have; the message says what it can."""


class Codec(NamedTuple):
    """How one type is read and written. ``read`` raises NotThis."""

    read: Callable[[object], Any]
    write: Callable[[Any], str]


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise NotThis("is a text")
    if len(raw) > LONGEST:
        raise NotThis(f"has at most {LONGEST:,} letters")
    if _NO_TEXT.search(raw):
        raise NotThis("holds half of a character, which is no text")
    return raw


def _instant(raw: object) -> Instant:
    try:
        return parse_instant(_text(raw))
    except ValueError:
        raise NotThis("is an instant with an offset, such as 2027-01-08T14:30:00+01:00") from None


def _write_instant(at: Instant) -> str:
    return f'"{(_EPOCH + timedelta(microseconds=at)).isoformat().removesuffix("+00:00")}Z"'


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise NotThis("is true or false")
    return raw


def _whole(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < _LARGEST:
        raise NotThis("is a whole number, 0 or more")
    return raw


def _amount(raw: object) -> Decimal:
    if isinstance(raw, str) and _DECIMAL.fullmatch(raw):
        return Decimal(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal) or not _DECIMAL.fullmatch(f"{raw:f}"):
        raise NotThis("is an amount, such as 2750 or 2750.50")
    return Decimal(raw)


def _value(raw: object) -> str | int | Decimal | bool:
    """One value of an attribute, a property or a piece of evidence, as it was told: nobody has typed it yet."""
    if isinstance(raw, str):
        return _text(raw)
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int) and abs(raw) < _LARGEST:
        return raw
    if isinstance(raw, Decimal) and _DECIMAL.fullmatch(f"{raw:f}"):
        return raw
    raise NotThis("holds a text, a number, true or false under each name")


def _values(raw: object) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise NotThis("is an object of names and values")
    return {_text(name): _value(value) for name, value in raw.items()}


def _changes(raw: object) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise NotThis("is an object of names and values")
    return {_text(name): None if value is None else _value(value) for name, value in raw.items()}


def _write_value(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return _text_of(value)


def _write_values(values: Mapping[str, object]) -> str:
    inside = ",".join(f"{_text_of(name)}:{_write_value(values[name])}" for name in sorted(values))
    return f"{{{inside}}}"


def _word(kind: type[StrEnum]) -> Codec:
    def read(raw: object) -> StrEnum:
        try:
            return kind(_text(raw))
        except ValueError:
            raise NotThis(f"is one of {', '.join(kind)}") from None

    return Codec(read, lambda value: _text_of(str(value)))


def _or_none(codec: Codec) -> Codec:
    return Codec(
        lambda raw: None if raw is None else codec.read(raw),
        lambda value: "null" if value is None else codec.write(value),
    )


_TEXT = Codec(_text, _text_of)
_INSTANT = Codec(_instant, _write_instant)
_WHOLE = Codec(_whole, str)
_AMOUNT = Codec(_amount, lambda value: f'"{value:f}"')

CODECS: Mapping[str, Codec] = {
    "str": _TEXT,
    "str | None": _or_none(_TEXT),
    "Instant": _INSTANT,
    "Instant | None": _or_none(_INSTANT),
    "bool": Codec(_flag, _text_of),
    "int": _WHOLE,
    "int | None": _or_none(_WHOLE),
    "Decimal": _AMOUNT,
    "Decimal | None": _or_none(_AMOUNT),
    "Mapping[str, Value]": Codec(_values, _write_values),
    "Mapping[str, Value | None]": Codec(_changes, _write_values),
    **{kind.__name__: _word(kind) for kind in (TouchKind, Purpose, Stage, RerouteCause, BreachCause)},
}
"""By the annotation that a field has in ``handfast.facts``."""
