"""`handfast doctor`: what is wrong is found, with what to do about it."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings
from tests.support.program import handfast
from tests.support.service import Crew, Hands

from handfast.instant import DAY
from handfast_server.accounts.models import User
from handfast_server.audit.models import Entry
from handfast_server.audit.seals import try_seal
from handfast_server.contracts.models import Version
from handfast_server.now import now
from handfast_server.operate.doctor import Finding, Health, findings

pytestmark = pytest.mark.django_db


def found(check: str, environment: dict[str, str] | None = None) -> list[Finding]:
    return [each for each in findings(environment or {}) if each.check == check]


def test_an_installation_that_is_well_has_nothing_to_do(team: Crew, people: dict[str, User]) -> None:
    assert not [each for each in findings({}) if each.health is Health.FAULT]
    assert {each.check for each in findings({}) if each.health is Health.WELL} >= {
        *("settings", "database", "migrations", "clock", "contract", "people", "work"),
    }


def test_a_misspelt_setting_is_guessed() -> None:
    [typo, _] = found("settings", {"HANDFAST_BASEURL": "x", "HANDFAST_HOME_FILE": "y", "PATH": "z"})
    assert typo.health is Health.LOOK
    assert typo.do == "Did you mean HANDFAST_BASE_URL?"


def test_a_database_without_tables_and_a_source_without_a_name_are_refused_in_a_sentence(
    home: dict[str, str], tmp_path: Path
) -> None:
    fresh = {name: value for name, value in home.items() if name != "DATABASE_URL"}
    refused = handfast(fresh | {"HANDFAST_HOME": str(tmp_path / "new")}, "verify")
    assert (refused.returncode, "handfast migrate" in refused.stderr) == (1, True), refused.stderr
    (tmp_path / "facts.jsonl").touch()
    refused = handfast(home, "import", str(tmp_path / "facts.jsonl"), "--source", "x!")
    assert (refused.returncode, "1 to 40 letters" in refused.stderr) == (2, True), refused.stderr


def test_what_should_not_stand_in_public_is_found() -> None:
    with override_settings(DEBUG=True, BASE_URL="http://handfast.example", CLOCK_SHIFT=5_000_000):
        said = {each.said: each.health for each in found("settings")}
    assert said["errors are shown in the browser"] is Health.FAULT
    assert said["http://handfast.example is not encrypted"] is Health.LOOK
    assert said["the clock is moved by 5 s"] is Health.LOOK


def test_nobody_has_signed_or_administers_at_first(db: None) -> None:
    assert [each.said for each in (*found("contract"), *found("people"))] == [
        "none is in force",
        "nobody administers this",
    ]


def test_a_version_that_is_signed_and_settles_is_not_said_to_be_missing(signed: object) -> None:
    Version.objects.update(in_force_from=now() + 10_000_000)
    [coming] = found("contract")
    assert coming.said.startswith("Version 1 is signed and takes force at ")
    assert coming.health is Health.LOOK


def test_a_version_that_is_not_what_was_signed_is_found(signed: object) -> None:
    version = Version.objects.get()
    content = bytes(version.content)
    Version.objects.update(content=content.replace(b"office", b"Office", 1))
    assert found("contract")[0].health is Health.FAULT
    assert found("contract")[0].said.startswith("version 1: ")


def test_an_audit_log_that_was_written_to_by_hand_is_found(team: Crew) -> None:
    while try_seal():
        pass
    assert [each.health for each in found("audit log")] == [Health.WELL]
    Entry.objects.filter(what="facts.RepSet").update(who="somebody")
    assert found("audit log")[0].health is Health.FAULT
    assert len(found("audit log")) == 3
    Entry.objects.all().delete()
    assert "0 are there" in found("audit log")[0].said


def test_what_is_late_is_found(lead: Callable[..., str], clock: Hands) -> None:
    lead()
    clock.move(3 * DAY)
    [late, *_] = found("work")
    assert late.health is Health.FAULT
    assert "is a worker running?" in late.said


def test_a_clock_behind_what_was_recorded_is_found(lead: Callable[..., str], clock: Hands) -> None:
    lead()
    clock.move(-DAY)
    assert [each.health for each in found("clock")] == [Health.FAULT]


def test_a_key_that_others_read_and_a_full_disk_are_found(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret-key").write_text("x")
    (tmp_path / "secret-key").chmod(0o644)
    usage = type("Usage", (), {"free": 50 << 20})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with override_settings(HOME=tmp_path):
        assert found("key")[0].do.startswith("chmod 600")
        assert found("disk")[0].health is Health.FAULT


def test_whether_the_mail_server_answers_is_tried(db: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(object(), hostname="127.0.0.1", port=port)
    smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
    server.start()
    try:
        with override_settings(**smtp, EMAIL_PORT=port, EMAIL_USE_TLS=False, EMAIL_USE_SSL=False):
            assert [each.health for each in found("mail")] == [Health.WELL]
    finally:
        server.stop()
    with override_settings(**smtp, EMAIL_PORT=port, EMAIL_USE_TLS=False, EMAIL_USE_SSL=False):
        assert [each.said for each in found("mail")] == ["127.0.0.1: ConnectionRefusedError"]
    with override_settings(EMAIL_HOST=""):
        assert found("mail")[0].do == "Set HANDFAST_MAIL_URL to send reminders by e-mail."


def test_a_database_that_a_newer_version_wrote_is_refused_and_not_touched(home: dict[str, str]) -> None:
    add = "from handfast_server.operate.up import up; up(); from django.db import connection; "
    add += 'connection.cursor().execute("INSERT INTO django_migrations (app, name, applied) VALUES '
    add += "('leads', '0999_later', '2027-01-01 00:00:00+00:00')\")"
    subprocess.run([sys.executable, "-c", add], env=home, check=True)
    for command in ("serve", "web"):
        refused = handfast(home, command)
        assert refused.returncode == 1
        assert "a newer version of Handfast wrote this database (leads.0999_later)" in refused.stderr
        assert "Traceback" not in refused.stderr
    looked = handfast(home, "doctor")
    assert (looked.returncode, "Install the version that wrote it." in looked.stdout) == (1, True)


def test_the_command_says_so_in_words_and_for_programs(home: dict[str, str], tmp_path: Path) -> None:
    done = handfast(home, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none is in force" in done.stdout
    programs = json.loads(handfast(home, "doctor", "--json").stdout)["findings"]
    assert {"check", "health", "said", "do"} == set(programs[0])
    link: Any = json.loads(handfast(home, "doctor", "--first-link", "--json").stdout)["first_administrator"]
    assert link.startswith("http://127.0.0.1:8000/first/")


def test_a_database_that_does_not_answer_or_is_not_migrated_is_a_fault(home: dict[str, str], tmp_path: Path) -> None:
    nowhere = handfast({**home, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "doctor")
    assert nowhere.returncode == 1
    assert "no answer" in nowhere.stdout
    empty = {**home, "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    sqlite3.connect(tmp_path / "empty.sqlite3").close()
    missing = handfast(empty, "doctor")
    assert missing.returncode == 1
    assert "Run: handfast migrate" in missing.stdout
    assert handfast(empty, "web").returncode == 1
    assert "handfast migrate" in handfast(empty, "work").stderr
    assert json.loads(handfast(empty, "migrate", "--json").stdout)["applied"]
    assert handfast(empty, "migrate").stdout == "The database is up to date.\n"
    assert handfast(empty, "doctor").returncode == 0
