"""History from files, run by run: what was done is noted, so that an import that was interrupted goes on there."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from handfast.audit.file.refused import harmless
from handfast_server.decide.transaction import writing
from handfast_server.intake.history import Row
from handfast_server.intake.item import Item, Outcome, Status
from handfast_server.intake.models import ImportRun
from handfast_server.intake.take import RUN, take_in
from handfast_server.now import now

Progress = Callable[[int], None]
Take = Callable[[list[Item]], list[Outcome]]


class Refusals(Protocol):
    """Where rows go that were refused."""

    def add(self, row: Row, code: str, message: str, path: str) -> None:
        """One of them."""


class Portion(NamedTuple):
    """Rows that were taken in at once: how many are done in all, and how many of these had which outcome."""

    done: int
    counts: dict[str, int]


def load(rows: Iterable[Row], digest: str, refused: Refusals, progress: Progress) -> dict[str, int]:
    """Take rows in, from where the same file was left; how many had which outcome. Raises OperationalError."""
    counts = dict.fromkeys(("accepted", "repeat", "refused", "set_aside", "skipped"), 0)
    for portion in portions(rows, digest, refused):
        add_up(counts, portion.counts)
        progress(portion.done)
    return counts


def portions(rows: Iterable[Row], digest: str, refused: Refusals, take: Take | None = None) -> Iterator[Portion]:
    """The same, some hundred rows at a time, each noted before the next is begun. The first tells what was left out.

    ``take`` takes items in, where that is not ``take_in``.
    """
    run, _ = ImportRun.objects.get_or_create(digest=digest, defaults={"at": now()})
    done = run.done
    yield Portion(done, {"skipped": done})
    left = islice(rows, done, None)
    while some := list(islice(left, RUN)):
        counts: dict[str, int] = {}
        for row, outcome in zip(some, _outcomes(some, take or take_in), strict=True):
            add_up(counts, {outcome.status: 1})
            if outcome.status in {Status.REFUSED, Status.SET_ASIDE}:
                refused.add(row, outcome.code, outcome.message, outcome.path)
        done += len(some)
        with writing():
            ImportRun.objects.filter(digest=digest).update(done=done, at=now())
        yield Portion(done, counts)


def add_up(counts: dict[str, int], more: Mapping[str, int]) -> None:
    """More of each outcome."""
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def _outcomes(rows: list[Row], take: Take) -> list[Outcome]:
    taken = iter(take([row.item for row in rows if isinstance(row.item, Item)]))
    return [next(taken) if isinstance(row.item, Item) else Outcome.refused("", row.item) for row in rows]


def digest_of(paths: Iterable[Path], source: str) -> str:
    """What a run is known again by: the content of its files and the source that they are read as."""
    found = hashlib.sha256(source.encode())
    for path in sorted(paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                with file.open("rb") as content:
                    found.update(hashlib.file_digest(content, "sha256").digest())
    return found.hexdigest()


class RefusedFile:
    """Refused rows as CSV without formulas, made when the first comes: line, code, message, path, and the row."""

    def __init__(self, path: Path) -> None:
        """Nothing is refused yet."""
        self.path = path
        self.count = 0
        self._file: Any = None
        self._writer: Any = None

    def add(self, row: Row, code: str, message: str, path: str) -> None:
        """One row."""
        if self._file is None:
            self._file = self.path.open("a", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            if self._file.tell() == 0:
                self._writer.writerow(("line", "code", "message", "path", "row"))
        self.count += 1
        self._writer.writerow([harmless(str(cell)) for cell in (row.place, code, message, path, row.text)])

    def close(self) -> None:
        """No more comes."""
        if self._file is not None:
            self._file.close()


@contextmanager
def refused_file(path: Path) -> Iterator[RefusedFile]:
    """The file, closed in the end."""
    file = RefusedFile(path)
    try:
        yield file
    finally:
        file.close()
