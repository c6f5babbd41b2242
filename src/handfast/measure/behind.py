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
    for place, column in enumerate(table.columns):
        head = f"{table.column_title} {column or 'unknown'}"
        yield f"denominator: {head}", table.of[place]
        for line, row in enumerate(table.rows):
            if table.counts[line][place]:
                yield f"{table.row_title} {row or 'unknown'}, {head}", table.cell(line, place)
