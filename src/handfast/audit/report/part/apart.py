"""Measures told apart by source, campaign and owner: one sortable table each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handfast.audit.english import charts as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.findings.compare import ENOUGH, contrast, shares
from handfast.audit.report.document import Cell, Column, Grid
from handfast.audit.report.part.funnel import rate_cell
from handfast.measure.value import Amount, Count, Durations, Figure, Ratio, Split, Unit

_SHOWN = {
    "source": (
        "delivered",
        "lead_to_mql",
        "follow_up_compliance",
        "never_touched",
        "acceptance_rate",
        "declined",
        "mql_to_opportunity",
        "CHAIN",
    ),
    "campaign": ("delivered", "lead_to_mql", "acceptance_rate", "declined", "mql_to_opportunity", "CHAIN"),
    "owner": (
        "delivered",
        "speed_to_first_touch",
        "follow_up_compliance",
        "never_touched",
        "undecided_past_due",
        "acceptance_rate",
        "CHAIN",
    ),
    "pool": ("delivered", "follow_up_compliance", "never_touched", "acceptance_rate", "CHAIN"),
    "segment": ("delivered", "lead_to_mql", "acceptance_rate", "CHAIN"),
}
"""Split → measures shown across. CHAIN is the whole way of the contract's stages."""

_ROWS = 25


@dataclass(frozen=True, slots=True)
class Told:
    """A measure of a table: its name, its head, its split."""

    name: str
    title: str
    split: Split


def told_apart(case: Case) -> Iterator[Grid]:
    """A table for each split that tells at least two words apart."""
    for by, names in _SHOWN.items():
        told = list(_told(case, by, names))
        found = _words(told)
        if len(found) >= 2:
            yield _grid(by, told, found)


def _told(case: Case, by: str, names: tuple[str, ...]) -> Iterator[Told]:
    """Each measure that the export allows."""
    chain = f"{case.contract.stages[0]}_to_{case.contract.stages[-1]}"
    for name in dict.fromkeys(chain if name == "CHAIN" else name for name in names):
        measure, split = case.measure(name), case.split(name, by)
        if measure is not None and split is not None and split.parts:
            yield Told(name, say.short(measure.definition), split)


def _words(told: list[Told]) -> list[str | None]:
    """Every word that any of the measures knows; in the order of the first, the unknown last."""
    seen = dict.fromkeys(part.word for one in told for part in one.split)
    return [*(word for word in seen if word is not None), *([None] if None in seen else [])]


def _grid(by: str, told: list[Told], found: list[str | None]) -> Grid:
    figures = [{part.word: part.figure for part in one.split} for one in told]
    rows = tuple((_name(word, by), *(_cell(one.get(word)) for one in figures)) for word in found[:_ROWS])
    heads = (Column(key=one.name, title=one.title, number=True) for one in told)
    return Grid(
        name=f"by_{by}",
        title=_title(by, told),
        columns=(Column(key=by, title=by.capitalize()), *heads),
        rows=rows,
        sortable=True,
        note=say.apart_note(max(len(found) - _ROWS, 0), faint=any(cell.look == "few" for row in rows for cell in row)),
    )


def _title(by: str, told: list[Told]) -> str:
    """The largest word, and the first share whose words differ beyond chance."""
    counts = [(part.figure.value, part.word or "") for part in told[0].split if isinstance(part.figure, Count)]
    largest = max((one for one in counts if one[1]), default=None)
    whole = sum(count for count, _ in counts)
    shares_of = ((one.title, contrast(shares(one.split))) for one in told)
    title, apart = next(((title, found) for title, found in shares_of if found is not None), ("", None))
    return say.apart_title(by, None if largest is None else (largest[1], largest[0], whole), apart, title)


def _name(word: str | None, by: str) -> Cell:
    return Cell(text=say.no_word(by), look="unknown") if word is None else Cell(text=words.name(word, 60))


def _cell(figure: Figure | None) -> Cell:
    """One figure; shares of few records are faint, and say so by their count."""
    match figure:
        case Count():
            return Cell(text=words.count(figure.value), value=figure.value)
        case Amount():
            return Cell(text=words.money(figure.value), value=figure.value)
        case Durations():
            median = figure.quantiles["median"].value
            text = words.working(median) if figure.unit is Unit.BUSINESS else words.duration(median)
            return Cell(text=text, value=median, look="few" if figure.records.count < ENOUGH else "")
        case Ratio():
            cell = rate_cell(figure, few=ENOUGH)
            counted = f"{words.count(figure.numerator.count)} of {words.count(figure.denominator.count)}"
            return replace(cell, note="", tip=f"{counted}; {cell.note}")
    return Cell(text=words.NONE)
