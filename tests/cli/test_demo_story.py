"""The demonstration tells a true story: the findings of its report are what its making put there."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handfast.cli.app import app
from handfast.condition.model import Test
from handfast.simulate import demo_contracts, usual_plan, words


def handfast(*arguments: str) -> None:
    """In a process of its own, as it is typed: here, where coverage watches, a year takes three times as long."""
    done = subprocess.run(
        [sys.executable, "-m", "handfast", *arguments], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `handfast demo` made."""
    folder = tmp_path_factory.mktemp("demo")
    handfast("demo", "--no-serve", "--folder", str(folder), "--json")
    return folder


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, Any]:
    """Its report as data."""
    exports, contract = map(str, sorted(folder.glob("hubspot-*.csv"))), str(folder / "contract.yaml")
    refused, report = str(folder / "refused.csv"), folder / "report.json"
    handfast("audit", *exports, "--contract", contract, "--report", str(report), "--refused", refused, "--quiet")
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


def test_the_home_market_is_flooded_on_mondays(folder: Path) -> None:
    """The truth says so: leads wait behind other leads on Mondays as on all other days together, and more."""
    with (folder / "truth/handoffs.csv").open(encoding="utf-8", newline="") as file:
        queued = [row for row in csv.DictReader(file) if row["cause_of_delay"] == "queue"]
    home = {each.name for each in usual_plan().reps if each.home}
    days = Counter(datetime.fromisoformat(row["qualified_at"]).weekday() for row in queued if row["rep"] in home)
    assert days[0] > days.total() / 2


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
