"""The handoffs that are held, in the order in which they wait, and who of them is worth asking about again.

Leads that are held for one pool, under one version, and whom the same reps have had, have one answer: when nobody is
eligible for the first of them, nobody is for the others. So a thousand of them cost one question, and none while
nothing happens that could free somebody.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Collection, Iterable
from typing import NamedTuple

from handfast.cycle.life import CycleState
from handfast.cycle.values import Lead
from handfast.engine.terms import Terms
from handfast.instant import Instant
from handfast.route.choice import Choice, WhyNot
from handfast.route.choose import choose
from handfast.route.team import Team

_UNTIL_MIDNIGHT = frozenset((WhyNot.DAY_CAP, WhyNot.POOL_DAY_CAP))


class Group(NamedTuple):
    """What the answer depends on: the pool that holds, the pinned version, and who has had the cycle."""

    pool: str
    version: int
    had: frozenset[str]


class Place(NamedTuple):
    """Where a lead waits: the lower the number, the longer it has been held."""

    number: int
    lead: str
    group: Group


class Waiting:
    """Every lead that is held, by group. ``place`` keeps it; ``head`` is who has waited longest in a group."""

    def __init__(self) -> None:
        """Nobody is held."""
        self._places: dict[str, Place] = {}
        self._queues: dict[Group, list[Place]] = {}
        self._sizes: dict[Group, int] = {}
        self._wakes: dict[Group, Instant] = {}
        self._number = 0

    def __len__(self) -> int:
        """How many are held."""
        return len(self._places)

    def place(self, lead: Lead) -> Group | None:
        """Keep a lead as it is now, held or not. Hands back its group when it is the first there: nobody was asked."""
        before, group = self._places.get(lead.id), _group(lead)
        if before is not None and before.group != group:
            self._leave(before)
        if group is None or (before is not None and before.group == group):
            return None
        self._number += 1
        place = Place(self._number if before is None else before.number, lead.id, group)
        self._places[lead.id] = place
        heapq.heappush(self._queues.setdefault(group, []), place)
        self._sizes[group] = self._sizes.get(group, 0) + 1
        return group if self._sizes[group] == 1 else None

    def _leave(self, place: Place) -> None:
        """A lead is held no longer. Its entry stays in the queue until it comes to the front, or nobody is left."""
        del self._places[place.lead]
        self._sizes[place.group] -= 1
        if not self._sizes[place.group]:
            del self._sizes[place.group], self._queues[place.group]
            self._wakes.pop(place.group, None)

    def head(self, group: Group) -> Place | None:
        """Who has waited longest in a group; None when nobody waits there."""
        queue = self._queues.get(group, [])
        while queue and self._places.get(queue[0].lead) != queue[0]:
            heapq.heappop(queue)
        return queue[0] if queue else None

    def of(self, pools: Collection[str]) -> list[Group]:
        """The groups of some pools."""
        return [group for group in self._queues if group.pool in pools] if pools else []

    def heads(self, groups: Iterable[Group]) -> list[Place]:
        """Who has waited longest in each of some groups, as a heap."""
        found = [head for group in dict.fromkeys(groups) if (head := self.head(group)) is not None]
        heapq.heapify(found)
        return found

    def woken(self, now: Instant) -> list[Group]:
        """The groups for which a daily cap has ended since they were asked."""
        return [group for group, at in self._wakes.items() if at <= now]

    @property
    def next_wake(self) -> Instant | None:
        """When the next daily cap is over that stood in somebody's way."""
        return min(self._wakes.values(), default=None)

    def nobody(self, group: Group, wake: Instant | None) -> None:
        """A group was asked, and nobody is eligible before something happens, or the day is over."""
        self._wakes.pop(group, None)
        if wake is not None:
            self._wakes[group] = wake


def someone(team: Team, terms: Terms, group: Group, now: Instant) -> Choice:
    """Who of the pool could take a lead of a group now; nothing is written."""
    version = terms.of(group.version)
    return choose(team, version.contract, version.calendars, now=now, pool=group.pool, had=group.had)


def wake(terms: Terms, group: Group, choice: Choice) -> Instant | None:
    """The midnight of the contract's zone at which a daily cap is over that stands in somebody's way."""
    if not any(why in _UNTIL_MIDNIGHT for _, why, _ in choice.looked):
        return None
    version = terms.of(group.version)
    return version.midnight(version.date_of(choice.at) + dt.timedelta(days=1))


def _group(lead: Lead) -> Group | None:
    cycle = lead.cycle
    if cycle is None or cycle.state is not CycleState.WAITING or cycle.hold is None or cycle.version is None:
        return None
    return Group(cycle.hold.pool, cycle.version, cycle.reps)
