"""A team as its manager sees it: what waits with whom, how late it is, and how much each can still take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Max, QuerySet

from handfast.cycle.life import CycleState
from handfast.instant import HOUR, Instant
from handfast.route.team import Rep
from handfast_server.access import Principal, access_breaches, access_cycles, pools_managed, sees_all
from handfast_server.handoffs import queries
from handfast_server.handoffs.models import Breach, Cycle
from handfast_server.now import now
from handfast_server.pages.cards import halves_of
from handfast_server.pages.rosters.stands import Load, load_of, today
from handfast_server.rosters.models import Absence, Turn
from handfast_server.rosters.queries import MemberStand, pools_now, reps_now

SHOWN = 200
"""Handoffs of one rep, and breaches, on a page."""


AT_HAND = 12
"""Handoffs that stand on the page of the team itself."""


class Place(NamedTuple):
    """A rep's place in a pool."""

    pool: str
    level: str
    weight: int


class Stand(NamedTuple):
    """A rep: what waits with them, and how much they have on their hands."""

    rep: Rep
    places: tuple[Place, ...]
    waiting: int
    soon: int
    late: int
    absence: Absence | None
    load: Load


class Together(NamedTuple):
    """What a crew has in all, and what it takes; no capacity is told where somebody has no cap."""

    waiting: int
    soon: int
    late: int
    load: Load


def together(crew: Sequence[Stand]) -> Together:
    """The sums of the columns."""
    loads = [each.load for each in crew]
    load = Load(
        open=sum(each.open for each in loads),
        open_cap=_sum([each.open_cap for each in loads]),
        today=sum(each.today for each in loads),
        day_cap=_sum([each.day_cap for each in loads]),
    )
    return Together(
        waiting=sum(each.waiting for each in crew),
        soon=sum(each.soon for each in crew),
        late=sum(each.late for each in crew),
        load=load,
    )


def _sum(caps: Sequence[int | None]) -> int | None:
    known = [cap for cap in caps if cap is not None]
    return sum(known) if len(known) == len(caps) else None


def stand_of(who: Principal, rep: str = "") -> tuple[Any, ...]:
    """Changes when the page of the team, or of one rep, does; what becomes due soon does so with time alone."""
    rows = waiting_of(who)
    rows = rows.filter(owner=rep) if rep else rows
    breaches = breaches_of(who).order_by().aggregate(n=Count("pk"), last=Max("at"))
    soon = queries.running(rows, due_before=now() + HOUR).count()
    team = Turn.objects.filter(pk=1).values_list("number", flat=True).first()
    return queries.stand_of(rows), queries.broken(rows).count(), soon, team, tuple(breaches.values())


def waiting_of(who: Principal) -> QuerySet[Cycle]:
    """The handoffs that wait for somebody's decision, of those that one sees."""
    return access_cycles(who).filter(state=CycleState.WAITING).exclude(owner="")


def crew_of(who: Principal) -> list[Stand]:
    """Who is in the pools that somebody manages, or in any; who has most that is late first."""
    at, places = now(), _places(who)
    rows = waiting_of(who)
    waiting, late = _counted(rows), _counted(queries.broken(rows))
    soon = _counted(queries.running(rows, due_before=at + HOUR).exclude(pk__in=queries.broken(rows).values("pk")))
    absences, day = _absences(at), today()
    found = [
        Stand(
            rep=rep,
            places=places.get(rep.name, ()),
            waiting=waiting.get(rep.name, 0),
            soon=soon.get(rep.name, 0),
            late=late.get(rep.name, 0),
            absence=absences.get(rep.name),
            load=load_of(rep, day),
        )
        for rep in reps_now()
        if rep.name in places or rep.name in waiting
    ]
    return sorted(found, key=lambda each: (-each.late, -each.soon, -each.waiting, each.rep.name))


def _counted(rows: QuerySet[Cycle]) -> Mapping[str, int]:
    return dict(rows.order_by().values_list("owner").annotate(n=Count("pk")))


def _places(who: Principal) -> dict[str, tuple[Place, ...]]:
    seen = None if sees_all(who) else pools_managed(who)
    found: dict[str, tuple[Place, ...]] = {}
    for pool in pools_now():
        if seen is None or pool.name in seen:
            for member in pool.members:
                if member.here:
                    found[member.rep] = (*found.get(member.rep, ()), _place(pool.name, member))
    return found


def _place(pool: str, member: MemberStand) -> Place:
    return Place(pool, member.level, member.weight)


def _absences(at: Instant) -> dict[str, Absence]:
    """The absence of each that is on, or comes next."""
    rows = Absence.objects.filter(gone=False, ends_at__gt=at).order_by("-starts_at")
    return {row.rep: row for row in rows}


def handoffs_of(who: Principal, rep: str) -> list[dict[str, Any]]:
    """What waits with a rep, the most urgent first."""
    return _urgent(waiting_of(who).filter(owner=rep), SHOWN)


def urgent_of(who: Principal) -> list[dict[str, Any]]:
    """What waits with anybody, the most urgent first; so many as can be moved from one page."""
    return _urgent(waiting_of(who), AT_HAND)


def _urgent(waiting: QuerySet[Cycle], most: int) -> list[dict[str, Any]]:
    first = queries.keys(queries.by_due(waiting), "due").order_by("due", "pk")[:most]
    rows = queries.shown(row["pk"] for row in first)
    shown = waiting.filter(pk__in=[row["id"] for row in rows])
    halves, late = halves_of(rows), set(queries.broken(shown).values_list("pk", flat=True))
    return [{**row, "half_at": halves.get(row["id"]), "late": row["id"] in late} for row in rows]


def breaches_of(who: Principal) -> QuerySet[Breach]:
    """Broken promises whose cause nobody has confirmed yet, and that are not excused, the latest first."""
    rows = access_breaches(who).filter(cause="", excused="")
    if not sees_all(who):
        rows = rows.filter(cycle__pool__in=pools_managed(who))
    return rows.select_related("cycle__lead").order_by("-at", "clock")
