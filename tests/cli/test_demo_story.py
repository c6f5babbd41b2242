"""The demonstration tells a true story: the findings of its report are what its making put there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handfast.cli.app import app
from handfast.condition.model import Test
from handfast.simulate import demo_contracts, words


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report of `handfast demo` as data."""
    folder = tmp_path_factory.mktemp("demo")
    runner = CliRunner()
    made = runner.invoke(app, ["demo", "--no-serve", "--folder", str(folder), "--json"])
    assert made.exit_code == 0, made.output
    exports, contract = json.loads(made.output)["exports"], str(folder / "contract.yaml")
    refused, report = str(folder / "refused.csv"), folder / "report.json"
    arguments = ["audit", *exports, "--contract", contract, "--report", str(report), "--refused", refused, "--quiet"]
    assert runner.invoke(app, arguments).exit_code == 0
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def leak(told: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [one for one in told["leaks"] if one["code"] == code]
    return dict(found["numbers"])


def test_the_source_that_looks_good_is_the_one_that_sales_declines(told: dict[str, Any]) -> None:
    assert leak(told, "declined_by_source")["more"] == "Content Syndication"


def test_sales_is_late_and_forgets_some(told: dict[str, Any]) -> None:
    assert leak(told, "late")["share"] < 0.9
    assert leak(told, "never_touched")["count"] > 0


def test_less_is_accepted_than_both_sides_expect(told: dict[str, Any]) -> None:
    found = leak(told, "accepted_less")
    assert found["share"] < found["target"]


@pytest.mark.parametrize("version", demo_contracts(), ids=lambda contract: f"version {contract.version}")
def test_the_contract_asks_for_the_industries_that_are_drawn_as_targets(version: Any) -> None:
    assert version.score is not None
    wanted = version.score.fit.signals["target_industry"].when
    assert isinstance(wanted, Test)
    assert isinstance(wanted.operand, frozenset | tuple)
    drawn = [word for _, word in words.INDUSTRIES]
    assert [word in wanted.operand for word in drawn] == [place < words.TARGETS for place in range(len(drawn))]


def test_both_versions_are_sound_and_their_examples_hold(root: Path) -> None:
    for version in (1, 2):
        shown = CliRunner().invoke(app, ["check", str(root / f"src/handfast/simulate/acme-demo-{version}.yaml")])
        assert shown.exit_code == 0, shown.output
        assert "2 of 2 examples hold" in shown.output
