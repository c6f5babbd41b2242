"""A made-up quarter, written into the service in bulk, measured by it and by ``handfast measure`` over its facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.support.scoreboard import data, plain, snapshot

from handfast.cli.app import app
from handfast.history.file import written
from handfast.history.parquet import read_folder
from handfast.instant import MINUTE, format_instant
from handfast_server.contracts.models import Version
from handfast_server.decide.terms import current as terms
from handfast_server.demo.load import load
from handfast_server.now import now
from handfast_server.scoreboard import conservation, files, update

pytestmark = pytest.mark.django_db


def _hushed(_text: str, /, **_values: object) -> None:
    """Nobody reads along."""


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(each) for name, each in value.items()}
    return sorted(map(_sorted, value), key=repr) if isinstance(value, list) else value


def test_the_service_measures_what_the_command_measures_of_its_facts(clock: Any, tmp_path: Path) -> None:
    load(300, _hushed)
    at = now()
    clock.move(MINUTE)
    update.update()
    version = terms().in_force(at)
    assert version is not None
    files.export(tmp_path / "history")
    (tmp_path / "facts.jsonl").write_text("".join(written(told.fact for told in read_folder(tmp_path / "history"))))
    told = ["measure", "--facts", str(tmp_path / "facts.jsonl"), "--at", format_instant(at), "--json"]
    for number, text in Version.objects.values_list("number", "text"):
        file = tmp_path / f"{number}.yaml"
        file.write_text(text)
        told += ["--contract", str(file)]
    answer = CliRunner().invoke(app, told, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    command = _sorted(json.loads(answer.stdout))
    service = json.loads(json.dumps(data(snapshot().columns(), version, at)))
    bare = {one["name"]: {**one, "splits": {}, "trend": None} for one in service["measures"]}
    asked = {one["name"]: {**one, "splits": {}, "trend": None} for one in command["measures"]}
    assert asked.keys() == bare.keys()
    assert {name for name in bare if bare[name] != asked[name]} == set()
    delivered = bare["conservation"]["figure"]["delivered"]["count"]
    assert delivered == conservation.counted()["delivered"] > 20
    assert conservation.counted()["unaccounted"] == 0
    assert plain(snapshot()) == plain(update.made(version, now()))
