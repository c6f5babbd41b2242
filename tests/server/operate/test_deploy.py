"""What `deploy/` says is what runs: its commands, typed here as processes, since there is no engine for containers.

Two web processes and two workers share one database, as the compose file and the units start them; one of each is
killed under load, and nothing is lost.
"""

from __future__ import annotations

import configparser
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.program import Program, get, handfast, running, until

from handfast.cli.app import COMMANDS
from handfast_server.config import SAYS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((root / "deploy/compose/compose.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def contained(home: dict[str, str], tmp_path: Path, compose: dict[str, Any]) -> dict[str, str]:
    """The environment that the compose file gives its processes, with secrets in files of ours."""
    address = home.get("DATABASE_URL") or f"sqlite:///{home['HANDFAST_HOME']}/handfast.sqlite3"
    secrets = {"database_url": address, "secret_key": "only for tests, and long enough to be a key of its own"}
    for name, value in secrets.items():
        (tmp_path / name).write_text(value)
    given = compose["services"]["web"]["environment"]
    inside = {
        name: str(value).replace("/run/secrets", str(tmp_path))
        for name, value in given.items()
        if "${" not in str(value)
    }
    return {name: value for name, value in home.items() if name != "DATABASE_URL"} | inside


def ports() -> Iterator[int]:
    while True:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        yield port


def arguments(command: list[str], port: int) -> list[str]:
    """A command of the compose file, on loopback and a port of its own."""
    return ["127.0.0.1" if each == "0.0.0.0" else str(port) if each == "8000" else each for each in command]  # noqa: S104


def test_the_compose_file_is_two_of_each_behind_a_proxy_on_what_settings_know(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [services[name]["deploy"]["replicas"] for name in ("web", "work")] == [2, 2]
    given = services["web"]["environment"]
    assert {name.removesuffix("_FILE") for name in given} <= set(SAYS)
    assert {services[name]["command"][0] for name in ("web", "work", "migrate")} <= set(COMMANDS)
    assert set(services["web"]["secrets"]) <= set(compose["secrets"])
    assert given["HANDFAST_PROXIES"] == "1", "else all visitors share the proxy's address"
    assert {"80:80", "443:443"} <= set(services["proxy"]["ports"])
    kept = [volume.split(":") for volume in services["proxy"]["volumes"]]
    assert [name in compose["volumes"] for name, place, *_ in kept if place == "/data"] == [True]


def test_the_image_holds_what_is_locked_and_runs_as_nobody_special(root: Path) -> None:
    text = (root / "deploy/Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in text
    assert text.index("USER handfast") < text.index("ENTRYPOINT")
    [entry] = re.findall(r'^ENTRYPOINT \["(.*)"\]$', text, re.MULTILINE)
    assert entry == "handfast"
    copied = {word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for word in line.split()}
    let_in = {line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == let_in
    assert all((root / name).exists() for name in copied)


def test_two_webs_and_two_workers_survive_the_death_of_one_of_each_under_load(
    contained: dict[str, str], tmp_path: Path, root: Path, compose: dict[str, Any]
) -> None:
    services, free = compose["services"], ports()
    done = handfast(contained, *services["migrate"]["command"])
    assert done.returncode == 0, done.stderr
    around = {**contained, "PYTHONPATH": f"{root}{os.pathsep}{root}/src"}
    prepare = "from handfast_server.operate.up import up; up(); from tests.support import service as s; s.sign(); "
    prepare += "from handfast_server.decide.terms import current; s.Crew(current().versions[0].contract).join()"
    subprocess.run([sys.executable, "-c", prepare], env=around, check=True)
    stop, log = tmp_path / "stop", tmp_path / "log.txt"
    with ExitStack() as stack:
        chosen = [next(free) for _ in range(2)]
        webs = [
            stack.enter_context(
                running(contained, folder(tmp_path, f"web{port}"), *arguments(services["web"]["command"], port))
            )
            for port in chosen
        ]
        workers = [
            stack.enter_context(running(contained, folder(tmp_path, f"work{each}"), *services["work"]["command"]))
            for each in range(2)
        ]
        until(lambda: all(get(f"http://127.0.0.1:{port}/readyz")[0] == 200 for port in chosen), "ready")
        with log.open("w") as out:
            command = [sys.executable, "-m", "tests.support.loading", str(stop)]
            load = [subprocess.Popen(command, env=around, stdout=out, stderr=out) for _ in range(2)]
        try:
            until(lambda: log.read_text().count('"decided"') > 20, "leads come")
            doomed = webs[0].family() | workers[0].family()
            for pid in doomed:
                os.kill(pid, signal.SIGKILL)
            seen = log.read_text().count('"decided"')
            until(lambda: log.read_text().count('"decided"') > seen + 20, "leads go on coming")
            assert get(f"http://127.0.0.1:{chosen[1]}/readyz") == (200, "ready\n")
        finally:
            stop.touch()
            assert [each.wait(timeout=60) for each in load] == [0, 0]
        assert workers[1].asked_to_end() == 0
        assert webs[1].asked_to_end() == 0
    whole(contained, around)


def folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


def whole(contained: dict[str, str], around: dict[str, str]) -> None:
    """Each lead has its one cycle with one owner, and the ledger agrees."""
    count = (
        "from handfast_server.operate.up import up; up()\n"
        "from handfast_server.leads.models import Lead\n"
        "from handfast_server.handoffs.models import Assignment, Cycle, LedgerEntry\n"
        "from handfast_server.worker.models import Problem\n"
        "print(Lead.objects.count(), Cycle.objects.count(), Assignment.objects.filter(ended_at=None).count(),\n"
        "      LedgerEntry.objects.filter(kind='assign').count() - Assignment.objects.count(), Problem.objects.count())"
    )
    done = subprocess.run([sys.executable, "-c", count], env=around, capture_output=True, text=True, check=True)
    leads, cycles, assigned, beside, problems = map(int, done.stdout.split())
    assert leads == cycles == assigned > 20
    assert (beside, problems) == (0, 0)
    assert handfast(contained, "doctor").returncode == 0


UNITS = ("handfast.service", "handfast-migrate.service", "handfast-web@.service", "handfast-work@.service")


def unit(root: Path, name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign] # names of units have capitals
    read.read_string((root / "deploy/systemd" / name).read_text(encoding="utf-8"))
    return read


def exec_start(root: Path, name: str, instance: int) -> list[str]:
    """The words of ExecStart after the program, for an instance; the port is one that is free."""
    program, *words = shlex.split(unit(root, name)["Service"]["ExecStart"].replace("%i", str(instance)))
    assert program == "/opt/handfast/bin/handfast"
    return [str(instance) if word == "8000" else word for word in words]


def test_the_units_are_all_there_are(root: Path) -> None:
    assert {file.name for file in (root / "deploy/systemd").glob("*.service")} == set(UNITS)
    for name in UNITS:
        service = unit(root, name)["Service"]
        assert service["User"] == "handfast"
        assert service["NoNewPrivileges"] == "yes"
    kept = re.findall(r"^#? ?([A-Z_]+)=", (root / "deploy/systemd/handfast.env").read_text(), re.MULTILINE)
    assert {name.removesuffix("_FILE") for name in kept} <= set(SAYS)


@pytest.mark.parametrize("name", UNITS)
def test_what_a_unit_starts_runs_and_ends_as_systemd_asks(
    home: dict[str, str], tmp_path: Path, root: Path, name: str
) -> None:
    port = next(ports())
    words = exec_start(root, name, port)
    if "oneshot" in unit(root, name)["Service"].get("Type", ""):
        assert handfast(home, *words).returncode == 0
        return
    with running(home, tmp_path, *words) as program:
        if "work@" in name:
            program.says("Working.")
        else:
            until(lambda: started(program) and get(f"http://127.0.0.1:{port}/readyz")[0] == 200, "ready")
        assert program.asked_to_end() == 0


def started(program: Program) -> bool:
    assert program.process.poll() is None, program.said + program.logged
    return True


def test_secrets_are_made_once_and_are_long(root: Path, tmp_path: Path) -> None:
    script = tmp_path / "make-secrets"
    script.write_bytes((root / "deploy/compose/make-secrets").read_bytes())
    made = []
    for _ in range(2):
        subprocess.run(["sh", str(script)], check=True)
        made.append({file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) == {"secret_key", "database_password", "database_url"}
    assert len(made[0]["secret_key"]) > 50
    assert made[0]["database_password"] in made[0]["database_url"]
