"""One question to the team: who can have a lead of a pool now, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple, Protocol

from handfast.calendar import Calendar
from handfast.contract.model import Contract
from handfast.instant import Instant, to_datetime
from handfast.route.choice import Candidate, Choice, Lift, Tier, Way, WhyNot
from handfast.route.rules import Routed
from handfast.route.team import Level, Member, Rep, Team


class ByName(Protocol):
    """The compiled calendars of a contract, such as ``clock.Calendars``."""

    def __getitem__(self, name: str, /) -> Calendar:
        """The calendar of that name."""


def day_of(now: Instant, contract: Contract) -> int:
    """The number of the local day in the contract's zone."""
    return to_datetime(now, contract.zone).toordinal()


class _Turn(NamedTuple):
    """What decides between those who are eligible: the smallest is next."""

    opens_at: Instant  # now for who works now
    level: Level
    rep_last_at: Instant  # the latest assignment of the rep, wherever
    last: int  # and the latest in this pool, which tells apart what happened at one instant
    place: int  # in the pool's order


class _Looked(NamedTuple):
    """A member who was looked at; ``turn`` is None for who is not eligible."""

    member: Member
    level: Level
    why_not: WhyNot | None
    turn: _Turn | None


_ROUTERS = frozenset((Way.ROUTED, Way.LAST_RESORT))
"""The router's own acts, which the ledger counts."""

_turn = attrgetter("turn")
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

    def choice(self, pool: str, rule: Routed | None, owner: str | None) -> Choice:
        """The account's owner if eligible, else the member of the pool whose turn it is, else nobody."""
        barred = None if owner is None else self.barred(pool, owner)
        if owner is not None and barred is None:
            return self._by_name(Way.ACCOUNT_OWNER, pool, owner, rule=rule)
        looked = self._members(pool)
        best = min((each for each in looked if each.turn is not None), key=_turn, default=None)
        lifts = tuple(_lift(each) for each in looked if each.turn is not None and each.member.passed)
        written = sum(1 for each in lifts if each.amount)
        return Choice(
            at=self.now,
            way=Way.ROUTED,
            rep=None if best is None else best.member.rep,
            pool=pool,
            via=pool,
            counted=best is not None,
            sequence=self.team.roster(pool).sequence + written + 1,
            day=self.day,
            rule=rule,
            owner=None if owner is None else self._named(pool, owner, barred),
            candidates=tuple(self._candidate(each, best) for each in looked),
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
        if _full(rep.open, rep.open_cap):
            return WhyNot.OPEN_CAP
        if _full(rep.today if rep.day == self.day else 0, rep.day_cap):
            return WhyNot.DAY_CAP
        if member is None:
            return None
        if _full(member.open, member.open_cap):
            return WhyNot.POOL_OPEN_CAP
        if _full(member.today if member.day == self.day else 0, member.day_cap):
            return WhyNot.POOL_DAY_CAP
        return None

    def _by_name(
        self,
        way: Way,
        pool: str,
        name: str,
        *,
        rule: Routed | None = None,
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
            rule=rule,
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

    def _members(self, pool: str) -> tuple[_Looked, ...]:
        """Every member of the pool in its order. Who was at a cap and is no more starts at the others' lowest level."""
        members = [each for each in self.team.roster(pool).members.values() if each.here]
        why = [self._why_not(each) for each in members]
        back = any(each.passed and why_not is None for each, why_not in zip(members, why, strict=True))
        floor = self.team.lowest(pool) if back else None
        return tuple(
            self._looked(pool, place, each, why_not, floor)
            for place, (each, why_not) in enumerate(zip(members, why, strict=True))
        )

    def _why_not(self, member: Member) -> WhyNot | None:
        why = self._barred(self.team.reps[member.rep], member)
        return WhyNot.PAUSED if why is None and not member.weight else why

    def _looked(self, pool: str, place: int, member: Member, why_not: WhyNot | None, floor: Level | None) -> _Looked:
        level = member.level
        if why_not is not None:
            return _Looked(member, level, why_not, None)
        if member.passed and floor is not None:
            level = max(level, floor)
        rep_last_at = self.team.reps[member.rep].last_at
        turn = _Turn(
            self._opens_at(pool, member),
            level,
            _NEVER_YET if rep_last_at is None else rep_last_at,
            member.last,
            place,
        )
        return _Looked(member, level, None, turn)

    def _candidate(self, looked: _Looked, best: _Looked | None) -> Candidate:
        level, turn = looked.level, looked.turn
        if turn is None or best is None or best.turn is None:
            why, after, tier = looked.why_not, level, None
        elif looked is best:
            why, after, tier = None, _after(looked.member, level), self._tier(turn.opens_at)
        else:
            why, after, tier = _behind(turn, best.turn), level, self._tier(turn.opens_at)
        return Candidate(rep=looked.member.rep, why_not=why, level=level, level_after=after, tier=tier)

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
        return Tier.WORKING if opens_at <= self.now else Tier.NEXT


def _full(count: int, cap: int | None) -> bool:
    return cap is not None and count >= cap


def _after(member: Member, level: Level) -> Level:
    """The level after one more assignment that counts."""
    return level + Fraction(1, member.scale)


def _lift(looked: _Looked) -> Lift:
    member = looked.member
    return Lift(rep=member.rep, amount=looked.level * member.scale - member.balance)


def _behind(turn: _Turn, best: _Turn) -> WhyNot:
    """What put somebody who was eligible behind the one who was chosen: the first difference."""
    if turn.opens_at != best.opens_at:
        return WhyNot.LATER
    if turn.level != best.level:
        return WhyNot.LEVEL
    return WhyNot.ORDER if turn[2:4] == best[2:4] else WhyNot.RECENT
