"""Programs of the service as people start them: real processes, waited for by what they print and answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 120.0


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait for a condition, with a deadline."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"still not: {what}"
        time.sleep(0.05)


def handfast(home: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    command = [sys.executable, "-m", "handfast", *arguments]
    return subprocess.run(command, env=dict(home), capture_output=True, text=True, timeout=120, check=False)


class Program:
    """A command that goes on."""

    def __init__(self, home: Mapping[str, str], folder: Path, *arguments: str) -> None:
        """Start it; what it says and logs goes to files, so that it never waits for a reader."""
        self.said_in, self.logged_in = folder / "said.txt", folder / "logged.txt"
        command = [sys.executable, "-m", "handfast", *arguments]
        with self.said_in.open("a") as out, self.logged_in.open("a") as err:
            self.process = subprocess.Popen(command, env=dict(home), stdout=out, stderr=err, cwd=folder)

    @property
    def said(self) -> str:
        """Everything on standard output so far."""
        return self.said_in.read_text(encoding="utf-8")

    @property
    def logged(self) -> str:
        """Everything on standard error so far."""
        return self.logged_in.read_text(encoding="utf-8")

    def says(self, words: str) -> None:
        """Wait until it says something."""

        def heard() -> bool:
            assert self.process.poll() is None, f"ended with {self.process.poll()}:\n{self.said}\n{self.logged}"
            return words in self.said

        until(heard, f"{words!r} said in {self.said!r}")

    def asked_to_end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def killed(self) -> None:
        """End it as a machine does that loses its power."""
        self.process.kill()
        self.process.wait()

    def family(self) -> set[int]:
        """Its own number and those of all processes that it started, and they."""
        return descendants(self.process.pid)


@contextmanager
def running(home: Mapping[str, str], folder: Path, *arguments: str) -> Iterator[Program]:
    """A program that is gone afterwards, whatever happened, with everything that it started."""
    program = Program(home, folder, *arguments)
    family = {program.process.pid}
    try:
        yield program
        family |= program.family()
    finally:
        family |= program.family()
        for pid in family:
            if pid != program.process.pid or program.process.poll() is None:
                _kill(pid, program.process.pid)
        program.process.wait()


def _kill(pid: int, parent: int) -> None:
    if alive(pid) and (pid == parent or "handfast" in _command(pid)):
        os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> set[int]:
    """A process and all that it started, and they."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
        except OSError:
            continue
        children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found, more = set(), [pid]
    while more:
        each = more.pop()
        found.add(each)
        more += children.get(each, [])
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not asked for is gone as well."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def get(address: str, **headers: str) -> tuple[int, str]:
    """Status and text of an answer; 0 when nobody answers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=named), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""
