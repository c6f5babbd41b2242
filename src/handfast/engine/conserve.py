"""Conservation: no delivered lead is lost. Every group is counted on its own from the transitions.

A delivered live cycle is in exactly one of waiting, contested, accepted (ever, whatever came later), rejected,
withdrawn (before acceptance); their sum is what was delivered. A difference is unaccounted, and an alarm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from handfast.contract.model import ClockName
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import ClockState, Cycle, Lead
from handfast.engine.effects import Moved
from handfast.engine.world import World
from handfast.route.ledger import EntryKind

_TAKEN = frozenset((CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY))
_TICKING = frozenset((ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conservation:
    """The groups, those that a disqualifier holds beside them, and every rule that does not hold, in words."""

    delivered: int
    waiting: int
    contested: int
    accepted: int
    rejected: int
    withdrawn: int
    held_by_disqualifier: int
    broken: tuple[str, ...] = ()

    @property
    def unaccounted(self) -> int:
        """What is in no group, or in two; other than 0 it is an alarm."""
        return self.delivered - (self.waiting + self.contested + self.accepted + self.rejected + self.withdrawn)

    @property
    def holds(self) -> bool:
        """Whether nothing is lost and every rule holds."""
        return self.unaccounted == 0 and not self.broken


def conservation(world: World) -> Conservation:
    """Count a world."""
    moves = world.moves
    last = {move.cycle: move.after for move in moves}
    delivered = {move.cycle for move in moves if move.event is CycleEvent.QUALIFIED}
    accepted = {move.cycle for move in moves if move.after in _TAKEN}
    open_cycles = [lead.cycle for lead in world.leads.values() if lead.cycle is not None]
    return Conservation(
        delivered=len(delivered),
        waiting=_standing(moves, last, CycleState.WAITING),
        contested=_standing(moves, last, CycleState.CONTESTED),
        accepted=len(accepted),
        rejected=_standing(moves, last, CycleState.REJECTED),
        withdrawn=sum(
            1 for cycle, state in last.items() if state is CycleState.WITHDRAWN and cycle in delivered - accepted
        ),
        held_by_disqualifier=sum(1 for cycle in open_cycles if cycle.held_by),
        broken=tuple(_broken(world, last)),
    )


def _standing(moves: list[Moved], last: dict[str, CycleState], state: CycleState) -> int:
    entered = {move.cycle for move in moves if move.after is state}
    return sum(1 for cycle in entered if last[cycle] is state)


def _broken(world: World, last: dict[str, CycleState]) -> Iterator[str]:
    for lead in world.leads.values():
        for cycle in (*lead.ended, *(() if lead.cycle is None else (lead.cycle,))):
            if last.get(cycle.id) is not cycle.state:
                yield f"{cycle.id} is {cycle.state}; its transitions say {last.get(cycle.id)}"
        yield from _of_open(lead)
    yield from _of_ledgers(world)


def _of_open(lead: Lead) -> Iterator[str]:
    cycle = lead.cycle
    if cycle is None:
        return
    if cycle.state.ended:
        yield f"{cycle.id} has ended and stands as open"
    owners = sum(1 for each in cycle.assignments if each.ended_at is None)
    if cycle.state is CycleState.WAITING and owners + (cycle.hold is not None) != 1:
        yield f"{cycle.id} waits with {owners} current assignments and {'a' if cycle.hold else 'no'} hold"
    if cycle.state is CycleState.WAITING and owners == 1:
        yield from _of_waiting(cycle)


def _of_waiting(cycle: Cycle) -> Iterator[str]:
    owner = cycle.owner
    ticking = [
        clock
        for clock in cycle.clocks.values()
        if clock.name is ClockName.DECISION
        and owner is not None
        and clock.assignment == owner.id
        and clock.state in _TICKING
    ]
    if len(ticking) != 1:
        yield f"{cycle.id} waits with {len(ticking)} decision clocks that are not stopped"


def _of_ledgers(world: World) -> Iterator[str]:
    assigns: Counter[tuple[str, str]] = Counter()
    sums: dict[tuple[str, str], Fraction] = {}
    for entry in world.entries:
        key = entry.pool, entry.rep
        sums[key] = sums.get(key, Fraction(0)) + Fraction(*entry.amount)
        assigns[key] += entry.kind is EntryKind.ASSIGN
    had = Counter(_turns(world))
    for key in sorted({*assigns, *had}):
        if assigns[key] != had[key]:
            yield f"{key[1]} has {had[key]} assignments through {key[0]}, and {assigns[key]} in its ledger"
    for roster in world.team.rosters.values():
        for member in roster.members.values():
            if member.balance != sums.get((roster.pool, member.rep), Fraction(0)):
                yield f"The balance of {member.rep} in {roster.pool} is not the sum of its entries"


def _turns(world: World) -> Iterator[tuple[str, str]]:
    """Pool and rep of every assignment that came through a pool."""
    for lead in world.leads.values():
        for cycle in (*lead.ended, *(() if lead.cycle is None else (lead.cycle,))):
            yield from ((each.pool, each.rep) for each in cycle.assignments if each.pool is not None)
