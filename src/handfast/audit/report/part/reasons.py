"""Why sales declined, by where the leads came from: a heat table of shares."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.audit.english import charts as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.findings.compare import ENOUGH
from handfast.audit.report import chart
from handfast.audit.report.document import Cell, Column, Grid
from handfast.measure.value import Table

_WIDEST = 8
_TALLEST = 14


def reasons(case: Case) -> Grid | None:
    """The largest sources across, the most frequent reasons down; None where no lead was declined."""
    table = case.table("reasons_by_source")
    if table is None:
        return None
    titles = {name: reason.title for name, reason in case.contract.reasons.items()}
    across = _largest([rows.count for rows in table.of], _WIDEST)
    down = _largest([sum(line) for line in table.counts], _TALLEST)
    most = max((_share(table, row, column) for row in down for column in across), default=0.0)
    return Grid(
        name="reasons",
        title=say.reasons_title(table, _top(table, titles)),
        columns=(Column(key="reason", title="Reason"), *(_column(table, column) for column in across)),
        rows=tuple(
            (_name(table, row, titles), *(_cell(table, row, column, most) for column in across)) for row in down
        ),
        note=say.reasons_note(
            len(table.columns) - len(across), len([1 for line in table.counts if sum(line)]) - len(down)
        ),
        look="heat",
    )


def _largest(sizes: list[int], most: int) -> list[int]:
    """The places of the largest sizes, largest first; places of size 0 are left out."""
    places = sorted(range(len(sizes)), key=lambda place: -sizes[place])
    return [place for place in places[:most] if sizes[place]]


def _top(table: Table, titles: Mapping[str, str]) -> tuple[str, int, str, float] | None:
    """The most frequent reason by its title with its count, and the large enough source that has it most often."""
    named = [(sum(line), row) for row, line in enumerate(table.counts) if table.rows[row] and sum(line)]
    if not named:
        return None
    count, row = max(named)
    shares = [(_share(table, row, column), column) for column in range(len(table.columns))]
    share, column = max(shares)
    return titles.get(table.rows[row], table.rows[row]), count, table.columns[column] if share else "", share


def _share(table: Table, row: int, column: int) -> float:
    """A cell as a share of its column; 0 where the column is too small to be spoken of."""
    of = table.of[column].count
    return table.counts[row][column] / of if of >= ENOUGH else 0.0


def _column(table: Table, column: int) -> Column:
    title = f"{words.name(table.columns[column], 24) or say.UNKNOWN} ({words.count(table.of[column].count)})"
    return Column(key=table.columns[column], title=title, number=True)


def _name(table: Table, row: int, titles: Mapping[str, str]) -> Cell:
    name = table.rows[row]
    return Cell(text=words.name(titles.get(name, name)) or say.NO_REASON, note=words.count(sum(table.counts[row])))


def _cell(table: Table, row: int, column: int, most: float) -> Cell:
    count, of = table.counts[row][column], table.of[column].count
    if not count:
        return Cell(text="0", value=0, look="zero")
    share = count / of if of else 0.0
    if of < ENOUGH:
        return Cell(text=words.count(count), value=share, look="few")
    tint = f"h{chart.shade(share, most)}"
    return Cell(text=words.share(share), value=share, note=words.count(count), look=tint)
