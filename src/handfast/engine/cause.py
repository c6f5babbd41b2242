"""What probably broke a clock, proposed from facts; a manager confirms or changes it."""

from __future__ import annotations

from handfast.contract.model import ClockName
from handfast.contract.terms import DurationUnit
from handfast.cycle.values import RunningClock
from handfast.engine.turn import Turn
from handfast.facts import BreachCause
from handfast.route.told import away

_REACHABLE = ("email", "phone")


def proposed_cause(turn: Turn, clock: RunningClock) -> BreachCause:
    """The first that applies: nobody to give it to, away, over capacity, passed on, no address, out of hours, idle.

    Away is who was away when it was due; over capacity is who has more than their cap, which this lead itself fills.
    """
    cycle = turn.cycle
    if clock.name is ClockName.CONTEST:
        return BreachCause.OTHER  # marketing's own
    owner = cycle.owner
    if owner is None:
        return BreachCause.NO_CAPACITY  # held
    rep = turn.team.reps.get(owner.rep)
    if away(turn.team.absences, owner.rep, turn.now if clock.due_at is None else clock.due_at):
        return BreachCause.ABSENCE
    if rep is not None and rep.open_cap is not None and rep.open > rep.open_cap:
        return BreachCause.NO_CAPACITY
    return _of_the_handoff(turn, clock)


def _of_the_handoff(turn: Turn, clock: RunningClock) -> BreachCause:
    if clock.name is ClockName.FIRST_TOUCH and len(turn.cycle.assignments) > 1:
        return BreachCause.ROUTING
    told = [turn.lead.known[name] for name in _REACHABLE if name in turn.lead.known]
    if told and not any(told):
        return BreachCause.DATA  # no way to reach them is known, and that is known
    if clock.paused_once:
        return BreachCause.OTHER
    opened = turn.version.calendars[clock.calendar].is_open(clock.started_at)
    if clock.window.unit is DurationUnit.WALL and not opened:
        return BreachCause.OUT_OF_HOURS
    return BreachCause.REP_IDLE
