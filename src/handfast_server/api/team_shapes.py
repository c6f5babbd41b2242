"""The team as it is answered."""

from __future__ import annotations

from pydantic import BaseModel

from handfast.route.team import Roster, Team
from handfast_server.api.fields import MomentOut


class RepOut(BaseModel):
    """A rep, with caps over all pools."""

    rep: str
    active: bool
    open_cap: int | None
    day_cap: int | None


class PoolMemberOut(BaseModel):
    """A rep in a pool."""

    rep: str
    weight: int
    open_cap: int | None
    day_cap: int | None
    calendar: str


class TeamPoolOut(BaseModel):
    """A pool, who manages it, and who is in it."""

    pool: str
    manager: str | None
    members: list[PoolMemberOut]


class AbsenceOut(BaseModel):
    """A rep is away from `starts` until before `ends`."""

    absence: str
    rep: str
    starts: MomentOut
    ends: MomentOut


class TeamOut(BaseModel):
    """Reps, pools and absences."""

    reps: list[RepOut]
    pools: list[TeamPoolOut]
    absences: list[AbsenceOut]


def team_out(team: Team) -> TeamOut:
    """A team; who left a pool is none of its members, absences come in the order of their beginnings."""
    return TeamOut(
        reps=[
            RepOut(rep=rep.name, active=rep.active, open_cap=rep.open_cap, day_cap=rep.day_cap)
            for rep in team.reps.values()
        ],
        pools=[
            TeamPoolOut(pool=name, manager=roster.manager, members=_members(roster))
            for name, roster in sorted(team.rosters.items())
        ],
        absences=[
            AbsenceOut(absence=each.id, rep=each.rep, starts=each.starts, ends=each.ends)
            for each in sorted(team.absences.values(), key=lambda absence: absence.starts)
        ],
    )


def _members(roster: Roster) -> list[PoolMemberOut]:
    return [
        PoolMemberOut(
            rep=name,
            weight=member.weight,
            open_cap=member.open_cap,
            day_cap=member.day_cap,
            calendar=member.calendar,
        )
        for name, member in roster.members.items()
        if member.here
    ]
