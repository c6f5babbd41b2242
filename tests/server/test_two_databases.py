"""What the other tests stand on: both databases, and copies of them for programs that are started for real."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from tests.support.databases import BOTH, ONCE, on_both

HERE = Path(__file__).parent

_COUNT = "import django; django.setup(); from handfast_server.facts.models import Fact; print(Fact.objects.count())"


def test_a_program_finds_a_database_of_its_own_that_is_migrated_and_empty(home: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", _COUNT], env=home, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.django_db
def test_sqlite_is_a_file_with_a_log_of_its_own() -> None:
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.django_db
def test_everybody_of_the_cast_can_sign_in(clients: dict[str, object]) -> None:
    assert {"admin", "marketing", "marketing_leader", "sales_leader", "manager", "rep", "sam", "viewer", "charlie"} == (
        set(clients)
    )


def test_each_folder_of_these_tests_is_run_on_both_databases_or_says_why_one_is_enough() -> None:
    folders = {file.relative_to(HERE).parts[0] for file in HERE.rglob("test_*.py")}
    named = {place for place in BOTH if "/" not in place}
    assert folders - named == set(ONCE) & folders


@pytest.mark.parametrize("place", BOTH)
def test_what_is_run_on_both_databases_is_there(place: str) -> None:
    file, _, test = place.partition("::")
    assert (HERE / file).exists()
    assert f"def {test}" in (HERE / file).read_text(encoding="utf-8") if test else True


def test_a_test_is_found_by_its_folder_its_file_or_the_beginning_of_its_name() -> None:
    assert on_both("tests/server/decide/test_anything.py::test_x[1]")
    assert on_both("tests/server/api/test_plans.py::test_x")
    assert on_both("tests/server/api/test_decisions.py::test_a_manager_moves_many")
    assert not on_both("tests/server/api/test_decisions.py::test_a_note_says_something")
    assert not on_both("tests/server/intake/test_interface_else.py::test_x")
    assert not on_both("tests/core/decide/test_x.py::test_x")
