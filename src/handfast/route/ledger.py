"""What follows a choice: the ledger, and what is on whose hands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from handfast.instant import Instant
from handfast.route.choice import Choice
from handfast.route.team import Member, Rep, Roster, Team


class EntryKind(StrEnum):
    """Kinds of ledger entries."""

    ASSIGN = "assign"  # +1; 0 when it is recorded and not counted
    CREDIT = "credit"  # -1, once per cycle and rep
    CALIBRATE = "calibrate"  # brings a new or returning member to the pool's level, or keeps a level under a new weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
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


def assigned(team: Team, choice: Choice, *, cycle: str) -> tuple[Team, tuple[Entry, ...]]:
    """The team after a choice that named somebody: one more on their hands, one line in the ledger if it has one."""
    if choice.rep is None:
        raise ValueError("nobody was chosen")
    team = _taken(team, choice.rep, choice)
    if choice.via is None:
        return team, ()
    team, entry = written(
        team, choice.via, choice.rep, EntryKind.ASSIGN, Fraction(choice.counted), at=choice.at, cycle=cycle
    )
    return _member_taken(team, choice.via, choice.rep, choice, entry.sequence), (entry,)


def released(team: Team, rep: str, via: str | None) -> Team:
    """The team after a lead has left a rep's hands: its assignment ended, or it is no longer waiting or accepted."""
    known = team.reps.get(rep)
    if known is not None:
        team = with_rep(team, replace(known, open=known.open - 1))
    if via is None:
        return team
    member = team.rosters[via].members[rep]
    return with_member(team, via, replace(member, open=member.open - 1))


def credited(
    team: Team, rep: str, via: str | None, *, cycle: str, at: Instant, before: Collection[str] = ()
) -> tuple[Team, tuple[Entry, ...]]:
    """A credit of −1, once per cycle and rep: ``before`` are the reps who were credited for this cycle already.

    Called for counted assignments only: what was not counted is not given back. Outside pools there is no ledger.
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
    members = {**roster.members, rep: replace(member, balance=member.balance + amount)}
    return with_roster(team, replace(roster, members=members, sequence=entry.sequence)), entry


def with_rep(team: Team, rep: Rep) -> Team:
    """The team with a rep as they are now."""
    return replace(team, reps={**team.reps, rep.name: rep})


def with_roster(team: Team, roster: Roster) -> Team:
    """The team with a roster as it is now."""
    return replace(team, rosters={**team.rosters, roster.pool: roster})


def with_member(team: Team, pool: str, member: Member) -> Team:
    """The team with a member as they are now."""
    roster = team.roster(pool)
    members: Mapping[str, Member] = {**roster.members, member.rep: member}
    return with_roster(team, replace(roster, members=members))


def _taken(team: Team, name: str, choice: Choice) -> Team:
    rep = team.reps[name]
    today = rep.today if rep.day == choice.day else 0
    return with_rep(team, replace(rep, open=rep.open + 1, day=choice.day, today=today + 1, last_at=choice.at))


def _member_taken(team: Team, pool: str, name: str, choice: Choice, sequence: int) -> Team:
    member = team.rosters[pool].members[name]
    today = member.today if member.day == choice.day else 0
    taken = replace(member, open=member.open + 1, day=choice.day, today=today + 1, last=sequence)
    return with_member(team, pool, taken)
