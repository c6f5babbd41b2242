"""Whole-contract checks: one sound contract, and everything that is said when one thing in it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
import yaml

from handfast.contract import load
from handfast.contract.check import check


class Change(TypedDict):
    """An entry of changes.yaml; ``also`` holds further exchanges that the change needs."""

    name: str
    old: str
    new: str
    also: NotRequired[dict[str, str]]
    said: list[str]


HERE = Path(__file__).parent / "check"
SOUND = (HERE / "sound.yaml").read_text(encoding="utf-8")
CHANGES: list[Change] = yaml.safe_load((HERE / "changes.yaml").read_text(encoding="utf-8"))

PLAN = (
    "60% of 2,000,000 EUR at 25,000 a deal is 48 deals; at 22%, 30% and 75% that is 219 opportunities, "
    "728 accepted and 970 delivered, so 81 MQLs a month"
)
REACH = "fit can be 0 to 45, behaviour 0 to 30, total 0 to 75"
AGREED = f"note plan_agrees commitments.marketing.mql: {PLAN}; 81 are promised."


def said_of(text: str) -> list[str]:
    loaded = load(text)
    assert loaded.contract is not None, loaded.problems
    return [f"{each.severity} {each.code} {each.dotted}: {each.message}" for each in check(loaded.contract)]


def changed(pairs: Mapping[str, str]) -> str:
    text = SOUND
    for old, new in pairs.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_of_a_sound_contract_only_its_plan_is_told() -> None:
    assert said_of(SOUND) == [AGREED]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change["name"])
def test_a_change_is_noticed(change: Change) -> None:
    pairs = {change["old"]: change["new"], **change.get("also", {})}
    said = [each for each in said_of(changed(pairs)) if each != AGREED]
    assert said == [each.replace("{PLAN}", PLAN).replace("{REACH}", REACH) for each in change["said"]]


def test_a_condition_too_large_to_analyse_is_taken_to_be_possible() -> None:
    parts = ", ".join("{fit: {above: 45}}" for _ in range(2_000))
    assert said_of(changed({"when: {total: {at_least: 60}, fit: {at_least: 20}}": f"when: {{all: [{parts}]}}"})) == [
        AGREED
    ]
