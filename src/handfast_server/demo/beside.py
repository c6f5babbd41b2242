"""A demonstration beside an installation: a service of its own in a home of its own, open to this machine alone.

Nothing made up ever stands in the installation's database, so that nothing has to be told apart, and nothing of it can
be left behind. Pages of the demonstration are handed through by the installation's own web process (``pages.through``).

In the folder: ``running`` is locked as long as the service lives, whoever started it; ``said`` is what it says; when
``wanted`` is gone, or was not touched for an hour, it ends, and when it is gone the folder goes as well.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from handfast_server.config import BESIDE, DATABASE_SETTINGS, KEPT_BESIDE
from handfast_server.operate.orphan import WATCH

PATIENCE = 60 * 60
"""Seconds after which a demonstration that nobody looks at ends; it goes on where it was when it is wanted again."""

WHOLE = "whole"
"""The file that says that it was ready once."""

STEPS = {"Making up a year": 5, "Writing it": 55, "Telling what happened today": 75, "Measuring it": 85}
"""The steps of making it, and how many percent of the time are over when each begins."""

_LAST = 97
_TRIES, _PAUSE = 3, 0.002


class State(StrEnum):
    """How it stands with the demonstration."""

    NONE = "none"  # not wanted
    STARTING = "starting"  # → ready, ended, failed
    READY = "ready"  # → none, ended
    ENDED = "ended"  # by itself: nobody looked, or who started it ended; → starting
    FAILED = "failed"  # before it was ever ready; → starting, from the beginning


class Stands(NamedTuple):
    """Its state; while it starts the step and the percents that are over, when it is ready the port."""

    state: State
    step: str = ""
    share: int = 0
    port: int = 0


def folder() -> Path:
    """Where everything of it is."""
    home: Path = settings.HOME
    return home / "demonstration"


def stands() -> Stands:
    """How it stands now."""
    where = folder()
    if not (where / "wanted").exists():
        return Stands(State.NONE)
    with _lock(fcntl.LOCK_SH) as mine:
        if mine:
            return Stands(State.ENDED if (where / WHOLE).exists() else State.FAILED)
    return _heard(where / "said")


def begin() -> None:
    """Start it, unless it runs: whoever holds the lock is the one."""
    where = folder()
    if not (where / "wanted").exists():
        remove()
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock() as mine:
        if mine:
            (where / "said").unlink(missing_ok=True)
            (where / "wanted").touch()
            _start(where, mine)


def end() -> None:
    """Want it no longer: it ends by itself, and takes its folder along."""
    (folder() / "wanted").unlink(missing_ok=True)
    remove()


def remove() -> None:
    """Take the folder away, unless it runs still."""
    if folder().exists():
        with _lock() as mine:
            if mine:
                shutil.rmtree(folder(), ignore_errors=True)


def looked_at() -> None:
    """Somebody looks: it goes on for another while."""
    with suppress(FileNotFoundError):
        os.utime(folder() / "wanted")


def is_wanted(where: Path) -> bool:
    """Whether the service in a folder should go on."""
    try:
        return time.time() - (where / "wanted").stat().st_mtime < PATIENCE
    except FileNotFoundError:
        return False


@contextmanager
def _lock(kind: int = fcntl.LOCK_EX) -> Iterator[int]:
    """The handle of the lock while nobody else holds it, else 0. Who inherits the handle holds it as well."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder() / "running", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield handle if _locked(handle, kind) else 0
    finally:
        os.close(handle)


def _locked(handle: int, kind: int) -> bool:
    """Whether it could be taken; who only looks whether it is held holds it for a moment, too."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        else:
            return True
    return False


_started: list[subprocess.Popen[bytes]] = []
"""Those of this process: asked now and then, so that one that ended is put away."""


def _start(where: Path, lock: int) -> None:
    _started[:] = [each for each in _started if each.poll() is None]
    command = [sys.executable, "-m", "handfast_server.operate.child", BESIDE]
    with (where / "said").open("w", encoding="utf-8") as said:
        _started.append(
            subprocess.Popen(  # noqa: S603 # our own program
                command, env=_environment(where), stdout=said, pass_fds=[lock], start_new_session=True
            )
        )


def _environment(where: Path) -> dict[str, str]:
    """Nothing by which it could reach the installation's data, or anybody: no database, no key, no mail, no sign-in."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT_BESIDE or not name.startswith(("HANDFAST_", *DATABASE_SETTINGS))
    }
    return kept | {
        "HANDFAST_HOME": str(where / "home"),
        "HANDFAST_BASE_URL": str(settings.BASE_URL),
        "HANDFAST_HOSTS": ",".join(settings.ALLOWED_HOSTS),
        WATCH: "1",
    }


def _heard(said: Path) -> Stands:
    """What it said last of how far it is."""
    found = Stands(State.STARTING)
    for line in said.read_text(encoding="utf-8").splitlines() if said.exists() else ():
        try:
            told = json.loads(line)
        except ValueError:  # the end of a line is on its way
            continue
        found = _after(found, told)
    return found


def _after(found: Stands, told: dict[str, object]) -> Stands:
    if told.get("ready"):
        return found._replace(state=State.READY)
    if local := told.get("local"):
        return found._replace(port=urlsplit(str(local)).port or 0)
    if step := told.get("step"):
        return found._replace(step=str(step), share=_share(str(step), int(str(told.get("share", 0)))))
    return found


def _share(step: str, done: int) -> int:
    """How many percent of everything are over when so many of a step are."""
    begins = [*STEPS.values(), _LAST]
    place = list(STEPS).index(step)
    return begins[place] + (begins[place + 1] - begins[place]) * done // 100
