"""Frozen values of the core as plain data for JSON and back, from their own type annotations.

What has its usual value is left out, so a lead that did little is short, and a field that is added later with a usual
value reads from what was written before. A type that is not known here is refused when the codec is made, not when a
row is written.
"""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import orjson

from handfast.cycle.log import Log

Convert = Callable[[Any], Any]


class Codec(NamedTuple):
    """How values of one type are written and read.

    ``same``: what is written is the value itself, both ways. ``direct``: ``text`` takes the value as it is, so that
    whatever holds such values need not write each.
    """

    write: Convert
    read: Convert
    same: bool = False
    direct: bool = False


def _itself(value: Any) -> Any:
    return value


SAME = Codec(_itself, _itself, same=True, direct=True)


def _write_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"": str(value)}
    return value


def _read_value(raw: Any) -> Any:
    return Decimal(raw[""]) if isinstance(raw, dict) else raw


VALUE = Codec(_write_value, _read_value, direct=True)
"""A value of an attribute: a text, a whole number, a decimal, true or false, or None."""


def text(plain: Any) -> str:
    """What a codec wrote as JSON. Decimals among values of attributes are told apart here, enums are their values."""
    return orjson.dumps(plain, default=_write_value).decode()


def text_of_any(plain: Any) -> str:
    """The same where whole numbers may have more than 64 bits, as levels of many weights have.

    Then it begins with a space, and ``read_any`` reads it as it is.
    """
    try:
        return text(plain)
    except orjson.JSONEncodeError:
        return " " + json.dumps(plain, default=_write_value, ensure_ascii=False, separators=(",", ":"))


def read_any(row: str) -> Any:
    """What ``text_of_any`` wrote; orjson would make a fraction of a number that is too long for it."""
    return json.loads(row) if row.startswith(" ") else orjson.loads(row)


class Codecs:
    """The codecs of every type that was asked for. ``special`` are types with a codec of their own."""

    def __init__(self, special: Mapping[Any, Codec] | None = None) -> None:
        """Nothing asked yet."""
        self._made: dict[Any, Codec] = {
            int: SAME,
            str: SAME,
            bool: SAME,
            Decimal: Codec(str, Decimal),
            Fraction: Codec(str, Fraction),
            dt.date: Codec(dt.date.isoformat, dt.date.fromisoformat),
            **(special or {}),
        }

    def of(self, kind: Any) -> Codec:
        """The codec of a type. Raises TypeError for one that has none."""
        try:
            return self._made[kind]
        except KeyError:
            made = self._made[kind] = self._make(kind)
            return made

    def _make(self, kind: Any) -> Codec:
        origin, args = get_origin(kind), get_args(kind)
        if origin in {Union, types.UnionType}:
            return self._union(kind, args)
        if origin is None:
            return self._plain(kind)
        if origin is tuple:
            return self._tuple(args)
        if origin is frozenset:
            return _frozenset(self.of(args[0]))
        if origin is Log:
            one = self.of(args[0])
            return Codec(
                lambda log: [one.write(each) for each in log], lambda raw: Log([one.read(each) for each in raw])
            )
        if origin in {dict, Mapping} or (isinstance(origin, type) and issubclass(origin, Mapping)):
            return self._mapping(*args)
        raise TypeError(f"{kind} has no codec")

    def _plain(self, kind: Any) -> Codec:
        if isinstance(kind, type) and issubclass(kind, Enum):
            members = {member.value: member for member in kind}
            return Codec(lambda member: member.value, members.__getitem__, direct=True)
        if is_dataclass(kind):
            return self._record(kind)
        if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
            hints = get_type_hints(kind)
            return _named(kind, [self.of(hints[name]) for name in kind._fields])
        raise TypeError(f"{kind} has no codec")

    def _union(self, kind: Any, args: tuple[Any, ...]) -> Codec:
        rest = [each for each in args if each is not type(None)]
        if set(rest) == {str, int, Decimal, bool}:
            return VALUE
        if len(rest) != 1:
            raise TypeError(f"{kind} has no codec")
        one = self.of(rest[0])
        if one.same:
            return SAME
        return Codec(
            lambda value: None if value is None else one.write(value),
            lambda raw: None if raw is None else one.read(raw),
            direct=one.direct,
        )

    def _tuple(self, args: tuple[Any, ...]) -> Codec:
        if len(args) == 2 and args[1] is Ellipsis:
            one = self.of(args[0])
            if one.same:
                return Codec(_itself, tuple, direct=True)
            return Codec(
                lambda values: [one.write(value) for value in values],
                lambda raw: tuple([one.read(each) for each in raw]),
            )
        several = [self.of(each) for each in args]
        if all(each.same for each in several):
            return Codec(_itself, tuple, direct=True)
        return Codec(
            lambda values: [each.write(value) for each, value in zip(several, values, strict=True)],
            lambda raw: tuple([each.read(value) for each, value in zip(several, raw, strict=True)]),
        )

    def _mapping(self, key: Any, value: Any) -> Codec:
        keys, values = self.of(key), self.of(value)
        if keys.same and values.same:
            return Codec(dict, _itself)
        if keys.same and values.direct:
            return Codec(dict, lambda raw: {name: values.read(each) for name, each in raw.items()})
        return Codec(
            lambda whole: {keys.write(name): values.write(each) for name, each in whole.items()},
            lambda raw: {keys.read(name): values.read(each) for name, each in raw.items()},
        )

    def _record(self, kind: Any) -> Codec:
        hints = get_type_hints(kind)
        parts = [_Part(field.name, self.of(hints[field.name]), _usual(field)) for field in fields(kind) if field.init]
        return Codec(_writer(parts), _reader(kind, parts))


class _Part(NamedTuple):
    """A field of a record. ``usual`` is MISSING where it has no usual value."""

    name: str
    codec: Codec
    usual: Any


def _writer(parts: list[_Part]) -> Convert:
    """A function that looks at each field once. Source, because a loop over the parts costs three times as much."""
    lines = ["def write(value):", "    written = {}"]
    known: dict[str, Any] = {}
    for place, part in enumerate(parts):
        out = "part" if part.codec.direct else f"write{place}(part)"
        known[f"write{place}"], known[f"usual{place}"] = part.codec.write, part.usual
        lines.append(f"    part = value.{part.name}")
        if part.usual is MISSING:
            lines.append(f"    written[{part.name!r}] = {out}")
        else:
            differs = f"part is not usual{place} and part != usual{place}"
            lines += [f"    if {differs}:", f"        written[{part.name!r}] = {out}"]
    return _defined("write", [*lines, "    return written"], known)


def _reader(kind: Any, parts: list[_Part]) -> Convert:
    """The same for the way back; what is left out has its usual value."""
    known: dict[str, Any] = {"kind": kind, "new": object.__new__}
    given = []
    for place, part in enumerate(parts):
        known[f"read{place}"], known[f"usual{place}"] = part.codec.read, part.usual
        value = f"raw[{part.name!r}]" if part.codec.same else f"read{place}(raw[{part.name!r}])"
        known_to_be_there = part.usual is MISSING
        given.append(value if known_to_be_there else f"{value} if {part.name!r} in raw else usual{place}")
    known["names"] = frozenset(part.name for part in parts)
    lines = ["def read(raw):", "    if not raw.keys() <= names:", "        raise KeyError(raw.keys() - names)"]
    if hasattr(kind, "__slots__") or hasattr(kind, "__post_init__"):
        told = ", ".join(f"{part.name}={value}" for part, value in zip(parts, given, strict=True))
        return _defined("read", [*lines, f"    return kind({told})"], known)
    told = ", ".join(f"{part.name!r}: {value}" for part, value in zip(parts, given, strict=True))
    body = ["    made = new(kind)", f"    made.__dict__.update({{{told}}})", "    return made"]  # as ``changed`` does
    return _defined("read", [*lines, *body], known)


def _defined(name: str, lines: list[str], known: dict[str, Any]) -> Convert:
    exec("\n".join(lines), known)  # noqa: S102 # made of names of our own fields alone
    made: Convert = known[name]
    return made


def _usual(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return MISSING if field.default_factory is MISSING else field.default_factory()


def _frozenset(one: Codec) -> Codec:
    return Codec(
        lambda values: sorted(one.write(value) for value in values),
        lambda raw: frozenset([one.read(each) for each in raw]),
    )


def _named(kind: Any, parts: list[Codec]) -> Codec:
    """A named tuple as a list; in source as well, which names each place once."""
    known: dict[str, Any] = {"kind": kind}
    names = [f"part{place}" for place in range(len(parts))]
    for place, part in enumerate(parts):
        known[f"write{place}"], known[f"read{place}"] = part.write, part.read
    unpacked = f"    {', '.join(names)}, = value"

    out = [
        name if part.direct else f"write{place}({name})"
        for place, (name, part) in enumerate(zip(names, parts, strict=True))
    ]
    back = [
        name if part.same else f"read{place}({name})"
        for place, (name, part) in enumerate(zip(names, parts, strict=True))
    ]
    return Codec(
        _defined("write", ["def write(value):", unpacked, f"    return [{', '.join(out)}]"], known),
        _defined("read", ["def read(value):", unpacked, f"    return kind({', '.join(back)})"], known),
    )
