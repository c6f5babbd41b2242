"""Numbers for a scraper. Counters of every process that shares the home folder are added up through files in it.

A file is named by its process, and two containers have a process 1 each: every machine, or container, writes into a
folder of its own.

What stands in the database (lag, backlog) is asked for when somebody scrapes, by whichever process answers.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

ALL = Path(settings.HOME) / "metrics"
FOLDER = ALL / (socket.gethostname() or "here")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)
FOLDER.mkdir(parents=True, exist_ok=True)

_RESERVED = {"counter": 1 << 18, "histogram": 1 << 20}
"""Bytes for what one process counts, by kind of file."""


def _reserve() -> None:
    """Take the place on the disk that this process will count in.

    The library maps files with holes: a process that wrote into one on a full disk would be killed by the system.
    """
    for kind, size in _RESERVED.items():
        with suppress(OSError), (FOLDER / f"{kind}_{os.getpid()}.db").open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, size)


_reserve()
os.register_at_fork(after_in_child=_reserve)

# The library looks for its folder when it is imported.
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402 # as above
from prometheus_client.core import GaugeMetricFamily, Metric  # noqa: E402 # as above
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402 # as above
from prometheus_client.registry import Collector  # noqa: E402 # as above

from handfast_server.observe import status  # noqa: E402 # as above

REQUESTS = Counter("handfast_requests", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "handfast_request_seconds",
    "Time from request to answer",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
FACTS = Counter("handfast_facts", "Facts taken in", ["kind"])
DECISIONS = Counter("handfast_decisions", "What was decided, by event", ["event"])
FOUND_SECONDS = Histogram(
    "handfast_found_seconds",
    "Time from when something of a lead was due until a worker found it",
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)


class _Counted(Collector):
    """What every process counted."""

    def collect(self) -> Iterable[Metric]:
        """The sums."""
        files = [str(file) for file in ALL.glob("*/*.db")]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call] # the library's
        return found


class _Database(Collector):
    """What the database says now."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """A gauge for each number of the status."""
        found = status.status()
        for name, what, value in found.numbers():
            yield GaugeMetricFamily(f"handfast_{name}", what, value=value)


def text() -> bytes:
    """Everything, in the scraper's form."""
    registry = CollectorRegistry()
    registry.register(_Counted())
    registry.register(_Database())
    return generate_latest(registry)


def tidy() -> None:
    """Drop the files of processes that are gone; a scraper takes their absence for a restart.

    Who lives on another machine cannot be seen from here: its folder goes once nobody has counted in it for a week.
    """
    for file in FOLDER.glob("*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not _alive(int(pid)):
            file.unlink(missing_ok=True)
    for folder in ALL.iterdir():
        if folder.is_dir() and folder != FOLDER and _latest(folder) < time.time() - _WEEK:
            shutil.rmtree(folder, ignore_errors=True)


_WEEK = 7 * 24 * 60 * 60.0


def _latest(folder: Path) -> float:
    return max(each.stat().st_mtime for each in (folder, *folder.glob("*.db")))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
