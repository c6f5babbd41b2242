"""What the other tests stand on: both databases, and copies of them for programs that are started for real."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.db import connection

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
