"""An export on disk to one ``Export``: find the files, recognise or follow the mapping, read, join."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from handfast.audit.column.finish import date_order, finish
from handfast.audit.column.typed import Filler, KeySpaces, TypedTable
from handfast.audit.column.vocabulary import Empties
from handfast.audit.completed import completed
from handfast.audit.export import Export, Guess, SourceFile
from handfast.audit.file.parquet import ParquetTable
from handfast.audit.file.problem import NotATable
from handfast.audit.file.refused import RefusedRows
from handfast.audit.file.source import Source, find_sources
from handfast.audit.file.table import Table, open_table
from handfast.audit.join.asked import asked_attributes
from handfast.audit.join.whole import assemble
from handfast.audit.mapping import ExportMapping, FileMapping
from handfast.audit.recognise import Recognised, recognise
from handfast.audit.roles import PERSONAL, Kind
from handfast.audit.systems import known_tables
from handfast.audit.told import headless, lacking, unfit, unsure
from handfast.contract.model import Contract
from handfast.errors import ExportRefused

Progress = Callable[[int, int], None]
"""Called with bytes read and bytes in all, at most a few hundred times a file."""


@dataclass(slots=True)
class Reading:
    """An export while it is read."""

    unwanted: frozenset[str]  # what is personal and not asked for
    spaces: KeySpaces = field(default_factory=KeySpaces)
    tables: list[TypedTable] = field(default_factory=list)
    files: dict[str, SourceFile] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)


def read_export(
    paths: Iterable[Path | str],
    *,
    mapping: ExportMapping | None = None,
    zone: str,
    contract: Contract | None = None,
    asked: frozenset[str] = frozenset(),
    refused_to: Path | None = None,
    progress: Progress | None = None,
) -> Export:
    """Read the files of an export into columns.

    ``zone`` is the IANA zone of instants that name none. With a ``mapping`` its entries decide; files it does not
    name are recognised. ``contract`` says which attributes are asked for, and ``asked`` which are whatever it says.
    Refused rows are written to the CSV file ``refused_to``; without it they are counted only. Raises ExportRefused when
    nothing in the files can be used.
    """
    chosen = mapping or ExportMapping()
    asked |= asked_attributes(contract)
    reading = Reading(unwanted=PERSONAL - asked)
    empties = Empties(chosen.empty)
    with RefusedRows(refused_to) as refused:  # first, for those of a former run may lie among the files
        sources = find_sources(paths, reading.said.append)
        reading.said.extend(unfit(chosen, [source.name for source in sources]))
        meter = _Meter(progress, sum(source.size for source in sources))
        for source in sources:
            _read_source(source, chosen, empties, reading, refused, meter)
    _check_people(reading)
    where = chosen.zone or zone
    finished = finish(reading.tables, where, reading.said.append)
    export, folded, delivered = assemble(finished, reading.spaces, asked, reading.said.append)
    for table in finished:
        file = reading.files[table.name]
        file.date_order = date_order(table)
        file.duplicates = folded.get(table.name, 0)
    mapped = completed(finished, chosen, where, delivered_on_inquiry=delivered)
    for table, entry in zip(finished, mapped.files, strict=True):
        _tell_roles(reading.files[table.name], entry)
        reading.said.extend(unsure(reading.files[table.name], table))
    export.files, export.assumed = list(reading.files.values()), reading.said
    export.refused_path, export.mapping = refused.path, mapped
    return export


def _check_people(reading: Reading) -> None:
    """Raises ExportRefused when no file tells of anybody."""
    told = (table for table in reading.tables if table.mapping.kind in _OF_PEOPLE)
    if not any(map(len, told)):
        raise ExportRefused(_why_nothing(reading))


_OF_PEOPLE = frozenset((Kind.LEADS, Kind.CONTACTS, Kind.EVENTS))


def _tell_roles(file: SourceFile, entry: FileMapping) -> None:
    """Columns by the mapping that was really used, where it says more than was guessed at first."""
    file.columns = {header: ", ".join(roles) for header, roles in entry.columns.items()}
    file.guesses = [
        replace(
            guess, role=said, confidence=min(guess.confidence, 0.5), reason="no column says more; this is taken for it"
        )
        if (said := file.columns.get(guess.header, "")).endswith(", mql_at") and not guess.role.endswith("mql_at")
        else replace(guess, role=said)
        for guess in file.guesses
    ]


@dataclass(slots=True)
class _Meter:
    """Progress over all files, told at most every hundredth."""

    tell: Progress | None
    total: int
    before: int = 0
    told: int = -1

    def at(self, done: int) -> None:
        """So many bytes of the present file are read."""
        now = min(self.before + done, self.total)
        if self.tell is not None and (self.told < 0 or now - self.told >= self.total // 200):
            self.told = now
            self.tell(now, self.total)

    def finish(self, size: int) -> None:
        """The present file is read."""
        self.before += size
        self.at(0)


def _read_source(
    source: Source,
    chosen: ExportMapping,
    empties: Empties,
    reading: Reading,
    refused: RefusedRows,
    meter: _Meter,
) -> None:
    entry = chosen.for_file(source.name)
    if (entry is None and chosen.only) or (entry is not None and entry.kind is Kind.IGNORE):
        meter.finish(source.size)
        return
    try:
        table = open_table(source, encoding=entry.encoding if entry else "", delimiter=entry.delimiter if entry else "")
        found = _follow(table, entry) if entry else _guess(table, empties, reading)
        if found.mapping.kind is Kind.IGNORE:
            reading.said.append(f"{source.name} was not read: {found.mapping.title} say nothing that an audit needs.")
            return
        _fill(table, found, empties, reading, refused, meter)
    except NotATable as fault:
        reading.unusable.append(f"{source.name}: {fault}")
        reading.said.append(f"{source.name} was not used: {fault}.")
    finally:
        meter.finish(source.size)


def _guess(table: Table | ParquetTable, empties: Empties, reading: Reading) -> Recognised:
    """What a file is without a mapping's word; raises NotATable when that cannot be told."""
    value, surely = headless(table.header, table.sample, empties)
    if surely:
        raise NotATable(f"its first row holds values (“{value}”) and no column names; put a row of names above it")
    if value:
        reading.said.append(f"{table.source.name}: its first row was taken for column names, though “{value}” is one.")
    found = recognise(table, empties)
    if found is None:
        listed = ", ".join(f"“{header}”" for header in table.header[:6])
        why = lacking(table.header, known_tables()) or f"its columns ({listed} …) are none that an audit knows"
        raise NotATable(f"{why}; give it a mapping")
    return found


def _follow(table: Table | ParquetTable, entry: FileMapping) -> Recognised:
    """The mapping's word instead of a guess."""
    guesses = [Guess(head, ", ".join(entry.columns.get(head, ())), 1.0, "the mapping says so") for head in table.header]
    missing = [head for head in entry.columns if head not in table.header]
    if missing:
        raise NotATable(f"the mapping names columns that it does not have: {', '.join(missing)}")
    return Recognised(entry, 1.0, "the mapping says so", tuple(guesses))


def _fill(
    table: Table | ParquetTable,
    found: Recognised,
    empties: Empties,
    reading: Reading,
    refused: RefusedRows,
    meter: _Meter,
) -> None:
    name = table.source.name
    unwanted = frozenset() if found.mapping.kind is Kind.USERS else reading.unwanted
    filler = Filler(found.mapping, name, table.header, reading.spaces, empties, unwanted)
    for batch in table.batches():
        refused.add(name, filler.fill(batch))
        meter.at(batch.bytes_done)
    typed = filler.table
    reading.tables.append(typed)
    reading.files[name] = SourceFile(
        name=name,
        recognised_as=found.mapping.title or f"{found.mapping.kind} by the mapping",
        encoding=table.encoding,
        delimiter=table.delimiter,
        rows=len(typed) + typed.refused,
        used=len(typed),
        refused=typed.refused,
        duplicates=0,
        columns={guess.header: guess.role for guess in found.guesses if guess.role},
        unused=[guess.header for guess in found.guesses if not guess.role],
        guesses=list(found.guesses),
    )
    if typed.stray:
        reading.said.append(
            f"{name}: {typed.stray:,} rows hold bytes that are not UTF-8 and were read as Windows-1252."
        )


def _why_nothing(reading: Reading) -> str:
    reasons = reading.unusable + [_why_none(file) for file in reading.files.values()]
    listed = "\n".join(f"  {reason}" for reason in reasons[:20])
    return f"Nothing here can be audited: no row of leads or contacts was found.\n{listed}"


def _why_none(file: SourceFile) -> str:
    if file.used:
        return f"{file.name}: {file.recognised_as}, which are no leads by themselves"
    if not file.rows:
        return f"{file.name}: {file.recognised_as}, but there is nothing under its header"
    return f"{file.name}: {file.recognised_as}, but none of its {file.rows:,} rows could be used; refused rows say why"
