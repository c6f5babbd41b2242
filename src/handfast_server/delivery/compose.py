"""What a transaction decided, as events and as whom they are for. Locks are held: nothing is looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from handfast.cycle.life import CycleEvent
from handfast.cycle.values import AssignmentEnd, Breach, Lead, RunningClock
from handfast.engine import effects as told
from handfast.engine.effects import Effect
from handfast.facts import ContractInForce, Fact, LeadCreated, LeadErased, LeadsMerged
from handfast.instant import Instant, format_instant
from handfast_server.decide.taken import Taken
from handfast_server.delivery.audiences import audience_of
from handfast_server.delivery.events import MOVED

MARKETING = "role:marketing"
"""Whoever the contract names for marketing when the message is sent."""

_TAKEN_AWAY = frozenset((AssignmentEnd.BREACH, AssignmentEnd.HUMAN, AssignmentEnd.BULK))
"""Ends of a turn that its owner did not bring about, and is there to hear of."""

Changed = Sequence[tuple[Lead | None, Lead]]


class Happened(NamedTuple):
    """An event. ``cause`` is the id of the effect or fact; ``people`` are names of reps, addresses or roles."""

    cause: str
    event: str
    at: Instant
    lead: str
    cycle: str
    data: dict[str, Any]
    people: tuple[str, ...] = ()


def for_people(taken: Iterable[Taken]) -> Iterator[Happened]:
    """The events that somebody of the team is told of. History that is loaded makes none."""
    for each in taken:
        for effect in each.step.effects:
            if type(effect) in _FOR_PEOPLE and not each.fact.loaded:
                found = _of_effect(each, effect)
                if found.people:
                    yield found


def for_everybody(taken: Iterable[Taken], changed: Changed, at: Instant) -> Iterator[Happened]:
    """Every event of a transaction in its order. History that is loaded makes none."""
    fresh: set[str] = set()
    for each in taken:
        if each.fact.loaded:
            continue
        lead = each.step.state.lead
        if lead is not None:
            fresh.add(lead.id)
        yield from _of_fact(each.fact)
        yield from (_of_effect(each, effect) for effect in each.step.effects if type(effect) in _OF)
    yield from _audiences(fresh, changed, at)


def _of_effect(taken: Taken, effect: Effect) -> Happened:
    event, data, people = _OF[type(effect)](taken, effect)
    return Happened(effect.id, event, effect.at, effect.lead, getattr(effect, "cycle", ""), data, people)


def _of_fact(fact: Fact) -> Iterator[Happened]:
    def of(event: str, lead: str, **data: Any) -> Happened:
        return Happened(fact.id, event, fact.happened_at, lead, "", data)

    if isinstance(fact, LeadCreated):
        yield of("lead.created", fact.lead, source=fact.attributes.get("source"))
    elif isinstance(fact, LeadsMerged):
        yield of("lead.merged", fact.lead, absorbed=fact.absorbed)
    elif isinstance(fact, LeadErased):
        yield of("lead.erased", fact.lead)
    elif isinstance(fact, ContractInForce):
        yield of("contract.in_force", "", version=fact.version)


def _audiences(fresh: set[str], changed: Changed, at: Instant) -> Iterator[Happened]:
    """Leaving before entering: whoever keeps lists has a lead in one at most."""
    for before, lead in changed:
        was, now = audience_of(before), audience_of(lead)
        if was is now or lead.id not in fresh:
            continue
        cause = f"{lead.id}:audience:{at}"
        if was is not None:
            yield Happened(cause, "audience.left", at, lead.id, "", {"audience": was.value})
        if now is not None:
            yield Happened(cause, "audience.entered", at, lead.id, "", {"audience": now.value})


Found = tuple[str, dict[str, Any], tuple[str, ...]]


def _moved(_: Taken, it: told.Moved) -> Found:
    data = {
        "event": it.event.value,
        "before": None if it.before is None else it.before.value,
        "after": it.after.value,
        "by": it.by,
        "reason": it.reason,
        "happened_at": format_instant(it.happened_at),
    }
    return MOVED[it.event], data, (MARKETING,) if it.event is CycleEvent.CONTESTED else ()


def _assigned(taken: Taken, it: told.Assigned) -> Found:
    lead, turn = taken.step.state.lead, it.assignment
    cycle = None if lead is None else lead.cycle
    first = cycle is None or not cycle.assignments or cycle.assignments[0].id == turn.id
    data = {"rep": turn.rep, "pool": turn.pool, "way": turn.way.value, "assignment": turn.id}
    itself = getattr(taken.fact, "by", "") == turn.rep
    return "lead.assigned" if first else "lead.reassigned", data, () if itself else (turn.rep,)


def _unassigned(taken: Taken, it: told.AssignmentEnded) -> Found:
    data = {"rep": it.rep, "assignment": it.assignment, "end": it.end.value}
    itself = getattr(taken.fact, "by", "") == it.rep
    return "lead.unassigned", data, (it.rep,) if it.end in _TAKEN_AWAY and not itself else ()


def _clock(_: Taken, it: told.ClockChanged) -> Found:
    return f"clock.{it.change.value}", _clock_data(it.clock), ()


def _clock_data(clock: RunningClock) -> dict[str, Any]:
    return {
        "clock": clock.name.value,
        "clock_id": clock.id,
        "rep": clock.rep,
        "due_at": _written(clock.due_at),
        "started_at": _written(clock.started_at),
        "stopped_at": _written(clock.stopped_at),
        "breached_at": _written(clock.breached_at),
    }


def _step(taken: Taken, it: told.StepFell) -> Found:
    lead = taken.step.state.lead
    cycles = () if lead is None else (lead.cycle, *lead.ended)
    clock = next((each.clocks.get(it.clock) for each in cycles if each is not None and each.id == it.cycle), None)
    name = "" if clock is None else clock.name.value
    data = {"clock": name, "clock_id": it.clock, "percent": it.percent, "re_route": it.re_route}
    return "clock.step", data, it.told


def _breach(_: Taken, it: told.BreachChanged) -> Found:
    breach: Breach = it.breach
    data = {
        "clock": breach.name.value,
        "clock_id": breach.clock,
        "rep": breach.rep,
        "breached_at": _written(breach.at),
        "proposed": breach.proposed.value,
        "cause": None if breach.cause is None else breach.cause.value,
        "excused": breach.excused is not None,
        "in_time": breach.in_time,
        "by": it.by,
    }
    return f"breach.{it.change.value}", data, ()


def _elsewhere(_: Taken, it: told.ElsewhereChanged) -> Found:
    handoff = it.handoff
    return "elsewhere.changed", {"handoff": handoff.id, "stage": handoff.stage.value, "owner": handoff.owner}, ()


_OF: Mapping[type[Effect], Callable[[Taken, Any], Found]] = {
    told.Moved: _moved,
    told.BandChanged: lambda _, it: ("lead.band_changed", {"before": it.before.value, "after": it.after.value}, ()),
    told.Rescored: lambda _, it: ("lead.rescored", {"fit": it.score.fit, "behaviour": it.score.behaviour}, ()),
    told.HeldByDisqualifier: lambda _, it: (
        "lead.held_by_disqualifier",
        {"disqualifiers": list(it.disqualifiers)},
        (),
    ),
    told.Assigned: _assigned,
    told.AssignmentEnded: _unassigned,
    told.HoldBegan: lambda _, it: (
        "lead.held",
        {"pool": it.hold.pool, "hold": it.hold.id, "due_at": _written(it.hold.due_at)},
        (),
    ),
    told.HoldEnded: lambda _, it: ("lead.hold_ended", {"hold": it.hold}, ()),
    told.ClockChanged: _clock,
    told.StepFell: _step,
    told.BreachChanged: _breach,
    told.Alerted: lambda _, it: ("alert", {"to": it.to, "what": it.what}, (it.to,)),
    told.DealChanged: lambda _, it: ("deal.changed", {"deal": it.deal, "what": it.what}, ()),
    told.ElsewhereChanged: _elsewhere,
    told.RepLeft: lambda _, it: ("rep.left", {"rep": it.rep, "absent": it.absent}, ()),
}
"""What an effect is called outside. Entries of ledgers, refusals and shadow judgements stay inside."""

_FOR_PEOPLE = frozenset((told.Moved, told.Assigned, told.AssignmentEnded, told.StepFell, told.Alerted))


def _written(at: Instant | None) -> str | None:
    return None if at is None else format_instant(at)
