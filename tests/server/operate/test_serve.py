"""`handfast serve` as somebody starts it who has configured nothing: real processes, started, asked, ended, killed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from tests.support.program import Program, alive, get, handfast, running, until

pytestmark = pytest.mark.django_db  # the template of ``home`` is made for tests that say so


def said_first(program: Program, key: str) -> str:
    """A value of the JSON lines that a program prints."""
    lines = [json.loads(line) for line in program.said.splitlines() if line.startswith("{")]
    found = [line[key] for line in lines if key in line]
    return str(found[-1]) if found else ""


def first_administrator(link: str) -> tuple[int, str]:
    """Fill in the form behind a link, as a browser does."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(link, timeout=10) as page:
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[-1]
    form = {
        "csrfmiddlewaretoken": token,
        "email": "Priya@acme.example",
        "name": "Priya",
        "password": "a good long word",
    }
    with browser.open(link, urllib.parse.urlencode(form).encode(), timeout=10) as answer:
        return answer.status, answer.geturl()


def test_it_starts_with_nothing_tells_its_address_makes_one_administrator_and_ends_in_order(
    home: dict[str, str], tmp_path: Path
) -> None:
    with running({**home, "HANDFAST_HOSTS": "handfast.example"}, tmp_path, "serve", "--json") as program:
        program.says('"ready": true')
        address, link = said_first(program, "address"), said_first(program, "first_administrator")
        assert get(f"{address}/healthz", Host="handfast.example") == (200, "ok\n")
        another = handfast(home, "doctor", "--first-link").stdout
        assert another.startswith(f"{address}/first/"), "the link is to where it serves"
        assert get(f"{address}/healthz") == (200, "ok\n")
        assert get(f"{address}/readyz") == (200, "ready\n")
        assert json.loads(get(f"{address}/status", Accept="application/json")[1]) == {"ok": False}  # no contract yet
        assert first_administrator(link) == (200, f"{address}/start")
        assert get(link)[0] == 404, "the link works once"
        family = program.family()
        assert len(family) >= 4, "the parent, the web server and its process, the worker"
        assert program.asked_to_end() == 0
        assert not [pid for pid in family if alive(pid)]
        assert get(f"{address}/healthz") == (0, "")
    again = tmp_path / "again"
    again.mkdir()
    with running(home, again, "serve", "--json") as program:
        program.says('"ready": true')
        assert not said_first(program, "first_administrator")
        assert program.asked_to_end(signal.SIGINT) == 0


def test_what_it_started_does_not_outlive_it_and_a_process_that_dies_is_started_again(
    home: dict[str, str], tmp_path: Path
) -> None:
    with running(home, tmp_path, "serve", "--json") as program:
        program.says('"ready": true')
        address = said_first(program, "address")
        serving = max(program.family() - {program.process.pid})
        os.kill(serving, signal.SIGKILL)
        until(lambda: serving not in program.family(), "gone")
        until(lambda: get(f"{address}/readyz")[0] == 200, "answers again")
        family = program.family()
        program.killed()
        until(lambda: not [pid for pid in family if alive(pid)], "everybody gone", 30)
    again = tmp_path / "again"
    again.mkdir()
    with running(home, again, "serve", "--json") as program:
        program.says('"ready": true')
        assert get(f"{said_first(program, 'address')}/readyz")[0] == 200


def test_a_port_that_is_taken_is_refused_and_without_a_port_another_is_found(
    home: dict[str, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = handfast(home, "serve", "--port", str(port))
    assert refused.returncode == 1
    assert f"Port {port} cannot be listened on" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://somewhere/x", "DATABASE_URL begins with mysql://"),
        ("HANDFAST_BASE_URL", "handfast", "HANDFAST_BASE_URL is 'handfast'"),
        ("HANDFAST_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("HANDFAST_SECRET_KEY_FILE", "/nowhere/key", "/nowhere/key, which cannot be read"),
        ("HANDFAST_CLOCK_SHIFT", "soon", "it is a whole number"),
        ("HANDFAST_HOME", "/proc/nowhere", "which cannot be made"),
        (
            "DATABASE_URL",
            "postgresql://nobody:secret@127.0.0.1:1/none",
            "The database does not answer: connection failed",
        ),
        ("DATABASE_URL", "sqlite:////nowhere/x.sqlite3", "The database does not answer: unable to open database file"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_a_sentence(
    home: dict[str, str], name: str, value: str, said: str
) -> None:
    refused = handfast({**home, name: value}, "serve")
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "secret@" not in refused.stderr
