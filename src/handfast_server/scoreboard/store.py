"""The snapshot as files: a base of every lead, and parts that were brought up to date since, each written once.

``CURRENT`` names the base and the parts that count; it is replaced whole, so a reader sees one state or the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
from django.conf import settings

from handfast.instant import Instant
from handfast_server.scoreboard.frame import Array, Frame
from handfast_server.scoreboard.pack import FORMAT, Packed
from handfast_server.scoreboard.snapshot import Snapshot

_CURRENT = "CURRENT"
_LEADS = "leads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """What counts. ``generation`` grows with everything that a measure could tell."""

    format: int = FORMAT
    rules: str = ""  # of the contract whose attribution and currency the columns carry
    base: str = ""
    parts: tuple[str, ...] = ()
    at: Instant = 0  # everything told by then is in it
    since: Instant = 0  # facts recorded from then on are looked at again
    generation: int = 0
    rates: int = 0  # the newest rate of exchange that is in it
    spend: int = 0  # the newest line of what was spent that counts
    seen: Mapping[str, Instant] = field(default_factory=dict)  # leads in it although recorded after ``since``


def folder() -> Path:
    """Where the files are."""
    return Path(settings.HOME) / "snapshot"


def read_current() -> Current | None:
    """What counts now; None before the first snapshot, or when it is of another format."""
    try:
        raw = orjson.loads((folder() / _CURRENT).read_bytes())
    except FileNotFoundError:
        return None
    return Current(**{**raw, "parts": tuple(raw["parts"])}) if raw.get("format") == FORMAT else None


def write_current(current: Current) -> None:
    """Let this count from now on."""
    _replace(folder() / _CURRENT, orjson.dumps(asdict(current)))


def forget() -> None:
    """Let nothing count: another database is behind it now, and the next snapshot is made anew."""
    (folder() / _CURRENT).unlink(missing_ok=True)


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with beside.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else is writing the snapshot of this machine; held until the end."""
    folder().mkdir(parents=True, exist_ok=True)
    handle = os.open(folder() / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def write_packed(name: str, packed: Packed) -> None:
    """A part, or a base: a folder with a file a table. The folder is there whole, or not at all."""
    target, made = folder() / name, folder() / f"{name}.{os.getpid()}"
    for each in (target, made):
        shutil.rmtree(each, ignore_errors=True)
    made.mkdir(parents=True)
    absent = {"absent": orjson.dumps(dict(packed.absent))}
    _write_table(made / f"{_LEADS}.arrow", pa.table({"id": packed.leads}).replace_schema_metadata(absent))
    for table, frame in packed.frames.items():
        _write_table(made / f"{table}.arrow", _table(frame))
    made.rename(target)


def _write_table(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)


def _table(frame: Frame) -> pa.Table:
    columns = {name: frame.names().arrow() if name == "key" else _arrow(frame.array(name)) for name in frame.arrays}
    bools = [name for name, array in frame.arrays.items() if array.dtype == np.bool_]
    return pa.table(columns).replace_schema_metadata({"words": orjson.dumps(frame.words), "bools": orjson.dumps(bools)})


def _arrow(array: Array) -> pa.Array:
    """Without a copy: Arrow packs eight booleans into a byte, and numpy does not."""
    return pa.array(array.view(np.int8) if array.dtype == np.bool_ else array)


def read_packed(name: str) -> Packed:
    """A part, or a base, from its files, which are mapped. Raises FileNotFoundError once they are gone."""
    place = folder() / name
    leads = _mapped(place / f"{_LEADS}.arrow")
    return Packed(
        leads=leads.column("id").combine_chunks() if len(leads) else pa.array([], pa.string()),
        frames={path.stem: _frame(_mapped(path)) for path in place.glob("*.arrow") if path.stem != _LEADS},
        absent=orjson.loads(leads.schema.metadata[b"absent"]),
    )


def _mapped(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _frame(table: pa.Table) -> Frame:
    words = {name: tuple(known) for name, known in orjson.loads(table.schema.metadata[b"words"]).items()}
    bools = orjson.loads(table.schema.metadata[b"bools"])
    arrays: dict[str, Array] = {}
    texts: tuple[pa.Array, ...] = ()
    for name in table.column_names:
        column = table.column(name)
        whole = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        if name == "key":
            arrays[name], texts = np.arange(len(table), dtype=np.int64), (whole,)
        else:
            array = whole.to_numpy()
            arrays[name] = array.view(np.bool_) if name in bools else array
    return Frame(length=len(table), arrays=arrays, words=words, texts=texts)


def remove_others(current: Current) -> None:
    """Remove what counts no more. Who has it mapped keeps it; who is about to read it finds ``CURRENT`` changed."""
    counts = {current.base, *current.parts, _CURRENT, "lock"}
    for path in folder().iterdir():
        if path.name not in counts:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def load(current: Current) -> Snapshot:
    """The snapshot that ``current`` names. Raises FileNotFoundError when that counts no more."""
    snapshot = Snapshot.of(read_packed(current.base), current.at)
    return taking_in(snapshot, current.parts, current.at)


def taking_in(snapshot: Snapshot, parts: Iterable[str], at: Instant) -> Snapshot:
    """The snapshot with further parts taken in, in their order."""
    for part in parts:
        snapshot = snapshot.taking_in(read_packed(part), at)
    return replace(snapshot, at=at)
