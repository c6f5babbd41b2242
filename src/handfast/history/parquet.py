"""Facts as Parquet files: a folder of buckets, each fact a row with its line; one bucket is one task.

A row has ``name, kind, lead, happened_at, recorded_at, position, line``; every file is sorted by lead, then by time. A
lead's facts are all in one bucket, the team's in ``team``. The folder's ``MANIFEST.json`` names the files that count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handfast.errors import HandfastError
from handfast.history.file import Told
from handfast.history.line import read_line

MANIFEST = "MANIFEST.json"
TEAM = "team"
BUCKETS = 64
COLUMNS = ("name", "kind", "lead", "happened_at", "recorded_at", "position", "line")


class NoHistory(HandfastError):
    """A folder that holds no history."""

    code = "no_history"


def bucket_of(lead: str) -> str:
    """The bucket that a lead's facts are in; that of the team's for no lead."""
    if not lead:
        return TEAM
    digest = hashlib.blake2b(lead.encode(), digest_size=4).digest()
    return f"{int.from_bytes(digest, 'big') % BUCKETS:02}"


def files_of(folder: Path) -> Mapping[str, list[Path]]:
    """The files that count, by bucket. Raises NoHistory."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise NoHistory(f"{folder} holds no history: there is no {MANIFEST} in it.") from None
    return {bucket: [folder / name for name in names] for bucket, names in manifest["files"].items()}


def read_folder(folder: Path) -> Iterator[Told]:
    """Every fact in the order in which it was recorded, as ``replay`` wants them. Raises NoHistory, LineRefused."""
    rows = [row for files in files_of(folder).values() for file in files for row in _rows(file)]
    for place, (_, _, line) in enumerate(sorted(rows, key=lambda row: row[:2]), start=1):
        yield Told(read_line(line), place)


def _rows(file: Path) -> Iterator[tuple[int, int, str]]:
    import pyarrow.parquet as pq  # noqa: PLC0415 an extra that most do without

    table: Any = pq.read_table(file, columns=["recorded_at", "position", "line"])
    yield from zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True)
