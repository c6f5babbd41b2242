"""What a user installs: the built wheel in an empty environment, with the base dependencies and nothing else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from handfast.cli.app import SERVICE


def versions_in(lock: Path) -> str:
    """The versions of a lock without its hashes: a wheel built just now has none to be compared with."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return "\n".join(line.removesuffix(" \\") for line in lines if not line.startswith(" "))


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built now."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(root)]
    subprocess.run(build, check=True, capture_output=True)
    [built] = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(root: Path, wheel: Path) -> Path:
    """The folder of programs of an environment that holds only the wheel and its base dependencies."""
    place = wheel.parent
    environment = place / "environment"
    # Without the variables of the running environment: the new one must stand by itself.
    clean = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True, env=clean)
    versions = place / "versions.txt"
    versions.write_text(versions_in(root / "requirements.lock"), encoding="utf-8")
    # The pip of here installs into it, and what it installs is compiled when it is imported, if it is.
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin/python"), "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-compile", "-c", str(versions), str(wheel)]
    done = subprocess.run(install, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return environment / "bin"


def test_the_wheel_holds_the_service_with_its_migrations_templates_and_files(root: Path, wheel: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "src"], cwd=root, capture_output=True, text=True, check=True)
    ours = {name.removeprefix("src/") for name in listed.stdout.splitlines() if (root / name).exists()}
    with zipfile.ZipFile(wheel) as whole:
        packed = set(whole.namelist())
    assert ours <= packed
    for part in ("facts/migrations/0001_initial.py", "observe/templates/observe/status.html", "commands/serve.py"):
        assert f"handfast_server/{part}" in packed


@pytest.mark.parametrize("name", SERVICE)
def test_a_command_of_the_service_says_which_extra_it_needs(installed: Path, tmp_path: Path, name: str) -> None:
    shown = subprocess.run([installed / "handfast", name, "--help"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    # A file that is there: a missing one is refused before the extra is asked for.
    (tmp_path / "file").write_text("e_mail\n", encoding="utf-8")
    words = [str(installed / "handfast"), name, *(["file"] if "FILE" in shown.stdout.splitlines()[0] else [])]
    refused = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert refused.returncode == 1, refused.stderr
    assert "pip install 'handfast[server]'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_service_runs_from_what_the_wheel_holds(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as whole:
        whole.extractall(folder)
    strange = ("HANDFAST_", "DATABASE_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    environment = {**clean, "PYTHONPATH": str(folder), "HANDFAST_HOME": str(tmp_path / "home")}
    for command in ("migrate", "doctor"):
        words = [sys.executable, "-m", "handfast", command]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    where = [sys.executable, "-c", "import handfast_server; print(handfast_server.__file__)"]
    found = subprocess.run(where, env=environment, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert found.stdout.startswith(str(folder))


EVERY_MODULE = """
import importlib, pkgutil, sys, handfast
names = [m.name for m in pkgutil.walk_packages(handfast.__path__, "handfast.") if not m.name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
forbidden = {"django", "httpx", "requests", "numba", "pyarrow", "duckdb"} & set(sys.modules)
assert not forbidden, forbidden
print(len(names))
"""


def test_every_module_of_the_core_imports_with_the_base_dependencies_alone(installed: Path) -> None:
    done = subprocess.run([installed / "python", "-c", EVERY_MODULE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30


@pytest.fixture
def demo(installed: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`handfast demo` as a user starts it, in an empty folder; stopped at the end whatever happened."""
    command = [str(installed / "handfast"), "demo", "--leads", "300"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_demo_runs_serves_its_report_on_loopback_and_stops_when_asked(demo: subprocess.Popen[str]) -> None:
    assert demo.stdout is not None
    shown = ""
    while not (found := re.search(r"http://127\.0\.0\.1:\d+/\S*", shown)):
        line = demo.stdout.readline()
        assert line, f"the demo ended early:\n{shown}"
        shown += line
    with urllib.request.urlopen(found[0], timeout=10) as answer:
        page = answer.read().decode()
    assert "acme-demo" in page
    demo.send_signal(signal.SIGINT)
    assert demo.wait(timeout=10) == 0
