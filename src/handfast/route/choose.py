"""Who gets a lead: account owner if eligible → first matching rule → pool → the member whose turn it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from handfast.calendar import Calendar
from handfast.condition import Values
from handfast.contract.model import Contract
from handfast.instant import Instant, to_datetime
from handfast.route.choice import Candidate, Choice, Tier, Way, WhyNot
from handfast.route.rules import Routed, routed
from handfast.route.team import Member, Rep, Team


class ByName(Protocol):
    """The compiled calendars of a contract, such as ``clock.Calendars``."""

    def __getitem__(self, name: str, /) -> Calendar:
        """The calendar of that name."""


def choose(
    team: Team,
    contract: Contract,
    calendars: ByName,
    *,
    now: Instant,
    values: Values | None = None,
    pool: str | None = None,
    owner: str | None = None,
    had: Collection[str] = (),
) -> Choice:
    """Decide who gets a lead; nothing is written, ``assigned`` does that with the choice.

    ``values`` are those of ``qualify.values_for_routing``, for the rules; a ``pool`` instead of them leaves the rules
    out (an order to route into it). ``owner`` is the rep who owns the lead's account; ``had`` are the reps who have
    had this cycle before.
    """
    rule = None if values is None else routed(contract, values)
    into = pool if rule is None else rule.pool
    if into is None:
        raise ValueError("routing needs the lead's values, or a pool")
    return _Asked(team, contract, calendars, now, frozenset(had)).choice(into, rule, owner)


def day_of(now: Instant, contract: Contract) -> int:
    """The number of the local day in the contract's zone."""
    return to_datetime(now, contract.zone).toordinal()


class _Asked:
    """One question, while it is answered."""

    def __init__(self, team: Team, contract: Contract, calendars: ByName, now: Instant, had: frozenset[str]) -> None:
        self.team, self.contract, self.calendars, self.now, self.had = team, contract, calendars, now, had
        self.day = day_of(now, contract)

    def choice(self, pool: str, rule: Routed | None, owner: str | None) -> Choice:
        roster = self.team.roster(pool)
        asked = self._owner(pool, owner) if owner is not None and self.contract.routing.owner_first else None
        if asked is not None and asked.why_not is None:
            member = roster.members.get(asked.rep)
            via = pool if member is not None and member.here else None
            counted = via is not None and self.contract.pools[pool].count_all
            return self._made(Way.ACCOUNT_OWNER, asked.rep, pool, via, counted, rule, asked, ())
        candidates = self._ranked(pool)
        rep = next((each.rep for each in candidates if each.why_not is None), None)
        return self._made(Way.ROUTED, rep, pool, pool, rep is not None, rule, asked, candidates)

    def _made(
        self,
        way: Way,
        rep: str | None,
        pool: str,
        via: str | None,
        counted: bool,
        rule: Routed | None,
        owner: Candidate | None,
        candidates: tuple[Candidate, ...],
    ) -> Choice:
        return Choice(
            at=self.now,
            way=way,
            rep=rep,
            pool=pool,
            via=via,
            counted=counted,
            sequence=self.team.roster(pool).sequence + 1,
            day=self.day,
            rule=rule,
            owner=owner,
            candidates=candidates,
        )

    def _owner(self, pool: str, owner: str) -> Candidate:
        rep, member = self.team.reps.get(owner), self.team.roster(pool).members.get(owner)
        inside = member if member is not None and member.here else None
        why = self.barred(rep, inside)
        tier = None if why else self._tier(pool if inside else None)
        level = None if inside is None else inside.level
        return Candidate(rep=owner, why_not=why, level=level, level_after=level, tier=tier)

    def _ranked(self, pool: str) -> tuple[Candidate, ...]:
        members = [each for each in self.team.roster(pool).members.values() if each.here]
        barred = [self.barred(self.team.reps.get(each.rep), each) or _paused(each) for each in members]
        able = [(each, place) for place, (each, why) in enumerate(zip(members, barred, strict=True)) if why is None]
        best = min(able, key=lambda pair: self._turn(*pair), default=None)
        tier = self._tier(pool) if best else None
        return tuple(
            self._candidate(each, place, why, None if best is None else best, tier)
            for place, (each, why) in enumerate(zip(members, barred, strict=True))
        )

    def _turn(self, member: Member, place: int) -> tuple[object, ...]:
        rep = self.team.reps[member.rep]
        return (member.level, -1 if rep.last_at is None else rep.last_at, member.last, place)

    def _candidate(
        self, member: Member, place: int, why: WhyNot | None, best: tuple[Member, int] | None, tier: Tier | None
    ) -> Candidate:
        level = member.level
        if why is not None or best is None:
            return Candidate(rep=member.rep, why_not=why, level=level, level_after=level, tier=None)
        if best[1] == place:
            after = (member.balance + 1) / member.scale
            return Candidate(rep=member.rep, why_not=None, level=level, level_after=after, tier=tier)
        behind = WhyNot.LEVEL if level > best[0].level else _tie(self._turn(member, place), self._turn(*best))
        return Candidate(rep=member.rep, why_not=behind, level=level, level_after=level, tier=tier)

    def _tier(self, pool: str | None) -> Tier:
        name = self.contract.default_calendar if pool is None else self.contract.pools[pool].calendar
        return Tier.WORKING if self.calendars[name].is_open(self.now) else Tier.NEXT

    def barred(self, rep: Rep | None, member: Member | None) -> WhyNot | None:
        """Why a rep cannot have the lead at all; None when nothing stands in the way."""
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


def _full(count: int, cap: int | None) -> bool:
    return cap is not None and count >= cap


def _paused(member: Member) -> WhyNot | None:
    return None if member.weight else WhyNot.PAUSED


def _tie(mine: tuple[object, ...], best: tuple[object, ...]) -> WhyNot:
    return WhyNot.ORDER if mine[1:3] == best[1:3] else WhyNot.RECENT
