"""What the report rests on: the files, what their columns were taken for, what was assumed, what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handfast.audit.english import basis as say
from handfast.audit.english import words
from handfast.audit.export import Export, SourceFile
from handfast.audit.findings.finding import Unseen
from handfast.audit.report.document import Cell, Column, Grid, Prose

_FILES = (
    Column(key="file", title="File"),
    Column(key="taken", title="Taken for"),
    Column(key="rows", title="Rows", number=True),
    Column(key="used", title="Used", number=True),
    Column(key="refused", title="Refused", number=True),
    Column(key="duplicates", title="Duplicates", number=True),
    Column(key="written", title="Written as"),
)


_MAPPING = (
    Column(key="header", title="Column"),
    Column(key="role", title="Read as"),
    Column(key="reason", title="Because"),
    Column(key="file", title="File"),
)


def basis(export: Export, assumed: Sequence[str]) -> Iterator[Grid | Prose]:
    """The files, the assumptions, the mapping."""
    files = export.files
    if files:
        yield Grid(name="files", title=say.FILES, columns=_FILES, rows=tuple(_file(one) for one in files))
    refused = sum(one.refused for one in files)
    lines = (*assumed, *([say.refused(refused, export.refused_path)] if refused else ()))
    if lines:
        yield Prose(name="assumed", lines=lines)
    mapped = tuple(_mapped(one, header) for one in files for header in one.columns)
    if mapped:
        yield Grid(name="mapping", title=say.mapping(len(mapped)), columns=_MAPPING, rows=mapped, folded=True)
    unused = [say.unused(one.name, one.unused) for one in files if one.unused]
    if unused:
        yield Prose(name="unused", lines=tuple(unused))


def _mapped(one: SourceFile, header: str) -> tuple[Cell, ...]:
    """A column, what it was read as, and what spoke for it."""
    why = next((guess.reason for guess in one.guesses if guess.header == header), "")
    return Cell(text=header), Cell(text=one.columns[header]), Cell(text=why), Cell(text=one.name)


def _file(one: SourceFile) -> tuple[Cell, ...]:
    written = words.listed(
        [text for text in (one.encoding, say.delimiter(one.delimiter), say.DATES.get(one.date_order, "")) if text]
    )
    numbers = (one.rows, one.used, one.refused, one.duplicates)
    return (
        Cell(text=one.name),
        Cell(text=one.recognised_as),
        *(Cell(text=words.count(number), value=number) for number in numbers),
        Cell(text=written),
    )


def missing(lines: Sequence[Unseen]) -> Grid | None:
    """What the export cannot show, and which column would; one row for all measures that want the same."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        grouped.setdefault((line.reason, line.remedy), []).append(line.title[:1].upper() + line.title[1:])
    if not grouped:
        return None
    return Grid(
        name="unseen",
        title=say.unseen(len(lines)),
        columns=(
            Column(key="reason", title="Why"),
            Column(key="remedy", title="What would show it"),
            Column(key="measures", title="Measures it would allow"),
        ),
        rows=tuple(
            (Cell(text=reason), Cell(text=remedy or words.NONE), Cell(text="; ".join(titles)))
            for (reason, remedy), titles in grouped.items()
        ),
    )
