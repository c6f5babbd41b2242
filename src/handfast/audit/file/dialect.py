"""Delimiter and header of a delimited file, found from its first rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """How rows are cut: the delimiter, the header as written, and the line it ends on (counted from 1)."""

    delimiter: str
    header: tuple[str, ...]
    header_line: int

    @property
    def title(self) -> str:
        """The delimiter by name."""
        return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(self.delimiter, self.delimiter)


def find_dialect(lines: Sequence[str], delimiter: str = "") -> Dialect | None:
    """The dialect of a file that begins with these lines, or None when they are no table.

    The delimiter that cuts most rows into as many fields as the header wins; then the one that cuts finer.
    """
    start, said = _preamble(lines)
    tried = [delimiter or said] if delimiter or said else DELIMITERS
    best: tuple[float, int, Dialect] | None = None
    for candidate in tried:
        found = _cut(lines[start:], candidate)
        if found is None:
            continue
        share, header, line = found
        score = (share, len(header), Dialect(candidate, header, start + line))
        if best is None or score[:2] > best[:2]:
            best = score
    return best[2] if best else None


def _preamble(lines: Sequence[str]) -> tuple[int, str]:
    """Blank lines and the ``sep=;`` line that spreadsheets understand."""
    start = 0
    while start < len(lines) and not lines[start].strip():
        start += 1
    if start < len(lines) and lines[start].strip().casefold().startswith("sep=") and len(lines[start].strip()) == 5:
        return start + 1, lines[start].strip()[-1]
    return start, ""


def _cut(lines: Sequence[str], delimiter: str) -> tuple[float, tuple[str, ...], int] | None:
    """Share of sampled rows as wide as the header, the header, and the line it ends on; None if it cuts nothing."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    rows: list[list[str]] = []
    header_line = 0
    try:
        for row in reader:
            header_line = header_line or reader.line_num
            rows.append(row)
            if len(rows) > SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # damage further down: judge by the rows before it
    if not rows or len(rows[0]) < 2:
        return None
    widths = Counter(len(row) for row in rows[1:] if row)
    width = len(rows[0])
    share = widths[width] / max(1, widths.total())
    return share, tuple(map(_name, rows[0])), header_line


def _name(raw: str) -> str:
    """A column's name without what cannot be seen: marks of byte order, zero-width characters, line ends."""
    return " ".join("".join(c if c.isprintable() else " " if c.isspace() else "" for c in raw).split())
