"""Outreach by sales: what stops the promises of a first touch and of a response, and accepts by implication."""

from __future__ import annotations

from bisect import insort
from dataclasses import replace

from handfast.contract.model import ClockName
from handfast.cycle.elsewhere import Touch
from handfast.cycle.life import CycleState
from handfast.cycle.values import ClockState
from handfast.engine import clocks, handing
from handfast.engine.accepting import accept
from handfast.engine.effects import BreachChange
from handfast.engine.turn import Turn
from handfast.facts import TouchKind, TouchMade
from handfast.instant import Instant


def made(turn: Turn, fact: TouchMade) -> None:
    """A touch. Only a human of sales counts; one before the promise answers nothing.

    Raises Declined for what a rep reports of themselves from too long ago.
    """
    at = turn.happened_at
    if fact.self_reported:
        turn.check_recent(fact.by)
    if not fact.human or not turn.is_sales(fact.by):
        return
    cycle = turn.lead.cycle
    if cycle is not None and cycle.qualified_at is not None and at >= cycle.qualified_at:
        _counted(turn, fact, at)
    else:
        touch = Touch(at, fact.by, fact.kind is TouchKind.CONTACT)
        turn.know(touches=turn.lead.touches.appended(touch))
        _late(turn, fact, at)


def _counted(turn: Turn, fact: TouchMade, at: Instant) -> None:
    cycle = turn.cycle
    if cycle.first_touch_at is None or at < cycle.first_touch_at:
        turn.put(first_touch_at=at, first_touch_reported=fact.self_reported)
    if fact.kind is TouchKind.ATTEMPT:
        attempts = list(cycle.attempts)
        insort(attempts, at)
        turn.put(attempts=tuple(attempts))
    elif cycle.contact_at is None or at < cycle.contact_at:
        turn.put(contact_at=at)
    known_before = _in_time(turn)
    clocks.answer(turn, ClockName.FIRST_TOUCH, at)
    clocks.answer(turn, ClockName.RESPONSE, at, rep=fact.by)
    if fact.loaded:
        return  # history alerts nobody, and decides nothing
    for rep in sorted(_in_time(turn) - known_before):
        _given_away(turn, rep)
    owner = turn.cycle.owner
    implied = fact.kind is TouchKind.CONTACT and turn.cycle.state is CycleState.WAITING
    if implied and owner is not None and owner.rep == fact.by:
        accept(turn, owner, at=at, by=fact.by)


def _given_away(turn: Turn, rep: str) -> None:
    """A re-route that already happened stands; the manager is told, and can give the lead back."""
    if turn.cycle.state is CycleState.WAITING and may_have_back(turn, rep):
        what = f"{rep} had answered in time, recorded late: the lead can be given back"
        turn.alert(handing.manager_of(turn), what)


def may_have_back(turn: Turn, rep: str) -> bool:
    """Whether a rep had the open cycle, has it no more, and a clock that broke under them was answered in time."""
    had = any(each.rep == rep and each.ended_at is not None for each in turn.cycle.assignments)
    owner = turn.cycle.owner
    return had and (owner is None or owner.rep != rep) and rep in _in_time(turn)


def _in_time(turn: Turn) -> set[str]:
    """Under whom clocks of the open cycle broke that had been answered in time."""
    clocks_of = turn.cycle.clocks.values()
    return {turn.lead.breaches[clock.id].rep for clock in clocks_of if clock.recorded_late}


def _late(turn: Turn, fact: TouchMade, at: Instant) -> None:
    """An ended cycle never changes; that it was answered in time is said beside it."""
    ended = (each for each in reversed(turn.lead.ended) if each.qualified_at is not None and at >= each.qualified_at)
    cycle = next(ended, None)
    for clock in () if cycle is None else cycle.clocks.values():
        own = clock.name is ClockName.FIRST_TOUCH or (clock.name is ClockName.RESPONSE and clock.rep == fact.by)
        broken = clock.state in (ClockState.BREACHED, ClockState.ANSWERED_LATE)
        if own and broken and clock.due_at is not None and at <= clock.due_at:
            said = turn.lead.breaches[clock.id]
            if not said.in_time:
                clocks.tell_breach(turn, replace(said, in_time=True), BreachChange.IN_TIME)
