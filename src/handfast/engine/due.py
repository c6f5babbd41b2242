"""What happens to a lead by itself: steps, breaches, pauses that end, holds that are over, cooling off that is over.

All dues up to an instant are processed in order of their instants, then response, decision, first_touch, before their
consequences; those (routing again, lapsing, judging) follow once, and what they start, starts from now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import IntEnum
from functools import partial
from typing import NamedTuple

from handfast.changed import changed
from handfast.contract.model import ClockName, PartyName, Step
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import ClockState, Lead, RunningClock
from handfast.engine import clocks, handing
from handfast.engine.deliver import consider
from handfast.engine.effects import StepFell
from handfast.engine.ending import end
from handfast.engine.seen import ClockSeen
from handfast.engine.tipped import tipped_at
from handfast.engine.turn import Turn
from handfast.instant import Instant


class Rank(IntEnum):
    """Which of several dues of one instant comes first."""

    RESPONSE = 0
    DECISION = 1
    FIRST_TOUCH = 2
    WORKING = 3
    CONTEST = 4
    HOLD = 5
    COOL_OFF = 6


class What(IntEnum):
    """What is due; of one clock and one instant in this order."""

    RESUME = 0
    BREACH = 1
    STEP = 2
    HOLD_OVER = 3
    COOLED = 4


class Due(NamedTuple):
    """Something that happens by itself, in the order in which it does."""

    at: Instant
    rank: Rank
    percent: int
    what: What
    clock: str = ""


_RANKS = {name: Rank[name.name] for name in ClockName}


def dues(lead: Lead) -> Iterator[Due]:
    """Everything that will happen to a lead if nobody does anything."""
    if lead.cool_until is not None:
        yield Due(lead.cool_until, Rank.COOL_OFF, 0, What.COOLED)
    cycle = lead.cycle
    if cycle is None or cycle.version is None:
        return
    if cycle.hold is not None:
        yield Due(cycle.hold.due_at, Rank.HOLD, 0, What.HOLD_OVER)
    for clock in cycle.clocks.values():
        yield from _of_clock(clock)


def _of_clock(clock: RunningClock) -> Iterator[Due]:
    rank = _RANKS[clock.name]
    if clock.state is ClockState.PAUSED and clock.paused_until is not None:
        yield Due(clock.paused_until, rank, 0, What.RESUME, clock.id)
    if clock.state is ClockState.RUNNING and clock.due_at is not None:
        yield Due(clock.due_at, rank, 100, What.BREACH, clock.id)
    if clock.state in (ClockState.RUNNING, ClockState.BREACHED) and clock.steps:
        first = clock.steps[0]
        yield Due(first.at, rank, first.step.at, What.STEP, clock.id)


def next_due(lead: Lead) -> Instant | None:
    """When something next happens to a lead by itself; None when nothing will."""
    cycle = lead.cycle
    if cycle is None or not cycle.clocks:
        return lead.cool_until
    return min([due.at for due in dues(lead)], default=None)


def advance(turn: Turn, upto: Instant) -> None:
    """Process every due of the lead up to and with ``upto``, then what follows from them, until none is left."""
    while True:
        ahead = _Ahead(turn)
        for due in iter(lambda: min(dues(turn.lead), default=None), None):
            if due.at > upto:
                break
            ahead.take(due)
        if not ahead.follow():
            return


class _Ahead:
    """One round of dues, and what will follow from them."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.reroute = self.hold_over = False
        self.cooled: Instant | None = None  # when the cooling off was over

    def take(self, due: Due) -> None:
        """One due."""
        turn = self.turn
        match due.what:
            case What.COOLED:
                self.cooled = due.at
                turn.know(cool_until=None)
            case What.HOLD_OVER:
                self._hold_over()
            case What.RESUME:
                clocks.resume(turn, turn.cycle.clocks[due.clock], due.at)
            case What.BREACH:
                clocks.breach(turn, turn.cycle.clocks[due.clock])
                if due.rank is Rank.CONTEST:
                    self._lapse(due)
            case _:
                self._step(turn.cycle.clocks[due.clock])

    def _hold_over(self) -> None:
        """The hold is over by its own due; where the handoff goes is decided with all else that is due."""
        self.hold_over = True
        self.turn.put(hold=replace(self.turn.hold, due_at=_LATER))

    def _lapse(self, due: Due) -> None:
        """A contest that marketing did not settle is upheld; the lapse is marketing's breach."""
        turn = self.turn
        while (clock := turn.cycle.clocks[due.clock]).steps and clock.steps[0].at <= due.at:
            self._step(clock)
        turn.trace.append(partial(ClockSeen.of, turn.version.number, clock))
        end(turn, CycleEvent.LAPSED, at=due.at, reason=turn.cycle.reason or "")

    def _step(self, clock: RunningClock) -> None:
        turn, fallen = self.turn, clock.steps[0]
        turn.put(clocks={**turn.cycle.clocks, clock.id: changed(clock, steps=clock.steps[1:])})
        late = turn.now - fallen.at > turn.terms.cutoff
        turn.tell(
            StepFell,
            f"{clock.id}:{fallen.step.at}%:{len(clock.steps)}",
            at=fallen.at,
            cycle=turn.cycle.id,
            clock=clock.id,
            percent=fallen.step.at,
            to=fallen.step.to,
            told=() if late else _recipients(turn, clock, fallen.step),
            re_route=fallen.step.re_route,
        )
        self.reroute = self.reroute or fallen.step.re_route

    def follow(self) -> bool:
        """What follows; whether anything did, so that more may be due."""
        turn = self.turn
        cycle = turn.lead.cycle
        waiting = cycle is not None and cycle.state is CycleState.WAITING
        if self.cooled is not None and cycle is not None and cycle.state is CycleState.OPEN:
            consider(turn, raised_at=tipped_at(turn, self.cooled), by_itself=True)
        if waiting and self.hold_over:
            handing.hold_over(turn)
        elif waiting and self.reroute:
            handing.after_breach(turn)
        return self.cooled is not None or self.hold_over or self.reroute


_LATER = 2**62
"""After every instant: of a hold whose own due has been taken up already."""


def _recipients(turn: Turn, clock: RunningClock, step: Step) -> tuple[str, ...]:
    """The people behind the words of an escalation; nobody stands behind ``owner`` while it is held."""
    contract, owner = turn.version.contract, turn.cycle.owner
    named = {
        "owner": clock.rep or ("" if owner is None else owner.rep),
        "manager": handing.manager_of(turn),
        "marketing": contract.parties[PartyName.MARKETING].email,
        "sales": contract.parties[PartyName.SALES].email,
    }
    return tuple(dict.fromkeys(who for to in step.to if (who := named.get(to, to))))
