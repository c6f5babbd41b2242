"""Pools and reps as the pages of the rosters show them: the rows of ``rosters.queries`` with load beside capacity."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from handfast.route.question import day_of
from handfast.route.team import Rep
from handfast_server.decide import terms as versions
from handfast_server.now import now
from handfast_server.rosters.queries import MemberStand, PoolStand, pools_now


class Load(NamedTuple):
    """What is on somebody's hands, and what they take; None where nothing is said."""

    open: int
    open_cap: int | None
    today: int
    day_cap: int | None

    @property
    def state(self) -> str:
        """``late`` at the cap, ``soon`` from four fifths of it."""
        return _state(self.open, self.open_cap)

    @property
    def day_state(self) -> str:
        """The same of the day."""
        return _state(self.today, self.day_cap)


def _state(has: int, cap: int | None) -> str:
    if cap is None or 5 * has < 4 * cap:
        return ""
    return "late" if has >= cap else "soon"


def today() -> int:
    """The number of the day that daily caps count, in the contract's zone."""
    version = versions.governing(now())
    return 0 if version is None else day_of(now(), version.contract)


def load_of(rep: Rep, day: int) -> Load:
    """Over all pools."""
    return Load(rep.open, rep.open_cap, rep.today if rep.day == day else 0, rep.day_cap)


class PoolLine(NamedTuple):
    """A pool in the list of pools; ``here`` members, of whom ``ready`` can be given leads now."""

    name: str
    manager: str
    here: int
    ready: int
    waiting: int
    held: int
    known: bool


def ready(member: MemberStand) -> bool:
    """Whether leads can be given to a member now, if no cap forbids it."""
    return member.here and member.active and not member.away and member.weight > 0


def pool_lines() -> list[PoolLine]:
    """Every pool of the contract and of the rosters."""
    version = versions.governing(now())
    wanted: Collection[str] = () if version is None else tuple(version.contract.pools)
    stands = pools_now()
    lines = [_line(stand, version is None or stand.name in wanted) for stand in stands]
    known = {stand.name for stand in stands}
    lines += [PoolLine(name, "", 0, 0, 0, 0, known=True) for name in wanted if name not in known]
    return sorted(lines)


def _line(stand: PoolStand, known: bool) -> PoolLine:
    here = [each for each in stand.members if each.here]
    there = sum(map(ready, here))
    return PoolLine(stand.name, stand.manager or "", len(here), there, stand.waiting, stand.held, known)


def pools_by_rep(pools: Iterable[PoolStand]) -> dict[str, list[str]]:
    """The pools of each."""
    found: dict[str, list[str]] = {}
    for pool in pools:
        for member in pool.members:
            if member.here:
                found.setdefault(member.rep, []).append(pool.name)
    return found


def stand_of(pool: str) -> PoolStand | None:
    """A pool of the rosters, or one of the contract in which nobody is yet; None where there is no such pool."""
    found = next((each for each in pools_now() if each.name == pool), None)
    version = versions.governing(now())
    if found is None and version is not None and pool in version.contract.pools:
        return PoolStand(name=pool, manager=None, evenly=False, sequence=0, waiting=0, held=0, members=())
    return found


def calendars() -> list[str]:
    """The calendars of the contract, whose hours a member may have."""
    version = versions.governing(now())
    return [] if version is None else sorted(version.contract.calendars)
