"""What people say about clocks: a callback date, the cause of a breach, an excuse."""

from __future__ import annotations

from dataclasses import replace

from handfast.contract.model import ClockName
from handfast.cycle.values import Breach, ClockState, RunningClock
from handfast.engine import clocks
from handfast.engine.effects import BreachChange
from handfast.engine.turn import Declined, Turn
from handfast.facts import BreachCauseSet, BreachExcused, ClockPaused, ClockResumed
from handfast.instant import DAY


def paused(turn: Turn, fact: ClockPaused) -> None:
    """A callback date that the prospect asked for: with a note, once per clock, at most 30 days."""
    clock = _clock(turn, fact.clock)
    _check_theirs(turn, clock, fact.by)
    longest = turn.terms.longest_pause
    refusals = {
        "clock_not_running": (
            clock.state is not ClockState.RUNNING,
            f"The clock {clock.name} is {clock.state}: only a running one can be paused.",
        ),
        "paused_before": (
            clock.paused_once,
            f"The clock {clock.name} was paused before, and can be once only: answer it, or have it reassigned.",
        ),
        "note_missing": (
            not fact.note.strip(),
            "A pause needs a note with what the prospect asked for: write one.",
        ),
        "date_past": (fact.until <= turn.now, "The callback date lies in the past: give one to come."),
        "pause_too_long": (
            fact.until - turn.now > longest,
            f"A pause is at most {longest // DAY} days: give an earlier callback date, or recycle the lead.",
        ),
    }
    for code, (refused, message) in refusals.items():
        if refused:
            raise Declined(code, message)
    clocks.pause(turn, clock, fact.until)


def resumed(turn: Turn, fact: ClockResumed) -> None:
    """A pause ends before its date."""
    clock = _clock(turn, fact.clock)
    _check_theirs(turn, clock, fact.by)
    if clock.state is not ClockState.PAUSED:
        raise Declined(
            "clock_not_paused", f"The clock {clock.name} is {clock.state}: only a paused one can be resumed."
        )
    clocks.resume(turn, clock, turn.now)


def cause_set(turn: Turn, fact: BreachCauseSet) -> None:
    """A manager confirms or changes the proposed cause."""
    turn.check_manager(fact.by)
    breach = _breach(turn, fact.breach)
    clocks.tell_breach(turn, replace(breach, cause=fact.cause), BreachChange.CAUSE_SET, by=fact.by)


def excused(turn: Turn, fact: BreachExcused) -> None:
    """A manager excuses a breach, with a reason; it is shown apart, never dropped."""
    turn.check_manager(fact.by)
    if not fact.why.strip():
        raise Declined("note_missing", "Excusing a breach needs a reason: write one.")
    breach = _breach(turn, fact.breach)
    clocks.tell_breach(turn, replace(breach, excused=fact.why), BreachChange.EXCUSED, by=fact.by)


def _check_theirs(turn: Turn, clock: RunningClock, by: str) -> None:
    """Refuse a colleague's clock, and marketing's contest, which no prospect can put off. Raises Declined."""
    if clock.name is ClockName.CONTEST:
        raise Declined(
            "contest_not_paused", "The contest clock is marketing's, and no callback date stops it: settle the contest."
        )
    owner = turn.cycle.owner
    if owner is None or owner.rep != by:
        turn.check_manager(by)


def _clock(turn: Turn, id_: str) -> RunningClock:
    """A clock by its id, or by its name for the one that waits for an answer."""
    cycle = turn.cycle
    named = next((each for each in reversed(tuple(cycle.clocks.values())) if each.name == id_ and each.open), None)
    found = cycle.clocks.get(id_, named)
    if found is None:
        names = ", ".join(each.name for each in cycle.clocks.values() if each.open) or "none"
        raise Declined("clock_unknown", f"There is no clock {id_} on {turn.lead.id}; open ones: {names}.")
    return found


def _breach(turn: Turn, id_: str) -> Breach:
    """A breach by its clock's id, by that of the transition, or by the clock's name for the latest."""
    breaches = turn.lead.breaches
    named = next((each for each in reversed(tuple(breaches.values())) if each.name == id_), None)
    found = breaches.get(id_.removesuffix(":breached"), named)
    if found is None:
        raise Declined("breach_unknown", f"There is no breach {id_} of {turn.lead.id}: name the clock that was broken.")
    return found
