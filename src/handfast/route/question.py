"""One question to the team: who can have a lead of a pool now, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from handfast.calendar import Calendar
from handfast.contract.model import Contract
from handfast.instant import Instant, to_datetime
from handfast.route.choice import STEPS, Candidate, Choice, Lift, Looked, Tier, Way, WhyNot, tier_at
from handfast.route.opportunities import Opportunity
from handfast.route.rules import Ruled
from handfast.route.team import Level, Member, Rep, Roster, Team


class ByName(Protocol):
    """The compiled calendars of a contract, such as ``clock.Calendars``."""

    def __getitem__(self, name: str, /) -> Calendar:
        """The calendar of that name."""


def day_of(now: Instant, contract: Contract) -> int:
    """The number of the local day in the contract's zone."""
    return to_datetime(now, contract.zone).toordinal()


_ROUTERS = frozenset((Way.ROUTED, Way.LAST_RESORT))
"""The router's own acts, which the ledger counts."""

_NEVER_YET: Instant = -(2**62)


@dataclass(slots=True)
class Question:
    """What is asked of whom and when. ``had`` are the reps who have had the cycle before.

    Raises ValueError when an absence has begun or ended that the team was not told of: who is back from leave would
    not have been levelled, and would get everything.
    """

    team: Team
    contract: Contract
    calendars: ByName
    now: Instant
    had: frozenset[str] = frozenset()
    day: int = field(init=False)
    _opens: dict[str, Instant] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Refuse a team that time has left behind."""
        due = self.team.next_due
        if due is not None and due <= self.now:
            raise ValueError(f"an absence began or ended at {due}, before now: `until` comes first")
        self.day = day_of(self.now, self.contract)

    def choice(
        self, pool: str, rule: Ruled | None = None, owner: str | None = None, opportunity: Opportunity | None = None
    ) -> Choice:
        """The owner of the open deal if eligible, else the account's, else the pool's member whose turn it is."""
        asked_first: tuple[Candidate, ...] = ()
        for way, name in _owners(opportunity, owner):
            barred = self.barred(pool, name)
            if barred is None:
                chosen = self._by_name(way, pool, name, rule=rule)
                return chosen._replace(opportunity=opportunity, asked_first=asked_first)
            asked_first = (*asked_first, self._named(pool, name, barred))
        return self._by_turn(pool, rule, opportunity, asked_first)

    def _by_turn(
        self, pool: str, rule: Ruled | None, opportunity: Opportunity | None, asked_first: tuple[Candidate, ...]
    ) -> Choice:
        """The member of the pool whose turn it is, or nobody."""
        roster = self.team.roster(pool)
        looked = self._members(roster)
        best = min([turn for _, _, turn in looked if turn is not None], default=None)
        lifts = self._lifts(roster, looked)
        written = sum(1 for each in lifts if each.amount)
        return Choice(
            at=self.now,
            way=Way.ROUTED,
            rep=None if best is None else looked[best[-1]][0].rep,
            pool=pool,
            via=pool,
            counted=best is not None,
            sequence=roster.sequence + written + 1,
            day=self.day,
            ruled=rule,
            owner=None,
            opportunity=opportunity,
            asked_first=asked_first,
            looked=looked,
            best=best,
            unit=roster.unit,
            lifts=lifts,
        )

    def given(self, pool: str, name: str, way: Way) -> Choice:
        """A choice of somebody by name, whatever stands in the way; nobody if there is no such active rep."""
        barred = self.barred(pool, name)
        nobody = barred in {WhyNot.UNKNOWN, WhyNot.INACTIVE}
        return self._by_name(way, pool, name, why_not=barred if nobody else None, despite=None if nobody else barred)

    def barred(self, pool: str, name: str) -> WhyNot | None:
        """Why a rep cannot have the lead at all, be it as a member or not; None when nothing stands in the way."""
        return self._barred(self.team.reps.get(name), self.member(pool, name))

    def member(self, pool: str, name: str) -> Member | None:
        """Somebody as a member of a pool, if they are in it."""
        member = self.team.roster(pool).members.get(name)
        return member if member is not None and member.here else None

    def _barred(self, rep: Rep | None, member: Member | None) -> WhyNot | None:
        if rep is None:
            return WhyNot.UNKNOWN
        if not rep.active:
            return WhyNot.INACTIVE
        if rep.away:
            return WhyNot.ABSENT
        if rep.name in self.had:
            return WhyNot.HAD_IT
        return self._capped(rep, member)

    def _capped(self, rep: Rep, member: Member | None) -> WhyNot | None:
        if rep.open_cap is not None and rep.open >= rep.open_cap:
            return WhyNot.OPEN_CAP
        if rep.day_cap is not None and rep.day == self.day and rep.today >= rep.day_cap:
            return WhyNot.DAY_CAP
        if member is None:
            return None
        if member.open_cap is not None and member.open >= member.open_cap:
            return WhyNot.POOL_OPEN_CAP
        if member.day_cap is not None and member.day == self.day and member.today >= member.day_cap:
            return WhyNot.POOL_DAY_CAP
        return None

    def _by_name(
        self,
        way: Way,
        pool: str,
        name: str,
        *,
        rule: Ruled | None = None,
        why_not: WhyNot | None = None,
        despite: WhyNot | None = None,
    ) -> Choice:
        """The record of somebody who was named, not found by level."""
        inside = self.member(pool, name) is not None
        counted = inside and (way in _ROUTERS or self.contract.pools[pool].count_all)
        return Choice(
            at=self.now,
            way=way,
            rep=name if why_not is None else None,
            pool=pool,
            via=pool if inside or way is Way.LAST_RESORT else None,
            counted=counted,
            sequence=self.team.roster(pool).sequence + 1,
            day=self.day,
            ruled=rule,
            owner=self._named(pool, name, why_not, counted=counted),
            despite=despite,
        )

    def _named(self, pool: str, name: str, why_not: WhyNot | None, *, counted: bool = False) -> Candidate:
        member = self.member(pool, name)
        tier = None if why_not else self._tier(self._opens_at(pool if member else None, member))
        if member is None:
            return Candidate(rep=name, why_not=why_not, level=None, level_after=None, tier=tier)
        after = _after(member, member.level) if counted else member.level
        return Candidate(rep=name, why_not=why_not, level=member.level, level_after=after, tier=tier)

    def _members(self, roster: Roster) -> tuple[Looked, ...]:
        """Every member of the pool in its order, and whose turn it could be."""
        reps, floor = self.team.reps, None
        opens = self._next_open(self.contract.pools[roster.pool].calendar)
        looked: list[Looked] = []
        for member in roster.members.values():
            if not member.here:
                continue
            rep = reps[member.rep]
            why_not = self._barred(rep, member)
            if why_not is None and not member.weight:
                why_not = WhyNot.PAUSED
            if why_not is not None:
                looked.append((member, why_not, None))
                continue
            steps = member.steps
            if member.passed:
                floor = self.team.lowest_steps(roster.pool) if floor is None else floor
                steps = max(steps, floor if floor is not None else steps)
            opens_at = self._opens_at(roster.pool, member) if member.calendar else opens
            last_at = _NEVER_YET if rep.last_at is None else rep.last_at
            looked.append((member, None, (opens_at, steps, last_at, member.last, len(looked))))
        return tuple(looked)

    def _lifts(self, roster: Roster, looked: tuple[Looked, ...]) -> tuple[Lift, ...]:
        """Those who were at a cap and are no more: they start at the lowest level of the others."""
        found = [(member, turn) for member, _, turn in looked if member.passed and turn is not None]
        return tuple(
            Lift(rep=member.rep, amount=Fraction((turn[STEPS] - member.steps) * member.scale, roster.unit))
            for member, turn in found
        )

    def _opens_at(self, pool: str | None, member: Member | None) -> Instant:
        """When somebody works next, now included: by their own calendar, else the pool's, else the default."""
        own = "" if member is None else member.calendar
        if own in self.contract.calendars:
            return self._next_open(own)
        return self._next_open(self.contract.default_calendar if pool is None else self.contract.pools[pool].calendar)

    def _next_open(self, name: str) -> Instant:
        if name not in self._opens:
            self._opens[name] = self.calendars[name].next_open(self.now)
        return self._opens[name]

    def _tier(self, opens_at: Instant) -> Tier:
        return tier_at(opens_at, self.now)


def _owners(opportunity: Opportunity | None, owner: str | None) -> Iterator[tuple[Way, str]]:
    """Who comes before every rule, each once."""
    first = None if opportunity is None else opportunity.owner
    if first is not None:
        yield Way.OPPORTUNITY_OWNER, first
    if owner is not None and owner != first:
        yield Way.ACCOUNT_OWNER, owner


def _after(member: Member, level: Level) -> Level:
    """The level after one more assignment that counts."""
    return level + Fraction(1, member.scale)
