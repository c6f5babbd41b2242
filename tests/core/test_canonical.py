from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from handfast.condition import All, AnyOf, Condition, NoneOf, Operator, Test
from handfast.contract.canonical import (
    canonical_bytes,
    content,
    contract_from,
    decimal_text,
    from_plain,
    same,
    to_plain,
)
from handfast.contract.load import load
from handfast.contract.model import Contract, PartyName, Step
from handfast.contract.terms import Duration, DurationUnit, Held
from handfast.instant import DAY, HOUR

ENTERPRISE = "    - {when: {employees: {above: 1000}}, to: enterprise}\n"
DACH = "    - {when: {country: {in: [DE, AT, CH]}}, to: dach}\n"


def loaded(text: str) -> Contract:
    contract = load(text).contract
    assert contract is not None
    return contract


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# format", "# another comment"),
        ("parties:\n", "\n\nparties:   # who\n"),
        ("{verb: reject, kind: clerical, then: close}", "{then: close,   kind: clerical, verb: reject}"),
        ("4 business hours", "240 business minutes"),
        ("cool_off: 30 days", "cool_off: 720 hours"),
        ("{total: {at_least: 70}, fit: {at_least: 20}}", "{fit: {at_least: 20}, total: {at_least: 70}}"),
        ("[software, fintech]", "[fintech, Software]"),
        ("[VP, Head, Director, Chief]", "[chief, Director, HEAD, vp]"),
        ("needs: [budget, need, timeline]", "needs: [timeline, budget, need]"),
        ("to: [owner, manager]", "to: [manager, owner]"),
        ("2027-01-01T00:00:00+01:00", "2026-12-31T23:00:00Z"),
        ("title: Marketing-qualified lead", 'title: "Marketing-qualified lead"'),
        ("of jan apr jul oct", "of oct jul apr jan"),
        ("when: {industry: {in: [software, fintech]}}", "when: {all: [{industry: {in: [software, fintech]}}]}"),
    ],
)
def test_what_is_no_change_of_meaning_leaves_the_bytes_alone(acme_text: str, old: str, new: str) -> None:
    assert content(loaded(changed(acme_text, old, new))) == content(loaded(acme_text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 7", "version: 8"),
        ("4 business hours", "4 hours"),
        ("1 business day,", "8 business hours,"),
        ("title: Can decide", "title: Decides"),
        ("item 3", "item 4"),
        ("Two looks at pricing are not enough", "Two looks at pricing are too few"),
        ("[software, fintech]", "[software]"),
        (f"{ENTERPRISE}{DACH}", f"{DACH}{ENTERPRISE}"),
    ],
)
def test_a_change_of_meaning_changes_the_bytes(acme_text: str, old: str, new: str) -> None:
    assert content(loaded(changed(acme_text, old, new))) != content(loaded(acme_text))


def test_a_contract_comes_back_whole_from_its_content(acme: Contract) -> None:
    back = contract_from(content(acme))
    assert content(back) == content(acme)
    unordered = {
        "score",
        "definitions",
        "routing",
        "clocks",
        "attribution",
        "recycle",
        "targets",
        "reasons",
        "pools",
        "sales",
    }
    for field in dataclasses.fields(Contract):
        if field.name not in unordered:
            assert getattr(back, field.name) == getattr(acme, field.name), field.name


def test_a_list_stands_once_and_comes_back_into_the_conditions_that_name_it(acme: Contract) -> None:
    plain = content(acme)
    assert canonical_bytes(plain).count(b'"gmail.com"') == 1
    test = contract_from(plain).score.fit.signals["free_mail"].when
    assert isinstance(test, Test)
    assert test.list_name == "free_mail"
    assert test.operand == acme.lists["free_mail"]


def test_the_bytes_are_those_of_rfc_8785() -> None:
    plain: dict[str, Any] = {
        "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7,
        "text": "\u20ac$\x0f\nA'B\"\\\\\"/", "more": [True, None, 0, -5, []],
    }  # fmt: skip
    assert canonical_bytes(plain).decode() == (
        '{"\\r":2,"1":4,"more":[true,null,0,-5,[]],"text":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/",'
        '"\x80":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.90", "0.9"), ("1E+3", "1000"), ("-0.00", "0"), ("0", "0"), ("100", "100"), ("1400000.00", "1400000"),
        ("123456789012345678901234567890.10", "123456789012345678901234567890.1"), ("-2.50", "-2.5"),
    ],
)  # fmt: skip
def test_a_decimal_has_one_spelling(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_amount_has_no_spelling(value: str) -> None:
    with pytest.raises(ValueError, match="is no amount"):
        decimal_text(Decimal(value))


def test_text_is_one_in_both_forms_of_unicode() -> None:
    assert to_plain(str, "Mu\u0308ller") == to_plain(str, "M\u00fcller") == "M\u00fcller"
    with pytest.raises(ValueError, match="one after Unicode normalisation"):
        to_plain(Mapping[str, int], {"u\u0308": 1, "\u00fc": 2})


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -(10**18),
        "word",
        Decimal("2.5"),
        dt.date(2027, 2, 28),
        (1, "a", (True,)),
        frozenset({"a", "b"}),
        {"k": (1,)},
    ],
)
def test_open_values_come_back_with_their_type(value: object) -> None:
    back = from_plain(object, json.loads(canonical_bytes(to_plain(object, value))))
    assert back == value
    assert type(back) is type(value)


def test_whole_decimals_are_whole_numbers() -> None:
    assert same(object, Decimal("50.00"), 50)
    assert not same(object, Decimal("50.01"), 50)


@pytest.mark.parametrize("value", [1.5, b"bytes", object()])
def test_floats_and_strangers_have_no_canonical_form(value: object) -> None:
    with pytest.raises(TypeError, match="has no canonical form"):
        to_plain(object, value)


def test_a_type_without_a_form_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="has no canonical form"):
        to_plain(list[int], [1])


@pytest.mark.parametrize(("kind", "value"), [(int, True), (bool, 1), (int, "1"), (Step, "word")])
def test_a_value_of_another_type_is_refused(kind: Any, value: object) -> None:
    with pytest.raises((TypeError, ValueError), match="is no"):
        to_plain(kind, value)


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        (int, True), (str, 1), (Decimal, "x"), (dt.date, "2027-02-30"), (PartyName, "finance"), (Held, {"weekday": 1}),
        (Held, {"weekday": 1, "minute": 2, "more": 3}), (Duration, {"unit": "wall"}),
        (Duration, {"unit": "wall", "amount": "1"}),
        (object, {"float": "1"}), (object, {"a": 1, "b": 2}), (Condition, {"some": []}), (Condition, {"all": 1}),
        (Condition, {"name": 1, "operator": "is", "operand": 1}), (tuple[int, int], [1]),
        (Mapping[tuple[str, str], int], {"x": 1}),
    ],
)  # fmt: skip
def test_plain_data_that_is_no_value_of_the_type_is_refused(kind: Any, plain: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_plain(kind, plain)


@pytest.mark.parametrize("plain", [None, [], {}, {"lists": []}, {"lists": {}}])
def test_what_is_no_content_of_a_contract_is_refused(plain: Any) -> None:
    with pytest.raises(ValueError, match="no"):
        contract_from(plain)


def test_a_condition_on_a_list_that_is_not_there_is_refused(acme: Contract) -> None:
    plain: Any = content(acme)
    del plain["lists"]["competitors"]
    with pytest.raises(ValueError, match="the list 'competitors' is not part of the content"):
        contract_from(plain)


def test_a_field_that_older_bytes_do_not_have_takes_its_default() -> None:
    assert from_plain(Held, {"weekday": 1, "minute": 600}) == Held(1, 600)


A, B, C = (Test(name, Operator.IS, "x") for name in "abc")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (All((A, All((B, C)))), All((C, B, A))),
        (AnyOf((AnyOf((A, B)), A)), AnyOf((B, A))),
        (NoneOf((AnyOf((A, B)), C)), NoneOf((A, B, C))),
        (All((A,)), A),
        (AnyOf((AnyOf(()), A)), A),
        (All((All(()), A)), A),
    ],
)
def test_groups_that_ask_the_same_are_one(one: Condition, other: Condition) -> None:
    assert same(Condition, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (All((A, B)), AnyOf((A, B))),
        (NoneOf((A,)), A),
        (NoneOf((All((A, B)),)), NoneOf((A, B))),
        (All(()), AnyOf(())),
        (All((A, AnyOf((B, C)))), All((A, B, C))),
        (Test("n", Operator.BETWEEN, (1, 2)), Test("n", Operator.BETWEEN, (2, 1))),
    ],
)
def test_groups_that_ask_something_else_differ(one: Condition, other: Condition) -> None:
    assert not same(Condition, one, other)


def test_durations_come_back_in_canonical_spelling() -> None:
    written = Duration(DurationUnit.WALL, 48 * HOUR, "48 hours")
    assert from_plain(Duration, to_plain(Duration, written)) == Duration(DurationUnit.WALL, 2 * DAY, "2 days")
