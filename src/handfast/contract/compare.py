"""Where two contracts differ: walked together, field by field as the model has them, by their canonical content."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from handfast.condition import Condition
from handfast.contract.canonical import Plain, to_plain
from handfast.contract.english.difference import Place, Seen
from handfast.contract.model import Contract
from handfast.contract.terms import Attempts, Disposition, Duration, Fading, Held, PerPeriod

_WHOLE = {Duration, Fading, PerPeriod, Disposition, Attempts, Held}
"""Values that change as a whole: one phrase of the text each."""

_CONDITION = set(typing.get_args(Condition))


class _Side(NamedTuple):
    """A value of the model beside its canonical content."""

    value: Any
    plain: Any

    def field(self, name: str) -> _Side:
        """A field of a dataclass."""
        return _Side(getattr(self.value, name), self.plain[name])

    def entries(self) -> dict[str, tuple[Any, _Side]]:
        """The entries of a table by the canonical form of their key: the key itself, and the entry."""
        # Content is made in the order of the value, so that both can be read side by side.
        pairs = zip(self.value.items(), self.plain.items(), strict=True)
        return {name: (key, _Side(value, plain)) for (key, value), (name, plain) in pairs}


_NOTHING = _Side(None, None)


def differences(before: Contract, after: Contract) -> Iterator[Seen]:
    """Every place at which the canonical content of two contracts differs, as deep as one clause."""
    for kind, path, old, new in _walk(Contract, (), *(_Side(each, _content(each)) for each in (before, after))):
        yield Seen(before, after, path, kind, old, new)


def _content(contract: Contract) -> Plain:
    return to_plain(Contract, contract)


def _walk(kind: Any, path: Place, old: _Side, new: _Side) -> Iterator[tuple[Any, Place, Any, Any]]:
    if old.plain == new.plain:
        return
    inner = without_none(kind)
    if old.value is None or new.value is None or inner in _WHOLE:
        yield kind, path, old.value, new.value
    elif dataclasses.is_dataclass(inner):
        for name, each in _fields(typing.cast("type", inner)).items():
            yield from _walk(each, (*path, name), old.field(name), new.field(name))
    elif typing.get_origin(inner) is Mapping:
        yield from _walk_table(typing.get_args(inner)[1], path, old, new)
    else:
        yield kind, path, old.value, new.value


def _walk_table(kind: Any, path: Place, old: _Side, new: _Side) -> Iterator[tuple[Any, Place, Any, Any]]:
    """Entries by key, those of the old table first."""
    olds, news = old.entries(), new.entries()
    for name, (key, _) in {**olds, **news}.items():
        yield from _walk(kind, (*path, key), olds.get(name, (key, _NOTHING))[1], news.get(name, (key, _NOTHING))[1])


@functools.cache
def _fields(kind: type) -> Mapping[str, Any]:
    """The fields of a dataclass with their types."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def without_none(kind: Any) -> Any:
    """The type without "or nothing"; a condition is one type."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    kinds = set(typing.get_args(kind)) - {types.NoneType}
    return Condition if kinds == _CONDITION else kinds.pop()


def pattern(path: Place) -> str:
    """A place with a star for every key of a table: ``reasons.*.then``."""
    parts: list[str] = []
    kind: Any = Contract
    for part in path:
        inner = without_none(kind)
        if typing.get_origin(inner) is Mapping:
            parts.append("*")
            kind = typing.get_args(inner)[1]
        else:
            parts.append(str(part))
            kind = _fields(inner)[str(part)]
    return ".".join(parts)
