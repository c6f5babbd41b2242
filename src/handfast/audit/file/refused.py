"""The file of refused rows: which file, which line, why, and the row as it stands there."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from handfast.audit.file.record import Refusal
from handfast.errors import HandfastError

HEADER = ("file", "line", "reason", "row")
LONGEST_ROW = 10_000
_NOWHERE = "Refused rows cannot be written to"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class RefusedRows:
    """Writes refused rows as they are met; the file appears with the first one, so that no news leaves no file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: IO[str] | None = None
        self._writer: Any = None
        self.count = 0

    def __enter__(self) -> Self:
        """Nothing is opened yet, but what a former run wrote there is taken away: its rows are not of this one.

        Raises HandfastError when nothing could be written there.
        """
        if self._path is not None:
            if not self._path.parent.is_dir():
                raise HandfastError(f"{_NOWHERE} {self._path}: there is no folder {self._path.parent}.")
            if self._path.is_dir():
                raise HandfastError(f"{_NOWHERE} {self._path}: it is a folder.")
            _forget(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file if there is one."""
        if self._stream is not None:
            self._stream.close()

    def add(self, file: str, refusals: Iterable[Refusal]) -> None:
        """Write some."""
        for refusal in refusals:
            self.count += 1
            if self._path is not None:
                self._write((file, str(refusal.line), refusal.reason, refusal.text[:LONGEST_ROW]))

    def _write(self, row: tuple[str, ...]) -> None:
        if self._stream is None:
            assert self._path is not None  # noqa: S101 asked by the caller
            try:
                self._stream = self._path.open("w", encoding="utf-8-sig", newline="", errors="replace")
            except OSError as fault:
                raise HandfastError(f"{_NOWHERE} {self._path}: {fault.strerror}.") from fault
            self._writer = csv.writer(self._stream)
            self._writer.writerow(HEADER)
        self._writer.writerow([harmless(cell) for cell in row])

    @property
    def path(self) -> str:
        """Where they were written; empty when there were none."""
        return str(self._path) if self._stream is not None else ""


def _forget(path: Path) -> None:
    """Remove a file of refused rows; any other file stays until there is a row to write over it."""
    try:
        with path.open("rb") as stream:
            first = stream.readline(100)
        if first.decode("utf-8-sig").rstrip() == ",".join(HEADER):
            path.unlink()
    except (FileNotFoundError, UnicodeDecodeError):
        pass  # nothing there, or not what a former run wrote
    except OSError as fault:
        raise HandfastError(f"{_NOWHERE} {path}: {fault.strerror}.") from fault


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; zero bytes are shown, not written."""
    plain = cell.replace("\0", "\N{SYMBOL FOR NULL}")
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
