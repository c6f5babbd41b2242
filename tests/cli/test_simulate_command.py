"""`handfast simulate`: files, numbers, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handfast.cli.app import app


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_year_is_written_and_told_in_numbers_that_add_up(place: Path) -> None:
    shown = run("simulate", "--leads", 200, "--seed", 3, "--out", "year", "--json")
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.output)
    groups = ("waiting", "contested", "accepted", "rejected", "withdrawn")
    assert told["delivered"] == sum(told[group] for group in groups) > 0
    assert told["unaccounted"] == 0
    assert all((place / path).is_file() for path in [*told["exports"], *told["truth"], told["facts_file"]])
    assert (place / "year/contract-2.yaml").is_file()


def test_facts_may_be_left_out_or_be_parquet(place: Path) -> None:
    pytest.importorskip("pyarrow")
    assert run("simulate", "--leads", 20, "--out", "none", "--facts", "none").exit_code == 0
    assert not list((place / "none").glob("facts.*"))
    assert run("simulate", "--leads", 20, "--out", "table", "--facts", "parquet").exit_code == 0
    assert (place / "table/facts.parquet").is_file()


def test_a_contract_of_ones_own_governs_from_its_own_day(place: Path, root: Path) -> None:
    own = root / "tests/golden/acme-inbound.yaml"
    shown = run("simulate", "--leads", 200, "--out", "year", "--contract", own, "--json")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output)["delivered"] > 0
    assert not list((place / "year").glob("contract-*.yaml"))
    assert '"happened_at":"2026-12-31T23:00:00Z"' in (place / "year/facts.jsonl").read_text(encoding="utf-8")


@pytest.mark.usefixtures("place")
def test_what_cannot_be_done_is_said(place: Path, root: Path) -> None:
    (place / "file").write_text("in the way", encoding="utf-8")
    refused = run("simulate", "--leads", 1, "--out", "file/year")
    assert refused.exit_code == 1
    assert "Not a directory" in refused.output
    own = root / "tests/golden/acme-inbound.yaml"
    twice = run("simulate", "--leads", 1, "--out", "year", "--contract", own, "--contract", own)
    assert twice.exit_code == 2
    assert "Give the versions of the contract in order" in twice.output
    assert run("simulate", "--leads", 0, "--out", "year").exit_code == 2


def test_parquet_without_its_extra_is_refused_before_any_work(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    refused = run("simulate", "--leads", 1, "--out", "year", "--facts", "parquet")
    assert refused.exit_code == 2
    assert "need the extra" in refused.output
    assert not (place / "year").exists()
