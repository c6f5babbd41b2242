"""What a transaction decided, in the log and in the counters, once it is committed: ids, never values."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter as Tally
from collections.abc import Callable, Iterable

from handfast.engine import effects as told
from handfast.instant import SECOND, Span
from handfast_server.decide.taken import Taken
from handfast_server.observe.log import get_logger

log = get_logger("decide")


def decision_id(fact: str) -> str:
    """The name of a decision in the log: made from the name of its fact, which may itself hold an address."""
    return hashlib.sha256(fact.encode()).hexdigest()[:16]


def note(taken: Iterable[Taken]) -> None:
    """Count the facts, and name what was decided: one line for each fact that moved something."""
    _counted(lambda: _note(taken))


def note_found(late: Iterable[Span]) -> None:
    """How long after it was due a worker found what was due to leads."""
    _counted(lambda: _note_found(late))


def _counted(work: Callable[[], None]) -> None:
    """It is committed by now: that a counter's file cannot be written (a full disk) undoes nothing."""
    try:
        work()
    except OSError as broken:
        log.error("not_counted", error=type(broken).__name__)  # noqa: TRY400 # its trace says nothing more


def _note(taken: Iterable[Taken]) -> None:
    from handfast_server.observe import metrics  # noqa: PLC0415 # commands that decide nothing make no folder for it

    facts, decisions = Tally[str](), Tally[str]()
    for each in taken:
        facts[type(each.fact).__name__] += 1
        events = [event for effect in each.step.effects if (event := _event(effect))]
        decisions.update(events)
        if events:
            _say(each, events)
    for kind, count in facts.items():
        metrics.FACTS.labels(kind).inc(count)
    for event, count in decisions.items():
        metrics.DECISIONS.labels(event).inc(count)


def _note_found(late: Iterable[Span]) -> None:
    from handfast_server.observe import metrics  # noqa: PLC0415 # as above

    for span in late:
        metrics.FOUND_SECONDS.observe(span / SECOND)


def _say(taken: Taken, events: list[str]) -> None:
    if not log.isEnabledFor(logging.INFO):
        return
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
