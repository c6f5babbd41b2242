"""Pools as they stand: members, levels, and what waits. Read without the team's lock."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from handfast.route.team import Member as CoreMember
from handfast.route.team import Rep as CoreRep
from handfast.route.team import Roster, Team
from handfast_server.bridge.team import Rows, updated
from handfast_server.handoffs.models import Cycle
from handfast_server.rosters.models import Member, Pool, Rep


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStand:
    """A rep in a pool. Levels and balances are exact, as texts."""

    rep: str
    here: bool
    weight: int
    level: str
    balance: str
    open: int
    open_cap: int | None
    day_cap: int | None
    active: bool
    away: bool
    last: int
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolStand:
    """A pool, who is in it, how many handoffs wait with its members, and how many for somebody."""

    name: str
    manager: str | None
    evenly: bool
    sequence: int
    waiting: int
    held: int
    members: tuple[MemberStand, ...]


def pools_now() -> tuple[PoolStand, ...]:
    """Every pool by its name."""
    team = _team()
    rows = Cycle.objects.filter(state="waiting").order_by()
    waiting = dict(rows.exclude(owner="").values_list("pool").annotate(n=Count("pk")))
    held = dict(rows.exclude(hold_pool="").values_list("hold_pool").annotate(n=Count("pk")))
    return tuple(
        _pool(roster, team, waiting.get(name, 0), held.get(name, 0)) for name, roster in sorted(team.rosters.items())
    )


def reps_now() -> tuple[CoreRep, ...]:
    """Everybody who can own leads, by name, with what is on their hands over all pools."""
    return tuple(rep for _, rep in sorted(_team().reps.items()))


def _team() -> Team:
    rows = Rows(
        reps=list(Rep.objects.values_list("name", "value")),
        pools=list(Pool.objects.values_list("name", "value")),
        members=list(Member.objects.values_list("pool", "rep", "place", "value")),
        absences=[],
        owners=[],
        opportunities=[],
        shadow=[],
    )
    return updated(Team(), rows, None)


def _pool(roster: Roster, team: Team, waiting: int, held: int) -> PoolStand:
    return PoolStand(
        name=roster.pool,
        manager=roster.manager,
        evenly=roster.evenly,
        sequence=roster.sequence,
        waiting=waiting,
        held=held,
        members=tuple(_member(each, team.reps[each.rep]) for each in roster.members.values()),
    )


def _member(member: CoreMember, rep: CoreRep) -> MemberStand:
    return MemberStand(
        rep=member.rep,
        here=member.here,
        weight=member.weight,
        level=str(member.level),
        balance=str(member.balance),
        open=member.open,
        open_cap=member.open_cap,
        day_cap=member.day_cap,
        active=rep.active,
        away=rep.away,
        last=member.last,
        calendar=member.calendar,
    )
