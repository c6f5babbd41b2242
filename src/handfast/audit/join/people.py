"""Which rows are one lead: the same record id, else the same e-mail address; the earliest row gives the name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.audit.column.finish import Finished
from handfast.audit.column.typed import KeySpaces
from handfast.audit.join.combine import LATER, places
from handfast.audit.roles import Kind
from handfast.instant import NEVER
from handfast.measure.columns import Codes

MOST_SHARING = 25
"""Ids that may share one address. Beyond that it is a placeholder such as ``none@none.example``, and matches nobody."""


@dataclass(slots=True)
class People:
    """The leads of an export and how to find them."""

    count: int
    lead: list[Codes]  # per table of people, the lead of each row; -1 in contacts who are no leads
    order: NDArray[np.intp]  # rows of all tables together, by lead, then the earliest first
    first_row: NDArray[np.intp]  # per lead, its earliest row among all tables together
    of_key: Codes  # lead of each record id
    of_email: Codes  # lead of each address
    duplicates: list[int]  # per table, rows folded into another

    @property
    def lead_of_row(self) -> Codes:
        """The lead of each row of all tables together."""
        return np.concatenate([np.zeros(0, np.int32), *self.lead])

    def by_key(self, keys: Codes) -> Codes:
        """Leads of record ids; -1 for ids of nobody. Ids met after the people were gathered are nobody's."""
        return _look_up(self.of_key, keys)

    def by_email(self, emails: Codes) -> Codes:
        """Leads of addresses."""
        return _look_up(self.of_email, emails)


def _look_up(table: Codes, codes: Codes) -> Codes:
    inside = (codes >= 0) & (codes < len(table))
    return np.where(inside, table[np.where(inside, codes, 0)] if len(table) else -1, -1).astype(np.int32)


@dataclass(slots=True)
class _Ties:
    """Row numbers and what each is tied to: record ids first, addresses after them."""

    rows: list[NDArray[np.int64]]
    nodes: list[NDArray[np.int64]]

    def add(self, rows: NDArray[np.generic], nodes: NDArray[np.generic], *, row_base: int, node_base: int) -> None:
        known = nodes >= 0  # type: ignore[operator] # codes
        self.rows.append(rows[known].astype(np.int64) + row_base)
        self.nodes.append(nodes[known].astype(np.int64) + node_base)


def gather(tables: Sequence[Finished], spaces: KeySpaces, say: Callable[[str], None]) -> People:
    """Find the leads among tables of leads, event logs and contacts. Contacts alone make no leads."""
    keys, emails = len(spaces.of("lead")), len(spaces.of("email"))
    starts = np.cumsum([0, *(len(table) for table in tables)])
    shared = _placeholders(tables, emails, say)
    ties = _Ties([], [])
    for start, table in zip(starts, tables, strict=False):
        everyone = np.arange(len(table))
        for role in ("id", "contact_id"):
            ties.add(everyone, table.keys(role), row_base=int(start), node_base=0)
        ties.add(*table.pairs("other_ids"), row_base=int(start), node_base=0)
        address = table.keys("email")
        address = np.where((address >= 0) & ~shared[address], address, -1) if emails else address
        ties.add(everyone, address, row_base=int(start), node_base=keys)
    rows, nodes = (
        np.concatenate([np.zeros(0, np.int64), *ties.rows]),
        np.concatenate([np.zeros(0, np.int64), *ties.nodes]),
    )
    label = _connected(int(starts[-1]), rows, nodes, keys + emails)
    return _numbered(tables, starts, label, rows, nodes, keys, emails)


def _placeholders(tables: Sequence[Finished], emails: int, say: Callable[[str], None]) -> NDArray[np.bool_]:
    """Addresses that too many different records carry."""
    pairs = [
        (table.keys("email").astype(np.int64), table.keys("id").astype(np.int64))
        for table in tables
        if table.has("email") and table.has("id") and table.kind is not Kind.EVENTS
    ]
    if not pairs:
        return np.zeros(emails, dtype=np.bool_)
    address, key = (np.concatenate(column) for column in zip(*pairs, strict=True))
    both = (address >= 0) & (key >= 0)
    distinct = np.unique(address[both] << 32 | key[both])
    counts = np.bincount(distinct >> 32, minlength=emails)
    many = counts > MOST_SHARING
    if many.any():
        say(
            f"{int(many.sum()):,} e-mail addresses are carried by more than {MOST_SHARING} records each "
            f"({int(counts[many].sum()):,} in all) and were taken for placeholders, not for one person."
        )
    return many


def _connected(count: int, rows: NDArray[np.int64], nodes: NDArray[np.int64], node_count: int) -> NDArray[np.int64]:
    """Per row the first row that it is tied to, directly or through others."""
    label = np.arange(count, dtype=np.int64)
    while True:
        low = np.full(node_count, count, dtype=np.int64)
        np.minimum.at(low, nodes, label[rows])
        nearer = label.copy()
        np.minimum.at(nearer, rows, low[nodes])
        if np.array_equal(nearer, label):
            return label
        label = nearer


def _numbered(
    tables: Sequence[Finished],
    starts: NDArray[np.int64],
    label: NDArray[np.int64],
    rows: NDArray[np.int64],
    nodes: NDArray[np.int64],
    keys: int,
    emails: int,
) -> People:
    sizes = [len(table) for table in tables]
    leads_only = any(table.kind in {Kind.LEADS, Kind.EVENTS} for table in tables)
    counts_as_lead = np.repeat([not leads_only or table.kind is not Kind.CONTACTS for table in tables], sizes)
    real = places(label[counts_as_lead.astype(bool)], len(label))
    number = np.full(len(label) + 1, -1, dtype=np.int32)
    number[real] = np.arange(len(real))
    lead = number[label]
    of_node = np.full(keys + emails, -1, dtype=np.int32)
    of_node[nodes] = lead[rows]
    created = np.concatenate([np.zeros(0, np.int64), *(table.instants("inquiry_at") for table in tables)])
    # A contact's own creation comes after its lead's: among equals, what counts as a lead gives the name.
    when = np.where(created == NEVER, LATER, created)
    order = np.lexsort((*_recency(tables, sizes), when, ~counts_as_lead.astype(bool), lead))
    order = order[lead[order] >= 0]
    first = order[np.unique(lead[order], return_index=True)[1]]
    return People(
        count=len(real),
        lead=[lead[start : start + size] for start, size in zip(starts, sizes, strict=False)],
        order=order,
        first_row=first,
        of_key=of_node[:keys],
        of_email=of_node[keys:],
        duplicates=_duplicates(tables, starts, lead, first),
    )


def _recency(tables: Sequence[Finished], sizes: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Among equals: the first row of a table of leads; of an event log the latest, which knows how it ended."""
    log = np.repeat([table.kind is Kind.EVENTS for table in tables], sizes).astype(bool)
    row = np.arange(len(log), dtype=np.int64)
    at = np.concatenate([np.zeros(0, np.int64), *(table.instants("at") for table in tables)])
    return np.where(log, -row, row), np.where(log, -np.maximum(at, -LATER), 0)


def _duplicates(
    tables: Sequence[Finished], starts: NDArray[np.int64], lead: Codes, first: NDArray[np.intp]
) -> list[int]:
    kept = np.zeros(len(lead), dtype=np.bool_)
    kept[first] = True
    folded = []
    for start, table in zip(starts, tables, strict=False):
        mine = slice(int(start), int(start) + len(table))
        counted = table.kind is Kind.LEADS
        folded.append(int(((lead[mine] >= 0) & ~kept[mine]).sum()) if counted else 0)
    return folded
