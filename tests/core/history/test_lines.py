"""Facts as lines: every kind there and back, the same line for the same fact, and every mistake placed."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handfast import facts
from handfast.engine.on import HANDLERS
from handfast.errors import FactsRefused
from handfast.facts import Fact
from handfast.history import read_facts, read_line, write_line, written
from handfast.history.file import MOST_SHOWN
from handfast.history.line import KINDS, snake
from handfast.history.values import CODECS
from handfast.instant import parse_instant

AT = parse_instant("2027-01-11T10:00:00+01:00")

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
_INSTANT = st.integers(parse_instant("1990-01-01T00:00:00Z"), parse_instant("2090-01-01T00:00:00Z"))
_WHOLE = st.integers(0, 10**6)
_AMOUNT = st.decimals(-(10**9), 10**9, places=2)
_VALUE = st.one_of(_TEXT, st.integers(-(10**9), 10**9), st.booleans(), _AMOUNT)
_OF = {
    "str": _TEXT,
    "Instant": _INSTANT,
    "bool": st.booleans(),
    "int": _WHOLE,
    "Decimal": _AMOUNT,
    "Mapping[str, Value]": st.dictionaries(_TEXT, _VALUE, max_size=3),
    "Mapping[str, Value | None]": st.dictionaries(_TEXT, st.none() | _VALUE, max_size=3),
    **{kind.__name__: st.sampled_from(kind) for kind in (facts.TouchKind, facts.Purpose, facts.Stage)},
    **{kind.__name__: st.sampled_from(kind) for kind in (facts.RerouteCause, facts.BreachCause)},
}


def _strategy(annotation: str) -> st.SearchStrategy[Any]:
    plain, _, none = annotation.partition(" | None")
    if annotation in _OF:
        return _OF[annotation]
    assert not none, annotation
    return st.none() | _OF[plain]


def _facts() -> st.SearchStrategy[Fact]:
    made: list[st.SearchStrategy[Fact]] = [
        st.builds(kind, **{field.name: _strategy(str(field.type)) for field in dataclasses.fields(kind)})
        for kind in KINDS.values()
    ]
    return st.one_of(made)


def test_every_kind_that_the_evaluator_takes_can_be_written() -> None:
    assert set(KINDS.values()) == set(HANDLERS)
    assert {str(field.type) for kind in HANDLERS for field in dataclasses.fields(kind)} <= set(CODECS)


@given(_facts())
def test_what_is_written_is_read_again(fact: Fact) -> None:
    line = write_line(fact)
    assert "\n" not in line
    assert read_line(line) == read_line(line.encode()) == fact
    assert write_line(read_line(line)) == line


def test_what_has_its_usual_value_is_left_out() -> None:
    fact = facts.TouchMade(id="t1", happened_at=AT, recorded_at=AT, lead="l1", by="lena", kind=facts.TouchKind.CONTACT)
    assert write_line(fact) == (
        '{"fact":"touch_made","id":"t1","happened_at":"2027-01-11T09:00:00Z","lead":"l1","by":"lena","kind":"contact"}'
    )


def test_the_order_of_names_does_not_change_a_line() -> None:
    one = facts.LeadCreated(
        id="l", happened_at=AT, recorded_at=AT, lead="l", attributes={"a": "x", "b": Decimal("1.50")}
    )
    two = dataclasses.replace(one, attributes={"b": Decimal("1.50"), "a": "x"})
    assert write_line(one) == write_line(two)
    assert '"attributes":{"a":"x","b":1.50}' in write_line(one)


def test_kinds_are_named_as_events() -> None:
    assert snake("LeadCreated") == "lead_created"
    assert "contract_in_force" in KINDS


def _read(text: str | bytes) -> list[Fact]:
    raw = text.encode() if isinstance(text, str) else text
    return [told.fact for told in read_facts(raw.splitlines(keepends=True), file="facts.jsonl")]


def _tick(number: int, at: int = AT, **values: Any) -> Fact:
    return facts.Tick(id=str(number), happened_at=at, recorded_at=at, lead="l1", **values)


def test_a_file_is_read_line_by_line_whatever_ends_the_lines() -> None:
    told = [_tick(1), _tick(2, AT + 1)]
    unix = "".join(written(told))
    assert _read(unix) == _read("\N{ZERO WIDTH NO-BREAK SPACE}" + unix.replace("\n", "\r\n") + "\n\n") == told


GOOD = '{"fact":"tick","id":"1","happened_at":"2027-01-11T09:00:00Z","lead":"l1"}'

REFUSED = {
    "{": ("not_json", "no line of JSON"),
    "[1]": ("not_an_object", "A fact is an object"),
    "null": ("not_an_object", "A fact is an object"),
    '{"id":"1"}': ("fact_missing", "Which kind"),
    '{"fact":7}': ("fact_missing", "Which kind"),
    '{"fact":"lead_creatd"}': ("fact_unknown", "Did you mean lead_created?"),
    GOOD.replace('"id"', '"ID"'): ("field_unknown", "Did you mean id?"),
    GOOD.replace(',"lead":"l1"', ""): ("field_missing", "lead is missing"),
    GOOD.replace('"l1"', '""'): ("field_empty", "lead is empty"),
    GOOD.replace('"l1"', "7"): ("field_wrong", "lead is a text"),
    GOOD.replace('"l1"', '"\\ud800"'): ("field_wrong", "half of a character"),
    GOOD.replace('"l1"', f'"{"x" * 10_001}"'): ("field_wrong", "at most 10,000 letters"),
    GOOD.replace("00Z", "00"): ("field_wrong", "an instant with an offset"),
    GOOD.replace("2027-01-11T09:00:00Z", "0001-01-01T00:00:00+23:59"): None,
    GOOD.replace('"1"', '"1","id":"2"'): ("not_json", '"id" stands in it twice'),
    GOOD.replace('"l1"', "NaN"): ("not_json", "NaN is no number"),
    GOOD.replace('"l1"', "9" * 5000): ("not_json", "too large"),
    "[" * 90_000: ("not_json", "too deep"),
    GOOD + " " * 100_000 + "x": ("line_too_long", "at most 100,000"),
    '{"fact":"member_set","id":"1","happened_at":"2027-01-11T09:00:00Z","pool":"p","rep":"r","weight":-1}': (
        "field_wrong",
        "0 or more",
    ),
    '{"fact":"deal_won","id":"1","happened_at":"2027-01-11T09:00:00Z","lead":"l","deal":"d","amount":1e40}': (
        "field_wrong",
        "amount is an amount",
    ),
    '{"fact":"lead_created","id":"1","happened_at":"2027-01-11T09:00:00Z","lead":"l","attributes":{"a":[1]}}': (
        "field_wrong",
        "a text, a number, true or false",
    ),
    '{"fact":"touch_made","id":"1","happened_at":"2027-01-11T09:00:00Z","lead":"l","by":"r","kind":"call"}': (
        "field_wrong",
        "one of attempt, contact",
    ),
}


@pytest.mark.parametrize("line", REFUSED, ids=range(len(REFUSED)))
def test_a_line_that_is_no_fact_is_refused_with_its_place(line: str) -> None:
    expected = REFUSED[line]
    if expected is None:
        assert _read(line)
        return
    with pytest.raises(FactsRefused) as refused:
        _read(f"{GOOD}\n\n{line}\n")
    (problem,) = refused.value.problems
    assert problem.code == expected[0]
    assert str(problem).startswith("facts.jsonl:3:")
    assert expected[1] in str(problem)
    assert len(str(problem)) < 1500
    json.dumps(str(problem)).encode("ascii")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(FactsRefused, match=r"facts\.jsonl:1:1: This is not UTF-8 text"):
        _read(b'{"fact":"\xff"}')


def test_facts_stand_in_the_order_in_which_they_were_recorded() -> None:
    with pytest.raises(FactsRefused, match=r"facts\.jsonl:2:1: recorded_at: .* before the fact above it"):
        _read("".join(written([_tick(1), _tick(2, AT - 1)])))


def test_every_problem_is_said_up_to_a_bound_and_no_fact_after_the_first() -> None:
    reader = read_facts([GOOD.encode(), b"{", GOOD.encode(), *[b"{"] * 100])
    assert next(reader).line == 1
    with pytest.raises(FactsRefused) as refused:
        next(reader)
    assert len(refused.value.problems) == MOST_SHOWN
