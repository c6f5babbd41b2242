"""The team of the engine as rows, and back: only what changed is written, only what is newer is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from handfast.route.buckets import Buckets
from handfast.route.opportunities import Opportunities, Opportunity
from handfast.route.team import Absence, Member, Rep, Roster, Team
from handfast_server.bridge.plain import Codecs, read_any, text_of_any

V = TypeVar("V")

_CODECS = Codecs()
_REP, _MEMBER = _CODECS.of(Rep), _CODECS.of(Member)
_ROSTER, _OPPORTUNITY = _CODECS.of(Roster), _CODECS.of(Opportunity)


class Shadow(NamedTuple):
    """What the shadow team has of its own; owners of accounts and deals are those of the team."""

    reps: Mapping[str, Rep]
    rosters: Mapping[str, Roster]
    absences: Mapping[str, Absence]
    next_due: int | None


_SHADOW = _CODECS.of(Shadow)


class Rows(NamedTuple):
    """Rows of the seven tables, in the order of their columns without ``changed``."""

    reps: list[tuple[str, str]]  # name, value
    pools: list[tuple[str, str]]  # name, value
    members: list[tuple[str, str, int, str]]  # pool, rep, place, value
    absences: list[tuple[str, str, int, int, bool]]  # id, rep, starts, ends, gone
    owners: list[tuple[str, str]]  # account, owner
    opportunities: list[tuple[str, str]]  # id, value; empty when it is known no longer
    shadow: list[tuple[int, str]]  # id, which is 1, and value; empty when there is no shadow


def differences(before: Team, after: Team) -> Rows:
    """The rows to write when ``after`` takes the place of ``before``: what is the same value is not looked into."""
    return Rows(
        reps=[(name, text_of_any(_REP.write(rep))) for name, rep in _new(before.reps, after.reps)],
        pools=list(_pools(before, after)),
        members=list(_members(before, after)),
        absences=list(_absences(before, after)),
        owners=[(account, owner or "") for account, owner in _put(before.owners, after.owners)],
        opportunities=list(_opportunities(before.opportunities, after.opportunities)),
        shadow=[] if before.shadow is after.shadow else [(1, _shadow(after.shadow))],
    )


def _shadow(team: Team | None) -> str:
    return (
        ""
        if team is None
        else text_of_any(_SHADOW.write(Shadow(team.reps, team.rosters, team.absences, team.next_due)))
    )


def _new(before: Any, after: Any) -> Iterator[tuple[str, Any]]:
    if before is not after:
        yield from ((name, value) for name, value in after.items() if before.get(name) is not value)


def _pools(before: Team, after: Team) -> Iterator[tuple[str, str]]:
    for name, roster in _new(before.rosters, after.rosters):
        row = text_of_any(_ROSTER.write(replace(roster, members={})))
        was = before.rosters.get(name)
        if was is None or row != text_of_any(_ROSTER.write(replace(was, members={}))):
            yield name, row


def _members(before: Team, after: Team) -> Iterator[tuple[str, str, int, str]]:
    for pool, roster in _new(before.rosters, after.rosters):
        was = before.roster(pool).members
        for place, (rep, member) in enumerate(roster.members.items()):
            if was.get(rep) is not member:
                yield pool, rep, place, text_of_any(_MEMBER.write(member))


def _absences(before: Team, after: Team) -> Iterator[tuple[str, str, int, int, bool]]:
    for name, absence in _new(before.absences, after.absences):
        yield name, absence.rep, absence.starts, absence.ends, False
    for name, absence in before.absences.items():
        if name not in after.absences:
            yield name, absence.rep, absence.starts, absence.ends, True


def _opportunities(before: Opportunities, after: Opportunities) -> Iterator[tuple[str, str]]:
    for name, deal in _put(before.known, after.known):
        yield name, "" if deal is None else text_of_any(_OPPORTUNITY.write(deal))


def _put(before: Buckets[V], after: Buckets[V]) -> Iterator[tuple[str, V | None]]:
    """Every name whose value is another now; None for one that has none any more."""
    changed = () if before is after else zip(before.buckets, after.buckets, strict=True)
    for was, now in changed:
        if was is not now:
            yield from ((name, value) for name, value in now.items() if was.get(name) != value)
            yield from ((name, None) for name in was if name not in now)


def updated(team: Team, rows: Rows, next_due: int | None) -> Team:
    """The team with newer rows taken in."""
    team = replace(
        team,
        reps={**team.reps, **{name: _REP.read(read_any(value)) for name, value in rows.reps}},
        rosters=_rosters(team, rows),
        absences=_still(team, rows.absences),
        owners=_owned(team.owners, rows.owners),
        opportunities=_known(team.opportunities, rows.opportunities),
        next_due=next_due,
    )
    for _, value in rows.shadow:
        team = replace(team, shadow=_cast(team, _SHADOW.read(read_any(value))) if value else None)
    return team


def _cast(team: Team, own: Shadow) -> Team:
    """The shadow of a team."""
    shadow = replace(team, reps=own.reps, rosters=own.rosters, absences=own.absences)
    return replace(shadow, next_due=own.next_due, shadow=None)


def _rosters(team: Team, rows: Rows) -> dict[str, Roster]:
    rosters = dict(team.rosters)
    for name, value in rows.pools:
        members = rosters[name].members if name in rosters else {}
        rosters[name] = replace(_ROSTER.read(read_any(value)), members=members)
    places: dict[str, dict[str, Member]] = {}
    for pool, rep, _, value in sorted(rows.members, key=lambda row: row[2]):
        places.setdefault(pool, dict(rosters[pool].members))[rep] = _MEMBER.read(read_any(value))
    return {name: replace(each, members=places[name]) if name in places else each for name, each in rosters.items()}


def _still(team: Team, rows: Iterable[tuple[str, str, int, int, bool]]) -> dict[str, Absence]:
    absences = dict(team.absences)
    for name, rep, starts, ends, gone in rows:
        absences.pop(name, None)
        if not gone:
            absences[name] = Absence(id=name, rep=rep, starts=starts, ends=ends)
    return absences


def _owned(owners: Buckets[str], rows: Iterable[tuple[str, str]]) -> Buckets[str]:
    for account, owner in rows:
        owners = owners.put(account, owner or None)
    return owners


def _known(known: Opportunities, rows: Iterable[tuple[str, str]]) -> Opportunities:
    for name, value in rows:
        known = known.put(_OPPORTUNITY.read(read_any(value))) if value else known.drop(name)
    return known
