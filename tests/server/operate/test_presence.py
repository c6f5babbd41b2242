"""A service that runs shows it: nothing replaces its database, and what it kept of another counts no more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings
from tests.support.program import handfast, running, until
from tests.support.service import Crew, Hands, named, new_lead

from handfast.facts import RepSet
from handfast.instant import HOUR
from handfast_server.decide import team as teams
from handfast_server.decide.session import tell
from handfast_server.facts.models import Fact
from handfast_server.leads.models import Lead
from handfast_server.operate import presence
from handfast_server.operate.backup import backup
from handfast_server.operate.presence import ServiceRunning, alone, present
from handfast_server.operate.restore import restore
from handfast_server.rosters.models import Rep, Turn
from handfast_server.scoreboard import files, store, update

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "_AGAIN", 0.02)
    monkeypatch.setattr(presence, "_EVERY", 0.02)


def test_nobody_replaces_the_database_of_a_service_that_runs(team: Crew, tmp_path: Path) -> None:
    kept = tmp_path / "kept.zip"
    backup(kept)
    lead = new_lead()
    with present(), present():
        with pytest.raises(ServiceRunning, match="end handfast serve, web, work and import first"):
            restore(kept, replace=True)
        with pytest.raises(ServiceRunning):
            call_command("migrate", "scoreboard", "zero", verbosity=0)
    assert Rep.objects.exists()
    restore(kept, replace=True)
    assert not Lead.objects.filter(pk=lead).exists()


def test_who_starts_while_the_database_is_replaced_waits_and_says_so(db: None) -> None:
    said: list[str] = []
    started, ended = threading.Event(), threading.Event()

    def start() -> None:
        try:
            with present(said.append):
                started.set()
                ended.wait(60)
        finally:
            connection.close()

    with alone():
        starting = threading.Thread(target=start)
        starting.start()
        until(lambda: said == [presence.WAITING], "says that it waits")
        assert not started.is_set()
    assert started.wait(60)
    with pytest.raises(ServiceRunning), alone():
        pass
    ended.set()
    starting.join()
    with alone():
        pass


def test_it_is_shown_again_after_the_server_was_away(db: None) -> None:
    with present(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_WHO)
            [[first]] = cursor.fetchall()
            cursor.execute("SELECT pg_terminate_backend(%s)", [first])

            def held_by_another() -> bool:
                cursor.execute(_WHO)
                return bool({pid for (pid,) in cursor.fetchall()} - {first})

            until(held_by_another, "held again")
        with pytest.raises(ServiceRunning), alone():
            pass


_WHO = f"""
    SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE datname = current_database() AND objid = {presence._LOCK} AND mode = 'ShareLock' AND granted
"""


def test_a_process_does_not_keep_the_team_of_another_database_with_the_same_number(team: Crew, tmp_path: Path) -> None:
    kept = tmp_path / "kept.zip"
    backup(kept)
    tell(named(RepSet, rep="lena", active=False))
    restore(kept, replace=True)
    Turn.objects.update(number=Turn.objects.get().number + 1)
    assert not teams.known().reps["lena"].active, "this process still has what it saw"
    tell(named(RepSet, rep="sam"))
    assert teams.known().reps["lena"].active


def test_snapshot_and_history_are_made_anew_from_what_was_read_back(
    clock: Hands, lead: Callable[..., str], tmp_path: Path, settings: Settings
) -> None:
    settings.HOME = tmp_path / "home"
    kept = tmp_path / "kept.zip"
    backup(kept)
    lead()
    clock.move(HOUR)
    update.rebuild()
    before, told = store.read_current(), files.export(tmp_path / "history")
    beside = tmp_path / "beside"
    store.folder().rename(beside)  # as on another machine, where nothing is restored
    restore(kept, replace=True)
    beside.rename(store.folder())
    update.update()
    after = store.read_current()
    assert before is not None
    assert after is not None
    assert (after.generation, after.base != before.base) == (before.generation + 1, True)
    again = files.export(tmp_path / "history")
    assert again.facts == Fact.objects.count() == told.facts - 2


def test_a_restore_is_refused_in_a_sentence_while_the_service_runs_and_not_after_it_was_killed(
    home: dict[str, str], tmp_path: Path
) -> None:
    kept = str(tmp_path / "kept.zip")
    with running(home, tmp_path, "serve", "--json") as program:
        program.says('"ready": true')
        assert handfast(home, "backup", kept).returncode == 0
        refused = handfast(home, "restore", kept, "--replace")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "The service is running on this database" in refused.stderr
        assert "Traceback" not in refused.stderr
        program.killed()

        def restored() -> bool:
            return handfast(home, "restore", kept, "--replace").returncode == 0

        until(restored, "what the service started is gone as well", 60)
