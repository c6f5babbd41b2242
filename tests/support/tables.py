"""Tables of the pages in docs/algorithms, as rows of cells by the heads of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

Row = dict[str, str]

PAGES = Path(__file__).resolve().parents[2] / "docs/algorithms"


def rows_of(page: Path, first_column: str) -> Iterator[Row]:
    """The rows of every table of a page whose first column has that name."""
    header: list[str] = []
    for line in page.read_text(encoding="utf-8").splitlines():
        text = line.strip()  # tables in lists stand further in
        cells = [cell.strip() for cell in text.strip("|").split("|")] if text.startswith("|") else []
        if not cells or not header:
            header = cells
        elif header[0] == first_column and not cells[0].startswith("---"):
            yield dict(zip(header, cells, strict=True))


def table_of(page: Path, first_column: str, *, count: int, having: str = "") -> list[Row]:
    """The rows of one table; how many is said by the test, so that none is lost."""
    rows = [row for row in rows_of(page, first_column) if not having or having in row]
    assert len(rows) == count
    return rows
