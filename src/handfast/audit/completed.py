"""The mapping that an export was really read by: words met are listed with their meaning, dates with their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from handfast.audit.column.dates import DateOrder
from handfast.audit.column.finish import Finished
from handfast.audit.column.vocabulary import WordColumn, fold
from handfast.audit.join.changes import changes, spellings, stage_changes
from handfast.audit.mapping import ExportMapping, FileMapping
from handfast.audit.meaning import CLOSED, MEANINGS, UNKNOWN, stage_word
from handfast.audit.roles import Kind

MOST_WORDS = 300
"""Distinct words of one column that are listed; a column with more holds texts, not words."""


def completed(
    tables: Iterable[Finished], chosen: ExportMapping, zone: str, *, delivered_on_inquiry: bool
) -> ExportMapping:
    """What was guessed, as a mapping that guesses nothing and reads the same."""
    files = [_file(table, delivered_on_inquiry=delivered_on_inquiry) for table in tables]
    return ExportMapping(files=tuple(files), zone=chosen.zone or zone, empty=chosen.empty, only=chosen.only)


def _file(table: Finished, *, delivered_on_inquiry: bool) -> FileMapping:
    mapping = table.table.mapping
    if not mapping.guessed:
        return replace(mapping, dates=_order(table))
    columns = dict(mapping.columns)
    if delivered_on_inquiry and mapping.kind is Kind.LEADS:
        columns = {header: (*roles, "mql_at") if "inquiry_at" in roles else roles for header, roles in columns.items()}
    values = {role: words for role in mapping.values if (words := _words(table, role))}
    for kind, role in (*MEANINGS, (Kind.HISTORY, "new_value"), (Kind.ACTIVITIES, "new_value")):
        if kind is table.kind and role not in values and (words := _words(table, role)):
            values[role] = words
    return replace(
        mapping, columns=columns, values=values, dates=_order(table), delivered_on_inquiry=False, guessed=False
    )


def _order(table: Finished) -> DateOrder:
    """The order of all its dates that can be read two ways; left open when columns differ."""
    found = {table.orders[role] for role, column in table.dates().items() if any(column.evidence)}
    return found.pop() if len(found) == 1 else table.table.mapping.dates


def _words(table: Finished, role: str) -> Mapping[str, str]:
    """Every word met in a column, with what it was read as; ``none`` where it was read as nothing."""
    column = table.table.columns.get(role)
    if not isinstance(column, WordColumn) or role == "subject":
        return {}
    said = table.meaning(role, stage_word if _is_stage_history(table, role) and table.guessed else None)
    listed = _listed(table, role, column)
    closed = role == "new_value" or (table.kind, role) in CLOSED or (table.kind, role) == (Kind.ACTIVITIES, "type")
    nothing = UNKNOWN if table.kind is Kind.TOUCHES else "none"
    words: dict[str, str] = {}
    seen = set[str]()
    for raw in listed:
        if fold(raw) not in seen and raw.isprintable():
            seen.add(fold(raw))
            words[raw] = said(raw) or (nothing if closed else raw)
    return words if len(words) <= MOST_WORDS else dict(table.table.mapping.values.get(role, {}))


def _is_stage_history(table: Finished, role: str) -> bool:
    return role == "new_value" and table.has("lead_id")


def _listed(table: Finished, role: str, column: WordColumn) -> Sequence[str]:
    if _is_stage_history(table, role):
        return stage_changes(table)
    if role == "field" and table.kind is Kind.ACTIVITIES:
        return spellings(table, role, changes(table))
    return _met(column)


def _met(column: WordColumn) -> Sequence[str]:
    """Spellings, the commonest first."""
    return [raw for raw, _ in sorted(column.counted().items(), key=lambda item: (-item[1], item[0]))]
