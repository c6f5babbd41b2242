"""One delimited file, opened: its charset, dialect and first rows are known, and its records can be read in batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from handfast.audit.file.charset import Charset, decide_charset, decoded
from handfast.audit.file.dialect import SAMPLE_ROWS, find_dialect
from handfast.audit.file.line import Block, blocks
from handfast.audit.file.parquet import MAGIC, ParquetTable, open_parquet
from handfast.audit.file.problem import NotATable
from handfast.audit.file.record import Batch, Records
from handfast.audit.file.source import FAULTS, READ_BYTES, Source

BATCH_ROWS = 8_192

_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV (UTF-8)"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"SQLite format 3", "a database"),
)
_MARKUP = ("<!doctype", "<html", "<?xml", "<table", "<head", "<body", "<svg", "{", "[{", "[[")


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is a table: where its rows come from and how they are cut."""

    source: Source
    header: tuple[str, ...]
    encoding: str
    delimiter: str
    sample: list[list[str]] = field(repr=False)
    charset: Charset
    header_line: int
    cut: str

    def batches(self) -> Iterator[Batch]:
        """All records after the header.

        Raises ExportRefused when a packed file unfolds beyond all reason, and NotATable when it breaks off.
        """
        meter = _Meter(self.source)
        texts = decoded(meter, self.charset)
        lines = blocks(texts, returns_only=self.charset.returns_only)
        records = Records(self.cut, len(self.header), stray=self.charset.stray)
        try:
            for batch in records.batches(_small(lines), self.header_line):
                batch.bytes_done = meter.done
                yield batch
        except FAULTS as fault:
            raise NotATable(f"it breaks off: {fault}") from fault


class _Meter:
    """The chunks of a source, counted as they pass."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.done = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._source.chunks():
            self.done += len(chunk)
            yield chunk


def _small(lines: Iterator[Block]) -> Iterator[Block]:
    """Blocks of at most ``BATCH_ROWS`` lines, so that one damaged row sends few others the careful way."""
    for block in lines:
        if len(block.lines) <= BATCH_ROWS:
            yield block
            continue
        for start in range(0, len(block.lines), BATCH_ROWS):
            inside = {position - start for position in block.too_long if start <= position < start + BATCH_ROWS}
            yield Block(block.first + start, block.lines[start : start + BATCH_ROWS], inside)


def open_table(source: Source, *, encoding: str = "", delimiter: str = "") -> Table | ParquetTable:
    """Look at a file: Parquet by its first bytes, else its charset over all bytes and its dialect over the first rows.

    Raises NotATable with a sentence when it is none.
    """
    try:
        head = source.head(READ_BYTES)
        if head.startswith(MAGIC):
            return open_parquet(source)
        _refuse_foreign(head)
        charset = decide_charset(source.chunks())
    except FAULTS as fault:
        raise NotATable(f"it could not be read: {fault}") from fault
    if encoding:
        charset = replace(charset, name=encoding)
    text = "".join(decoded([head], charset))
    _refuse_text(text)
    first = next(blocks([text], returns_only=charset.returns_only), None)
    dialect = find_dialect(first.lines[: SAMPLE_ROWS * 3], delimiter) if first else None
    if first is None or dialect is None:
        raise NotATable("it is no table: its rows are not cut by commas, semicolons, tabs or bars")
    _refuse_headless(dialect.header)
    records = Records(dialect.delimiter, len(dialect.header), stray=charset.stray)
    sample = [row for batch in records.batches([first], dialect.header_line) for row in batch.rows]
    if len(head) == READ_BYTES:
        sample = sample[:-1]  # the last row may be cut
    return Table(
        source=source,
        header=_distinct(dialect.header),
        encoding=charset.title,
        delimiter=dialect.title,
        sample=sample[:1_000],
        charset=charset,
        header_line=dialect.header_line,
        cut=dialect.delimiter,
    )


def _refuse_foreign(head: bytes) -> None:
    if not head.strip():
        raise NotATable("it is empty")
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise NotATable(f"it is {what}")


def _refuse_text(text: str) -> None:
    start = text[:2000].lstrip("\ufeff \t\r\n").casefold()
    if start.startswith(_MARKUP):
        raise NotATable("it is JSON" if start[0] in "{[" else "it is a web page or XML, not a table")
    sample = text[:65536]
    strange = sum(character < " " and character not in "\t\r\n" for character in sample)
    if strange > 0.02 * len(sample):
        raise NotATable("it is binary data, not text")


def _refuse_headless(header: tuple[str, ...]) -> None:
    if sum(bool(name) for name in header) < 2:
        raise NotATable("its first row holds no column names")


def _distinct(header: tuple[str, ...]) -> tuple[str, ...]:
    """Column names told apart: HubSpot prints one name twice when two properties share a label."""
    seen: dict[str, int] = {}
    names = []
    for position, name in enumerate(header, start=1):
        base = name or f"column {position}"
        seen[base] = seen.get(base, 0) + 1
        names.append(base if seen[base] == 1 else f"{base} ({seen[base]})")
    return tuple(names)
