"""What follows a choice: the ledger, and what is on whose hands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from handfast.changed import changed
from handfast.instant import Instant
from handfast.route.choice import AT_A_CAP, Choice
from handfast.route.team import Member, Rep, Roster, Team


class EntryKind(StrEnum):
    """Kinds of ledger entries."""

    ASSIGN = "assign"  # +1; 0 when it is recorded and not counted
    CREDIT = "credit"  # -1, once per cycle and rep
    CALIBRATE = "calibrate"  # brings a new or returning member to the pool's level, or keeps a level under a new weight


class Entry(NamedTuple):
    """A line of the append-only ledger of a pool; ``pool`` and ``sequence`` are unique together."""

    pool: str
    sequence: int
    rep: str
    kind: EntryKind
    amount: Fraction
    at: Instant
    cycle: str = ""

    @property
    def id(self) -> str:
        """Derived, so that a repeat is found."""
        return f"{self.pool}#{self.sequence}"


_ONE, _NONE = Fraction(1), Fraction(0)


def assigned(team: Team, choice: Choice, *, cycle: str) -> tuple[Team, tuple[Entry, ...]]:
    """The team after a choice that named somebody: one more on their hands, and what the ledger says of it.

    First come the lines that bring back who was at a cap; who is at one now is passed. Raises ValueError when the
    choice named nobody.
    """
    if choice.rep is None:
        raise ValueError("nobody was chosen")
    team, entries = _lifted(_taken(team, choice.rep, choice), choice, cycle)
    if choice.via is None:
        return team, ()
    roster = team.roster(choice.via)
    member = roster.members.get(choice.rep) or Member(rep=choice.rep, here=False)
    entry = Entry(
        pool=choice.via,
        sequence=roster.sequence + 1,
        rep=choice.rep,
        kind=EntryKind.ASSIGN,
        amount=_ONE if choice.counted else _NONE,
        at=choice.at,
        cycle=cycle,
    )
    today = member.today if member.day == choice.day else 0
    taken = changed(
        member,
        balance=member.balance + entry.amount if choice.counted else member.balance,
        steps=member.steps + (roster.unit // member.scale if choice.counted else 0),
        open=member.open + 1,
        day=choice.day,
        today=today + 1,
        last=entry.sequence,
    )
    passed = {each: changed(roster.members[each], passed=True) for each in _passed(choice)}
    members = {**roster.members, **passed, choice.rep: taken}
    return with_roster(team, changed(roster, members=members, sequence=entry.sequence)), (*entries, entry)


def released(team: Team, rep: str, via: str | None) -> Team:
    """The team after a lead has left a rep's hands: its assignment ended, or it is no longer waiting or accepted."""
    known = team.reps[rep]
    team = with_rep(team, changed(known, open=known.open - 1))
    if via is None:
        return team
    member = team.rosters[via].members[rep]
    return with_member(team, via, changed(member, open=member.open - 1))


def credited(
    team: Team, rep: str, via: str | None, *, cycle: str, at: Instant, before: Collection[str] = ()
) -> tuple[Team, tuple[Entry, ...]]:
    """A credit of −1, once per cycle and rep: ``before`` are the reps who were credited for this cycle already.

    For returns whose reason credits and re-routes that are not the rep's fault, of assignments that were counted:
    what the ledger did not take, it does not give back. Outside pools there is no ledger.
    """
    if via is None or rep in before:
        return team, ()
    team, entry = written(team, via, rep, EntryKind.CREDIT, Fraction(-1), at=at, cycle=cycle)
    return team, (entry,)


def written(
    team: Team, pool: str, rep: str, kind: EntryKind, amount: Fraction, *, at: Instant, cycle: str = ""
) -> tuple[Team, Entry]:
    """The team with one more line in a pool's ledger, and the line."""
    roster = team.rosters[pool]
    member = roster.members[rep]
    entry = Entry(pool=pool, sequence=roster.sequence + 1, rep=rep, kind=kind, amount=amount, at=at, cycle=cycle)
    members = {**roster.members, rep: roster.moved(member, amount)}
    return with_roster(team, changed(roster, members=members, sequence=entry.sequence)), entry


def with_rep(team: Team, rep: Rep) -> Team:
    """The team with a rep as they are now."""
    return changed(team, reps={**team.reps, rep.name: rep})


def with_roster(team: Team, roster: Roster) -> Team:
    """The team with a roster as it is now."""
    return changed(team, rosters={**team.rosters, roster.pool: roster})


def with_member(team: Team, pool: str, member: Member) -> Team:
    """The team with a member as they are now."""
    roster = team.roster(pool)
    members: Mapping[str, Member] = {**roster.members, member.rep: member}
    return with_roster(team, changed(roster, members=members))


def _taken(team: Team, name: str, choice: Choice) -> Team:
    rep = team.reps[name]
    today = rep.today if rep.day == choice.day else 0
    return with_rep(team, changed(rep, open=rep.open + 1, day=choice.day, today=today + 1, last_at=choice.at))


def _lifted(team: Team, choice: Choice, cycle: str) -> tuple[Team, tuple[Entry, ...]]:
    """Who was at a cap and is no more is brought to the level that the choice found for them."""
    entries: list[Entry] = []
    for lift in choice.lifts:
        member = team.rosters[choice.pool].members[lift.rep]
        team = with_member(team, choice.pool, changed(member, passed=False))
        if lift.amount:
            team, entry = written(
                team, choice.pool, lift.rep, EntryKind.CALIBRATE, lift.amount, at=choice.at, cycle=cycle
            )
            entries.append(entry)
    return team, tuple(entries)


def _passed(choice: Choice) -> tuple[str, ...]:
    """Who was at a cap while another was chosen, and was not before."""
    return tuple([member.rep for member, why, _ in choice.looked if why in AT_A_CAP and not member.passed])
