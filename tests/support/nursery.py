"""A parent that has imported the service and set up nothing: what it forks is a process of the service at once.

A process of the service spends seconds of CPU on its imports; a thousand kills would be an hour of nothing else. The
nursery spends them once. What it forks runs the command that people type, with connections, threads, sockets and files
of its own, in a group of its own, and is killed by SIGKILL with everything that it started.

Run as a program: told by lines of JSON on standard input what to start and to kill, it tells who came to a fault point
and who is gone. It ends with its input, or with the thread that started it, and takes all its children along.
"""

from __future__ import annotations

import ctypes
import gc
import json
import mmap
import os
import runpy
import select
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from handfast_server.worker.loops import MODULES

ROOT = Path(__file__).resolve().parents[2]

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36

_OWN_CLOCKS = 1_000_000
"""Microseconds by which the clocks of two processes may differ."""

_MODULES = (
    "granian.server",
    "handfast.cli.app",
    "handfast.simulate",
    "handfast_server.commands.web",
    "handfast_server.commands.work",
    "handfast_server.observe.metrics",
    "handfast_server.operate.say",
    "handfast_server.operate.web",
    "handfast_server.worker.run",
    *MODULES,
    "tests.support.service",
)
"""What commands import when they are called, and scripts of these tests."""


class Clock:
    """How far the clock of the service is moved, in microseconds; all processes read the same eight bytes."""

    def __init__(self, file: Path, shift: int | None = None) -> None:
        """With ``shift`` the file is made."""
        if shift is not None:
            file.write_bytes(shift.to_bytes(8, sys.byteorder, signed=True))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), 8)
        self._lock = threading.Lock()

    @property
    def shift(self) -> int:
        """As it is now."""
        return int.from_bytes(self._shared[:8], sys.byteorder, signed=True)

    def on(self, span: int) -> None:
        """Move it on, for everybody."""
        with self._lock:
            self._shared[:8] = (self.shift + span).to_bytes(8, sys.byteorder, signed=True)


class _Moving(int):
    """The setting CLOCK_SHIFT of a process: added to the time, it is as far as the shared clock is at that moment."""

    clock: Clock
    own: int

    def __add__(self, other: int) -> int:
        return other + self.own + self.clock.shift

    __radd__ = __add__


@dataclass
class Born:
    """One start of a process, as whoever asked for it sees it. ``place`` is the fault point that it came to."""

    name: str
    folder: Path
    gone: threading.Event = field(default_factory=threading.Event)
    place: str = ""
    status: int = 0
    marked: threading.Event = field(default_factory=threading.Event)  # it came to its place, or is gone

    @property
    def said(self) -> str:
        """Everything on standard output so far."""
        return (self.folder / "said.txt").read_text(encoding="utf-8")

    @property
    def logged(self) -> str:
        """Everything on standard error so far."""
        return (self.folder / "logged.txt").read_text(encoding="utf-8")


class Nursery:
    """The parent, from outside."""

    def __init__(self, home: Mapping[str, str], folder: Path, clock: Path) -> None:
        """Start it with the environment that its children are to have."""
        command = [sys.executable, "-m", "tests.support.nursery", str(clock)]
        places = os.pathsep.join(filter(None, (str(ROOT), home.get("PYTHONPATH"))))
        environment = {**home, "PYTHONPATH": places, "OPENBLAS_NUM_THREADS": "1"}
        with (folder / "nursery.txt").open("w") as err:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, text=True
            )
        self._folder = folder
        self._lock = threading.Lock()
        self._living: dict[str, Born] = {}
        self._listener = threading.Thread(target=self._listen, name="nursery")

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._listener.join()
        self._process.stdout.close()
        self._process.wait()

    def start(self, name: str, *arguments: str, fault: str = "") -> Born:
        """A process of the service: ``arguments`` are those of ``handfast``, or the name of a script and its own."""
        folder = self._folder / name
        folder.mkdir(parents=True)
        for file in ("said.txt", "logged.txt"):
            (folder / file).touch()
        born = self._living[name] = Born(name, folder)
        self._tell({"start": name, "folder": str(folder), "arguments": arguments, "fault": fault})
        return born

    def kill(self, born: Born) -> None:
        """Kill it with everybody whom it started, and wait until all of them are gone."""
        self._tell({"kill": born.name})
        assert born.gone.wait(60), f"{born.name} cannot be killed"

    def script(self, name: str, *arguments: str, seconds: float = 300) -> Any:
        """What a script of these tests says."""
        born = self.start(name, f"tests.support.{name}", *arguments)
        assert born.gone.wait(seconds), f"{name} takes too long"
        assert born.status == 0, born.logged[-4000:]
        return json.loads(born.said.splitlines()[-1])

    def _tell(self, what: Mapping[str, object]) -> None:
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(json.dumps(what) + "\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            born = self._living[told["name"]]
            if "place" in told:
                born.place = told["place"]
                born.marked.set()
            else:
                born.status = told["status"]
                self._gone(born)
        for born in list(self._living.values()):  # the nursery itself is gone
            born.status = -1
            (born.folder / "logged.txt").write_text((self._folder / "nursery.txt").read_text())
            self._gone(born)

    def _gone(self, born: Born) -> None:
        del self._living[born.name]
        born.gone.set()
        born.marked.set()


def ends_with_its_parent() -> None:
    """Be killed as soon as the thread that started this process is gone."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _import_everything() -> None:
    """What a process of the service imports in its life; nothing is connected to, and no thread is begun."""
    from handfast_server.operate.up import up

    up()
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils.module_loading import import_string

    get_resolver()._populate()  # as the service itself does when it starts
    for module in _MODULES:
        import_module(module)
    for middleware in settings.MIDDLEWARE:
        import_string(middleware)
    for name in ("delivery/mail.txt", "delivery/mail.html"):
        get_template(name)


class _Parent:
    """The parent, from inside: no thread but this one, ever."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._children: dict[int, str] = {}  # by their numbers
        self._heard, self._told = os.pipe()  # who comes to a fault point writes here, and dies
        self._asked = b""
        self._awake, waken = os.pipe()
        os.set_blocking(waken, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waken, warn_on_full_buffer=False)

    def run(self) -> None:
        while True:
            ready, _, _ = select.select([0, self._heard, self._awake], [], [])
            if self._heard in ready:  # before whoever wrote it is told to be gone
                self._pass_on()
            if self._awake in ready:
                os.read(self._awake, 4096)
                self._reap()
            if 0 in ready and not self._listen():
                break
        for pid in list(self._children):
            self._kill(pid)
        while self._children:
            self._reap()

    def _listen(self) -> bool:
        got = os.read(0, 65536)
        lines = (self._asked + got).split(b"\n")
        self._asked = lines.pop()
        for line in lines:
            told = json.loads(line)
            if "start" in told:
                self._start(told)
            else:
                for pid in [pid for pid, name in self._children.items() if name == told["kill"]]:
                    self._kill(pid)
        return bool(got)

    def _start(self, told: Mapping[str, Any]) -> None:
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            code = 1
            try:
                os.setpgid(0, 0)
                ends_with_its_parent()
                if os.getppid() == parent:
                    code = self._live(told)
            except BaseException:  # noqa: BLE001 # nothing of the parent's goes on here
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                os._exit(code)
        with suppress(PermissionError, ProcessLookupError):
            os.setpgid(pid, pid)  # here as well: it may be killed before it comes to that itself
        self._children[pid] = told["start"]

    def _live(self, told: Mapping[str, Any]) -> int:
        """Be a process of the service, from its first line to its end."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        folder = Path(told["folder"])
        os.chdir(folder)
        for number, file in enumerate((Path(os.devnull), folder / "said.txt", folder / "logged.txt")):
            opened = os.open(file, os.O_WRONLY | os.O_APPEND if number else os.O_RDONLY)
            os.dup2(opened, number)
            os.close(opened)
        for each in (self._heard, self._awake):
            os.close(each)
        self._set_up(told)
        return _ran(told["arguments"])

    def _set_up(self, told: Mapping[str, Any]) -> None:
        from django.conf import settings

        from handfast_server import fault

        moving = _Moving()
        moving.clock, moving.own = self._clock, int.from_bytes(os.urandom(4)) % _OWN_CLOCKS
        settings.CLOCK_SHIFT = moving
        fault.arm(told["fault"])
        kill = fault.end

        def told_first(place: str) -> None:
            os.write(self._told, f"{told['start']} {place}\n".encode())
            kill(place)

        fault.end = told_first

    def _pass_on(self) -> None:
        for line in os.read(self._heard, 65536).decode().splitlines():
            name, _, place = line.partition(" ")
            _say(name=name, place=place)

    def _reap(self) -> None:
        """Whoever ended: a child, or somebody whom a child left behind."""
        with suppress(ChildProcessError):
            while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None:
                name = self._children.pop(ended.si_pid, None)
                if name is not None:
                    self._kill(ended.si_pid)  # whom it started; its own number is not free before it is asked for
                _, status = os.waitpid(ended.si_pid, 0)
                if name is not None:
                    self._wait_for_the_rest(ended.si_pid)
                    _say(name=name, status=status)

    def _wait_for_the_rest(self, group: int) -> None:
        """Nobody hears that a child is gone before all are whom it started: they came to this process as orphans."""
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-group, 0)

    def _kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _ran(arguments: list[str]) -> int:
    """Run a script, or a command of the service as its command line does."""
    if arguments[0].startswith("tests."):
        sys.argv = arguments
        runpy.run_module(arguments[0], run_name="__main__")
        return 0
    from handfast.cli.app import app

    code: int = app(arguments, standalone_mode=False) or 0
    return code


def _say(**what: object) -> None:
    os.write(1, (json.dumps(what) + "\n").encode())


if __name__ == "__main__":
    ends_with_its_parent()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    shared = Clock(Path(sys.argv[1]))
    _import_everything()
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()  # what is never looked at by the collector of a child is not copied for it
    _Parent(shared).run()
