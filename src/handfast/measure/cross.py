"""Counts by two words at once: each cell with its records, each column beside all that could have been in it."""

from __future__ import annotations

import numpy as np

from handfast.measure.build import counts
from handfast.measure.coded import Coded
from handfast.measure.figure import Rows, Table, rows
from handfast.measure.question import Mask, Question
from handfast.measure.value import Definition, Measure


def table_measure(
    question: Question,
    definition: Definition,
    lines: tuple[str, Coded],
    heads: tuple[str, Coded],
    *,
    counted: Mask,
    could: Mask,
) -> Measure:
    """Counts by two words of the cycles of the period, each column beside all that could have been counted in it."""
    placed = question.placed(definition.dated_by)
    figure = table_of(lines, heads, counted=counted & placed, could=could & placed)
    return Measure(definition=definition, figure=figure)


def table_of(lines: tuple[str, Coded], heads: tuple[str, Coded], *, counted: Mask, could: Mask) -> Table:
    """Counts by two words, given as a title and a column each; the unknown is the last row and the last column."""
    (row_title, row), (column_title, column) = lines, heads
    bottoms = counts(column.codes, could, len(column.words))
    width, height = len(column.words) + 1, len(row.words) + 1
    there = np.flatnonzero(counted)
    cells = row.codes.take(there).astype(np.intp) * width + column.codes.take(there)
    # The unknown, -1, comes first while it is counted, and last where it is shown.
    found = np.bincount(cells + width + 1, minlength=width * height).reshape(height, width)
    found = np.roll(found, (-1, -1), axis=(0, 1))
    known = tuple(Rows(could, count, column.codes, code) for code, count in enumerate(bottoms[:-1]))
    return Table(
        row_title=row_title,
        column_title=column_title,
        rows=(*row.words, ""),
        columns=(*column.words, ""),
        counts=tuple(tuple(line) for line in found.tolist()),
        of=(*known, Rows(could, bottoms[-1], column.codes, -1)),
        records=rows(counted),
        codes=(row.codes, column.codes),
    )
