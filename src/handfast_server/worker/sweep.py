"""Leads with something due: looked at in the order of what is due, many in a transaction.

``Lead.due_at`` is the hint by which they are found; what is due is the clocks' own word, inside the step. A look is a
``Tick`` fact, recorded with what it brought about. Two workers pass over each other's leads.
"""

from __future__ import annotations

from functools import partial

from django.db import connection

from handfast.facts import Tick
from handfast.instant import Instant
from handfast_server.decide.session import Session, decide
from handfast_server.now import now
from handfast_server.worker.loops import Loop
from handfast_server.worker.problems import one_by_one, worked

BATCH = 500


def sweep(limit: int = BATCH) -> bool:
    """Look at so many leads with something due, at most; whether there may be more."""
    at = now()
    if not due(at):
        return False
    names: list[str] = []
    try:
        decide(partial(_swept, at, limit, names), named="sweep")
    except Exception:
        if not names:  # it is not any lead that is broken
            raise
        one_by_one(names, "sweep", lambda name: decide(partial(_looked, [name])))
        return True
    for name in names:
        worked(f"lead:{name}")
    return len(names) == limit


def due(at: Instant) -> bool:
    """Whether any lead has something due: one entry of an index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM leads_lead WHERE due_at <= %s LIMIT 1", [at])
        return cursor.fetchone() is not None


def _swept(at: Instant, limit: int, names: list[str], session: Session) -> None:
    names[:] = session.lock_due(at, limit)
    _ticked(names, session)


def _looked(names: list[str], session: Session) -> None:
    session.lock_named(names)
    _ticked(names, session)


def _ticked(names: list[str], session: Session) -> None:
    if names:
        session.lock_team()  # what is due asks who is there, or tells who is late
    for name in names:
        session.tell(look(name, session.at))


def look(name: str, at: Instant) -> Tick:
    """The fact that a lead is looked at; no two looks at one lead are at one instant."""
    return Tick(id=f"tick:{name}:{at}", happened_at=at, recorded_at=at, lead=name)


LOOPS = (Loop("sweep", sweep),)
