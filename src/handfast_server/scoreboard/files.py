"""History as Parquet files (``handfast.history.parquet``): brought up to date, compacted, and without whom it forgot.

A run adds the facts that nobody can add to any more, a file for each bucket that has new ones. A bucket of many files
becomes one. Where a lead was erased, its bucket is written again with the lines as they are now.
"""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from handfast.errors import HandfastError
from handfast.history.parquet import COLUMNS, MANIFEST, bucket_of
from handfast.instant import Instant
from handfast_server.decide.team import life
from handfast_server.scoreboard.changed import horizon
from handfast_server.scoreboard.models import Erased
from handfast_server.worker.loops import Loop

MOST_FILES = 8
"""A bucket of more becomes one file."""
_BLOCK = 200_000

_SCHEMA = pa.schema(
    [(name, pa.int64() if name.endswith("_at") or name == "position" else pa.string()) for name in COLUMNS]
)
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM facts_fact "  # noqa: S608 # the names above


class Busy(HandfastError):
    """Somebody else writes this history."""

    code = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What counts: files by bucket, and the facts in them, which are those recorded before ``until``.

    ``life`` is that of the database that they are from: once another was read into it, they are written anew.
    """

    until: Instant = 0
    run: int = 0
    facts: int = 0
    files: dict[str, list[str]] = field(default_factory=dict)
    life: str = ""


def folder() -> Path:
    """Where a history of this service's own is kept."""
    return Path(settings.HOME) / "history"


def read(place: Path) -> Manifest | None:
    """What counts; None where there is no history yet."""
    try:
        return Manifest(**orjson.loads((place / MANIFEST).read_bytes()))
    except FileNotFoundError:
        return None


def export(place: Path) -> Manifest:
    """Bring a history up to date, or begin it. Raises Busy."""
    place.mkdir(parents=True, exist_ok=True)
    with _alone(place):
        before = _of_this_life(read(place) or Manifest())
        until = max(before.until, horizon())
        run = before.run + 1
        files = {bucket: list(names) for bucket, names in before.files.items()}
        facts = before.facts
        for part, block in enumerate(_new(before.until, until)):
            facts += sum(map(len, block.values()))
            for bucket, rows in block.items():
                files.setdefault(bucket, []).append(_write(place, f"{bucket}-{run:06}-{part:03}", rows))
        _without_erased(place, files, run, before.until, until)
        _compact(place, files, run)
        after = replace(before, until=until, run=run, facts=facts, files=files)
        _publish(place, after)
        return after


def _of_this_life(manifest: Manifest) -> Manifest:
    here = life()
    return manifest if manifest.life == here else Manifest(run=manifest.run, life=here)


def keep_up() -> bool:
    """Bring this service's own history up to date, once somebody began it (``handfast export``)."""
    if (folder() / MANIFEST).exists():
        try:
            export(folder())
        except Busy:
            return False
    return False


def _new(since: Instant, until: Instant) -> Iterator[dict[str, list[Any]]]:
    """The facts recorded from one instant to before another, in blocks, by bucket."""
    place: tuple[int, int, str] = (since, -1, "")
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"{_SELECT}{_AFTER}", [place[0], place[0], place[1], place[0], place[1], place[2], until, _BLOCK]
            )
            rows = cursor.fetchall()
        if not rows:
            return
        name, _, _, _, recorded_at, position, _ = rows[-1]
        place = (recorded_at, position, name)
        yield _by_bucket(rows)
        if len(rows) < _BLOCK:
            return


_AFTER = (
    "WHERE (recorded_at > %s OR (recorded_at = %s AND (position > %s OR (recorded_at = %s AND position = %s "
    "AND name > %s)))) AND recorded_at < %s ORDER BY recorded_at, position, name LIMIT %s"
)


def _by_bucket(rows: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[bucket_of(row[2])].append(row)
    return found


def _write(place: Path, name: str, rows: Sequence[Any]) -> str:
    """A file of rows, sorted by lead, then by time."""
    ordered = sorted(rows, key=lambda row: (row[2], row[4], row[5]))
    columns = list(zip(*ordered, strict=True)) or [()] * len(COLUMNS)
    return _write_table(place, name, pa.table([pa.array(each) for each in columns], names=list(COLUMNS)).cast(_SCHEMA))


def _write_table(place: Path, name: str, table: pa.Table) -> str:
    file = place / f"{name}.parquet"
    beside = file.with_suffix(f".{os.getpid()}")
    pq.write_table(table, beside, compression="zstd")
    beside.replace(file)
    return file.name


def _without_erased(place: Path, files: dict[str, list[str]], run: int, since: Instant, until: Instant) -> None:
    erased: dict[str, list[str]] = defaultdict(list)
    for lead in Erased.objects.filter(at__gte=since, at__lt=until).values_list("lead", flat=True):
        erased[bucket_of(lead)].append(lead)
    for bucket, leads in erased.items():
        if bucket in files:
            table = _merged(place, files[bucket])
            others = [row for row in table.to_pylist() if row["lead"] not in set(leads)]
            kept = [tuple(row[name] for name in COLUMNS) for row in others]
            files[bucket] = [_write(place, f"{bucket}-{run:06}-e", [*kept, *_facts_of(leads, until)])]


def _facts_of(leads: Sequence[str], until: Instant) -> list[Any]:
    found: list[Any] = []
    with connection.cursor() as cursor:
        for lead in leads:
            cursor.execute(f"{_SELECT}WHERE lead = %s AND recorded_at < %s", [lead, until])
            found += cursor.fetchall()
    return found


def _compact(place: Path, files: dict[str, list[str]], run: int) -> None:
    for bucket, names in files.items():
        if len(names) > MOST_FILES:
            table = _merged(place, names).sort_by([(name, "ascending") for name in ("lead", "recorded_at", "position")])
            files[bucket] = [_write_table(place, f"{bucket}-{run:06}-c", table)]


def _merged(place: Path, names: Sequence[str]) -> pa.Table:
    return pa.concat_tables([pq.read_table(place / name) for name in names])


def _publish(place: Path, manifest: Manifest) -> None:
    beside = place / f"{MANIFEST}.{os.getpid()}"
    beside.write_bytes(orjson.dumps(asdict(manifest)))
    beside.replace(place / MANIFEST)
    counts = {name for names in manifest.files.values() for name in names}
    for path in place.glob("*.parquet"):
        if path.name not in counts:
            path.unlink(missing_ok=True)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    handle = os.open(place / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Busy(f"Somebody else is writing {place}.") from None
    finally:
        os.close(handle)


LOOPS = (Loop("history", keep_up, rest=300.0, gentle=True),)
