"""Whatever a text says, checking it ends with words: contracts with some values exchanged for others of their kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.contract.text import read, values
from handfast.contract.text.tree import Table
from handfast.example import check
from handfast.problem import Problems, Severity

ROOT = Path(__file__).parents[2]
Where = tuple[str | int, ...]


def document(name: str) -> dict[str, Any]:
    root = read((ROOT / "examples" / name).read_bytes(), Problems()).root
    assert isinstance(root, Table)
    plain: dict[str, Any] = json.loads(json.dumps(values(root), default=float))
    return plain


def places(value: Any, where: Where = ()) -> Iterator[tuple[Where, Any]]:
    """Every scalar of a document with its place."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from places(part, (*where, key))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from places(part, (*where, at))
    else:
        yield where, value


def exchanged(value: Any, where: Where, new: Any) -> Any:
    """The document with one scalar exchanged."""
    if not where:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[where[0]] = exchanged(value[where[0]], where[1:], new)
    return copy


def key_of(where: Where) -> str:
    """The key a scalar stands under, for finding others of its kind."""
    return next(part for part in reversed(where) if isinstance(part, str))


DOCUMENTS = {
    name: document(name) for name in ("acme-inbound.yaml", "enterprise-territories.yaml", "small-inbound.yaml")
}
LIKE: dict[str, set[str]] = {}
for each in DOCUMENTS.values():
    for where_it_stands, scalar in places(each):
        if isinstance(scalar, str):
            LIKE.setdefault(key_of(where_it_stands), set()).add(scalar)
NUMBERS = [-100_000, -40, -1, 0, 1, 7, 40, 70, 100, 1000, 100_000]
ODD = [
    "2000-01-01T00:00:00Z", "2199-12-31T23:59:59Z", "2026-12-31T23:59:59.999999Z", "0%", "100%", "1 minute", "0 days",
    "1300 business days", "5000 business hours", "1 per year", "close", "Pacific/Kiritimati", "00:00-24:00", "GB-NIR",
]  # fmt: skip


@given(data=st.data(), name=st.sampled_from(sorted(DOCUMENTS)))
@settings(max_examples=examples(100))
def test_checking_always_ends_with_words(data: st.DataObject, name: str) -> None:
    changed: Any = DOCUMENTS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        where, old = data.draw(st.sampled_from(list(places(changed))))
        alike = [*sorted(LIKE.get(key_of(where), ())), *ODD]
        kinds = {bool: st.booleans(), str: st.sampled_from(alike)}
        new = data.draw(kinds.get(type(old), st.sampled_from(NUMBERS)))
        changed = exchanged(changed, where, new)
    checked = check(json.dumps(changed), file="changed.yaml")
    assert checked.refused == any(problem.severity is Severity.ERROR for problem in checked.problems)
    assert all(problem.mark is not None and problem.message.endswith(".") for problem in checked.problems)
    assert all(result.holds == (not result.differences) for result in checked.examples)


@pytest.mark.parametrize("text", ["", "[]", "handfast: 1", "\0", "handfast: 1\nexamples: [{}]", "{", b"\xff\xfe"])
def test_what_is_no_contract_is_refused_in_words(text: str | bytes) -> None:
    checked = check(text)
    assert checked.refused
    assert checked.contract is None
    assert checked.problems
