"""Whole-contract checks: one sound contract, and everything that is said when one thing in it is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from handfast.contract import load
from handfast.contract.check import check

HERE = Path(__file__).parent / "check"
SOUND = (HERE / "sound.yaml").read_text(encoding="utf-8")
CHANGES = yaml.safe_load((HERE / "changes.yaml").read_text(encoding="utf-8"))

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


def changed(*pairs: tuple[str, str]) -> str:
    text = SOUND
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_of_a_sound_contract_only_its_plan_is_told() -> None:
    assert said_of(SOUND) == [AGREED]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change["name"])
def test_a_change_is_noticed(change: dict[str, object]) -> None:
    said = [each for each in said_of(changed((str(change["old"]), str(change["new"])))) if each != AGREED]
    wanted = change["said"]
    assert isinstance(wanted, list)
    assert said == [each.replace("{PLAN}", PLAN).replace("{REACH}", REACH) for each in wanted]
