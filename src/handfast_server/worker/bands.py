"""The daily look at leads that did something: bands change by fading, and nobody qualifies by that.

A look that finds the band as it was is no fact, and locks nothing. The look begins when a day of the contract's zone
does, goes through the leads by their ids, and rests between two parts: a million leads are a murmur of hours.
"""

from __future__ import annotations

from functools import partial

from handfast.engine.effects import BandChanged
from handfast.engine.state import State
from handfast.engine.step import step
from handfast.engine.terms import Terms
from handfast.instant import Instant
from handfast.route.team import Team
from handfast_server.decide.locked import LockedLead, leads_after
from handfast_server.decide.rows import put
from handfast_server.decide.session import Session, decide, lead_of
from handfast_server.decide.terms import current
from handfast_server.decide.transaction import writing
from handfast_server.now import now
from handfast_server.worker.loops import Loop
from handfast_server.worker.models import Progress
from handfast_server.worker.problems import failed, one_by_one
from handfast_server.worker.sweep import look

BATCH = 200

_END = "~"
"""After every id of a lead: the day's look is over."""

_NOBODY = Team()


def bands() -> bool:
    """Look at the next part of the leads; whether there are more."""
    at, terms = now(), current()
    governing = terms.in_force(at)
    if governing is None:
        return False
    day = str(governing.date_of(at))
    place = _place(day)
    if place == _END:
        return False
    rows = leads_after(place, BATCH)
    changed = [row.name for row in rows if _differs(row, terms, at)]
    if changed:
        _tell(changed)
    more = len(rows) == BATCH
    _reached(day, rows[-1].name if more else _END)
    return more


def _place(day: str) -> str:
    known = Progress.objects.filter(loop="bands", day=day).values_list("place", flat=True).first()
    return "" if known is None else known


def _reached(day: str, place: str) -> None:
    with writing():
        put(Progress, ("loop", "day", "place"), [("bands", day, place)])


def _differs(row: LockedLead, terms: Terms, at: Instant) -> bool:
    """Whether a look would find another band; whatever is due to a lead is the sweep's."""
    try:
        lead = lead_of(row, terms)
        if lead is None or (lead.due_at is not None and lead.due_at <= at):
            return False
        looked = step(State(lead=lead, team=_NOBODY), look(row.name, max(at, row.told_at + 1)), terms)
    except Exception as broken:  # noqa: BLE001 # it is noted, and the others are looked at
        failed(f"lead:{row.name}", "bands", broken)
        return False
    return any(isinstance(effect, BandChanged) for effect in looked.effects)


def _tell(names: list[str]) -> None:
    try:
        decide(partial(_looked, names))
    except Exception:  # noqa: BLE001 # whichever of them it is, the others are told
        one_by_one(names, "bands", lambda name: decide(partial(_looked, [name])))


def _looked(names: list[str], session: Session) -> None:
    session.lock_named(names)
    session.lock_team()
    for name in names:
        session.tell(look(name, session.at))


LOOPS = (Loop("bands", bands, rest=1.0, gentle=True),)
