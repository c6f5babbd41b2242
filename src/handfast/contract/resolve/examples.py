"""Worked examples: names looked up, values checked against their types. Whether they hold is for others to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic_core import PydanticCustomError

from handfast.condition import ValueType, fold, typed
from handfast.condition.country import COUNTRIES
from handfast.contract import document as doc
from handfast.contract.builtin import BANDS, EXPECTED, EXPECTED_STATES, Expected
from handfast.contract.document import reader as r
from handfast.contract.model import Act, ActivityType, Attribute, Example
from handfast.contract.resolve import time as times
from handfast.contract.resolve.names import Ground, Known
from handfast.contract.resolve.words import ACT_KEYS
from handfast.instant import Instant
from handfast.problem import Path

T = TypeVar("T")

_POINTS = 10**9


@dataclass(frozen=True, slots=True)
class Words:
    """What an example may name."""

    zones: tuple[str, ...]  # the contract's own first, then those of its calendars
    attributes: Mapping[str, Attribute]
    activities: Mapping[str, ActivityType]
    pools: Iterable[str]
    disqualifiers: Iterable[str]


def examples(document: doc.Document, words: Words, ground: Ground) -> tuple[Example, ...]:
    """The examples in their order."""
    return tuple(
        _example(example, words, ("examples", index), ground) for index, example in enumerate(document.examples)
    )


def _example(example: doc.Example, words: Words, path: Path, ground: Ground) -> Example:
    at = times.instant(example.at, words.zones, (*path, "at"), ground)
    known = ground.known("attribute", words.attributes, ("attributes",))
    _check_values(example.given, words.attributes, known, (*path, "given"), ground)
    did = tuple(_act(act, at, words, (*path, "did", place), ground) for place, act in enumerate(example.did))
    expect = {
        key: _expected(key, value, words, (*path, "expect", key), ground) for key, value in example.expect.items()
    }
    return Example(name=example.name, at=at, given=example.given, did=did, expect=expect)


def _check_values(
    given: Mapping[str, object], declared: Mapping[str, Attribute], known: Known, path: Path, ground: Ground
) -> None:
    for name, value in given.items():
        here = (*path, name)
        if isinstance(value, str) and len(value) > r.LONGEST_TEXT:
            ground.problems.add("text_too_long", here, r.too_long(value))
            continue
        if known.has(name, here, ground.problems) and not _fits(value, declared[name]):
            kind = declared[name].type
            message = f"{name} is of type {kind}; {r.what(value)} is no such value."
            ground.problems.add("wrong_value", here, message, allowed=", ".join(declared[name].one_of))


def _fits(value: object, declared: Attribute) -> bool:
    """Whether a value is written as its type asks: numbers and booleans bare, the rest as text."""
    bare = declared.type in (ValueType.NUMBER, ValueType.MONEY, ValueType.BOOLEAN)
    if isinstance(value, list | dict) or isinstance(value, str) == bare:
        return False
    try:
        read = typed(value, declared.type)
    except ValueError:
        return False
    if declared.type is ValueType.COUNTRY:
        return read in COUNTRIES
    return not declared.one_of or read in [fold(word) for word in declared.one_of]


def _act(raw: Mapping[str, object], now: Instant, words: Words, path: Path, ground: Ground) -> Act:
    name, at = raw.get("on"), now
    if "on" not in raw and not ground.cuts.within((*path, "on")):
        ground.problems.add("missing", (*path, "on"), "'on' is missing; it names the activity.")
    if "at" in raw:
        at = _instant(raw["at"], words.zones, (*path, "at"), ground)
    properties = {key: value for key, value in raw.items() if key not in ACT_KEYS}
    known = ground.known("activity", words.activities, ("activities",))
    if "on" in raw and known.has(_name(name), (*path, "on"), ground.problems):
        declared = words.activities[str(name)].properties
        of_it = ground.known(f"property of {name}", declared, ("activities",))
        _check_values(properties, declared, of_it, path, ground)
    return Act(on=str(name), properties=properties, at=at)


_READERS: Mapping[Expected, Callable[[object], object]] = {
    Expected.POINTS: r.points,
    Expected.FLAG: r.flag,
    Expected.STATE: r.word_of(EXPECTED_STATES),
    Expected.BAND: r.word_of(BANDS),
}


def _expected(key: str, value: object, words: Words, path: Path, ground: Ground) -> object:
    """The value that must come out; instants as instants, everything else as written."""
    kind = EXPECTED.get(key)
    if kind is None:
        ground.known("outcome", EXPECTED).has(key, path, ground.problems)
    elif kind is Expected.INSTANT:
        return _instant(value, words.zones, path, ground)
    elif kind is Expected.POOL:
        ground.known("pool", words.pools, ("pools",)).has(_name(value), path, ground.problems)
    elif kind is Expected.DISQUALIFIER:
        unless: Path = ("definitions", "mql", "unless")
        ground.known("disqualifier", words.disqualifiers, unless).has(_name(value), path, ground.problems)
    else:
        _read(_READERS[kind], value, path, ground)
    return value


def _name(value: object) -> str:
    """A value as the name it may be; what no name can be stays recognisable in messages."""
    return value if isinstance(value, str) else r.what(value)


def _instant(value: object, zones: tuple[str, ...], path: Path, ground: Ground) -> Instant:
    return times.instant(_read(r.moment, value, path, ground), zones, path, ground)


def _read(reader: Callable[[object], T], value: object, path: Path, ground: Ground) -> T | None:
    """Ask a reader of values; its refusal is a problem."""
    try:
        return reader(value)
    except PydanticCustomError as error:
        words = error.context or {}
        ground.problems.add(error.type, path, words["message"], allowed=words["allowed"], nearest=words["meant"])
    return None
