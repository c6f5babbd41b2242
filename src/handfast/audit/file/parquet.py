"""Parquet files, streamed by record batch; needs the extra ``parquet``, and says so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from handfast.audit.file.problem import NotATable
from handfast.audit.file.record import Batch
from handfast.audit.file.source import FAULTS, Source

MAGIC = b"PAR1"
BATCH_ROWS = 16_384
SAMPLE_ROWS = 1_000
LARGEST_PACKED = 1024 * 1024 * 1024
"""Bytes of a Parquet file within a zip or gzip file that are unpacked into memory."""

MISSING = (
    "it is a Parquet file, and reading those needs the extra “parquet”; "
    'install it with: pip install "handfast[parquet]"'
)


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """A Parquet file as a table of texts; what ``Table`` is for delimited files."""

    source: Source
    header: tuple[str, ...]
    sample: list[list[str]] = field(repr=False)
    encoding: str = "Parquet"
    delimiter: str = "Parquet"

    def batches(self) -> Iterator[Batch]:
        """All rows, a record batch at a time; lines are counted from 1 as rows.

        Raises NotATable when the file breaks off.
        """
        line = 1
        rows = 0
        try:
            with _opened(self.source) as file:
                total = max(1, file.metadata.num_rows)
                for record_batch in file.iter_batches(batch_size=BATCH_ROWS):
                    batch = Batch(rows=_rows(record_batch))
                    batch.lines = list(range(line, line + len(batch.rows)))
                    batch.texts = [";".join(row) for row in batch.rows]
                    line += len(batch.rows)
                    rows += len(batch.rows)
                    batch.bytes_done = self.source.size * rows // total
                    yield batch
        except _faults() as fault:
            raise NotATable(f"it breaks off: {fault}") from fault


def open_parquet(source: Source) -> ParquetTable:
    """Look at a Parquet file.

    Raises NotATable when it cannot be read, or pyarrow is not installed.
    """
    try:
        with _opened(source) as file:
            header = tuple(file.schema_arrow.names)
            first = next(file.iter_batches(batch_size=SAMPLE_ROWS), None)
            return ParquetTable(source, header, _rows(first) if first is not None else [])
    except _faults() as fault:
        raise NotATable(f"it is a damaged Parquet file: {fault}") from fault


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 an extra that most audits do without
    except ImportError:
        raise NotATable(MISSING) from None
    with _seekable(source) as stream, pq.ParquetFile(stream) as file:
        yield file


def _faults() -> tuple[type[Exception], ...]:
    """What reading may raise; pyarrow's own errors are ValueErrors and OSErrors."""
    return (*FAULTS, ValueError)


def _seekable(source: Source) -> BinaryIO:
    """Parquet is read from its end: a packed one has to be unpacked first."""
    stream = source.open()
    if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO):
        return stream
    with stream:
        content = stream.read(LARGEST_PACKED + 1)
    if len(content) > LARGEST_PACKED:
        raise NotATable("it is a Parquet file of more than a gigabyte inside a packed file; unpack it first")
    return io.BytesIO(content)


def _rows(record_batch: Any) -> list[list[str]]:
    columns = [_texts(column) for column in record_batch.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _texts(column: Any) -> list[str]:
    """A column as the texts that a CSV file would hold: instants in ISO 8601, lists cut by semicolons."""
    import pyarrow as pa  # noqa: PLC0415 loaded by now

    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pa.timestamp("us", "UTC"))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [";".join(map(str, value or ())) for value in column.to_pylist()]
    try:
        column = column.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return ["" if value is None else str(value) for value in column.to_pylist()]
    return ["" if value is None else value for value in column.to_pylist()]
