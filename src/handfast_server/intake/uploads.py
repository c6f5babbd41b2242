"""History that is given on a page: looked at first, then taken in by a worker, some hundred rows at a time.

1. Files are kept, compressed, and looked at: what each was recognised as is the mapping, which a person may change.
2. Told to begin, a worker reads them by that mapping and takes rows in; after each portion it is noted how far it is.
   A worker that dies is followed by another from there: nothing is lost, and what came twice is there once.
3. When everything is in, the files are thrown away; what was refused stays to be read.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from handfast.audit import read_export
from handfast.audit.export import Guess, SourceFile
from handfast.audit.file.problem import NotATable
from handfast.audit.file.source import find_sources
from handfast.audit.file.table import open_table
from handfast.audit.mapping import ExportMapping, FileMapping
from handfast.audit.mapping_text import read_mapping
from handfast.audit.mapping_write import write_mapping
from handfast.audit.roles import Kind
from handfast.errors import HandfastError
from handfast.problem import Severity
from handfast_server.audit.record import record
from handfast_server.decide import terms as versions
from handfast_server.decide.transaction import in_transaction
from handfast_server.intake import export as exports
from handfast_server.intake.folder import laid
from handfast_server.intake.history import Row
from handfast_server.intake.item import Item
from handfast_server.intake.models import Upload, UploadedFile
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.wire import clean_system
from handfast_server.now import now
from handfast_server.refused import Refused

LARGEST = 100 * 2**20
"""Bytes of all files of an upload; more is loaded with ``handfast import``."""
SHOWN = 8
"""Rows that a look shows."""
LOOKED_AT = 5_000
"""Rows that a look holds against what can be taken in."""


class Given(NamedTuple):
    """A file as somebody gave it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What would be taken in: how each file was read, the first rows, and everything that is wrong."""

    files: tuple[SourceFile, ...]
    mapping: ExportMapping
    total: int
    rows: tuple[Row, ...]
    said: tuple[str, ...]
    refused: tuple[Row, ...]
    unread: int


def do_upload(given: Sequence[Given], source: str, by: str) -> tuple[Upload, Looked]:
    """Keep files, and look at them. Raises Refused for what cannot be read; then nothing is kept."""
    source = _system(source)
    _check(given)
    zone = _zone()
    with laid(given) as paths:
        looked = _look(paths, None, zone)
    at = now()

    def work() -> Upload:
        row = Upload.objects.create(
            source=source,
            zone=zone,
            mapping=_kept(looked),
            total=looked.total,
            made_by=by,
            made_at=at,
            changed_at=at,
        )
        for name, content in given:
            packed = gzip.compress(content, 5)
            UploadedFile.objects.create(upload=row, name=name, size=len(content), content=packed)
        record("import.given", f"upload:{row.pk}", details={"files": len(given), "source": source})
        return row

    return in_transaction(work), looked


def look(row: Upload) -> Looked:
    """The same files again, by the mapping that is kept. Raises Refused."""
    with laid_out(row) as paths:
        return _look(paths, mapping_of(row), row.zone)


def do_map(row: Upload, mapping: ExportMapping) -> Looked:
    """Read the files otherwise. Raises Refused for a mapping by which they cannot be; the one before stays."""
    read = read_mapping(write_mapping(mapping))
    wrong = [problem for problem in read.problems if problem.severity is Severity.ERROR]
    if wrong:
        raise Refused("mapping", " ".join(str(problem.message) for problem in wrong[:5]), status=422)
    with laid_out(row) as paths:
        looked = _look(paths, read.mapping, row.zone)  # as the worker will read it
    if not looked.total:
        raise Refused("unreadable", "\n".join(looked.said), status=422)
    kept = _kept(looked)
    changed = {"mapping": kept, "total": looked.total, "changed_at": now()}
    if not Upload.objects.filter(pk=row.pk, state=Upload.State.LOOKED).update(**changed):
        raise Refused("begun", "This import has begun; how it is read stays as it is.")
    row.mapping = kept
    return looked


def _kept(looked: Looked) -> str:
    """How it was read, as text; nothing while nobody has said what the columns hold."""
    return write_mapping(looked.mapping, looked.files) if looked.total else ""


def do_begin(upload: int) -> None:
    """Let a worker take it in, or go on where it was stopped. Raises Refused."""
    _move(
        upload, (Upload.State.LOOKED, Upload.State.STOPPED, Upload.State.FAILED), Upload.State.WAITING, "import.begun"
    )


def do_stop(upload: int) -> None:
    """Stop after the rows that are being taken in. What is in stays. Raises Refused."""
    _move(upload, (Upload.State.WAITING,), Upload.State.STOPPED, "import.stopped")


def do_discard(upload: int) -> None:
    """Throw the files away; what came in stays, and that it did."""

    def work() -> None:
        row = Upload.objects.filter(pk=upload).exclude(state__in=(Upload.State.WAITING, Upload.State.DONE)).first()
        if row is None:
            raise Refused("not_there", "There is nothing to throw away, or a worker is at it: stop it first.")
        row.files.all().delete()
        if row.done:
            Upload.objects.filter(pk=upload).update(state=Upload.State.DONE, changed_at=now())
        else:
            row.delete()
        record("import.discarded", f"upload:{upload}")

    in_transaction(work)


def _move(upload: int, before: Iterable[Upload.State], after: Upload.State, what: str) -> None:
    def work() -> None:
        rows = Upload.objects.filter(pk=upload, state__in=list(before))
        there = rows.filter(files__isnull=False, total__gt=0).exists()
        if not (there and rows.update(state=after, changed_at=now(), held_until=0, why="")):  # a worker may end it
            raise Refused("not_now", "That cannot be done with this import now: look at it again.")
        record(what, f"upload:{upload}")

    in_transaction(work)


def mapping_of(row: Upload) -> ExportMapping | None:
    """How an upload is read; None while nobody has said so. Raises Refused for a text that is no mapping any more."""
    if not row.mapping:
        return None
    found = read_mapping(row.mapping)
    if found.mapping is None:
        raise Refused("mapping", "The mapping that is kept cannot be read any more: give the files again.")
    return found.mapping


@contextmanager
def laid_out(row: Upload) -> Iterator[list[Path]]:
    """The files of an upload in a folder that lasts as long as they are read."""
    given = [Given(each.name, gzip.decompress(bytes(each.content))) for each in row.files.order_by("name")]
    with laid(given) as paths:
        yield paths


def _look(paths: Sequence[Path], mapping: ExportMapping | None, zone: str) -> Looked:
    version = versions.governing(now())
    try:
        export = read_export(
            paths,
            mapping=mapping,
            zone=zone,
            contract=None if version is None else version.contract,
            asked=exports.ASKED,
        )
    except HandfastError as unread:
        return _unknown(paths, mapping, _without_folder(str(unread), paths))
    found = list(islice(exports.rows(export, "look", now()), LOOKED_AT))
    return Looked(
        files=tuple(export.files),
        mapping=export.mapping or ExportMapping(),
        total=len(export),
        rows=tuple([row for row in found if isinstance(row.item, Item)][:SHOWN]),
        said=tuple(_without_folder(each, paths) for each in export.assumed),
        refused=tuple(row for row in found if not isinstance(row.item, Item)),
        unread=sum(file.refused for file in export.files),
    )


def _unknown(paths: Sequence[Path], mapping: ExportMapping | None, why: str) -> Looked:
    """Tables of which nothing is known: their columns, for somebody to say what they hold. Raises Refused for none."""
    try:
        files = tuple(_tables(paths))
    except HandfastError:  # as a zip that cannot be opened
        files = ()
    if not files:
        raise Refused("unreadable", why, status=422)
    entries = tuple(FileMapping(file=file.name.rpartition("/")[2], kind=Kind.LEADS) for file in files)
    return Looked(
        files=files,
        mapping=mapping or ExportMapping(files=entries),
        total=0,
        rows=(),
        said=tuple(line.strip() for line in why.splitlines()),
        refused=(),
        unread=0,
    )


def _tables(paths: Sequence[Path]) -> Iterator[SourceFile]:
    for source in find_sources(paths, lambda _: None):
        try:
            table = open_table(source)
        except (NotATable, HandfastError):
            continue
        yield SourceFile(
            name=source.name,
            recognised_as="",
            encoding=table.encoding,
            delimiter=table.delimiter,
            rows=0,
            used=0,
            refused=0,
            duplicates=0,
            guesses=[Guess(header, "", 0.0, "") for header in table.header],
        )


def _without_folder(text: str, paths: Sequence[Path]) -> str:
    return text.replace(f"{paths[0].parent}/", "")


def _check(given: Sequence[Given]) -> None:
    if not given:
        raise Refused("no_files", "Choose at least one file.", status=422, path="files")
    if sum(len(content) for _, content in given) > LARGEST:
        says = f"These files are more than {LARGEST // 2**20} MB: load them with `handfast import` on the server."
        raise Refused("too_large", says, status=422, path="files")
    if len({name.casefold() for name, _ in given}) < len(given):
        raise Refused("twice", "Two files have the same name.", status=422, path="files")


def _system(source: str) -> str:
    try:
        return clean_system(source)
    except ItemRefused as wrong:
        raise Refused("source", str(wrong), status=422, path="source") from wrong


def _zone() -> str:
    """Of times without one."""
    version = versions.governing(now())
    return "UTC" if version is None else version.contract.zone
