"""What a user installs: the built wheel in an empty environment, with the base dependencies and nothing else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest


def versions_in(lock: Path) -> str:
    """The versions of a lock without its hashes: a wheel built just now has none to be compared with."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return "\n".join(line.removesuffix(" \\") for line in lines if not line.startswith(" "))


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds only the wheel and its base dependencies."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(root)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = place.glob("*.whl")
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
