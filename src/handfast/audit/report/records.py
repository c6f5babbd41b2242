"""Every record behind every number, as CSV: which finding or measure, which part of it, which record.

A page names the first records of a number; whoever hands all of them over takes them from here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from handfast.audit.audit import Audit
from handfast.audit.file.refused import harmless
from handfast.measure.behind import behind
from handfast.measure.value import Rows

HEADER = ("of", "name", "part", "type", "record")


class Behind(NamedTuple):
    """The records behind one part of one number."""

    of: str  # finding or measure
    name: str  # its stable name, as in the JSON
    part: str  # numerator, denominator, still open …; of a finding, what its records are
    rows: Rows


def records_csv(audit: Audit) -> Iterator[str]:
    """The file, part by part. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}" + _lines([HEADER])  # by this mark Excel knows UTF-8
    columns = audit.board.columns
    for one in records_behind(audit):
        kind = "deal" if one.rows.of_deals else "lead"
        head = (one.of, one.name, one.part, kind)
        yield _lines([(*head, key) for key in one.rows.keys(columns)])


def records_behind(audit: Audit) -> Iterator[Behind]:
    """Findings, worst first, then measures in the order of the board."""
    for found in (*audit.found.leaks, *audit.found.strengths):
        if found.records is not None:
            yield Behind("finding", found.code, found.records.label, found.records.rows)
    for measure in audit.board:
        for part, rows in behind(measure.figure):
            yield Behind("measure", measure.name, part, rows)


def _lines(rows: list[tuple[str, ...]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([harmless(cell) for cell in row] for row in rows)
    return stream.getvalue()
