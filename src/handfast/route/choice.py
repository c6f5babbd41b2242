"""What routing decided, as a record: who, by which rule, all candidates and why not each, levels before and after."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from handfast.instant import Instant
from handfast.route.opportunities import Opportunity
from handfast.route.rules import Routed, Ruled
from handfast.route.team import Level, Member


class Way(StrEnum):
    """How an assignment came about."""

    ROUTED = "routed"  # by rule, pool and level
    OPPORTUNITY_OWNER = "opportunity_owner"  # a second person at an account with an open deal
    ACCOUNT_OWNER = "account_owner"
    HUMAN = "human"  # a manager chose
    GIVEN_BACK = "given_back"  # to the rep whose touch in time was recorded late
    LAST_RESORT = "last_resort"  # the pool's manager, nobody else being eligible


class WhyNot(StrEnum):
    """Why somebody was not chosen: the first that applies; from LATER on they were eligible."""

    UNKNOWN = "unknown"  # no rep of this name
    INACTIVE = "inactive"
    ABSENT = "absent"
    PAUSED = "paused"  # weight 0
    HAD_IT = "had_it"  # has had this cycle before
    OPEN_CAP = "open_cap"  # of the rep, over all pools
    DAY_CAP = "day_cap"
    POOL_OPEN_CAP = "pool_open_cap"  # of the member, in this pool
    POOL_DAY_CAP = "pool_day_cap"
    LATER = "later"  # somebody works now, or opens sooner
    LEVEL = "level"  # somebody has a lower level
    RECENT = "recent"  # the same level, and an assignment more recently
    ORDER = "order"  # the same in everything, and behind in the pool's order


AT_A_CAP = frozenset((WhyNot.OPEN_CAP, WhyNot.DAY_CAP, WhyNot.POOL_OPEN_CAP, WhyNot.POOL_DAY_CAP))
"""Reasons that pass with a lead closed or a day over."""

ELIGIBLE = frozenset((None, WhyNot.LATER, WhyNot.LEVEL, WhyNot.RECENT, WhyNot.ORDER))


class Tier(StrEnum):
    """Whose turn it can be."""

    WORKING = "working"  # within hours now
    NEXT = "next"  # outside hours


class Candidate(NamedTuple):
    """Somebody who was looked at. ``level`` is None outside the pool; ``why_not`` None for who was chosen."""

    rep: str
    why_not: WhyNot | None
    level: Level | None
    level_after: Level | None  # what it became; the same for who was not chosen
    tier: Tier | None  # None for who was not eligible

    @property
    def eligible(self) -> bool:
        """Whether nothing but a better candidate stood in the way."""
        return self.why_not in ELIGIBLE


class Lift(NamedTuple):
    """Somebody who was at a cap while others got leads, and is no more: what brings them to the others' level."""

    rep: str
    amount: Fraction  # 0 when they are not behind


Turn = tuple[Instant, int, Instant, int, int]
"""What decides between those who are eligible, the smallest first: when they work (now, or their next opening), level
in steps of the roster, the rep's latest assignment wherever, the latest in this pool (which tells apart what happened
at one instant), place in the pool's order."""

Looked = tuple[Member, WhyNot | None, Turn | None]
"""A member who was looked at; what stands in the way, or their turn. A plain tuple: a pool may have hundreds."""

OPENS_AT: Final = 0
STEPS: Final = 1


class Choice(NamedTuple):
    """One decision of routing. ``rep`` is None when nobody was eligible; then nothing has happened yet."""

    at: Instant
    way: Way
    rep: str | None
    pool: str  # that the rule named, or the one asked for
    via: str | None  # the pool that lends calendar and ledger; None for an owner who is no member of it: the default
    counted: bool  # whether the ledger counts it
    sequence: int  # the pool's number of the decision
    day: int  # local day of the contract's zone, which daily caps count by
    ruled: Ruled | None  # what the rules said; None when the pool was asked for
    owner: Candidate | None  # who was chosen by name: a deal's or the account's owner, or a manager's choice
    looked: tuple[Looked, ...] = ()  # at members of the pool in their order, when they were looked at
    best: Turn | None = None
    unit: int = 1  # steps of the roster to a level
    lifts: tuple[Lift, ...] = ()
    opportunity: Opportunity | None = None  # the open deal that the lead is on, or joins
    asked_first: tuple[Candidate, ...] = ()  # owners of a deal or an account who were looked at, and cannot have it
    despite: WhyNot | None = None  # what would have kept the router from choosing them: a human, or the last resort

    @property
    def rule(self) -> Routed | None:
        """The rule that named the pool, and what every rule before it found. Told when somebody asks."""
        return None if self.ruled is None else self.ruled.told()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The members of the pool in their order. Told from what decided, when somebody asks."""
        return tuple(self._candidate(each) for each in self.looked)

    def _candidate(self, looked: Looked) -> Candidate:
        member, why_not, turn = looked
        if turn is None or self.best is None:
            return Candidate(rep=member.rep, why_not=why_not, level=member.level, level_after=member.level, tier=None)
        return in_turn(member.rep, member.scale, turn, self.best, unit=self.unit, at=self.at)

    @property
    def tier(self) -> Tier | None:
        """The tier of who was chosen."""
        return next((each.tier for each in self.looked_at if each.why_not is None), None)

    @property
    def looked_at(self) -> tuple[Candidate, ...]:
        """Everybody who was looked at, who was looked at by name first."""
        return (*self.named, *self.candidates)

    @property
    def named(self) -> tuple[Candidate, ...]:
        """Who was looked at by name."""
        return self.asked_first if self.owner is None else (*self.asked_first, self.owner)


_level = lru_cache(maxsize=4096)(Level)
"""A level from its steps and their unit: a pool is asked about the same few again and again."""


def in_turn(rep: str, scale: int, turn: Turn, best: Turn, *, unit: int, at: Instant) -> Candidate:
    """Somebody who was eligible, told from their turn and the best one. ``scale`` and ``unit``: the roster's."""
    level = _level(turn[STEPS], unit)
    after = level + Fraction(1, scale) if turn == best else level
    return Candidate(rep, _behind(turn, best), level, after, tier_at(turn[OPENS_AT], at))


def tier_at(opens_at: Instant, now: Instant) -> Tier:
    """The tier of somebody who works at an instant that is now or to come."""
    return Tier.WORKING if opens_at <= now else Tier.NEXT


def _behind(turn: Turn, best: Turn) -> WhyNot | None:
    """What put somebody who was eligible behind the one who was chosen: the first difference."""
    if turn == best:
        return None
    if turn[OPENS_AT] != best[OPENS_AT]:
        return WhyNot.LATER
    if turn[STEPS] != best[STEPS]:
        return WhyNot.LEVEL
    return WhyNot.ORDER if turn[2:4] == best[2:4] else WhyNot.RECENT
