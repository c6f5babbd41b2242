"""The records behind a number, part by part: numerator, denominator, those still open, each cell of a table."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.measure.figure import Amount, Balance, Count, Derived, Durations, Figure, Ratio, Rows, Table


def behind(figure: Figure) -> Iterator[tuple[str, Rows]]:
    """The parts of a figure that are numbers of records, each with its records; their names: ``rows.keys(columns)``.

    Columns are those of the board, which stand as of its instant. A figure that is not measurable has no parts.
    """
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
    for place in range(len(table.columns)):
        yield column_name(table, place), table.of[place]
        for line in range(len(table.rows)):
            if table.counts[line][place]:
                yield cell_name(table, line, place), table.cell(line, place)


def column_name(table: Table, column: int) -> str:
    """What the records are called that a column of a table is a share of."""
    return f"denominator: {_head(table, column)}"


def cell_name(table: Table, row: int, column: int) -> str:
    """What the records of one cell are called."""
    return f"{table.row_title} {table.rows[row] or 'unknown'}, {_head(table, column)}"


def _head(table: Table, column: int) -> str:
    return f"{table.column_title} {table.columns[column] or 'unknown'}"
