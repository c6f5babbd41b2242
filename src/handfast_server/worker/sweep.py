"""Leads with something due: looked at in the order of what is due, many in a transaction.

``Lead.due_at`` is the hint by which they are found; what is due is the clocks' own word, inside the step. A look is a
``Tick`` fact, recorded with what it brought about. Two workers pass over each other's leads.

A look holds the team until its transaction ends, and whoever hands over a lead waits so long. So a transaction takes
as many leads as were decided in a quarter of a second before.
"""

from __future__ import annotations

import time
from functools import partial

from django.db import connection, transaction

from handfast.cycle.values import Lead
from handfast.facts import Tick
from handfast.instant import Instant
from handfast_server.decide.session import Session, decide
from handfast_server.now import now
from handfast_server.observe.decided import note_found
from handfast_server.worker.loops import Loop
from handfast_server.worker.problems import one_by_one, worked

FEWEST, MOST = 10, 500
HOLDS = 0.25
"""Seconds for which a transaction should hold the team."""


class Pace:
    """How many leads a transaction takes."""

    def __init__(self) -> None:
        self.limit = FEWEST * 5

    def took(self, leads: int, seconds: float) -> None:
        """So many leads held the team for so long; the next transaction takes at most twice as many as this one."""
        fits = int(leads * HOLDS / seconds) if seconds > 0 else MOST
        self.limit = max(FEWEST, min(MOST, 2 * leads, fits))


_pace = Pace()


def sweep(limit: int | None = None) -> bool:
    """Look at so many leads with something due, at most; whether there may be more."""
    at, limit = now(), limit or _pace.limit
    if not due(at):
        return False
    names: list[str] = []
    began = time.perf_counter()
    try:
        decide(partial(_swept, at, limit, names), named="sweep")
    except Exception:
        if not names:  # it is not any lead that is broken
            raise
        one_by_one(names, "sweep", lambda name: decide(partial(_looked, [name])))
        return True
    if names:
        _pace.took(len(names), time.perf_counter() - began)
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
    late = [session.at - due_at for name in names if (due_at := _due_at(session.lead(name))) is not None]
    for name in names:
        session.tell(look(name, session.at))
    transaction.on_commit(partial(note_found, late))


def _due_at(lead: Lead | None) -> Instant | None:
    return None if lead is None else lead.due_at


def look(name: str, at: Instant) -> Tick:
    """The fact that a lead is looked at; no two looks at one lead are at one instant."""
    return Tick(id=f"tick:{name}:{at}", happened_at=at, recorded_at=at, lead=name)


LOOPS = (Loop("sweep", sweep),)
