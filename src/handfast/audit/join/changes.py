"""Histories and event logs: when a lead or deal got a stage or an owner, row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handfast.audit import meaning
from handfast.audit.column.finish import Finished
from handfast.audit.column.vocabulary import WordColumn, fold
from handfast.audit.export import AssignmentColumns
from handfast.audit.join.combine import joined, marked
from handfast.audit.join.leads import Leads
from handfast.audit.join.owners import Naming
from handfast.audit.roles import Kind
from handfast.audit.stage import Stage
from handfast.instant import NEVER
from handfast.measure.columns import Coded, Codes, Instants

_USER_ID = re.compile(r"00[5G][A-Za-z0-9]{12}(?:[A-Z0-5]{3})?")


def changes(table: Finished) -> NDArray[np.bool_]:
    """Rows that are changes: all of a history, of activities those called so."""
    if table.kind is Kind.ACTIVITIES:
        return marked(table.words("type"), lambda said: said == "change")
    return np.ones(len(table), dtype=np.bool_)


def spellings(table: Finished, role: str, rows: NDArray[np.bool_]) -> list[str]:
    """The spellings of a column in some rows, in order of appearance."""
    column = table.table.columns.get(role)
    if not isinstance(column, WordColumn):
        return []
    raw = column.raw()
    codes = raw.codes if table.kept is None else raw.codes[table.kept]
    return [raw.words[code] for code in dict.fromkeys(codes[rows].tolist()) if code >= 0]


def _new_values(table: Finished, word: str) -> NDArray[np.bool_]:
    """Rows of a history, or ``change`` rows of activities, that are about stages or owners."""
    rows = changes(table)
    if not table.has("field"):
        return rows if word == "stage" else np.zeros(len(table), dtype=np.bool_)
    about: NDArray[np.bool_] = rows & marked(table.words("field"), lambda said: said == word)
    return about


def stage_changes(table: Finished) -> list[str]:
    """The spellings of stages that a history changes to, in order of appearance; owners' names are left out."""
    return spellings(table, "new_value", _new_values(table, "stage"))


def mark_changes(tables: Sequence[Finished], leads: Leads) -> None:
    """Stages of leads by their histories and event logs."""
    for table, lead in zip(leads.tables, leads.people.lead, strict=True):
        if table.kind is Kind.EVENTS:
            _mark(leads, table.words("state"), lead, table.instants("at"))
    for table in tables:
        if table.kind not in {Kind.HISTORY, Kind.ACTIVITIES} or not table.has("new_value"):
            continue
        rows = np.flatnonzero(_new_values(table, "stage"))
        coded = table.words("new_value", meaning.stage_word if table.guessed else None)
        lead = leads.people.by_key(table.keys("lead_id"))
        _mark(leads, Coded(codes=coded.codes[rows], words=coded.words), lead[rows], table.instants("at")[rows])


def _mark(leads: Leads, stages: Coded, lead: Codes, at: Instants) -> None:
    for code, word in enumerate(stages.words):
        rows = (stages.codes == code) & (lead >= 0)
        leads.mark_word(fold(word), lead[rows], at[rows])


def deal_changes(tables: Sequence[Finished]) -> tuple[Codes, Instants, NDArray[np.int8]]:
    """Deal, instant and 1 won, 0 lost of every change of a deal's stage that ended it."""
    keys, at, ended = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)], [np.zeros(0, np.int8)]
    for table in tables:
        if table.kind is not Kind.HISTORY or not table.has("deal_id"):
            continue
        rows = np.flatnonzero(_new_values(table, "stage"))
        coded = table.words("new_value")
        end = np.array([*({"won": 1, "lost": 0}.get(fold(word), -1) for word in coded.words), -1], np.int8)[coded.codes]
        rows = rows[end[rows] >= 0]
        keys.append(table.keys("deal_id")[rows])
        at.append(table.instants("at")[rows])
        ended.append(end[rows])
    return np.concatenate(keys), np.concatenate(at), np.concatenate(ended)


def build_assignments(tables: Sequence[Finished], leads: Leads, naming: Naming) -> AssignmentColumns:
    """Every turn of an owner, or of a pool, in order of time for each lead."""
    parts = [
        *_from_events(leads, naming),
        *_from_lists(tables, leads, naming),
        *_from_history(tables, leads, naming),
        *_from_rows(leads, naming),
    ]
    lead = np.concatenate([np.zeros(0, np.int32), *(part[0] for part in parts)])
    at = np.concatenate([np.zeros(0, np.int64), *(part[1] for part in parts)])
    owner, pool = joined([part[2] for part in parts]), joined([part[3] for part in parts])
    order = np.lexsort((np.arange(len(lead)), at, lead))
    order = order[lead[order] >= 0]
    kept = order[_changes(lead[order], owner.codes[order], pool.codes[order])]
    return AssignmentColumns(
        lead=lead[kept],
        at=at[kept],
        owner=Coded(codes=_filled(lead, owner.codes, order)[kept], words=owner.words),
        pool=Coded(codes=_filled(lead, pool.codes, order)[kept], words=pool.words),
    )


_Part = tuple[Codes, Instants, Coded, Coded]


def _nothing(count: int) -> Coded:
    return Coded(codes=np.full(count, -1, dtype=np.int32), words=())


def _from_events(leads: Leads, naming: Naming) -> list[_Part]:
    return [
        (lead, table.instants("at"), table.words("owner", naming), table.words("pool"))
        for table, lead in zip(leads.tables, leads.people.lead, strict=True)
        if table.kind is Kind.EVENTS
    ]


def _from_lists(tables: Sequence[Finished], leads: Leads, naming: Naming) -> list[_Part]:
    return [
        (
            leads.people.by_key(table.keys("lead_id")),
            table.instants("at"),
            table.words("owner", naming),
            table.words("pool"),
        )
        for table in tables
        if table.kind is Kind.ASSIGNMENTS
    ]


def _from_history(tables: Sequence[Finished], leads: Leads, naming: Naming) -> list[_Part]:
    """Changes of the owner field. What the first change replaced was there since the inquiry."""
    parts: list[_Part] = []
    for table in tables:
        if table.kind not in {Kind.HISTORY, Kind.ACTIVITIES} or not table.has("new_value"):
            continue
        lead = leads.people.by_key(table.keys("lead_id"))
        at = table.instants("at")
        rows = np.flatnonzero(_new_values(table, "owner") & (lead >= 0))
        rows = _without_id_twins(table.words("new_value"), lead, at, rows)
        if not len(rows):
            continue
        new, old = table.words("new_value", naming), table.words("old_value", naming)
        first = rows[np.lexsort((at[rows], lead[rows]))]
        first = first[np.unique(lead[first], return_index=True)[1]]
        since = np.minimum(leads.stage_at[Stage.INQUIRY][lead[first]], at[first])
        since = np.where(leads.stage_at[Stage.INQUIRY][lead[first]] == NEVER, at[first], since)
        parts.append((lead[first], since, Coded(codes=old.codes[first], words=old.words), _nothing(len(first))))
        parts.append((lead[rows], at[rows], Coded(codes=new.codes[rows], words=new.words), _nothing(len(rows))))
        parts.append(_never_changed(leads, np.unique(lead[rows]), naming))
    return parts


def _without_id_twins(new: Coded, lead: Codes, at: Instants, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Salesforce writes a change of owner twice, by name and by id: the ids go where the names stand beside them."""
    is_id = marked(new, lambda word: bool(_USER_ID.fullmatch(word)))[rows]
    named = set(zip(lead[rows[~is_id]].tolist(), at[rows[~is_id]].tolist(), strict=True))
    twins = [
        bool(id_) and (int(lead[row]), int(at[row])) in named for row, id_ in zip(rows.tolist(), is_id, strict=True)
    ]
    return rows[~np.array(twins, dtype=np.bool_)]


def _never_changed(leads: Leads, changed: Codes, naming: Naming) -> _Part:
    """Where owners have a history, a lead without one has had its owner since the inquiry."""
    owner = leads.word("owner", naming)
    same = np.setdiff1d(np.flatnonzero(owner.codes >= 0), changed).astype(np.int32)
    same = same[leads.stage_at[Stage.INQUIRY][same] != NEVER]
    return (
        same,
        leads.stage_at[Stage.INQUIRY][same],
        Coded(codes=owner.codes[same], words=owner.words),
        _nothing(len(same)),
    )


def _from_rows(leads: Leads, naming: Naming) -> list[_Part]:
    """The present owner, where the lead's own row says since when."""
    parts: list[_Part] = []
    for table, lead in zip(leads.tables, leads.people.lead, strict=True):
        since = table.instants("assigned_at")
        rows = np.flatnonzero((since != NEVER) & (lead >= 0))
        owner = table.words("owner", naming)
        if len(rows):
            parts.append(
                (lead[rows], since[rows], Coded(codes=owner.codes[rows], words=owner.words), _nothing(len(rows)))
            )
    return parts


def _filled(lead: Codes, codes: Codes, order: NDArray[np.intp]) -> Codes:
    """Codes with unknown ones taken over from the row before of the same lead, rows taken in ``order``."""
    sorted_codes, sorted_lead = codes[order], lead[order]
    here = np.arange(len(order))
    known = np.maximum.accumulate(np.where(sorted_codes >= 0, here, -1)) if len(order) else here
    good = (known >= 0) & (sorted_lead[np.maximum(known, 0)] == sorted_lead)
    result = np.full(len(codes), -1, dtype=np.int32)
    result[order] = np.where(good, sorted_codes[np.maximum(known, 0)], -1)
    return result


def _changes(lead: Codes, owner: Codes, pool: Codes) -> NDArray[np.bool_]:
    """Rows, sorted by lead and time, at which the owner or the pool is a new one."""
    everyone = np.arange(len(lead))
    changed = np.zeros(len(lead), dtype=np.bool_)
    for codes in (owner, pool):
        full = _filled(lead, codes, everyone)
        new = np.ones(len(lead), dtype=np.bool_)
        new[1:] = (full[1:] != full[:-1]) | (lead[1:] != lead[:-1])
        changed |= new & (full >= 0)
    return changed
