"""The team as routing knows it: reps, the rosters of pools with their ledgers, absences, account owners, deals.

Frozen values, replaced and never changed; every number is exact. ``told`` makes them from facts, ``choose`` reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from handfast.changed import changed
from handfast.instant import Instant
from handfast.route.buckets import Buckets
from handfast.route.opportunities import Opportunities

Level = Fraction
"""Ledger balance ÷ weight; the lowest is next."""


@dataclass(frozen=True, kw_only=True)
class Rep:
    """Somebody who can own leads, with what is on their hands over all pools.

    ``away`` is kept by the dues of absences. ``today`` counts the assignments of local day ``day`` of the contract's
    zone; on any other day there are none yet.
    """

    name: str
    active: bool = True
    away: bool = False
    open_cap: int | None = None
    day_cap: int | None = None
    open: int = 0  # waiting + accepted
    day: int = 0
    today: int = 0
    last_at: Instant | None = None  # of the latest assignment, whichever way

    @property
    def present(self) -> bool:
        """Whether leads can be given to this rep at all."""
        return self.active and not self.away


@dataclass(frozen=True, kw_only=True)
class Member:
    """A rep in a pool, with the place in its ledger. Who left (``here`` false) keeps the ledger.

    ``weight`` is the roster's, 0 when paused; ``scale`` the weight that counts, or the last one that was not 0.
    """

    rep: str
    here: bool = True
    weight: int = 1
    scale: int = 1
    open_cap: int | None = None
    day_cap: int | None = None
    calendar: str = ""  # their own hours, by a calendar of the contract; empty: the pool's
    balance: Fraction = Fraction(0)
    steps: int = 0  # the level in steps of the roster's unit: whole numbers compare at a tenth of the cost of fractions
    open: int = 0  # waiting + accepted, come through this pool
    day: int = 0
    today: int = 0
    last: int = 0  # the pool's sequence number of the latest assignment
    passed: bool = False  # was at a cap when the pool gave a lead to somebody

    @property
    def level(self) -> Level:
        """Balance ÷ weight; of a paused member by the weight before the pause."""
        return self.balance / self.scale

    @property
    def takes_part(self) -> bool:
        """Whether the member is in the pool and not paused."""
        return self.here and self.weight > 0


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Who is in a pool, in the order of joining, and where its ledger stands."""

    pool: str
    members: Mapping[str, Member] = field(default_factory=dict)
    manager: str | None = None
    evenly: bool = False  # all weights count as 1
    unit: int = 1  # steps to a level: a common multiple of all weights that ever counted, so that every level is whole
    sequence: int = 0  # of the latest ledger entry

    def with_scale(self, scale: int) -> Roster:
        """The roster with a unit that this weight divides as well."""
        times = lcm(self.unit, scale) // self.unit
        if times == 1:
            return self
        members = {name: changed(each, steps=each.steps * times) for name, each in self.members.items()}
        return changed(self, members=members, unit=self.unit * times)

    def moved(self, member: Member, amount: Fraction) -> Member:
        """A member whose balance changes by an amount."""
        balance = member.balance + amount
        steps = balance * self.unit / member.scale
        return changed(member, balance=balance, steps=steps.numerator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A rep's leave: ``starts`` ≤ t < ``ends``."""

    id: str
    rep: str
    starts: Instant
    ends: Instant


@dataclass(frozen=True, kw_only=True)
class Team:
    """Everything that routing remembers. ``next_due`` is the next edge of an absence; None when there is none."""

    reps: Mapping[str, Rep] = field(default_factory=dict)
    rosters: Mapping[str, Roster] = field(default_factory=dict)
    absences: Mapping[str, Absence] = field(default_factory=dict)
    owners: Buckets[str] = field(default_factory=Buckets)  # of accounts
    opportunities: Opportunities = field(default_factory=Opportunities)
    next_due: Instant | None = None
    shadow: Team | None = None  # in shadow mode: the same team with the ledgers that shadow judgements move

    def roster(self, pool: str) -> Roster:
        """The roster of a pool; empty when nobody was ever in it."""
        return self.rosters.get(pool) or Roster(pool=pool)

    def owner_of(self, account: str | None) -> str | None:
        """The owner of an account, if it is known and has one."""
        return None if account is None else self.owners.get(account)

    def lowest(self, pool: str, *, but: Collection[str] = ()) -> Level | None:
        """The lowest level of those who take part in a pool and can be given leads; None when nobody else takes part.

        Who was passed at a cap is left out: their level has stayed behind, and is no measure for anybody. Where none
        of those is there, the others who take part are the measure: first who is away, then who was passed at a cap.
        """
        steps = self.lowest_steps(pool, but=but)
        return None if steps is None else Level(steps, self.roster(pool).unit)

    def lowest_steps(self, pool: str, *, but: Collection[str] = ()) -> int | None:
        """``lowest`` in steps of the roster."""
        others = [each for each in self.roster(pool).members.values() if each.takes_part and each.rep not in but]
        in_turn = [each for each in others if not each.passed]
        there = [each for each in in_turn if self.reps[each.rep].present]
        return min((each.steps for each in there or in_turn or others), default=None)
