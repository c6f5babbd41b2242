"""What the interface answers of a board: measures as plain values, and the records behind each number by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from handfast.errors import HandfastError
from handfast.instant import SECOND, format_instant
from handfast.measure import Measure, behind
from handfast.measure.columns import CycleColumns
from handfast.measure.data import measure_data
from handfast.measure.figure import Figure, Kind, Rows
from handfast.measure.scoreboard import entries
from handfast.measure.value import NotMeasurable, View
from handfast.problem import nearest
from handfast_server.scoreboard.boards import Shown
from handfast_server.sheet import line

MONTH = "month"


class NotAsked(HandfastError):
    """A measure, split or part that there is none of; ``path`` is the parameter."""

    code = "not_found"

    def __init__(self, path: str, name: str, known: Sequence[str]) -> None:
        """Say what was probably meant."""
        close = nearest(name, known)
        meant = f" Did you mean {close}?" if close else f" There is {', '.join(known)}." if known else ""
        super().__init__(f"There is no {path} {name!r} here.{meant}")
        self.path = path


def head(shown: Shown) -> dict[str, Any]:
    """What every answer begins with: of what the numbers are, and how old that is."""
    board = shown.board
    return {
        "contract": board.contract,
        "version": board.version,
        "zone": board.zone,
        "currency": board.currency,
        "period": None
        if board.period is None
        else {
            "label": board.period.label,
            "first": format_instant(board.period.first),
            "last": format_instant(board.period.last),
        },
        "as_of": format_instant(board.as_of),
        "stream": board.stream.value,
        "mixed": board.mixed,
        "cycles": len(board.columns),
        "snapshot": {
            "generation": shown.generation,
            "at": format_instant(shown.snapshot.at),
            "age_seconds": shown.age // SECOND,
        },
    }


def whole(shown: Shown, view: View | None) -> bytes:
    """Every measure of a view, or of both, without its splits."""
    return _kept(shown, ("whole", view), lambda: [_plain(shown, one, ()) for one in shown.board if _seen(one, view)])


def one(shown: Shown, name: str, split: str) -> bytes:
    """One measure, told apart by a split where one is asked for. Raises NotAsked."""
    measure = measure_of(shown, name)
    if split and split != MONTH and split not in measure.splits:
        raise NotAsked("split", split, [*measure.splits, MONTH])
    return _kept(shown, (name, split), lambda: _plain(shown, measure, (split,)))


def measure_of(shown: Shown, name: str) -> Measure:
    """The measure of that name. Raises NotAsked."""
    try:
        return shown.board[name]
    except KeyError:
        raise NotAsked("measure", name, [each.name for each in shown.board]) from None


def _plain(shown: Shown, measure: Measure, splits: Sequence[str]) -> dict[str, Any]:
    kept = {by: measure.splits[by] for by in splits if by in measure.splits}
    months = measure.months if MONTH in splits else {}
    return measure_data(replace(measure, splits=kept, months=months), shown.board.columns)


def _seen(measure: Measure, view: View | None) -> bool:
    if view is None:
        return True
    flows = measure.flow is not None or measure.definition.view is View.ACTIVITY
    return flows if view is View.ACTIVITY else measure.definition.view is not View.ACTIVITY


def _kept(shown: Shown, asked: object, make: Any) -> bytes:
    if asked not in shown.texts:
        shown.texts[asked] = orjson.dumps(make(), default=str)
    return shown.texts[asked]


def catalogue(shown: Shown) -> list[dict[str, str]]:
    """The published definition of every measure."""
    return [
        {
            "name": each.name,
            "family": each.family,
            "title": each.title,
            "formula": each.formula,
            "unit": each.unit.value,
            "records_of": each.records,
            "clause": each.clause,
            "target": each.target,
            "view": each.view.value,
            "dated_by": each.dated_by,
        }
        for each in (entry.definition for entry in entries(shown.version.contract))
    ]


class Wanted(NamedTuple):
    """Which records: of a part of a figure, and of a word of a split where one is named."""

    part: str = ""
    split: str = ""
    word: str = ""


class Record(NamedTuple):
    """A record behind a number, with the lead that it is of; a deal that is tied to no cycle is of none."""

    kind: str
    id: str
    cycle: str
    lead: str


def rows_of(shown: Shown, name: str, wanted: Wanted) -> Rows:
    """The records of a part of a measure. Raises NotAsked."""
    figure = _figure(measure_of(shown, name), wanted)
    parts = dict(behind(figure))
    part = wanted.part or next(iter(parts), "")
    if part not in parts:
        why = figure.reason if isinstance(figure, NotMeasurable) else part
        raise NotAsked("part", why, list(parts))
    return parts[part]


def _figure(measure: Measure, wanted: Wanted) -> Figure:
    if not wanted.split:
        return measure.figure
    splits = measure.months if wanted.split == MONTH else measure.splits
    if wanted.split not in splits:
        raise NotAsked("split", wanted.split, [*measure.splits, *measure.months])
    for part in splits[wanted.split]:
        if (part.word or "") == wanted.word:
            return part.figure
    raise NotAsked("word", wanted.word, [part.word or "" for part in splits[wanted.split]][:20])


def records(shown: Shown, rows: Rows, begin: int, count: int | None) -> list[Record]:
    """So many of the records, from one on."""
    columns = shown.board.columns
    end = None if count is None else begin + count
    places = rows.indices()[begin:end]
    cycles = _cycles_of(rows.kind, columns, places)
    known = cycles >= 0
    leads = iter(shown.snapshot.lead_names(columns.lead[cycles[known]]))
    names = _names_of(rows.kind, columns, places, cycles)
    return [
        Record(rows.kind.value, name, columns.key[int(cycle)], next(leads))
        if cycle >= 0
        else Record(rows.kind.value, name, "", "")
        for name, cycle in zip(names, cycles, strict=True)
    ]


def _cycles_of(kind: Kind, columns: CycleColumns, places: NDArray[np.intp]) -> NDArray[np.intp]:
    tables = {Kind.CLOCK: columns.clocks, Kind.DEAL: columns.opportunities, Kind.ASSIGNMENT: columns.assignments}
    if kind is Kind.SPEND:
        return np.full(len(places), -1, np.intp)
    table = tables.get(kind)
    return places if table is None else table.cycle[places].astype(np.intp)


def _names_of(kind: Kind, columns: CycleColumns, places: NDArray[np.intp], cycles: NDArray[np.intp]) -> list[str]:
    if kind in {Kind.CYCLE, Kind.ASSIGNMENT}:
        return [columns.key[int(cycle)] for cycle in cycles]
    table: Any = {Kind.CLOCK: columns.clocks, Kind.DEAL: columns.opportunities, Kind.SPEND: columns.spend}[kind]
    return [table.key[int(place)] for place in places]


def as_csv(shown: Shown, rows: Rows) -> Iterator[str]:
    """All records as lines of CSV that no spreadsheet takes for a formula."""
    yield line(Record._fields)
    for begin in range(0, rows.count, 5_000):
        for record in records(shown, rows, begin, 5_000):
            yield line(record)
