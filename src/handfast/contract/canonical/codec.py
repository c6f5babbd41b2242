"""The way of every type of the model to plain data and back, led by the model's own annotations."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
import types
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, Union

from handfast.condition import Condition
from handfast.contract.canonical.condition import condition_back, condition_plain
from handfast.contract.canonical.leaf import (
    Plain,
    decimal_text,
    distinct,
    duration_back,
    duration_plain,
    expected,
    open_plain,
    open_value,
    text,
)
from handfast.contract.model import Attribution, Party, SqlDefinition, Step
from handfast.contract.terms import Duration, Held

UNORDERED: frozenset[tuple[type, str]] = frozenset(
    {
        (Party, "deputies"),
        (SqlDefinition, "needs"),
        (Attribution, "eligible"),
        (Attribution, "sales_sources"),
        (Attribution, "partner_sources"),
        (Step, "to"),
        (Held, "months"),
    }
)
"""Tuples that are sets in meaning: their order and repetitions are not content."""


class Codec(NamedTuple):
    """The way of one type to plain data and back."""

    to: Callable[[Any], Plain]
    back: Callable[[Any], Any]


def canonical_bytes(plain: Plain) -> bytes:
    """Plain data as RFC 8785 JSON: keys in UTF-16 order, no blanks, shortest escapes, UTF-8."""
    return json.dumps(_in_order(plain), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _in_order(plain: Plain) -> Plain:
    if isinstance(plain, dict):
        return {key: _in_order(plain[key]) for key in sorted(plain, key=lambda key: key.encode("utf-16-be"))}
    if isinstance(plain, list):
        return [_in_order(part) for part in plain]
    return plain


@functools.cache
def codec(kind: Any) -> Codec:
    """The codec of a type as it stands in the annotations: a new field of the model is content without a line here."""
    if kind in _LEAVES:
        return _LEAVES[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Codec(lambda value: str(kind(value).value), kind)
    if dataclasses.is_dataclass(kind):
        return _dataclass_codec(typing.cast("type", kind))
    made = _MADE_OF.get(typing.get_origin(kind))
    if made is None:
        raise TypeError(f"{kind} has no canonical form")
    return made(typing.get_args(kind))


def _dataclass_codec(kind: type) -> Codec:
    """Fields by name. One that is absent on the way back takes its default: older bytes stay readable."""
    hints = typing.get_type_hints(kind)
    fields = {field.name: codec(hints[field.name]) for field in dataclasses.fields(kind)}
    sets = {name for owner, name in UNORDERED if owner is kind}

    def to(value: Any) -> Plain:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} is no {kind.__name__}")
        plain = {name: part.to(getattr(value, name)) for name, part in fields.items()}
        return plain | {name: distinct(typing.cast("list[Plain]", plain[name])) for name in sets}

    def back(plain: dict[str, Plain]) -> Any:
        return kind(**{name: fields[name].back(part) for name, part in plain.items()})

    return Codec(to, back)


def _optional_codec(arguments: tuple[Any, ...]) -> Codec:
    """A type or nothing; the only other union of the model, a condition, is a leaf."""
    kinds = set(arguments) - {types.NoneType}
    only = _LEAVES[Condition] if kinds == set(typing.get_args(Condition)) else codec(*kinds)
    return Codec(
        lambda value: None if value is None else only.to(value),
        lambda plain: None if plain is None else only.back(plain),
    )


def _tuple_codec(arguments: tuple[Any, ...]) -> Codec:
    if arguments[-1] is Ellipsis:
        each = codec(arguments[0])
        return Codec(
            lambda value: [each.to(part) for part in value], lambda plain: tuple(each.back(part) for part in plain)
        )
    places = [codec(argument) for argument in arguments]
    return Codec(
        lambda value: [place.to(part) for place, part in zip(places, value, strict=True)],
        lambda plain: tuple(place.back(part) for place, part in zip(places, plain, strict=True)),
    )


def _set_codec(arguments: tuple[Any, ...]) -> Codec:
    each = codec(arguments[0])
    return Codec(
        lambda value: distinct([each.to(part) for part in value]),
        lambda plain: frozenset(each.back(part) for part in plain),
    )


def _mapping_codec(arguments: tuple[Any, ...]) -> Codec:
    """Keys that are text stay keys; a pair, as a target's two stages, becomes a key that holds JSON."""
    key, each = codec(arguments[0]), codec(arguments[1])
    pair = typing.get_origin(arguments[0]) is tuple

    def key_to(name: Any) -> str:
        return canonical_bytes(key.to(name)).decode() if pair else typing.cast("str", key.to(name))

    def to(value: Mapping[Any, Any]) -> Plain:
        plain = {key_to(name): each.to(part) for name, part in value.items()}
        if len(plain) != len(value):
            raise ValueError("two keys are one after Unicode normalisation")
        return plain

    def back(plain: dict[str, Plain]) -> Any:
        return {key.back(json.loads(name) if pair else name): each.back(part) for name, part in plain.items()}

    return Codec(to, back)


_MADE_OF: dict[Any, Callable[[tuple[Any, ...]], Codec]] = {
    Union: _optional_codec,
    types.UnionType: _optional_codec,
    tuple: _tuple_codec,
    frozenset: _set_codec,
    Mapping: _mapping_codec,
}


_LEAVES: dict[Any, Codec] = {
    str: Codec(text, lambda plain: expected(plain, str)),
    int: Codec(lambda value: expected(value, int), lambda plain: expected(plain, int)),
    bool: Codec(lambda value: expected(value, bool), lambda plain: expected(plain, bool)),
    object: Codec(open_plain, open_value),
    Decimal: Codec(decimal_text, Decimal),
    dt.date: Codec(dt.date.isoformat, dt.date.fromisoformat),
    Duration: Codec(duration_plain, duration_back),
    Condition: Codec(condition_plain, condition_back),
}
