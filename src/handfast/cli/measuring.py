"""Measures on the terminal: each with its figure, what it is of, its interval, its target and the verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from handfast.audit.english import words
from handfast.audit.report.card import Place, card
from handfast.measure.behind import behind
from handfast.measure.data import measure_data
from handfast.measure.value import Balance, Figure, Flow, Measure, NotMeasurable, Part, Table, View

if TYPE_CHECKING:
    from handfast.measure import Board

_PLAIN = {ord(words.NBSP): " "}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of a board: some measures by name, one view, parts by a word, the records."""

    names: tuple[str, ...] = ()
    view: str = ""
    split: str = ""
    records: bool = False

    def of(self, board: Board) -> tuple[Measure, ...]:
        """The measures that were asked for, each with the parts that were asked for."""
        named = [one for one in board if not self.names or one.name in self.names]
        return tuple(self._trimmed(one) for one in named if self._seen(one))

    def _seen(self, one: Measure) -> bool:
        if not self.view:
            return True
        flows = one.flow is not None or one.definition.view is View.ACTIVITY
        return flows if self.view == View.ACTIVITY else one.definition.view is not View.ACTIVITY

    def _trimmed(self, one: Measure) -> Measure:
        splits = {self.split: one.splits[self.split]} if self.split in one.splits else {}
        return replace(one, splits=splits)


def board_data(board: Board, asked: Asked) -> dict[str, Any]:
    """The board as plain values, for JSON: with every record where they are asked for."""
    whole = replace(board, measures=())
    limit = _most(board) if asked.records else 0
    return {**whole.to_data(), "measures": [measure_data(one, board.columns, limit) for one in asked.of(board)]}


def _most(board: Board) -> int:
    """A limit that no number of records reaches."""
    tables = (board.columns, board.columns.opportunities, board.columns.clocks, board.columns.assignments)
    return max(1, *(0 if table is None else _length(table) for table in tables))


def _length(table: Any) -> int:
    return len(table) if hasattr(table, "__len__") else len(table.cycle)


def board_text(board: Board, asked: Asked, width: int) -> Iterator[str]:
    """The board line by line: what can be told, then what cannot and why."""
    period = "all there is" if board.period is None else board.period.label
    as_of = words.moment(board.as_of, board.zone)
    yield f"{board.contract}, version {board.version}: {period}, as of {as_of} ({board.zone})".translate(_PLAIN)
    yield f"{words.many(len(board.columns), 'cycle')}; intervals are 95%".translate(_PLAIN)
    told = asked.of(board)
    place = Place(board.columns, board.currency)
    for one in told:
        if _counted(one, asked):
            yield ""
            yield from _measure(one, place, asked, width)
    yield from _uncounted([one for one in told if one.measurable and not _counted(one, asked)], width)
    yield from _silent([one for one in told if not one.measurable], width)


def _counted(one: Measure, asked: Asked) -> bool:
    """Whether there is a case to count; what was asked for by name is shown in any case."""
    return one.measurable and (bool(asked.names) or any(rows.count for _, rows in behind(one.figure)))


def _uncounted(measures: Sequence[Measure], width: int) -> Iterator[str]:
    if measures:
        names = ", ".join(one.name for one in measures)
        yield ""
        yield from _wrapped(f"Not a case yet of: {names}", width, "")


def _silent(measures: Sequence[Measure], width: int) -> Iterator[str]:
    if measures:
        yield ""
        yield "Not to be told from what is given:"
    for one in measures:
        if isinstance(one.figure, NotMeasurable):
            yield from _wrapped(f"{one.name}: {one.figure.reason}", width)


def _measure(one: Measure, place: Place, asked: Asked, width: int) -> Iterator[str]:
    yield f"{one.definition.title} [{one.name}]"
    if asked.view == View.ACTIVITY and one.flow is not None:
        yield from _wrapped(_flow(one.flow), width)
        return
    yield from _wrapped("; ".join(_figure(one, place)), width)
    if isinstance(one.figure, Table):
        yield from _table(one.figure)
    if asked.names:
        yield from _wrapped(f"= {one.definition.formula}", width)
        for note in one.notes:
            yield from _wrapped(note, width)
    for by, split in one.splits.items():
        for part in split:
            yield from _wrapped("; ".join(_part(one, part, place, by)), width, "    ")
    if asked.records:
        yield from _records(one.figure, place, width)


def _figure(one: Measure, place: Place) -> Iterator[str]:
    """The number, what it is of, its interval, its target, the verdict."""
    shown = card(one, place)
    if shown is None:
        yield _whole(one.figure)
        return
    yield f"{shown.text} ({shown.interval})" if shown.interval else shown.text
    if shown.detail:
        yield shown.detail
    if shown.target:
        yield f"agreed: {shown.target}"
    if shown.verdict_text:
        yield shown.verdict_text.lower()


def _whole(figure: Figure) -> str:
    """A balance in its own words; of a table how many records it is over."""
    if isinstance(figure, Balance):
        groups = " + ".join(f"{name} {words.count(rows.count)}" for name, rows in figure.groups.items())
        return f"delivered {words.count(figure.delivered.count)} = {groups}; unaccounted {figure.unaccounted}"
    return words.many(figure.records.count, "record") if isinstance(figure, Table) else ""


def _table(table: Table) -> Iterator[str]:
    for line, row in enumerate(table.rows):
        cells = (
            f"{column or 'unknown'} {words.count(table.counts[line][place])}"
            for place, column in enumerate(table.columns)
            if table.counts[line][place]
        )
        yield f"    {row or 'unknown'}: {', '.join(cells)}"


def _flow(flow: Flow) -> str:
    share = "nothing to divide by" if flow.value is None else words.share(float(flow.value))
    return f"{share}; {words.count(flow.numerator)} over {words.count(flow.denominator)} in the period"


def _part(one: Measure, part: Part, place: Place, by: str) -> Iterator[str]:
    """A part has no target of its own."""
    first, *rest = _figure(replace(one, figure=part.figure, target=None, flow=None), place)
    yield f"{part.word or f'{by} unknown'}: {first}"
    yield from (text for text in rest if text)


def _records(figure: Figure, place: Place, width: int) -> Iterator[str]:
    for name, rows in behind(figure):
        keys = ", ".join(rows.keys(place.columns)) or "none"
        yield from _wrapped(f"{name} ({words.count(rows.count)}): {keys}", width, "    ")


def _wrapped(text: str, width: int, indent: str = "  ") -> list[str]:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text.translate(_PLAIN))
    return textwrap.wrap(
        shown,
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
