"""Ends what is left of a run of the tests once the run is over, however it ended.

What a run starts, and what that starts in turn, inherits a name from it. When the process at the head of a run is
gone - a ``kill -9`` included - the keeper's standard input ends, and it kills whoever still carries the name. Nobody
who starts a program has to think of it. Where there is no /proc, nothing is found and nothing ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

MARK = "TESTS_OF_RUN"


def keep() -> subprocess.Popen[bytes]:
    """Start the keeper of this process and of everybody whom it starts from now on."""
    name = uuid.uuid4().hex
    keeper = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, name],
        stdin=subprocess.PIPE,
        env=unmarked(os.environ),
        start_new_session=True,  # an interrupt at the terminal is for the tests
    )
    os.environ[MARK] = name
    return keeper


def unmarked(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program that ends by itself, after the run, and has something to clear away."""
    return {name: value for name, value in environment.items() if name != MARK}


def left(name: str) -> Iterator[int]:
    """Whoever carries the name of a run."""
    carried = f"\0{MARK}={name}\0".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if carried in b"\0" + (folder / "environ").read_bytes():
                yield int(folder.name)


def end(name: str) -> None:
    """Kill them; those too that were started meanwhile."""
    while found := list(left(name)):
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.stdin.read()
    end(sys.argv[1])
