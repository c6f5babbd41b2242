"""Rows of leads under their locks, by plain statements: one round trip for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from handfast.instant import Instant
from handfast_server.decide.sql import fetch, fetch_among

_COLUMNS = "id, state, told_at, acts, merged_into"


class LockedLead(NamedTuple):
    """What of a row the engine needs."""

    name: str
    state: str = ""
    told_at: Instant = 0
    acts: int = 0
    merged_into: str = ""


def leads_named(names: Iterable[str]) -> list[LockedLead]:
    """The leads with these names that are there, locked in the order of their ids until the transaction ends."""
    wanted = sorted(names)
    if not wanted:
        return []
    lock = "FOR UPDATE" if connection.vendor == "postgresql" else ""
    asked = f"SELECT {_COLUMNS} FROM leads_lead WHERE id AMONG ORDER BY id {lock}"  # noqa: S608 # our own constants
    return [LockedLead(*row) for row in fetch_among(asked, wanted)]


def leads_due(at: Instant, limit: int) -> list[LockedLead]:
    """So many leads with something due, the earliest first; those that another worker has are passed over.

    Passed over are also those that could not be decided, until they are to be tried again (``worker.problems``).
    """
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    statement = (
        f"SELECT {_COLUMNS} FROM leads_lead WHERE due_at <= %s AND NOT EXISTS (SELECT 1 FROM worker_problem "  # noqa: S608
        f"WHERE worker_problem.name = 'lead:' || leads_lead.id AND retry_at > %s) ORDER BY due_at LIMIT %s {skip}"
    )
    return _rows(statement, [at, at, limit])


def leads_after(place: str, limit: int) -> list[LockedLead]:
    """So many leads that did something, in the order of their ids; without any lock."""
    statement = (
        f"SELECT {_COLUMNS} FROM leads_lead WHERE id > %s AND acts > 0 AND merged_into = '' "  # noqa: S608
        "AND NOT erased ORDER BY id LIMIT %s"
    )
    return _rows(statement, [place, limit])


def _rows(statement: str, values: Sequence[Any]) -> list[LockedLead]:
    return [LockedLead(*row) for row in fetch(statement, values)]


def recorded(names: Iterable[str]) -> set[str]:
    """Those of these names under which a fact is known."""
    return {name for (name,) in fetch_among("SELECT name FROM facts_fact WHERE name AMONG", names)}
