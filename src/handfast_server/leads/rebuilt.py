"""A lead whose own row cannot be read, as far as its other rows tell: enough to end what is open of it, no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from handfast.contract.model import ClockName
from handfast.contract.terms import Duration, DurationUnit
from handfast.cycle.life import CycleState
from handfast.cycle.log import Log, Seen
from handfast.cycle.values import Assignment, AssignmentEnd, ClockState, Lead, RunningClock
from handfast.cycle.values import Cycle as CycleValue
from handfast.route.choice import Way
from handfast_server.handoffs.models import Assignment as AssignmentRow
from handfast_server.handoffs.models import Clock, ClockTransition, Cycle, LedgerEntry, Transition
from handfast_server.leads.models import Lead as LeadRow

_NUMBER = re.compile(r"[a-z]+(\d+)")

_UNKNOWN = Duration(DurationUnit.WALL, 0)
"""What a clock promised stands in the row that cannot be read, and ending it does not ask."""


def rebuilt(name: str) -> Lead:
    """Its cycles, the open one with its owner and clocks. What was known of the person stays lost."""
    row = LeadRow.objects.get(pk=name)
    cycles = [_cycle(each) for each in Cycle.objects.filter(lead=name).order_by("inquiry_at", "pk")]
    still = [each for each in cycles if each.ended_at is None]
    return Lead(
        id=name,
        acts=Log(),
        facts=Seen(),
        touches=Log(),
        cycle=still[-1] if still else None,
        ended=tuple(each for each in cycles if each.ended_at is not None),
        recorded_at=row.told_at or None,
        cycles=len(cycles),
        merged_into=row.merged_into or None,
    )


def tombstone(name: str) -> Lead:
    """As the engine leaves somebody who was forgotten."""
    found = rebuilt(name)
    return Lead(id=name, ended=found.ended, cycles=found.cycles, merged_into=found.merged_into, erased=True)


def _cycle(row: Any) -> CycleValue:
    assignments = tuple(_assignments(row))
    return CycleValue(
        id=row.pk,
        state=CycleState(row.state),
        inquiry_at=row.inquiry_at,
        version=row.version,
        qualified_at=row.qualified_at,
        raised_at=row.raised_at,
        hand_raised=row.hand_raised,
        pool=row.pool or None,
        ruled=row.ruled or None,
        first_touch_at=row.first_touch_at,
        contact_at=row.contact_at,
        accepted_at=row.accepted_at,
        contested_at=row.contested_at,
        sql_at=row.sql_at,
        opportunity_at=row.opportunity_at,
        ended_at=row.ended_at,
        reason=row.reason or None,
        revisit_at=row.revisit_at,
        recycled=row.recycled,
        assignments=assignments,
        clocks={clock.id: clock for clock in map(_clock, Clock.objects.filter(cycle=row).order_by("started_at", "pk"))},
        turns=_turns(row.pk),
    )


def _turns(cycle: str) -> int:
    """The highest number in the names of what was made within a cycle: names go on after it."""
    models: tuple[Any, ...] = (Transition, AssignmentRow, Clock, ClockTransition, LedgerEntry)
    names = (name for model in models for name in model.objects.filter(cycle=cycle).values_list("pk", flat=True))
    found = (_NUMBER.match(name.removeprefix(f"{cycle}/")) for name in names)
    return max((int(each[1]) for each in found if each is not None), default=0)


def _assignments(row: Any) -> Iterator[Assignment]:
    counted = set(LedgerEntry.objects.filter(cycle=row.pk).values_list("rep", flat=True))
    for each in AssignmentRow.objects.filter(cycle=row).order_by("at", "pk"):
        yield Assignment(
            id=each.pk,
            rep=each.rep,
            at=each.at,
            way=Way(each.way),
            pool=each.pool or None,
            counted=each.rep in counted,
            ended_at=each.ended_at,
            end=AssignmentEnd(each.end) if each.end else None,
        )


def _clock(row: Any) -> RunningClock:
    return RunningClock(
        id=row.pk,
        name=ClockName(row.name),
        assignment=row.assignment or None,
        state=ClockState(row.state),
        started_at=row.started_at,
        window=_UNKNOWN,
        calendar=row.calendar,
        due_at=row.due_at,
        steps=(),
        rep=row.rep,
        stopped_at=row.stopped_at,
        breached_at=row.breached_at,
        recorded_late=row.recorded_late,
    )
