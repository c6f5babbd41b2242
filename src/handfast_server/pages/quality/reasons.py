"""Why sales declined, told apart by source, campaign, clause, pool or owner: each number opens to its records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.contract.model import Contract
from handfast.measure.behind import cell_name, column_name
from handfast.measure.figure import Ratio, Table
from handfast.stats import wilson
from handfast_server.access import Principal
from handfast_server.pages.may import may
from handfast_server.pages.quality.asked import Seen, measured, seen_of, told_apart
from handfast_server.pages.quality.returns import given_back
from handfast_server.pages.scoreboard_asked import Asking
from handfast_server.pages.scoreboard_figures import number, percent
from handfast_server.pages.scoreboard_words import title_words
from handfast_server.sheet import line, sheet

SPLITS = ("source", "campaign", "clause", "pool", "owner")

_ROWS = 40
_SHADES = 5
_FIGURES = ("declined", "reason_given", "contested_share", "overturned_share")


@require_safe
@may("quality")
@measured("reasons")
def reasons(request: HttpRequest, who: Principal) -> HttpResponse:
    """The page."""
    seen = seen_of(request, who, SPLITS)
    table = _table(seen)
    shown = {
        "figures": list(_figures(seen)),
        "returned": given_back(who, seen),
        "table": None if table is None else laid_out(seen.asking, seen.shown.version.contract, table),
    }
    return told_apart(request, who, seen, SPLITS, "reasons", filled=table is not None, **shown)


@require_safe
@may("quality_csv")
@measured("reasons")
def reasons_csv(request: HttpRequest, who: Principal) -> StreamingHttpResponse:
    """The whole table, a line each of its counts, whose cells no spreadsheet takes for formulas."""
    seen = seen_of(request, who, SPLITS)
    return sheet(_lines(seen), f"reasons-by-{seen.asking.split}")


def _table(seen: Seen) -> Table | None:
    measure = seen.measure(f"reasons_by_{seen.asking.split}")
    figure = None if measure is None else measure.figure
    return figure if isinstance(figure, Table) and figure.records.count else None


def _lines(seen: Seen) -> Iterator[str]:
    table, known = _table(seen), seen.shown.version.contract.reasons
    yield line((seen.asking.split, "reason", "title", "clause", "declined", "of"))
    for column, word in enumerate(() if table is None else table.columns):
        for row, name in enumerate(() if table is None else table.rows):
            if table is not None and table.counts[row][column]:
                reason = known.get(name)
                told_ = ("", "") if reason is None else (reason.title, reason.clause)
                yield line((word, name, *told_, str(table.counts[row][column]), str(table.of[column].count)))


class Figure(NamedTuple):
    """A share above the table."""

    label: str
    value: str
    of: str
    interval: str
    address: str


def _figures(seen: Seen) -> Iterator[Figure]:
    for name in _FIGURES:
        measure = seen.measure(name)
        if measure is not None and isinstance(measure.figure, Ratio):
            found = seen.told(measure)
            address = reverse("scoreboard_measure", kwargs={"name": name}) + seen.asking.query(split="")
            yield Figure(title_words(measure.definition), found.value, found.of, found.interval, address)


# The table: what tells apart down, reasons across.


class Head(NamedTuple):
    """A reason."""

    title: str
    clause: str


class Cell(NamedTuple):
    """How often a reason was given; ``shade`` grows with its share of the row."""

    many: str
    share: str
    shade: int
    address: str


class Row(NamedTuple):
    """A source, a campaign, a clause …, with what was declined of it."""

    word: str
    clause: str
    of: str
    declined: str
    share: str
    interval: str
    cells: list[Cell]
    address: str


class Laid(NamedTuple):
    """The table as it is read; ``more`` rows are in the file alone."""

    heads: list[Head]
    rows: list[Row]
    more: int


def laid_out(asking: Asking, contract: Contract, table: Table) -> Laid:
    """The rows with most declined first, the reasons given most often first."""
    sums = [sum(counts) for counts in table.counts]
    across = sorted((place for place, count in enumerate(sums) if count), key=lambda place: -sums[place])
    declined = [sum(counts[column] for counts in table.counts) for column in range(len(table.columns))]
    down = sorted((place for place, count in enumerate(declined) if count), key=lambda place: -declined[place])
    shown = down[:_ROWS]
    most = max((_share(table, row, column) for row in across for column in shown), default=0.0)
    by_clause = asking.split == "clause"
    return Laid(
        heads=[_head(contract, table.rows[place]) for place in across],
        rows=[_row(asking, table, column, across, most, by_clause=by_clause) for column in shown],
        more=len(down) - len(shown),
    )


def _head(contract: Contract, name: str) -> Head:
    reason = contract.reasons.get(name)
    return Head(name or _("none given"), "") if reason is None else Head(reason.title, reason.clause)


def _row(asking: Asking, table: Table, column: int, across: Sequence[int], most: float, *, by_clause: bool) -> Row:
    word, of = table.columns[column], table.of[column].count
    count = sum(counts[column] for counts in table.counts)
    around = wilson(count, of)
    unknown = _("no clause: the record or the moment") if by_clause else _("unknown")
    return Row(
        word=word or unknown,
        clause=word if by_clause else "",
        of=number(of),
        declined=number(count),
        share=percent(count / of if of else None),
        interval="" if around is None else f"{number(around[0] * 100, 1)} – {percent(around[1])}",
        cells=[_cell(asking, table, row, column, most) for row in across],
        address=_address(asking, column_name(table, column)),
    )


def _cell(asking: Asking, table: Table, row: int, column: int, most: float) -> Cell:
    count = table.counts[row][column]
    if not count:
        return Cell("", "", 0, "")
    share = _share(table, row, column)
    return Cell(
        many=number(count),
        share=percent(share),
        shade=max(round(share / most * _SHADES), 1) if most else 1,
        address=_address(asking, cell_name(table, row, column)),
    )


def _share(table: Table, row: int, column: int) -> float:
    of = table.of[column].count
    return table.counts[row][column] / of if of else 0.0


def _address(asking: Asking, part: str) -> str:
    """The page of the measure, at the records of a part."""
    page = reverse("scoreboard_measure", kwargs={"name": f"reasons_by_{asking.split}"})
    return f"{page}{asking.query(split='', part=part)}#records"
