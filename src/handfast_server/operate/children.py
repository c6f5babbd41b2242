"""The processes of ``handfast serve``: started, started again when one ends by itself, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from handfast_server.operate.orphan import WATCH
from handfast_server.operate.say import Say

PATIENCE = 15.0
"""Seconds that a process has to end before it is killed."""

_LIMIT, _WITHIN = 5, 60.0
"""So many ends within so many seconds are a fault that starting again does not cure."""

_LOOK = 0.2


@dataclass
class Child:
    """One program. ``ends`` are the instants at which it ended by itself."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    ends: list[float] = field(default_factory=list)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a session of its own: Ctrl-C reaches the parent alone, which then ends it in order."""
        command = [sys.executable, "-m", "handfast_server.operate.child", *self.arguments]
        self.process = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 # our own program

    def ended(self) -> bool:
        """Whether it is not running."""
        return self.process is None or self.process.poll() is not None


class Children:
    """Several programs that live and end together."""

    def __init__(self, say: Say) -> None:
        """None yet."""
        self._say = say
        self._children: list[Child] = []
        self._stop = threading.Event()
        self._environment = {**os.environ, WATCH: "1"}

    def add(self, name: str, *arguments: str) -> Child:
        """Start one more."""
        child = Child(name, arguments)
        child.start(self._environment)
        self._children.append(child)
        return child

    def listen(self) -> None:
        """End on SIGINT and on SIGTERM."""
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: self._stop.set())

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stop.is_set()

    def wait_for(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Whether ``ready`` comes true in time, before the end is asked for and while every child runs."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stop.is_set():
            if any(child.ended() for child in self._children):
                return False
            if ready():
                return True
            self._stop.wait(_LOOK)
        return False

    def watch(self) -> bool:
        """Stay until the end is asked for; False when a child keeps ending by itself."""
        while not self._stop.wait(_LOOK):
            for child in self._children:
                if child.ended() and not self._again(child):
                    return False
        return True

    def _again(self, child: Child) -> bool:
        at = time.monotonic()
        child.ends = [each for each in child.ends if each > at - _WITHIN] + [at]
        code = child.process.returncode if child.process else None
        if len(child.ends) > _LIMIT:
            self._say(f"The {child.name} process ended {_LIMIT} times within a minute (last with {code}); giving up.")
            return False
        self._say(f"The {child.name} process ended with {code}; it is started again.")
        child.start(self._environment)
        return True

    def end(self) -> None:
        """Ask every child to end, in order of their start reversed; kill who does not."""
        running = [child.process for child in reversed(self._children) if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
