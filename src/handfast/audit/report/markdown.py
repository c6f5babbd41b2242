"""A document as Markdown: the same words, tables instead of drawings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from handfast.audit.english import words
from handfast.audit.findings.finding import ALL_RECORDS, Finding, Records
from handfast.audit.report.document import (
    Block,
    Card,
    Cards,
    Cell,
    Document,
    Findings,
    Grid,
    Line,
    Multiples,
    Plot,
    Prose,
)

_MARKS = re.compile(r"([\\`*_\[\]<>|#~$])")


def written(report: Document) -> str:
    """The whole document, ending with a newline."""
    lines = [
        f"# {plain(report.headline)}",
        "",
        plain(report.summary),
        "",
        plain(f"{report.eyebrow}. {' · '.join(report.about)}"),
        "",
    ]
    lines += [f"- {plain(label)}: **{plain(cell.text)}**{_note(cell)}" for label, cell in report.facts]
    for section in report.sections:
        lines += ["", f"## {plain(section.title)}"]
        if section.lead:
            lines += ["", plain(section.lead)]
        for block in section.blocks:
            lines += ["", *_block(block)]
    lines += ["", "---", "", *(plain(line) for line in report.closing)]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Text that Markdown takes as it is: no mark of it formats, no line of it breaks."""
    return _MARKS.sub(r"\\\1", words.clean(text))


def _note(cell: Cell) -> str:
    return f" ({plain(cell.note)})" if cell.note else ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Grid():
            yield from _titled(block.title, block)
        case Plot() | Multiples():
            yield from _titled(block.title, block.grid)
            yield from ("", plain(block.note)) if block.note else ()
        case Prose():
            yield from (f"- {plain(line)}" for line in block.lines)
        case Cards():
            yield from _cards(block.cards)
        case Line():
            yield _line(block)
        case Findings():
            for place, found in enumerate(block.found, start=1):
                yield from _finding(place, found)


def _titled(title: str, grid: Grid) -> Iterator[str]:
    yield from (f"**{plain(title)}**", "")
    yield from _table(grid)
    if grid.note:
        yield from ("", plain(grid.note))


def _table(grid: Grid) -> Iterator[str]:
    yield _row(plain(column.title) for column in grid.columns)
    yield _row("---:" if column.number else "---" for column in grid.columns)
    for row in grid.rows:
        yield _row(plain(cell.text) + _note(cell) for cell in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cards(cards: Iterable[Card]) -> Iterator[str]:
    yield from ("| measure | figure | 95 % interval | of | against target |", "| --- | ---: | --- | --- | --- |")
    found = list(cards)
    for card in found:
        against = f"{card.verdict_text}: {card.target}" if card.verdict_text else card.target
        yield _row(plain(text) for text in (card.title, card.text, card.interval, card.detail, against))
    yield ""
    yield from (f"- {plain(card.title)} = {plain(card.formula)}." for card in found)


def _line(line: Line) -> str:
    groups = " + ".join(f"{cell.text} {name}" for name, cell in line.groups)
    return plain(f"{line.delivered.text} delivered = {groups}; unaccounted {line.unaccounted.text}.")


def _finding(place: int, found: Finding) -> Iterator[str]:
    yield f"{place}. **{plain(found.headline)}** {' '.join(plain(sentence) for sentence in found.evidence)}"
    if found.next_step:
        yield f"   Next: {plain(found.next_step)}"
    if found.clause:
        yield f"   Clause: `{found.clause}`"
    if found.records is not None:
        yield f"   {plain(_records(found.records))}"


def _records(records: Records) -> str:
    more = f" and {words.count(records.more)} more (all: {ALL_RECORDS})" if records.more else ""
    return f"{words.count(records.count)} {records.label}: {', '.join(records.first)}{more}"
