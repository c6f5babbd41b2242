"""What the properties of contracts share: one that has everything, and every single change that can be made to it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from handfast.condition import All, AnyOf, Condition, NoneOf, Operator, Test
from handfast.contract.model import Contract
from handfast.contract.terms import Duration, DurationUnit
from handfast.problem import Path

_CONDITION = set(typing.get_args(Condition))
_NAMED = {"weekday": 2, "zone": "Europe/Berlin", "holidays": "DE-BE", "effective_from": 1_798_758_000_000_000}

Mutant = tuple[Path, Any]

FOLLOWED = ("test_canonical.py", "test_condition_equal.py", "test_diff.py", "test_phrases.py")
"""Properties in which coverage counts branches: they alone come to some."""

FOLLOWED_TESTS = ("test_score_equal.py::test_the_loops_are_the_same_functions_compiled",)
"""The same of single tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Follow no branch of what is tried hundreds of times: that doubles what it costs, and other tests cover it."""
    for item in items:
        _, here, name = item.nodeid.partition("tests/properties/")
        if here and not name.startswith((*FOLLOWED, *FOLLOWED_TESTS)):
            item.add_marker("no_cover")


def sample(kind: Any, name: str = "") -> Any:
    """A value of a type of the model with nothing left out."""
    if name in _NAMED:
        return _NAMED[name]
    if kind in _SAMPLES:
        return _SAMPLES[kind]
    arguments = typing.get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        fields = dataclasses.fields(kind)
        return typing.cast("Any", kind)(**{field.name: sample(hints[field.name], field.name) for field in fields})
    return _sample_of(typing.get_origin(kind), arguments)


def _sample_of(origin: Any, arguments: tuple[Any, ...]) -> Any:
    if origin is Mapping:
        return {sample(arguments[0], "key"): sample(arguments[1])}
    if origin is frozenset:
        return frozenset({sample(arguments[0])})
    if origin is tuple:
        kept = [part for part in arguments if part is not Ellipsis]
        return tuple(sample(part) for part in kept)
    assert origin is types.UnionType
    return sample(_inner(arguments))


def _inner(arguments: tuple[Any, ...]) -> Any:
    kinds = [kind for kind in arguments if kind is not types.NoneType]
    return Condition if set(kinds) == _CONDITION else kinds[0]


_TEST = Test("industry", Operator.IN, frozenset({"software", "fintech"}))
_SAMPLES: dict[Any, Any] = {
    str: "word",
    int: 10,
    bool: True,
    Decimal: Decimal("0.5"),
    dt.date: dt.date(2027, 3, 28),
    object: "open",
    Duration: Duration(DurationUnit.BUSINESS_TIME, 14_400_000_000, "4 business hours"),
    Condition: All((_TEST, AnyOf((Test("employees", Operator.ABOVE, 50), Test("country", Operator.KNOWN, True))))),
}


def mutants(kind: Any, value: Any, path: Path = ()) -> Iterator[Mutant]:
    """Every value that differs from this one in a single place, with the place."""
    if kind in _LEAVES:
        yield from ((path, other) for other in _LEAVES[kind](value))
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from ((path, other) for other in kind if other is not value)
    elif dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            for place, other in mutants(hints[field.name], getattr(value, field.name), (*path, field.name)):
                yield place, dataclasses.replace(value, **{field.name: other})
    else:
        yield from _mutants_of(kind, value, path)


def _mutants_of(kind: Any, value: Any, path: Path) -> Iterator[Mutant]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Mapping:
        yield from _mapping_mutants(arguments, value, path)
    elif origin is frozenset:
        yield (*path, "+"), value | {sample(arguments[0]) + "+"}
        yield from (((*path, "-"), value - {part}) for part in sorted(value)[:1])
    elif origin is tuple:
        yield from _tuple_mutants(arguments, value, path)
    else:
        inner = _inner(arguments)
        yield path, sample(inner) if value is None else None
        if value is not None:
            yield from mutants(inner, value, path)


def _mapping_mutants(arguments: tuple[Any, ...], value: Any, path: Path) -> Iterator[Mutant]:
    fresh = [key for key in _fresh_keys(arguments[0]) if key not in value]
    for key in fresh[:1]:
        yield (*path, f"+{key}"), value | {key: sample(arguments[1])}
    for key in value:
        yield (*path, f"-{key}"), {name: part for name, part in value.items() if name != key}
        for place, other in mutants(arguments[1], value[key], (*path, str(key))):
            yield place, value | {key: other}


def _fresh_keys(kind: Any) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)
    if typing.get_origin(kind) is tuple:
        return [("fresh", "other")]
    return [dt.date(2029, 2, 1)] if kind is dt.date else ["fresh"]


def _tuple_mutants(arguments: tuple[Any, ...], value: Any, path: Path) -> Iterator[Mutant]:
    kinds = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else list(arguments)
    if arguments[-1] is Ellipsis:
        yield (*path, "+"), (*value, _other_than(arguments[0], value))
        yield from (((*path, "-"), value[:-1]) for _ in value[:1])
    for at, (kind, part) in enumerate(zip(kinds, value, strict=True)):
        for place, other in mutants(kind, part, (*path, at)):
            if other not in value:
                yield place, (*value[:at], other, *value[at + 1 :])


def _other_than(kind: Any, value: tuple[Any, ...]) -> Any:
    fresh = sample(kind)
    return next(other for _, other in mutants(kind, fresh) if other not in value) if fresh in value else fresh


def _of_condition(value: Any) -> Iterator[Any]:
    extra = Test("source", Operator.IS, "fair")
    if isinstance(value, Test):
        yield dataclasses.replace(value, name=value.name + "x")
        for other in {Operator.IS, Operator.NOT_IN, Operator.KNOWN} - {value.operator}:
            yield dataclasses.replace(value, operator=other)
        yield Test(value.name, Operator.IN_LIST, frozenset({"word"}), "word")
        yield dataclasses.replace(value, operand="something else")
        yield AnyOf((value, extra))
        yield NoneOf((value,))
        return
    yield type(value)((*value.parts, extra))
    for kind in {All, AnyOf, NoneOf} - {type(value)}:
        yield kind((*value.parts, extra))
    for at, part in enumerate(value.parts):
        yield type(value)(value.parts[:at] + value.parts[at + 1 :])
        yield from (type(value)((*value.parts[:at], other, *value.parts[at + 1 :])) for other in _of_condition(part))


def _of_duration(value: Duration) -> Iterator[Duration]:
    yield dataclasses.replace(value, amount=value.amount + 1)
    yield from (dataclasses.replace(value, unit=unit) for unit in DurationUnit if unit is not value.unit)


def _of_object(value: Any) -> Iterator[Any]:
    yield f"not {value}"
    if isinstance(value, tuple | list):
        yield (*value, "more")


_LEAVES: dict[Any, Callable[[Any], Iterator[Any]]] = {
    str: lambda value: iter([value + "x"]),
    int: lambda value: iter([value + 1, value - 1]),
    bool: lambda value: iter([not value]),
    Decimal: lambda value: iter([value + 1, value / 2 + 3]),
    dt.date: lambda value: iter([value + dt.timedelta(days=1)]),
    object: _of_object,
    Duration: _of_duration,
    Condition: _of_condition,
}


@pytest.fixture(scope="session")
def complete() -> Contract:
    """A contract with every field filled, one entry in every table."""
    return typing.cast("Contract", sample(Contract))


@pytest.fixture(scope="session")
def all_mutants(complete: Contract) -> list[tuple[Path, Contract]]:
    """Every contract that differs from the complete one in a single place."""
    return list(mutants(Contract, complete))
