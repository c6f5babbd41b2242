"""Clocks of a cycle: started, answered, breached, suspended, paused, resumed, tightened, cancelled.

A due is fixed when a clock starts and changes only by three recorded transitions: suspended and resumed, paused and
resumed, tightened (semantics.md, Clocks).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from handfast.calendar import Calendar
from handfast.changed import changed
from handfast.clock import StepDue, started
from handfast.contract.model import ClockName
from handfast.contract.terms import Duration, DurationUnit
from handfast.cycle.values import UNDECIDED_CLOCKS, Assignment, Breach, ClockState, RunningClock
from handfast.engine.cause import proposed_cause
from handfast.engine.effects import BreachChange, BreachChanged, ClockChange, ClockChanged
from handfast.engine.seen import ClockSeen
from handfast.engine.turn import Turn
from handfast.instant import Instant

_TOUCHABLE = (ClockName.FIRST_TOUCH, ClockName.RESPONSE)


def start(turn: Turn, name: ClockName, *, pool: str | None, assignment: Assignment | None = None) -> None:
    """Start a clock now, by the calendar of ``pool``, or the contract's default outside pools."""
    version, cycle = turn.version, turn.cycle
    now = turn.now if cycle.clocks_from is None else max(turn.now, cycle.clocks_from)
    begun = started(version.contract.clocks[name], now, version.calendars, pool=pool, hand_raised=cycle.hand_raised)
    clock = RunningClock(
        id=turn.numbered("c"),
        name=name,
        assignment=None if assignment is None else assignment.id,
        rep="" if assignment is None else assignment.rep,
        state=ClockState.RUNNING,
        started_at=begun.started_at,
        window=begun.window,
        calendar=begun.calendar,
        due_at=begun.due_at,
        steps=begun.steps,
    )
    turn.trace.append(partial(ClockSeen.of, version.number, clock))
    _keep(turn, clock, ClockChange.STARTED)


def _keep(turn: Turn, clock: RunningClock, change: ClockChange, *, at: Instant | None = None) -> None:
    """Keep a clock as it is now, and tell the transition, which happens exactly once."""
    turn.put(clocks={**turn.cycle.clocks, clock.id: clock})
    often = change in _REPEATABLE
    id_ = turn.numbered("k") if often else f"{clock.id}:{change}"
    turn.tell(ClockChanged, id_, at=at, cycle=turn.cycle.id, change=change, clock=clock)


_REPEATABLE = frozenset((ClockChange.TIGHTENED, ClockChange.SUSPENDED, ClockChange.PAUSED, ClockChange.RESUMED))


def _each(turn: Turn, wanted: Callable[[RunningClock], bool]) -> list[RunningClock]:
    return [clock for clock in turn.cycle.clocks.values() if wanted(clock)]


def answer(turn: Turn, name: ClockName, at: Instant, *, rep: str | None = None, assignment: str | None = None) -> None:
    """What a clock waits for happened at ``at``: of that name, and of that rep or assignment where one is named.

    A breach stands; when it happened in time and was recorded late, that is marked.
    """
    for clock in _each(turn, lambda clock: clock.name is name and _answered_too_late(clock, at)):
        if (rep is None or clock.rep == rep) and (assignment is None or clock.assignment == assignment):
            _in_time_after_all(turn, clock, at)
    owner = turn.cycle.owner
    for clock in _each(turn, lambda clock: clock.name is name and clock.open):
        taken_over = owner is not None and owner.rep == rep and clock.state is not ClockState.BREACHED
        if (rep is None or clock.rep == rep or taken_over) and (assignment is None or clock.assignment == assignment):
            _answered(turn, clock, at)


def _answered(turn: Turn, clock: RunningClock, at: Instant) -> None:
    if clock.state is not ClockState.BREACHED:
        stopped = changed(clock, state=ClockState.STOPPED, stopped_at=at, steps=())
        _keep(turn, stopped, ClockChange.STOPPED)
        return
    in_time = clock.due_at is not None and at <= clock.due_at
    late = changed(clock, state=ClockState.ANSWERED_LATE, stopped_at=at, steps=(), recorded_late=in_time)
    _keep(turn, late, ClockChange.ANSWERED_LATE)
    if in_time:
        tell_breach(turn, replace(turn.lead.breaches[clock.id], in_time=True), BreachChange.IN_TIME)


def _answered_too_late(clock: RunningClock, at: Instant) -> bool:
    """Whether a clock counts as answered late, and ``at`` is in time."""
    late = clock.state is ClockState.ANSWERED_LATE and not clock.recorded_late
    return late and clock.due_at is not None and at <= clock.due_at


def _in_time_after_all(turn: Turn, clock: RunningClock, at: Instant) -> None:
    """An earlier answer became known after a later one: the transition stands, and is marked."""
    told = changed(clock, stopped_at=at, recorded_late=True)
    turn.put(clocks={**turn.cycle.clocks, clock.id: told})
    tell_breach(turn, replace(turn.lead.breaches[clock.id], in_time=True), BreachChange.IN_TIME)


def breach(turn: Turn, clock: RunningClock) -> None:
    """Its due has passed: stamped with when it was due, never with when that was found."""
    due = clock.due_at
    late = changed(clock, state=ClockState.BREACHED, breached_at=due)
    _keep(turn, late, ClockChange.BREACHED, at=due)
    cycle = turn.cycle
    proposed = proposed_cause(turn, late)
    rep = clock.rep or (cycle.owner.rep if cycle.owner is not None else "")
    said = Breach(clock=clock.id, name=clock.name, cycle=cycle.id, rep=rep, at=due or turn.now, proposed=proposed)
    tell_breach(turn, said, BreachChange.PROPOSED)


def tell_breach(turn: Turn, breach: Breach, change: BreachChange, *, by: str = "") -> None:
    """Keep what is said of a breach beside the cycle, which may have ended long ago."""
    turn.know(breaches={**turn.lead.breaches, breach.clock: breach})
    repeatable = change in (BreachChange.CAUSE_SET, BreachChange.EXCUSED)
    id_ = f"{breach.clock}:{change}" + (f":{turn.fact.id}" if repeatable else "")
    turn.tell(BreachChanged, id_, change=change, breach=breach, by=by)


def cancel(turn: Turn, *, assignment: str | None = None) -> None:
    """Cancel what still runs of the cycle, or of one assignment; what was stopped or breached keeps its result."""
    for clock in _each(turn, lambda clock: clock.state in UNDECIDED_CLOCKS):
        if assignment is None or clock.assignment == assignment:
            _keep(turn, _still(changed(clock, state=ClockState.CANCELLED)), ClockChange.CANCELLED)
    for clock in _each(turn, lambda clock: clock.state is ClockState.BREACHED and bool(clock.steps)):
        if assignment is None or clock.assignment == assignment:
            turn.put(clocks={**turn.cycle.clocks, clock.id: changed(clock, steps=())})


def _still(clock: RunningClock) -> RunningClock:
    """The clock without anything that could still happen to it."""
    due = clock.due_at if clock.due_at is not None else clock.frozen_due
    return changed(clock, steps=(), paused_until=None, frozen_at=None, frozen_due=None, due_at=due)


def miss(turn: Turn) -> None:
    """A first touch never answered ends as missed, silently."""
    clock = turn.cycle.open_clock(ClockName.FIRST_TOUCH)
    if clock is not None and clock.state is not ClockState.BREACHED:
        _keep(turn, _still(changed(clock, state=ClockState.MISSED)), ClockChange.MISSED)


def suspend(turn: Turn) -> None:
    """A contest is on: a running first touch stands still, also one that a callback date has paused."""
    clock = turn.cycle.open_clock(ClockName.FIRST_TOUCH)
    if clock is not None and clock.state is not ClockState.BREACHED:
        still = clock if clock.state is ClockState.PAUSED else _frozen(clock, turn.now)
        _keep(turn, changed(still, state=ClockState.SUSPENDED), ClockChange.SUSPENDED)


def unsuspend(turn: Turn) -> None:
    """The contest was overturned: the first touch goes on with what was left."""
    clock = turn.cycle.open_clock(ClockName.FIRST_TOUCH)
    if clock is None or clock.state is not ClockState.SUSPENDED:
        return
    if clock.paused_until is not None and clock.paused_until > turn.now:
        _keep(turn, changed(clock, state=ClockState.PAUSED), ClockChange.PAUSED)
    else:
        resume(turn, clock, turn.now)


def pause(turn: Turn, clock: RunningClock, until: Instant) -> None:
    """The prospect asked to be called on a date: no due until then."""
    still = changed(_frozen(clock, turn.now), state=ClockState.PAUSED, paused_until=until, paused_once=True)
    _keep(turn, still, ClockChange.PAUSED)


def _frozen(clock: RunningClock, at: Instant) -> RunningClock:
    return changed(clock, due_at=None, frozen_at=at, frozen_due=clock.due_at)


def resume(turn: Turn, clock: RunningClock, at: Instant) -> None:
    """Go on at ``at`` with what was left of the window, in working time of its calendar if that is how it counts."""
    if clock.frozen_at is None or clock.frozen_due is None:
        raise ValueError(f"{clock.id} does not stand still")
    calendar, frozen = turn.version.calendars[clock.calendar], clock.frozen_at
    steps = tuple(
        StepDue(step=each.step, at=_later(clock.window, calendar, frozen, each.at, at)) for each in clock.steps
    )
    running = changed(
        clock,
        state=ClockState.RUNNING,
        due_at=_later(clock.window, calendar, frozen, clock.frozen_due, at),
        steps=steps,
        frozen_at=None,
        frozen_due=None,
        paused_until=None,
    )
    _keep(turn, running, ClockChange.RESUMED, at=at)


def _later(window: Duration, calendar: Calendar, frozen: Instant, then: Instant, at: Instant) -> Instant:
    """Where ``then``, as seen from ``frozen``, lies as seen from ``at``."""
    if window.unit is DurationUnit.WALL:
        return at + (then - frozen)
    return calendar.add(at, calendar.between(frozen, then))


def tighten(turn: Turn) -> None:
    """A hand was raised again: dues of first_touch and the current response become the earlier of old and new."""
    for name in _TOUCHABLE:
        clock = turn.cycle.open_clock(name)
        if clock is not None and clock.state is ClockState.RUNNING and clock.due_at is not None:
            _tightened(turn, clock, clock.due_at)


def _tightened(turn: Turn, clock: RunningClock, due: Instant) -> None:
    version = turn.version
    pool = _pool_of(turn, clock)
    new = started(version.contract.clocks[clock.name], turn.now, version.calendars, pool=pool, hand_raised=True)
    if new.due_at >= due:
        return
    to_fall = {each.step.at for each in clock.steps}
    steps = tuple(each for each in new.steps if each.step.at in to_fall)
    sooner = changed(clock, window=new.window, due_at=new.due_at, steps=steps)
    raised = changed(sooner, started_at=turn.now)  # the shorter window counts from the hand that was raised
    turn.trace.append(partial(ClockSeen.of, version.number, raised))
    _keep(turn, sooner, ClockChange.TIGHTENED)


def _pool_of(turn: Turn, clock: RunningClock) -> str | None:
    """The pool whose calendar a clock goes by."""
    if clock.assignment is None:
        return turn.cycle.pool
    return next((each.pool for each in turn.cycle.assignments if each.id == clock.assignment), None)
