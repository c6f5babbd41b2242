"""How often leads changed hands, and what that did to time."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.audit.english import charts as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.findings.compare import ENOUGH
from handfast.audit.report import chart
from handfast.audit.report.document import Cell, Column, Grid
from handfast.audit.report.part.funnel import rate_cell
from handfast.measure.value import Ratio, Split, Table

_IN_TIME = (
    ("in_time_by_hand_offs", "hand_offs"),
    ("stated_in_time", "hand_offs"),
    ("stated_in_time", "stated_hand_offs"),
)


def handoffs(case: Case) -> Iterator[Grid]:
    """A table for each way of telling time by hand-offs, and the source's flags against the clocks."""
    changed = case.ratio("reassigned")
    for name, by in _IN_TIME:
        split = case.split(name, by)
        if split is not None and len(_known(split)) >= 2:
            yield _grid(name, by, split, changed)
            changed = None  # said once
    for measure in case.board:
        told = measure.figure if measure.name.startswith("stated_against_") else None
        if isinstance(told, Table) and any(map(sum, told.counts)):
            yield _against(measure.definition.title, told)


def _known(split: Split) -> list[tuple[str, Ratio]]:
    found = [(part.word, part.figure) for part in split if part.word and isinstance(part.figure, Ratio)]
    return sorted(found, key=lambda one: one[0])  # "0" … "4", "5+": the words sort as their numbers do


def _grid(name: str, by: str, split: Split, changed: Ratio | None) -> Grid:
    known = _known(split)
    whole = sum(ratio.denominator.count for _, ratio in known)
    return Grid(
        name=f"{name}_{by}",
        title=say.handoffs_title(changed, say.HAND_OFFS[name, by]),
        columns=(
            Column(key="hand_offs", title="Hand-offs"),
            Column(key="bar", title="In time, with interval, 0 to 100\u00a0%", look="draws"),
            Column(key="share", title="In time", number=True),
            Column(key="count", title="Leads", number=True),
            Column(key="of", title="Of all", number=True),
        ),
        rows=tuple(_row(word, ratio, whole) for word, ratio in known),
    )


def _row(word: str, ratio: Ratio, whole: int) -> tuple[Cell, ...]:
    rate, count = rate_cell(ratio, few=ENOUGH), ratio.denominator.count
    strip = chart.Strip(
        value=float(ratio.value or 0),
        low=ratio.interval.low if ratio.interval else None,
        high=ratio.interval.high if ratio.interval else None,
        target=None,
        look="plain",
    )
    return (
        Cell(text=word, value=word),
        Cell(text="", drawing=chart.strip(strip, f"{rate.text}, {rate.note}")),
        rate,
        Cell(text=words.count(count), value=count),
        Cell(text=words.share(count / whole), value=count / whole),
    )


def _against(title: str, table: Table) -> Grid:
    """The source's flag down, this contract's clock across."""
    heads = [column or say.NOT_JUDGED for column in table.columns]
    rows = [row for row in range(len(table.rows)) if sum(table.counts[row])]
    return Grid(
        name=title,
        title=title,
        note=say.flag_note(_differ(table, "in time", "late"), _differ(table, "late", "in time"), _both(table)),
        columns=(
            Column(key="stated", title="The source says"),
            *(Column(key=head, title=f"Clock: {head}", number=True) for head in heads),
        ),
        rows=tuple(
            (
                Cell(text=table.rows[row] or say.UNKNOWN),
                *(Cell(text=words.count(n), value=n) for n in table.counts[row]),
            )
            for row in rows
        ),
    )


def _differ(table: Table, flag: str, clock: str) -> int:
    """How many the flag calls one thing and the clock another."""
    return table.counts[table.rows.index(flag)][table.columns.index(clock)]


def _both(table: Table) -> int:
    """How many are judged by both."""
    words = ("in time", "late")
    return sum(_differ(table, flag, clock) for flag in words for clock in words)
