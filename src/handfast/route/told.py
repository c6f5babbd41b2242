"""What a fact about the team makes of it, and what time does: absences that begin and end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import singledispatch

from handfast.changed import changed
from handfast.contract.model import Contract, ShareBy
from handfast.facts import (
    AbsenceCancelled,
    AbsenceSet,
    AccountOwnerSet,
    MemberRemoved,
    MemberSet,
    PoolManagerSet,
    RepSet,
    TeamFact,
)
from handfast.instant import DAY, Instant
from handfast.route.ledger import Entry, EntryKind, with_member, with_rep, with_roster, written
from handfast.route.team import Absence, Level, Member, Rep, Team

REMEMBERED = 30 * DAY
"""How long an absence is remembered after its end: a promise that was broken during it may be found later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A rep cannot be given leads from now on, and those that wait with them are to be routed again."""

    rep: str
    absent: bool  # on leave; false when they left or were made inactive
    at: Instant
    cause: str  # id of the fact; empty when an absence did it by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The team after a fact, the lines it added to ledgers, and who is gone with it."""

    team: Team
    entries: tuple[Entry, ...] = ()
    gone: tuple[Gone, ...] = ()


def told(team: Team, fact: TeamFact) -> Told:
    """The team after a fact that was recorded. Dues up to then come first: see ``until``.

    Raises ValueError for a kind of fact that is not about the team.
    """
    return _told(fact, team)


@singledispatch
def _told(fact: TeamFact, _team: Team) -> Told:
    raise ValueError(f"{type(fact).__name__} is no fact about the team")


@_told.register
def _rep(fact: RepSet, team: Team) -> Told:
    before = team.reps.get(fact.rep) or Rep(name=fact.rep, away=away(team.absences, fact.rep, fact.recorded_at))
    after = changed(before, active=fact.active, open_cap=fact.open_cap, day_cap=fact.day_cap)
    return _moved(team, (after,), fact.recorded_at, fact.id)


@_told.register
def _member(fact: MemberSet, team: Team) -> Told:
    if fact.weight < 0:
        raise ValueError(f"a weight is 0 (paused) or more, not {fact.weight}")
    team = team if fact.rep in team.reps else _told(_named(fact), team).team
    before = team.roster(fact.pool).members.get(fact.rep) or Member(rep=fact.rep, here=False)
    after = changed(
        before, here=True, weight=fact.weight, open_cap=fact.open_cap, day_cap=fact.day_cap, calendar=fact.calendar
    )
    floor = team.lowest(fact.pool, but=(fact.rep,))
    joins = after.takes_part and not before.takes_part
    level = before.level if floor is None or not joins else max(before.level, floor)
    return _levelled(team, fact.pool, after, level, fact.recorded_at)


def _named(fact: MemberSet | PoolManagerSet) -> RepSet:
    """A member or manager of whom nothing was said before is an active rep without caps."""
    return RepSet(id=fact.id, happened_at=fact.happened_at, recorded_at=fact.recorded_at, rep=fact.rep)


@_told.register
def _removed(fact: MemberRemoved, team: Team) -> Told:
    member = team.roster(fact.pool).members.get(fact.rep)
    if member is None or not member.here:
        return Told(team=team)
    return Told(team=with_member(team, fact.pool, changed(member, here=False)))


@_told.register
def _absence(fact: AbsenceSet, team: Team) -> Told:
    before = team.absences.get(fact.absence)
    absence = Absence(id=fact.absence, rep=fact.rep, starts=fact.starts, ends=fact.ends)
    whose = {fact.rep} if before is None else {fact.rep, before.rep}
    return _settled(team, {**team.absences, fact.absence: absence}, whose, fact.recorded_at)


@_told.register
def _cancelled(fact: AbsenceCancelled, team: Team) -> Told:
    """Whoever it names, it is over for the rep whose absence it was."""
    before = team.absences.get(fact.absence)
    whose = {fact.rep} if before is None else {fact.rep, before.rep}
    left = {name: each for name, each in team.absences.items() if name != fact.absence}
    return _settled(team, left, whose, fact.recorded_at)


@_told.register
def _manager(fact: PoolManagerSet, team: Team) -> Told:
    team = team if fact.rep in team.reps else _told(_named(fact), team).team
    return Told(team=with_roster(team, changed(team.roster(fact.pool), manager=fact.rep)))


@_told.register
def _owner(fact: AccountOwnerSet, team: Team) -> Told:
    return Told(team=changed(team, owners=team.owners.put(fact.account, fact.owner)))


def until(team: Team, now: Instant) -> Told:
    """The team after all of its dues up to ``now``, in their order: absences begin, absences end.

    Who comes back starts at the larger of their own and the pool's lowest level; those who come back at one instant
    are measured against those who were there before.
    """
    entries: list[Entry] = []
    gone: list[Gone] = []
    while team.next_due is not None and team.next_due <= now:
        at = team.next_due
        whose = {each.rep for each in team.absences.values() if at in {each.starts, each.ends}}
        after = _settled(team, team.absences, whose, at)
        team = after.team
        entries += after.entries
        gone += after.gone
    return Told(team=team, entries=tuple(entries), gone=tuple(gone))


def governed(team: Team, contract: Contract, at: Instant) -> Told:
    """The team when a version takes force: a pool that it shares evenly counts all weights as 1, levels are kept."""
    entries: list[Entry] = []
    for pool, terms in contract.pools.items():
        roster, evenly = team.roster(pool), terms.share is ShareBy.EVENLY
        if roster.evenly == evenly and pool in team.rosters:
            continue
        team = with_roster(team, changed(roster, evenly=evenly))
        for member in roster.members.values():
            kept = _levelled(team, pool, member, member.level, at)
            team = kept.team
            entries += kept.entries
    return Told(team=team, entries=tuple(entries))


def away(absences: Mapping[str, Absence], rep: str, at: Instant) -> bool:
    """Whether a rep is on leave at an instant."""
    return any(each.rep == rep and each.starts <= at < each.ends for each in absences.values())


def _settled(team: Team, absences: Mapping[str, Absence], whose: Collection[str], at: Instant) -> Told:
    """The team with these absences as they stand at an instant; those that are long over are dropped."""
    left = {name: each for name, each in absences.items() if each.ends > max(at - REMEMBERED, each.starts)}
    edges = (each.starts if each.starts > at else each.ends for each in left.values() if each.ends > at)
    team = changed(team, absences=left, next_due=min(edges, default=None))
    known = (team.reps[name] for name in sorted(whose) if name in team.reps)
    return _moved(team, tuple(changed(each, away=away(left, each.name, at)) for each in known), at, "")


def _moved(team: Team, reps: Collection[Rep], at: Instant, cause: str) -> Told:
    """The team with reps as they are now: who could be given leads and cannot is gone, the reverse is back.

    Who is made inactive while on leave is gone for good then, with what was given to them by hand in the meantime.
    """
    there = {each.name for each in reps if each.name in team.reps and team.reps[each.name].present}
    left = {each.name for each in reps if each.name in team.reps and team.reps[each.name].active and not each.active}
    news = {each.name for each in reps if each.name not in team.reps}
    for each in reps:
        team = with_rep(team, each)
    gone = (
        Gone(rep=each.name, absent=each.active, at=at, cause=cause)
        for each in reps
        if (each.name in there and not each.present) or each.name in left
    )
    back = [each.name for each in reps if each.present and each.name not in there | news]
    after = _back(team, back, at)
    return Told(team=after.team, entries=after.entries, gone=tuple(gone))


def _back(team: Team, names: Collection[str], at: Instant) -> Told:
    """Those who are back start at the larger of their own and the lowest level of each pool they take part in."""
    entries: list[Entry] = []
    for pool, roster in team.rosters.items() if names else ():
        floor = team.lowest(pool, but=names)
        for name in names:
            member = roster.members.get(name)
            if member is None or not member.takes_part or floor is None or floor <= member.level:
                continue
            lifted = _levelled(team, pool, member, floor, at)
            team = lifted.team
            entries += lifted.entries
    return Told(team=team, entries=tuple(entries))


def _levelled(team: Team, pool: str, member: Member, level: Level, at: Instant) -> Told:
    """The team with a member at a level under the weight that counts, and the line that this takes, if any.

    All weights count as 1 in a pool that shares evenly; of who is paused, the last weight that was not 0.
    """
    roster = team.roster(pool)
    scale = (1 if roster.evenly else member.weight) or member.scale
    roster = roster.with_scale(scale)
    amount = level * scale - member.balance
    after = changed(member, scale=scale, steps=(level * roster.unit).numerator)
    team = with_roster(team, changed(roster, members={**roster.members, member.rep: after}))
    if not amount:
        return Told(team=team)
    team, entry = written(team, pool, member.rep, EntryKind.CALIBRATE, amount, at=at)
    return Told(team=team, entries=(entry,))
