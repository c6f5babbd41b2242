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
from handfast.measure.value import Amount, Balance, Count, Derived, Durations, Figure, Ratio, Rows, Table

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
    for behind in records_behind(audit):
        kind = "deal" if behind.rows.of_deals else "lead"
        head = (behind.of, behind.name, behind.part, kind)
        yield _lines([(*head, key) for key in behind.rows.keys(columns)])


def records_behind(audit: Audit) -> Iterator[Behind]:
    """Findings, worst first, then measures in the order of the board."""
    for found in (*audit.found.leaks, *audit.found.strengths):
        if found.records is not None:
            yield Behind("finding", found.code, found.records.label, found.records.rows)
    for measure in audit.board:
        for part, rows in parts(measure.figure):
            yield Behind("measure", measure.name, part, rows)


def parts(figure: Figure) -> Iterator[tuple[str, Rows]]:
    """The parts of a figure that are numbers of records, each with its records."""
    match figure:
        case Count() | Amount() | Derived():
            yield "records", figure.records
        case Ratio():
            yield "numerator", figure.numerator
            yield "denominator", figure.denominator
            if figure.still_open is not None:
                yield "still open", figure.still_open
        case Durations():
            yield from (("watched", figure.records), ("ended", figure.ended), ("negative", figure.negative))
            yield from ((f"within {one.label}", one.records) for one in figure.within)
        case Table():
            yield from _cells(figure)
        case Balance():
            yield "delivered", figure.delivered
            yield from figure.groups.items()
            yield from (("in none", figure.in_none), ("in several", figure.in_several))


def _cells(table: Table) -> Iterator[tuple[str, Rows]]:
    """Each cell, and what each column is a share of."""
    for place, column in enumerate(table.columns):
        head = f"{table.column_title} {column or 'unknown'}"
        yield f"denominator: {head}", table.of[place]
        for line, row in enumerate(table.rows):
            if table.counts[line][place]:
                yield f"{table.row_title} {row or 'unknown'}, {head}", table.cell(line, place)


def _lines(rows: list[tuple[str, ...]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([harmless(cell) for cell in row] for row in rows)
    return stream.getvalue()
