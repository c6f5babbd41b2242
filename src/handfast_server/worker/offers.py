"""Held handoffs are offered when somebody of their pool may have become eligible, the longest held first.

Handoffs that are held for one pool, under one version, and whom the same reps have had, have one answer
(``engine.waiting``): a thousand of them cost one question when nobody is there for them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import partial

from django.db import connection

from handfast.cycle.values import Lead
from handfast.engine.waiting import Group, someone
from handfast.instant import Instant
from handfast.route.team import Team
from handfast_server.decide.rows import put
from handfast_server.decide.session import Session, decide
from handfast_server.decide.terms import current
from handfast_server.decide.transaction import writing
from handfast_server.handoffs.models import Cycle
from handfast_server.now import now
from handfast_server.rosters.models import Freed
from handfast_server.worker.loops import Loop
from handfast_server.worker.models import Progress
from handfast_server.worker.problems import one_by_one, put_off
from handfast_server.worker.sweep import look

BATCH = 50


def offer() -> bool:
    """Offer the handoffs of one pool that somebody may take now; whether there may be more."""
    freed = Freed.objects.order_by("at").first()
    if freed is None:
        return False
    names = _worth_asking(freed.pool)
    if not names:
        with writing():
            Freed.objects.filter(pool=freed.pool, at=freed.at).delete()  # unless it was freed again meanwhile
        return True
    try:
        given = decide(partial(_offered, names))
    except Exception:  # noqa: BLE001 # whichever of them it is, the others are offered
        done = one_by_one(names, "offers", lambda name: decide(partial(_offered, [name])))
        if len(done) < len(names):  # what is broken is set aside by now: those behind it come next
            return True
        given = sum(done)
    if not given:
        with writing():
            Freed.objects.filter(pool=freed.pool, at=freed.at).delete()
    return True


def _worth_asking(pool: str) -> list[str]:
    """Those for whose group somebody is there, the longest held first; not more than are offered at once.

    Passed over are those that could not be decided, until they are to be tried again.
    """
    aside = set(put_off("lead"))
    held = {name: group for name, group in _held(pool).items() if name not in aside}
    team, at = decide(_team_now)
    terms = current()
    there = {group: someone(team, terms, group, at).rep is not None for group in set(held.values())}
    return [name for name, group in held.items() if there[group]][:BATCH]


def _team_now(session: Session) -> tuple[Team, Instant]:
    session.lock(())
    session.lock_team()
    return session.team, session.at


def _held(pool: str) -> dict[str, Group]:
    """What the answer depends on for each lead that is held for a pool, the longest held first."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [pool])
        rows = cursor.fetchall()
    had: dict[tuple[str, int], set[str]] = defaultdict(set)
    for lead, version, rep in rows:
        had[lead, version] |= {rep} if rep else set()
    return {lead: Group(pool, version, frozenset(reps)) for (lead, version), reps in had.items()}


_HELD = (
    "SELECT cycle.lead_id, cycle.version, assignment.rep FROM handoffs_cycle cycle "
    "LEFT JOIN handoffs_assignment assignment ON assignment.cycle_id = cycle.id "
    "WHERE cycle.hold_pool = %s AND cycle.hold_pool <> '' ORDER BY cycle.hold_since, cycle.id"
)


def _offered(names: list[str], session: Session) -> int:
    """Look at each until nobody is left for its group; how many were given to somebody."""
    session.lock_named(names)
    session.lock_team()
    nobody: set[Group] = set()
    given = 0
    for name in names:
        group = _group(session.lead(name))
        if group is None or group in nobody:
            continue
        if someone(session.team, session.terms, group, session.at).rep is not None:
            session.tell(look(name, session.at))
        if _group(session.lead(name)) == group:
            nobody.add(group)
        else:
            given += 1
    return given


def _group(lead: Lead | None) -> Group | None:
    cycle = None if lead is None else lead.cycle
    if cycle is None or cycle.hold is None or cycle.version is None:
        return None
    return Group(cycle.hold.pool, cycle.version, cycle.reps)


def midnight() -> bool:
    """A day of a contract's zone began: caps a day stand in nobody's way any more, so that every pool is asked."""
    at = now()
    day = _day(at)
    if Progress.objects.filter(loop="midnight", day=day).exists():
        return False
    pools = Cycle.objects.exclude(hold_pool="").values_list("hold_pool", flat=True).distinct()
    rows = [(pool, at) for pool in sorted(pools)]
    with writing():
        put(Freed, ("pool", "at"), rows)
        put(Progress, ("loop", "day", "place"), [("midnight", day, "")])
    return False


def _day(at: Instant) -> str:
    """What changes when a day begins in the zone of any version; as short for a hundred versions as for one.

    The dates stand for their versions: in which of three zones a day began, a set of them would not tell.
    """
    dates = " ".join(str(version.date_of(at)) for version in current().versions)
    return hashlib.blake2b(dates.encode(), digest_size=16).hexdigest()


LOOPS = (Loop("offers", offer), Loop("midnight", midnight, rest=1.0))
