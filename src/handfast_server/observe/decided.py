"""What a transaction decided, in the log and in the counters, once it is committed: ids, never values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from handfast.engine import effects as told
from handfast_server.decide.taken import Taken
from handfast_server.observe.log import get_logger

log = get_logger("decide")


def decision_id(fact: str) -> str:
    """The name of a decision in the log: made from the name of its fact, which may itself hold an address."""
    return hashlib.sha256(fact.encode()).hexdigest()[:16]


def note(taken: Iterable[Taken]) -> None:
    """Count the facts, and name what was decided: one line for each fact that moved something.

    It is committed by now: that a counter's file cannot be written (a full disk) undoes nothing.
    """
    try:
        _note(taken)
    except OSError as broken:
        log.error("not_counted", error=type(broken).__name__)  # noqa: TRY400 # its trace says nothing more


def _note(taken: Iterable[Taken]) -> None:
    from handfast_server.observe import metrics  # noqa: PLC0415 # commands that decide nothing make no folder for it

    for each in taken:
        metrics.FACTS.labels(type(each.fact).__name__).inc()
        events = [event for effect in each.step.effects if (event := _event(effect))]
        for event in events:
            metrics.DECISIONS.labels(event).inc()
        if events:
            _say(each, events)


def _say(taken: Taken, events: list[str]) -> None:
    lead = taken.step.state.lead
    cycle = None if lead is None else lead.latest
    log.info(
        "decided",
        decision=decision_id(taken.fact.id),
        lead="" if lead is None else lead.id,
        cycle="" if cycle is None else cycle.id,
        what=events,
    )


def _event(effect: told.Effect) -> str:
    if isinstance(effect, told.Moved):
        return effect.event.value
    if isinstance(effect, told.Assigned):
        return "assigned"
    if isinstance(effect, told.HoldBegan):
        return "held"
    if isinstance(effect, told.ClockChanged):
        return f"clock_{effect.change.value}"
    if isinstance(effect, told.Refused):
        return f"refused_{effect.code}"
    return ""
