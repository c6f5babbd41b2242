"""A contract as canonical content: one sequence of bytes for one meaning.

Content is every field of the model: titles, references and examples too, since they are part of what is signed. How a
phrase was spelled, in which order keys and unordered lists stood, comments and layout are not content. Text is
NFC; decimals are text without trailing zeros; instants are whole microseconds; there are no floats. The bytes
are JSON as RFC 8785 writes it. The same types lead the way back, so that bytes alone give the values again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, Union

from handfast.condition import All, AnyOf, Condition, NoneOf, Operator, Test, Value
from handfast.contract.english.values import spell_duration
from handfast.contract.model import Attribution, Contract, Party, SqlDefinition, Step
from handfast.contract.terms import Duration, DurationUnit, Held

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]
"""What JSON can hold without floats."""

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


def content(contract: Contract) -> dict[str, Plain]:
    """The canonical content of a contract, as plain data."""
    return typing.cast("dict[str, Plain]", to_plain(Contract, contract))


def contract_from(plain: Plain) -> Contract:
    """The contract whose canonical content this is; raises ValueError when it is none."""
    lists = plain.get("lists") if isinstance(plain, dict) else None
    if isinstance(lists, dict):
        return typing.cast("Contract", from_plain(Contract, _with_lists(plain, lists)))
    raise ValueError("this is no content of a contract")


def same(kind: Any, before: object, after: object) -> bool:
    """Whether two values of one type mean the same."""
    return to_plain(kind, before) == to_plain(kind, after)


def to_plain(kind: Any, value: object) -> Plain:
    """A value of a type of the model as plain data."""
    return codec(kind).to(value)


def from_plain(kind: Any, plain: Plain) -> Any:
    """The value of a type of the model from plain data; raises ValueError when it does not fit."""
    try:
        return codec(kind).back(plain)
    except (TypeError, KeyError, AttributeError, ArithmeticError) as problem:
        raise ValueError(f"this is no {getattr(kind, '__name__', kind)}: {problem!r}") from problem


def canonical_bytes(plain: Plain) -> bytes:
    """Plain data as RFC 8785 JSON: keys in UTF-16 order, no blanks, shortest escapes, UTF-8."""
    return json.dumps(_in_order(plain), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _in_order(plain: Plain) -> Plain:
    if isinstance(plain, dict):
        return {key: _in_order(plain[key]) for key in sorted(plain, key=lambda key: key.encode("utf-16-be"))}
    if isinstance(plain, list):
        return [_in_order(part) for part in plain]
    return plain


# One codec a type. Types are those of the model's annotations, so a new field is content without a line here.


@functools.cache
def codec(kind: Any) -> Codec:
    """The codec of a type as it stands in the model's annotations."""
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
        return plain | {name: _distinct(typing.cast("list[Plain]", plain[name])) for name in sets}

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
        lambda value: _distinct([each.to(part) for part in value]),
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


def _distinct(parts: list[Plain]) -> list[Plain]:
    """The parts once each: numbers by size, then the rest in the order of their bytes."""
    by_bytes = {canonical_bytes(part): part for part in parts}
    numbers = sorted(part for part in by_bytes.values() if isinstance(part, int))
    return [*numbers, *(by_bytes[key] for key in sorted(by_bytes) if not isinstance(by_bytes[key], int))]


# Leaves.


def _expected(plain: Any, kind: type) -> Any:
    if type(plain) is not kind:
        raise ValueError(f"{plain!r} is no {kind.__name__}")
    return plain


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value)


def decimal_text(value: Decimal) -> str:
    """A decimal as plain digits without trailing zeros: ``0.9``, ``1400000``, never ``1E+3`` or ``-0``."""
    if not value.is_finite():
        raise ValueError(f"{value} is no amount")
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _duration(value: Duration) -> Plain:
    return {"unit": value.unit.value, "amount": value.amount}


def _duration_back(plain: Any) -> Duration:
    unit, amount = DurationUnit(plain["unit"]), _expected(plain["amount"], int)
    return Duration(unit, amount, spell_duration(unit, amount))


def _raw(value: object) -> Plain:
    """A value whose type the model leaves open (an example's attribute): its own type is written with it."""
    for kind, to in _OPEN:
        if isinstance(value, kind):
            return to(value)
    raise TypeError(f"{value!r} has no canonical form")


_OPEN: tuple[tuple[Any, Callable[[Any], Plain]], ...] = (
    (bool | int | None, lambda value: value),
    (str, _text),
    (Decimal, lambda value: int(value) if value == value.to_integral_value() else {"decimal": decimal_text(value)}),
    (dt.date, lambda value: {"date": dt.date.isoformat(value)}),
    (tuple | list, lambda value: [_raw(part) for part in value]),
    (frozenset, lambda value: {"set": _distinct([_raw(part) for part in value])}),
    (Mapping, lambda value: {"map": {_text(str(key)): _raw(part) for key, part in value.items()}}),
)


def _raw_back(plain: Any) -> object:
    if isinstance(plain, list):
        return tuple(_raw_back(part) for part in plain)
    if not isinstance(plain, dict):
        return plain
    ((tag, inner),) = plain.items()
    return _TAGGED[tag](inner)


_TAGGED: dict[str, Callable[[Any], object]] = {
    "decimal": Decimal,
    "date": dt.date.fromisoformat,
    "set": lambda parts: frozenset(_raw_back(part) for part in parts),
    "map": lambda parts: {key: _raw_back(part) for key, part in parts.items()},
}


# Conditions: parts in the order of their bytes, nests of one kind flattened, a group of one is its part. A test on a
# list names it; what the list holds stands once, under the contract's lists.

_GROUPS: dict[str, type[All | AnyOf | NoneOf]] = {"all": All, "any": AnyOf, "none": NoneOf}
_GROUP_WORD = {kind: word for word, kind in _GROUPS.items()}
_SET_OPERATORS = {Operator.IN, Operator.NOT_IN, Operator.HAS_ANY_WORD}


def _condition(value: Condition) -> Plain:
    if isinstance(value, Test):
        operand = _text(value.list_name) if value.operator is Operator.IN_LIST else _raw(value.operand)
        if value.operator in _SET_OPERATORS and isinstance(operand, list):
            operand = _distinct(operand)
        return {"name": _text(value.name), "operator": value.operator.value, "operand": operand}
    word = _GROUP_WORD[type(value)]
    parts = _distinct(_flat(word, [_condition(part) for part in value.parts]))
    return parts[0] if len(parts) == 1 and word != "none" else {word: parts}


def _flat(word: str, parts: list[Plain]) -> list[Plain]:
    """All inside all, any inside any and any inside none are one group."""
    inner = "any" if word == "none" else word
    flat: list[Plain] = []
    for part in parts:
        group = part.get(inner) if isinstance(part, dict) else None
        flat.extend(group if isinstance(group, list) else [part])
    return flat


def _condition_back(plain: Any) -> Condition:
    if "operator" in plain:
        operand = typing.cast("Value", _raw_back(plain["operand"]))
        return Test(_expected(plain["name"], str), Operator(plain["operator"]), operand, plain.get("list_name", ""))
    ((word, parts),) = plain.items()
    return _GROUPS[word](tuple(_condition_back(part) for part in parts))


def _with_lists(plain: Plain, lists: dict[str, Plain]) -> Plain:
    """Plain data with the content of its list written into each test that names one."""
    if isinstance(plain, list):
        return [_with_lists(part, lists) for part in plain]
    if not isinstance(plain, dict):
        return plain
    if plain.get("operator") == Operator.IN_LIST.value and isinstance(name := plain.get("operand"), str):
        if name not in lists:
            raise ValueError(f"the list {name!r} is not part of the content")
        return plain | {"list_name": name, "operand": {"set": lists[name]}}
    return {key: _with_lists(part, lists) for key, part in plain.items()}


_LEAVES: dict[Any, Codec] = {
    str: Codec(_text, lambda plain: _expected(plain, str)),
    int: Codec(lambda value: _expected(value, int), lambda plain: _expected(plain, int)),
    bool: Codec(lambda value: _expected(value, bool), lambda plain: _expected(plain, bool)),
    object: Codec(_raw, _raw_back),
    Decimal: Codec(decimal_text, Decimal),
    dt.date: Codec(dt.date.isoformat, dt.date.fromisoformat),
    Duration: Codec(_duration, _duration_back),
    Condition: Codec(_condition, _condition_back),
}
