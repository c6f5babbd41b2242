"""Backups: whole and of one instant under load, read back on either database, refused when damaged or in the way."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import orjson
import pytest
from django.db import connection
from django.test import Client
from tests.support.program import handfast, until
from tests.support.service import Crew, new_lead

from handfast_server.accounts.models import User
from handfast_server.contracts.models import Version
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Assignment, Cycle, LedgerEntry
from handfast_server.leads.models import Lead
from handfast_server.operate.archive import ArchiveRefused
from handfast_server.operate.backup import backup, tables
from handfast_server.operate.restore import NotEmpty, restore

pytestmark = pytest.mark.django_db(transaction=True)


def rows_of(path: Path) -> dict[str, list[list[object]]]:
    """The rows of a backup by table."""
    with zipfile.ZipFile(path) as whole:
        files = [name for name in whole.namelist() if name.startswith("tables/")]
        return {name[7:-6]: [orjson.loads(line) for line in whole.read(name).splitlines()] for name in files}


def as_it_is() -> dict[str, int]:
    """How many rows every table has."""
    return {model._meta.label_lower: model._base_manager.count() for model in tables()}


def test_what_is_read_back_is_what_was_written(team: Crew, people: dict[str, User], tmp_path: Path) -> None:
    for _ in range(3):
        new_lead()
    before, first, second = as_it_is(), tmp_path / "first.zip", tmp_path / "second.zip"
    made = backup(first)
    assert made.rows == sum(before.values())
    assert oct(first.stat().st_mode)[-3:] == "600"
    later = new_lead()
    restore(first, replace=True)
    assert as_it_is() == before
    assert not Lead.objects.filter(pk=later).exists()
    backup(second)
    [was], [turn] = rows_of(first).pop("rosters.turn"), rows_of(second).pop("rosters.turn")
    assert [was[place] == turn[place] for place in range(len(turn))].count(False) == 1, "its life is another"
    assert {**rows_of(second), "rosters.turn": [was]} == rows_of(first)


def test_the_service_goes_on_with_what_was_read_back(team: Crew, tmp_path: Path) -> None:
    new_lead()
    backup(tmp_path / "kept.zip")
    restore(tmp_path / "kept.zip", replace=True)
    name = new_lead()
    assert Cycle.objects.get(lead=name).state == "waiting"
    assert LedgerEntry.objects.filter(kind="assign").count() == Assignment.objects.count() == 2


def test_a_database_that_holds_something_is_not_written_over(team: Crew, tmp_path: Path) -> None:
    backup(tmp_path / "kept.zip")
    before = as_it_is()
    with pytest.raises(NotEmpty, match="--replace"):
        restore(tmp_path / "kept.zip")
    assert as_it_is() == before


def test_a_damaged_backup_is_refused_before_anything_is_lost(team: Crew, tmp_path: Path) -> None:
    kept = tmp_path / "kept.zip"
    backup(kept)
    before = as_it_is()
    with zipfile.ZipFile(kept) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    for name in ("tables/facts.fact.jsonl", "manifest.json"):
        without = tmp_path / "without.zip"
        write(without, {each: text for each, text in files.items() if each != name})
        with pytest.raises(ArchiveRefused, match=r"damaged"):
            restore(without, replace=True)
    changed = tmp_path / "changed.zip"
    write(changed, {**files, "tables/facts.fact.jsonl": files["tables/facts.fact.jsonl"].replace(b"lena", b"Lena")})
    with pytest.raises(ArchiveRefused, match="is not what was written"):
        restore(changed, replace=True)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(kept.read_bytes()[:-200])
    with pytest.raises(ArchiveRefused, match="no backup, or a damaged one"):
        restore(cut, replace=True)
    with pytest.raises(ArchiveRefused, match="There is no file"):
        restore(tmp_path / "nowhere.zip", replace=True)
    assert as_it_is() == before


def test_a_backup_of_a_newer_version_is_refused(team: Crew, tmp_path: Path) -> None:
    kept, newer = tmp_path / "kept.zip", tmp_path / "newer.zip"
    backup(kept)
    with zipfile.ZipFile(kept) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    manifest = json.loads(files["manifest.json"])
    manifest["migrations"].append(["leads", "0999_later"])
    write(newer, {**files, "manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(ArchiveRefused, match=r"leads\.0999_later"):
        restore(newer, replace=True)
    manifest["format"] = 2
    write(newer, {**files, "manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(ArchiveRefused, match="newer than this one"):
        restore(newer, replace=True)


def write(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as whole:
        for name, text in files.items():
            whole.writestr(name, text)


def test_a_fault_half_way_leaves_everything_as_it_was(
    team: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.zip"
    backup(kept)
    new_lead()
    before = as_it_is()

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(connection.ops, "sequence_reset_sql", broken)
    with pytest.raises(RuntimeError):
        restore(kept, replace=True)
    assert as_it_is() == before


def test_under_load_a_backup_shows_one_instant_and_is_read_into_an_empty_sqlite(
    home: dict[str, str], tmp_path: Path, root: Path
) -> None:
    prepare = "from handfast_server.operate.up import up; up(); from tests.support import service as s; s.sign(); "
    prepare += "from handfast_server.decide.terms import current; s.Crew(current().versions[0].contract).join()"
    around = {**home, "PYTHONPATH": f"{root}{os.pathsep}{root}/src"}
    subprocess.run([sys.executable, "-c", prepare], env=around, check=True)
    stop, log = tmp_path / "stop", tmp_path / "log.txt"
    with log.open("w") as out:
        writers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.support.loading", str(stop)], env=around, stdout=out, stderr=out
            )
            for _ in range(2)
        ]
    try:
        until(lambda: log.read_text().count('"decided"') > 20, "leads come")
        made = []
        for number in range(3):
            done = handfast(home, "backup", str(tmp_path / f"{number}.zip"), "--json")
            assert done.returncode == 0, done.stderr
            made.append(json.loads(done.stdout)["rows"])
        assert made == sorted(set(made)), "leads came meanwhile"
    finally:
        stop.touch()
        assert [each.wait(timeout=60) for each in writers] == [0, 0]
    empty = {name: value for name, value in home.items() if name != "DATABASE_URL"} | {
        "HANDFAST_HOME": str(tmp_path / "empty")
    }
    for number in range(3):
        consistent(rows_of(tmp_path / f"{number}.zip"))
    done = handfast(empty, "restore", str(tmp_path / "2.zip"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == made[2]
    with sqlite3.connect(tmp_path / "empty/handfast.sqlite3") as there:
        [[leads]] = there.execute("SELECT count(*) FROM leads_lead").fetchall()
        [[facts]] = there.execute("SELECT count(*) FROM facts_fact WHERE lead <> ''").fetchall()
    there.close()
    assert facts == 2 * leads > 0


def consistent(rows: dict[str, list[list[object]]]) -> None:
    """What one transaction wrote is all there, or nothing of it: each lead with two facts, one cycle, one owner."""
    leads, cycles = len(rows["leads.lead"]), len(rows["handoffs.cycle"])
    told = Counter(row[columns(Fact).index("lead")] for row in rows["facts.fact"])
    told.pop("", None)
    assert leads == cycles == len(told) > 0
    assert set(told.values()) == {2}
    assigned = [row for row in rows["handoffs.ledgerentry"] if row[columns(LedgerEntry).index("kind")] == "assign"]
    assert len(assigned) == len(rows["handoffs.assignment"]) == leads


def columns(model: type) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]  # type: ignore[attr-defined] # a model


def test_nobody_stays_signed_in_over_a_restore(clients: dict[str, Client], signed: object, tmp_path: Path) -> None:
    kept, admin = tmp_path / "kept.zip", clients["admin"]
    assert "contract" in admin.get("/status").json()
    made = backup(kept)
    assert "sessions.session" not in {f"{table.app}.{table.model}" for table in made.tables}
    restore(kept, replace=True)
    assert admin.get("/status").json().keys() == {"ok"}
    assert Version.objects.count() == 1
