"""What conditions can be: cases that the drawn ones of tests/properties reach only by luck."""

from __future__ import annotations

from typing import Any

import pytest

from handfast.condition import Condition, ValueType, parse
from handfast.contract.check.domain import domain_of
from handfast.contract.check.reach import Box, assumed, without_scores
from handfast.contract.model import Attribute
from handfast.problem import Problems

ATTRIBUTES = {
    "title": Attribute(name="title", type=ValueType.TEXT),
    "country": Attribute(name="country", type=ValueType.COUNTRY),
    "employees": Attribute(name="employees", type=ValueType.NUMBER),
    "tier": Attribute(name="tier", type=ValueType.CHOICE, one_of=("Gold", "Silver")),
    "fit": Attribute(name="fit", type=ValueType.NUMBER),
}
BOX = Box({name: domain_of(attribute) for name, attribute in ATTRIBUTES.items()})

HEAD: dict[str, Any] = {"title": {"has_word": "head"}}
BOSS: dict[str, Any] = {"title": {"has_word": "boss"}}
GERMAN: dict[str, Any] = {"country": "DE"}
FRENCH: dict[str, Any] = {"country": "FR"}


def read(raw: dict[str, Any]) -> Condition:
    condition = parse(raw, (), ATTRIBUTES, {}, Problems())
    assert condition is not None
    return condition


@pytest.mark.parametrize(
    "raw",
    [
        {"all": [HEAD], "none": [HEAD]},
        {"any": [{**HEAD, **GERMAN}, {**HEAD, **FRENCH}], "none": [HEAD]},
        {"any": [GERMAN, FRENCH], "none": [GERMAN, FRENCH]},
        {"any": [{"employees": {"below": 5}}, {"employees": 5}], "all": [{"employees": {"above": 5}}]},
        {"all": [{"employees": {"between": [5, 5]}}, {"employees": {"is_not": 5}}]},
        {"any": [{"tier": "gold"}, {"tier": "silver"}], "none": [{"tier": {"known": True}}]},
        {"all": [{"tier": {"known": False}}, {"tier": {"in": ["gold", "silver"]}}]},
        {"none": [{"employees": {"known": True}}, {"employees": {"known": False}}]},
        {"none": [{"none": [GERMAN]}], "all": [FRENCH]},
        {"title": {"is": "boss", "starts_with": "h"}},
        {"title": {"starts_with": "h", "is": "boss"}},
        {"title": {"has_word": "head", "in": ["boss", "chief"]}},
        {"all": [{"title": "head"}], "none": [HEAD]},
        {"none": [HEAD], "all": [{"title": "head"}]},
        {
            "none": [{"employees": {"at_least": 5}}, {"employees": {"at_most": 5}}],
            "all": [{"employees": {"known": True}}],
        },
    ],
)
def test_nobody_can_be_this(raw: dict[str, Any]) -> None:
    assert assumed(BOX, read(raw)) is None
    assert assumed(BOX, read({"none": [raw]})) is not None


@pytest.mark.parametrize(
    "raw",
    [
        {"any": [{**HEAD, **GERMAN}, FRENCH], "none": [HEAD]},
        {"any": [GERMAN, {"none": [HEAD]}], "all": [HEAD]},
        {"any": [HEAD, BOSS], "none": [HEAD]},
        {"any": [{"country": {"not_in": ["DE"]}}, GERMAN], "all": [GERMAN]},
        {"all": [HEAD, BOSS]},
        {"title": {"starts_with": "h", "in": ["boss", "head"]}, "country": {"known": True}},
        {"none": [HEAD], "all": [{"title": {"in": ["boss", "head"]}}]},
        {"any": [{"employees": {"below": 5}}, {"employees": {"above": 7}}], "all": [{"employees": {"is_not": 4}}]},
        {"none": [{"employees": {"between": [5, 7]}}], "all": [{"employees": {"known": True}}]},
        {"none": [{"tier": "gold"}, {"tier": "silver"}]},
        {"any": [{"country": {"known": False}}, GERMAN], "none": [GERMAN]},
        {"any": [{"employees": 3}, {"employees": {"above": 5}}], "all": [{"employees": {"at_most": 4}}]},
        {
            "any": [{"employees": {"above": 5}}, {"country": {"in": ["DE", "FR"]}}],
            "all": [{"country": {"is_not": "DE"}}],
        },
    ],
)
def test_somebody_can_be_this(raw: dict[str, Any]) -> None:
    assert assumed(BOX, read(raw)) is not None


@pytest.mark.parametrize(
    ("raw", "possible"),
    [
        ({"fit": {"at_least": 5}}, True),
        ({"none": [{"fit": {"at_least": 5}}]}, True),
        ({"any": [{"fit": 1}], "none": [{"fit": 1}, GERMAN], "all": [FRENCH]}, True),
        ({"all": [{"fit": 1}, GERMAN, FRENCH]}, False),
        ({"none": [{"none": [{"fit": 1}]}], "all": [GERMAN, FRENCH]}, False),
    ],
)
def test_beside_the_score(raw: dict[str, Any], *, possible: bool) -> None:
    assert (assumed(BOX, without_scores(read(raw))) is not None) is possible


def test_what_narrows_on_and_on_is_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handfast.contract.check.reach._ROUNDS", 1)
    assert assumed(BOX, read({"title": {"starts_with": "h", "is": "boss"}})) is not None
