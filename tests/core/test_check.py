"""Whole-contract checks: one sound contract, and everything that is said when one thing in it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
import yaml

from handfast.contract import load
from handfast.contract.check import check
from handfast.contract.check.limits import Limits


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


def test_what_would_take_too_long_to_analyse_is_taken_to_be_possible() -> None:
    contract = load(changed({"{total: {at_least: 60}, fit: {at_least: 20}}": "{fit: {above: 45}}"})).contract
    assert contract is not None
    bar = contract.definitions.mql.when
    assert Limits(contract).holds(bar) is None
    assert Limits(contract, steps=4).holds(bar) is not None


def test_many_signals_on_one_attribute_are_judged_each_by_itself() -> None:
    few, many = (fit_of_sizes(count) for count in (70, 71))
    assert few == (0, 1)  # a company has one size
    assert many == (0, 71)


def fit_of_sizes(count: int) -> tuple[object, object]:
    """The range of fit with a signal of one point for each of so many sizes."""
    signals = "".join(f"      s{place}: {{when: {{employees: {place}}}, points: 1}}\n" for place in range(count))
    pairs = {
        "      industry: {when: {industry: software}, points: 25}\n": signals,
        "      size: {when: {employees: {between: [50, 1000]}}, points: 20}\n": "",
        "    at_most: 60\n": "",
        "clause: score.fit.signals.industry": "clause: score.fit.signals.s1",
    }
    loaded = load(changed(pairs))
    assert loaded.contract is not None, loaded.problems
    limits = Limits(loaded.contract)
    return limits.fit(limits.anyone)
