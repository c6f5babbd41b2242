"""Handoffs of another system in the shape of cycles, with the stages it states and a virtual first touch.

Measures count them as history. What was taken over is a live cycle already, and is none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handfast.contract.model import ClockName
from handfast.cycle.elsewhere import Elsewhere, first_contact
from handfast.cycle.life import CycleState
from handfast.cycle.values import Assignment, ClockState, Cycle, Lead, RunningClock
from handfast.engine.terms import Terms
from handfast.facts import Stage
from handfast.instant import Instant
from handfast.route.choice import Way
from handfast.shadow.virtual import Virtual, virtual

_STATES: Mapping[Stage, CycleState] = MappingProxyType(
    {
        Stage.INQUIRY: CycleState.OPEN,
        Stage.QUALIFIED: CycleState.WAITING,
        Stage.ACCEPTED: CycleState.ACCEPTED,
        Stage.SQL: CycleState.SQL,
        Stage.OPPORTUNITY: CycleState.OPPORTUNITY,
        Stage.WON: CycleState.WON,
        Stage.LOST: CycleState.LOST,
        Stage.REJECTED: CycleState.REJECTED,
        Stage.DISQUALIFIED: CycleState.DISQUALIFIED,
        Stage.WITHDRAWN: CycleState.WITHDRAWN,
    }
)

_IMPLY: Mapping[Stage, tuple[Stage, ...]] = MappingProxyType(
    {
        Stage.ACCEPTED: (Stage.SQL, Stage.OPPORTUNITY, Stage.WON, Stage.LOST, Stage.DISQUALIFIED),
        Stage.SQL: (Stage.OPPORTUNITY, Stage.WON, Stage.LOST),
        Stage.OPPORTUNITY: (Stage.WON, Stage.LOST),
    }
)
"""The later stages without which a stage was not passed: their instant is the latest that it can have been."""


def cycles_elsewhere(lead: Lead, terms: Terms) -> tuple[Cycle, ...]:
    """A cycle for each handoff that another system stamped and that is not taken over, in the order told.

    Its id is that of its record in a comparison. The version is the one in force when it was handed over, the first
    where none was yet; nothing before any version is signed.
    """
    if not terms.versions:
        return ()
    return tuple(_cycle(lead, each, terms) for each in lead.elsewhere.values() if each.taken_over is None)


def _cycle(lead: Lead, handoff: Elsewhere, terms: Terms) -> Cycle:
    found, record = virtual(lead, handoff, terms), f"{lead.id}:{handoff.id}"
    first = min(handoff.stamps.values())
    base = Cycle(
        id=record, state=_STATES[handoff.stage], inquiry_at=min(first, handoff.stamps.get(Stage.INQUIRY, first))
    )
    if found is None:
        return base
    accepted, sql, opportunity = _passed(handoff, found.qualified_at)
    return Cycle(
        id=record,
        state=base.state,
        inquiry_at=min(base.inquiry_at, found.qualified_at),
        version=found.version,
        qualified_at=found.qualified_at,
        raised_at=found.qualified_at,
        pool=found.pool,
        first_touch_at=found.first_touch_at,
        contact_at=first_contact(lead.touches, found.qualified_at),
        accepted_at=accepted,
        sql_at=sql,
        opportunity_at=opportunity,
        ended_at=handoff.ended_at,
        inferred=_inferred(handoff, accepted, sql),
        reason=handoff.reason or None,
        assignments=_turns(handoff, found),
        clocks=_clocks(handoff, found),
    )


def _passed(handoff: Elsewhere, since: Instant) -> tuple[Instant | None, Instant | None, Instant | None]:
    """When it was accepted, an SQL and an opportunity: as stamped, else by what came after; never before ``since``."""
    accepted, sql, opportunity = (_reached(handoff, stage, since) for stage in _IMPLY)
    return accepted, sql, opportunity


def _reached(handoff: Elsewhere, stage: Stage, since: Instant) -> Instant | None:
    stated = handoff.stamps.get(stage)
    later = [handoff.stamps[each] for each in _IMPLY[stage] if each in handoff.stamps]
    known = [*([] if stated is None else [stated]), *later]
    return max(since, min(known)) if known else None


def _inferred(handoff: Elsewhere, accepted: Instant | None, sql: Instant | None) -> frozenset[CycleState]:
    stages = ((Stage.ACCEPTED, CycleState.ACCEPTED, accepted), (Stage.SQL, CycleState.SQL, sql))
    return frozenset(state for stage, state, at in stages if at is not None and stage not in handoff.stamps)


def _turns(handoff: Elsewhere, found: Virtual) -> tuple[Assignment, ...]:
    """Who had it there, as one turn."""
    if not handoff.owner:
        return ()
    turn = Assignment(
        id=f"{found.record}:owner",
        rep=handoff.owner,
        at=found.qualified_at,
        way=Way.HUMAN,
        pool=found.pool,
        counted=False,
        ended_at=handoff.ended_at,
    )
    return (turn,)


def _clocks(handoff: Elsewhere, found: Virtual) -> dict[str, RunningClock]:
    """The first touch as it would have been due; none where the handoff ended untouched before that."""
    clock, touched, ended = found.clock, found.first_touch_at, handoff.ended_at
    if clock is None or (touched is None and ended is not None and ended <= clock.due_at):
        return {}
    answered = ClockState.STOPPED if touched is not None and touched <= clock.due_at else ClockState.ANSWERED_LATE
    name = f"{found.record}:first_touch"
    running = RunningClock(
        id=name,
        name=ClockName.FIRST_TOUCH,
        assignment=None,
        state=ClockState.RUNNING if touched is None else answered,
        started_at=clock.started_at,
        window=clock.window,
        calendar=clock.calendar,
        due_at=clock.due_at,
        steps=(),
        rep=handoff.owner,
        stopped_at=touched,
    )
    return {name: running}
