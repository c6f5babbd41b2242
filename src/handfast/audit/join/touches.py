"""What sales did: which rows are outreach at all, whether a person did it, whether it was two-way, and when.

Only a human's outreach counts. In this order:

1. A task that is not completed, a cancelled or merely planned meeting, a note: no touch.
2. What came in: an answered call is a contact, since sales spoke to the lead; mail and messages that came in are the
   lead's own doing, no touch.
3. What it was, by its type, then its finer type, then its subject; nothing known of it: no touch.
4. A machine did it when it carries a sequence and is written (a call that a cadence asks for is still made by a
   person), when a flag says so, or when the one who logged it is no person.
5. Two-way when its outcome says contact, or when it is a meeting of which nothing says that it did not take place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.audit import meaning
from handfast.audit.column.finish import Finished, date_only
from handfast.audit.export import TouchColumns
from handfast.audit.join.combine import joined, marked, once, places
from handfast.audit.join.links import Links
from handfast.audit.join.owners import Naming
from handfast.audit.roles import Kind
from handfast.instant import DAY, NEVER
from handfast.measure.columns import Coded, Codes, Instants

WRITTEN = frozenset({"email", "message"})


@dataclass(slots=True)
class _Part:
    """The touches of one table."""

    lead: Codes
    at: Instants
    owner: Coded
    human: NDArray[np.bool_]
    two_way: NDArray[np.bool_]
    key: list[str]


def build_touches(
    tables: Sequence[Finished],
    links: Links,
    naming: Naming,
    deal_leads: Callable[[Codes], Codes],
    say: Callable[[str], None],
) -> TouchColumns:
    """Every touch of every lead; what was left out is counted and said."""
    left: Counter[str] = Counter()
    mine = [table for table in tables if table.kind is Kind.TOUCHES]
    parts = [_read(table, links, naming, deal_leads, left) for table in mine]
    for reason, count in left.items():
        if count:
            say(f"Not counted as touches: {count:,} {reason}.")
    return TouchColumns(
        lead=np.concatenate([np.zeros(0, np.int32), *(part.lead for part in parts)]),
        at=np.concatenate([np.zeros(0, np.int64), *(part.at for part in parts)]),
        owner=joined([part.owner for part in parts]),
        human=np.concatenate([np.zeros(0, np.bool_), *(part.human for part in parts)]),
        two_way=np.concatenate([np.zeros(0, np.bool_), *(part.two_way for part in parts)]),
        key=[key for part in parts for key in part.key],
    )


def _read(
    table: Finished, links: Links, naming: Naming, deal_leads: Callable[[Codes], Codes], left: Counter[str]
) -> _Part:
    kinds = _kinds(table)
    outcome = _said(table, "outcome")
    inward = _said(table, "direction") == "in"
    undone = _undone(table)
    answered = inward & (kinds == "call") & (outcome == "contact")
    keep = np.ones(len(table), dtype=np.bool_)
    for reason, rows in (
        ("tasks or meetings not completed", undone | (outcome == "none")),
        ("notes, to-dos or entries of unknown kind", (kinds == "none") | (kinds == "")),
        ("mails, messages or unanswered calls that came in", inward & ~answered),
    ):
        left[reason] += int((keep & rows).sum())
        keep &= ~rows
    at = _at(table)
    keep &= at != NEVER
    rows, lead = _leads(table, links, deal_leads)
    inside = keep[rows]
    left["of nobody in the export"] += int(keep.sum()) - len(places(rows[inside], len(table)))
    rows, lead = rows[inside], lead[inside]
    rows, lead = _once(table, rows, lead, left)
    owner = table.words("owner", naming)
    return _Part(
        lead=lead,
        at=at[rows],
        owner=Coded(codes=owner.codes[rows], words=owner.words),
        human=~_machine(table, kinds, owner)[rows],
        two_way=((outcome == "contact") | ((kinds == "meeting") & (outcome == "")))[rows],
        key=table.names(links.spaces.of("touch").words(), table.keys("id"), rows),
    )


def _said(table: Finished, role: str) -> NDArray[np.str_]:
    """A column of words as an array of short texts; empty where unknown."""
    coded = table.words(role)
    words = ("" if word == meaning.UNKNOWN else word for word in coded.words)
    said: NDArray[np.str_] = np.array([*words, ""], dtype="U10")[coded.codes]
    return said


def _kinds(table: Finished) -> NDArray[np.str_]:
    """``call``, ``email``, ``message``, ``meeting``, ``none``; empty when nothing says."""
    kinds = _said(table, "type")
    for role in ("type_detail", "subject"):
        finer = _said(table, role)
        kinds = np.where(kinds == "", finer, kinds)
    return kinds


def _undone(table: Finished) -> NDArray[np.bool_]:
    """Rows that say they are not completed."""
    said, flag = _said(table, "status"), table.flags("done")
    completed = table.instants("completed_at") != NEVER
    undone: NDArray[np.bool_] = (said == "none") | (~completed & ((said == "open") | ((flag == 0) & (said != "done"))))
    return undone


def _at(table: Finished) -> Instants:
    """Completed, else entered on the very day that a bare date names, else that date."""
    at, completed, logged = (table.instants(role) for role in ("at", "completed_at", "logged_at"))
    if "at" in date_only(table):
        since = logged - np.where(at == NEVER, 0, at)
        at = np.where((at != NEVER) & (logged != NEVER) & (since >= 0) & (since < DAY), logged, at)
    at = np.where(at == NEVER, logged, at)
    return np.where(completed == NEVER, at, completed)


def _leads(table: Finished, links: Links, deal_leads: Callable[[Codes], Codes]) -> tuple[NDArray[np.intp], Codes]:
    """Rows and their leads; a row that names no person belongs to its deal's."""
    rows, lead = links.leads_of(table, "touch")
    open_ = np.ones(len(table), dtype=np.bool_)
    open_[rows] = False
    deal = table.keys("deal_id")
    linked = links.partner(table.keys("id"), "touch", "deal")
    by_deal = deal_leads(np.where(deal >= 0, deal, linked))
    more = np.flatnonzero(open_ & (by_deal >= 0))
    return np.concatenate([rows, more]), np.concatenate([lead, by_deal[more]])


def _once(table: Finished, rows: NDArray[np.intp], lead: Codes, left: Counter[str]) -> tuple[NDArray[np.intp], Codes]:
    """The same id for the same lead twice in a file is one touch."""
    order = np.lexsort((lead, rows))
    rows, lead = rows[order], lead[order]
    keys = table.keys("id").astype(np.int64)[rows]
    first = once(np.where(keys >= 0, keys, -1 - rows), lead)
    left["repeating the id of an earlier row"] += len(rows) - len(first)
    return rows[first], lead[first]


def _machine(table: Finished, kinds: NDArray[np.str_], owner: Coded) -> NDArray[np.bool_]:
    """Rows that no person did."""
    sequence = table.words("sequence").codes >= 0
    written = np.isin(kinds, list(WRITTEN))
    logged_by = _said(table, "created_by") == "machine"
    no_person = marked(owner, lambda word: meaning.creator(word) == "machine")
    machine: NDArray[np.bool_] = (sequence & written) | (table.flags("automated") == 1) | logged_by | no_person
    return machine
