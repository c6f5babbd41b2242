"""What a transaction decided, as rows: the differences between the leads before and after, and every effect once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from handfast.cycle.values import Assignment, Breach, Cycle, Deal, Lead, RunningClock
from handfast.engine import effects as told
from handfast.engine.effects import Effect
from handfast.history import write_line
from handfast_server.bridge.lead import KeptLog, write_lead, write_properties
from handfast_server.bridge.seen import write_seen
from handfast_server.decide.rows import add, change, put
from handfast_server.decide.sql import run
from handfast_server.decide.taken import Taken
from handfast_server.delivery.audiences import audience_of
from handfast_server.facts import models as facts
from handfast_server.handoffs import models as rows
from handfast_server.leads.models import Activity
from handfast_server.leads.models import Lead as LeadRow
from handfast_server.rosters.models import Leaving

_TOLD_OF = (told.Assigned, told.HoldBegan, told.Refused, told.HeldByDisqualifier)


def _is_told_of(effect: Effect) -> bool:
    """Whether the trace is kept. That of a score, or of a new inquiry, is made again from the lead when asked for."""
    return isinstance(effect, _TOLD_OF) or (isinstance(effect, told.Moved) and effect.before is not None)


CYCLE = tuple(
    (
        "id lead state version inquiry_at raised_at qualified_at accepted_at contested_at sql_at opportunity_at "
        "ended_at first_touch_at contact_at hand_raised recycled pool ruled owner hold_pool hold_since held_by reason "
        "revisit_at source campaign segment band changed_at icp"
    ).split()
)
CLOCK = tuple(
    "id cycle assignment name state rep calendar started_at due_at stopped_at breached_at recorded_late".split()
)
MOVED = ("id", "cycle", "fact", "event", "before", "after", "by", "reason", "happened_at", "at")
CLOCK_CHANGED = ("id", "clock", "cycle", "change", "at", "recorded_at")
ENTRY = ("id", "pool", "sequence", "rep", "kind", "numerator", "denominator", "exact", "cycle", "at")
_FACT = tuple("name kind lead happened_at recorded_at position line refused alone".split())
_ACT = ("lead", "position", "happened_at", "kind", "properties", "loaded")
ASSIGNMENT = ("id", "cycle", "rep", "pool", "way", "at", "ended_at", "end")
_DEAL = ("key", "id", "lead", "cycle", "state", "opened_at", "amount", "currency")
_BREACH = ("clock", "cycle", "name", "rep", "at", "proposed", "cause", "excused", "in_time")


def write_facts(taken: Iterable[Taken]) -> None:
    """The facts themselves, each with its place in the order. Raises IntegrityError when one was told meanwhile."""
    add(facts.Fact, _FACT, [_fact(each) for each in taken], anew=True)


def _fact(taken: Taken) -> tuple[Any, ...]:
    fact, refused = taken.fact, taken.step.refused
    return (
        fact.id,
        type(fact).__name__,
        getattr(fact, "lead", ""),
        fact.happened_at,
        fact.recorded_at,
        taken.position,
        write_line(fact),
        refused.code if refused else "",
        taken.alone,
    )


def add_leads(names: Iterable[str], at: int) -> None:
    """Rows for leads of which nothing was told yet."""
    add(LeadRow, _NEW_LEAD, [(name, at, *_NOTHING_TOLD) for name in names])


_NEW_LEAD = tuple(
    "id created_at state told_at acts email name company phone title fit behaviour band merged_into erased".split()
)
_NOTHING_TOLD = ("", 0, 0, "", "", "", "", "", 0, 0, "", "", False)


def write_effects(taken: Iterable[Taken]) -> None:
    """Everything decided that has a row of its own."""
    taken = list(taken)
    pairs = [(each, effect) for each in taken for effect in each.step.effects]
    for kind, (model, columns, row) in _EFFECTS.items():
        add(model, columns, [row(each, effect) for each, effect in pairs if type(effect) is kind])
    explained = [_explanation(each) for each in taken if any(map(_is_told_of, each.step.effects))]
    add(rows.Explanation, ("fact", "lead", "cycle", "at", "trace"), [each for each in explained if each])


def moved(taken: Taken, it: Any) -> tuple[Any, ...]:
    """A transition of a cycle."""
    before = "" if it.before is None else it.before.value
    fact = taken.fact.id
    # Why a deal was lost is free text; the fact has the whole of it.
    reason = it.reason[:100]
    return it.id, it.cycle, fact, it.event.value, before, it.after.value, it.by, reason, it.happened_at, it.at


def clock_changed(taken: Taken, it: Any) -> tuple[Any, ...]:
    """A transition of a clock."""
    return it.id, it.clock.id, it.cycle, it.change.value, it.at, taken.fact.recorded_at


def entry(_: Taken, it: Any) -> tuple[Any, ...]:
    """An entry of a ledger."""
    return it.id, it.pool, it.sequence, it.rep, it.kind.value, *_amount(*it.amount), it.cycle, it.at


def _amount(numerator: int, denominator: int) -> tuple[int, int, str]:
    """As it fits into columns, and its words where it does not: after many weights a level is a fine fraction."""
    if max(abs(numerator), denominator) < _FITS:
        return numerator, denominator, ""
    near = Fraction(numerator, denominator).limit_denominator(_NEAR)
    return near.numerator, near.denominator, f"{numerator}/{denominator}"


_FITS, _NEAR = 2**63, 10**6


def _left(taken: Taken, it: Any) -> tuple[Any, ...]:
    return it.id, it.rep, it.absent, it.at, taken.fact.recorded_at


_EFFECTS: dict[type[Effect], tuple[Any, tuple[str, ...], Callable[[Taken, Any], tuple[Any, ...]]]] = {
    told.Moved: (
        rows.Transition,
        MOVED,
        moved,
    ),
    told.ClockChanged: (
        rows.ClockTransition,
        CLOCK_CHANGED,
        clock_changed,
    ),
    told.LedgerEntry: (
        rows.LedgerEntry,
        ENTRY,
        entry,
    ),
    told.RepLeft: (Leaving, ("id", "rep", "absent", "at", "recorded_at"), _left),
}


def _explanation(taken: Taken) -> tuple[Any, ...] | None:
    lead = taken.step.state.lead
    if lead is None:
        return None
    cycle = lead.latest
    trace = write_seen(taken.step.trace.seen)
    return taken.fact.id, lead.id, "" if cycle is None else cycle.id, taken.fact.recorded_at, trace


def write_leads(changed: Sequence[tuple[Lead | None, Lead]], at: int) -> None:
    """Leads, each as it was and as it is, and everything of them that changed, by a statement for each table."""
    passes = [(lead, old, new) for before, lead in changed for old, new in _changed_cycles(before, lead)]
    add(Activity, _ACT, [row for before, lead in changed for row in _acts(before, lead)])
    put(rows.Cycle, CYCLE, [cycle_row(lead, new, at) for lead, _, new in passes])
    put(rows.Assignment, ASSIGNMENT, [row for _, old, new in passes for row in assignment_rows(old, new)])
    put(rows.Clock, CLOCK, [row for _, old, new in passes for row in clock_rows(old, new)])
    put(rows.Deal, _DEAL, [row for before, lead in changed for row in _deals(before, lead)])
    put(rows.Breach, _BREACH, [row for before, lead in changed for row in _breaches(before, lead)])
    change(LeadRow, _LEAD, [_lead(lead, at) for _, lead in changed])


_LEAD = tuple("id state told_at acts due_at fit behaviour band audience merged_into erased account".split())


def _lead(lead: Lead, at: int) -> tuple[Any, ...]:
    scored = lead.scored
    return (
        *(lead.id, write_lead(lead), at, len(lead.acts), lead.due_at, scored.fit, scored.behaviour, lead.band.value),
        *(audience_of(lead) or "", lead.merged_into or "", lead.erased, lead.account),
    )


def _acts(before: Lead | None, lead: Lead) -> Iterator[tuple[Any, ...]]:
    log = lead.acts
    if isinstance(log, KeptLog):
        start, new = log.kept, log.new
    else:
        start, new = 0, tuple(log)
        if before is not None:  # made anew, by a merge or an erasure
            run("DELETE FROM leads_activity WHERE lead_id = %s", [lead.id])
    for place, act in enumerate(new, start):
        yield lead.id, place, act.happened_at, act.kind, write_properties(act), act.loaded


def _deals(before: Lead | None, lead: Lead) -> Iterator[tuple[Any, ...]]:
    was: Any = {} if before is None else before.deals
    yield from (_deal(lead, deal) for name, deal in lead.deals.items() if was.get(name) is not deal)


def _breaches(before: Lead | None, lead: Lead) -> Iterator[tuple[Any, ...]]:
    was: Any = {} if before is None else before.breaches
    yield from (_breach(breach) for name, breach in lead.breaches.items() if was.get(name) is not breach)


def _changed_cycles(before: Lead | None, lead: Lead) -> Iterator[tuple[Cycle | None, Cycle]]:
    was = {cycle.id: cycle for cycle in cycles(before)}
    for cycle in cycles(lead):
        old = was.get(cycle.id)
        if old is not cycle:
            yield old, cycle


def cycles(lead: Lead | None) -> Iterator[Cycle]:
    """Those that ended, then the open one."""
    if lead is not None:
        yield from lead.ended
        if lead.cycle is not None:
            yield lead.cycle


def cycle_row(lead: Lead, it: Cycle, at: int) -> tuple[Any, ...]:
    """A cycle as it is at an instant."""
    known, owner, hold = lead.known, it.owner, it.hold
    times = (
        it.accepted_at,
        it.contested_at,
        it.sql_at,
        it.opportunity_at,
        it.ended_at,
        it.first_touch_at,
        it.contact_at,
    )
    held = ("", None) if hold is None else (hold.pool, hold.since)
    return (
        *(it.id, lead.id, it.state.value, it.version, it.inquiry_at, it.raised_at, it.qualified_at, *times),
        *(it.hand_raised, it.recycled, it.pool or "", it.ruled or "", "" if owner is None else owner.rep, *held),
        *(" ".join(it.held_by), (it.reason or "")[:100], it.revisit_at),
        *(str(known.get("source") or "")[:200], str(known.get("campaign") or "")[:200], "", lead.band.value, at, -1),
    )


def assignment_rows(before: Cycle | None, cycle: Cycle) -> Iterator[tuple[Any, ...]]:
    """The assignments that are new or changed."""
    was: tuple[Assignment, ...] = () if before is None else before.assignments
    for place, it in enumerate(cycle.assignments):
        if place >= len(was) or was[place] is not it:
            end = "" if it.end is None else it.end.value
            yield it.id, cycle.id, it.rep, it.pool or "", it.way.value, it.at, it.ended_at, end


def clock_rows(before: Cycle | None, cycle: Cycle) -> Iterator[tuple[Any, ...]]:
    """The clocks that are new or changed."""
    was: Any = {} if before is None else before.clocks
    yield from (_clock(cycle, it) for name, it in cycle.clocks.items() if was.get(name) is not it)


def _clock(cycle: Cycle, it: RunningClock) -> tuple[Any, ...]:
    return (
        *(it.id, cycle.id, it.assignment or "", it.name.value, it.state.value, it.rep, it.calendar),
        *(it.started_at, it.due_at, it.stopped_at, it.breached_at, it.recorded_late),
    )


def _deal(lead: Lead, it: Deal) -> tuple[Any, ...]:
    return f"{lead.id}/{it.id}", it.id, lead.id, it.cycle or "", it.state.value, it.opened_at, it.amount, it.currency


def _breach(it: Breach) -> tuple[Any, ...]:
    cause = "" if it.cause is None else it.cause.value
    return it.clock, it.cycle, it.name.value, it.rep, it.at, it.proposed.value, cause, it.excused or "", it.in_time
