"""Leads as columns of cycles, which every measure reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from handfast.contract.model import ClockName, Contract
from handfast.cycle.life import CycleState
from handfast.cycle.values import ClockState, Cycle, Lead, RunningClock
from handfast.history import tables
from handfast.history.deals import amounts, changes_of, leads_on, opportunities
from handfast.history.lives import Lives
from handfast.history.record import Notes
from handfast.history.rows import Rows, coded, instants
from handfast.history.worth import Money
from handfast.instant import Instant
from handfast.measure.coded import Instants
from handfast.measure.columns import CycleColumns
from handfast.measure.money import Rates
from handfast.measure.segment import size_of


def columns_of(lives: Lives, contract: Contract, rates: Rates | None = None) -> CycleColumns:
    """The cycles of leads, a row each, with clocks, assignments, touches, activities, deals and the roster beside them.

    Of one lead they are the rows of that lead, and say of each of its cycles what the columns of everybody say of it;
    ``measure.board`` asks either. ``contract`` is the one that measures are asked under: its currency, and its rule of
    who sourced a deal. ``rates`` bring other currencies to it; without a rate an amount is in no sum.
    """
    rows, notes, money = Rows(lives.leads, lives.elsewhere), lives.notes, Money(contract, rates)
    cycles = rows.cycles
    known = [rows.lead(row).known for row in range(len(cycles))]
    delivered = [notes.delivered.get(cycle.id) for cycle in cycles]
    deals = opportunities(rows, notes, money)
    return CycleColumns(
        key=[cycle.id for cycle in cycles],
        lead=np.array(rows.lead_of, np.int32),
        inquiry_at=instants(cycle.inquiry_at for cycle in cycles),
        raised_at=instants(cycle.raised_at for cycle in cycles),
        qualified_at=instants(cycle.qualified_at for cycle in cycles),
        accepted_at=instants(cycle.accepted_at for cycle in cycles),
        contested_at=instants(cycle.contested_at for cycle in cycles),
        overturned_at=instants(notes.overturned.get(cycle.id) for cycle in cycles),
        sql_at=instants(cycle.sql_at for cycle in cycles),
        opportunity_at=instants(cycle.opportunity_at for cycle in cycles),
        rejected_at=_ended(cycles, CycleState.REJECTED),
        disqualified_at=_ended(cycles, CycleState.DISQUALIFIED),
        won_at=_ended(cycles, CycleState.WON),
        lost_at=_ended(cycles, CycleState.LOST),
        withdrawn_at=_ended(cycles, CycleState.WITHDRAWN),
        first_touch_at=instants(cycle.first_touch_at for cycle in cycles),
        contact_at=instants(cycle.contact_at for cycle in cycles),
        first_touch_due_at=instants(_due(cycle, ClockName.FIRST_TOUCH) for cycle in cycles),
        decision_due_at=instants(_due(cycle, ClockName.DECISION) for cycle in cycles),
        working_due_at=instants(_due(cycle, ClockName.WORKING) for cycle in cycles),
        attempts=_attempts(rows, notes),
        hand_raised=np.array([cycle.hand_raised for cycle in cycles], np.bool_),
        icp=np.array([-1 if each is None else each.icp for each in delivered], np.int8),
        history=np.array([cycle.id in rows.history for cycle in cycles], np.bool_),
        amount=amounts(rows, deals),
        source=coded(str(each.get("source") or "") for each in known),
        campaign=coded(str(each.get("campaign") or "") for each in known),
        owner=coded(cycle.assignments[-1].rep if cycle.assignments else "" for cycle in cycles),
        pool=coded(cycle.pool or "" for cycle in cycles),
        band=coded("" if each is None else each.band for each in delivered),
        segment=coded(_segment(each) for each in known),
        reason=coded(cycle.reason or "" for cycle in cycles),
        version=coded("" if cycle.version is None else str(cycle.version) for cycle in cycles),
        recycled=np.array([int(cycle.recycled) if cycle.ended_at is not None else -1 for cycle in cycles], np.int8),
        excused=np.array([_excused(rows.lead(row), cycle) for row, cycle in enumerate(cycles)], np.bool_),
        turns=np.array([len(cycle.assignments) for cycle in cycles], np.int32),
        inferred=_inferred(cycles),
        opportunities=deals,
        clocks=tables.clocks_of(rows, notes),
        assignments=tables.assignments_of(rows),
        touches=tables.touches_of(rows, notes),
        activities=tables.activities_of(rows, notes),
        signals=tables.signals_of(rows, notes),
        deal_leads=leads_on(rows, deals),
        deal_changes=changes_of(deals, notes, money),
        roster=tables.roster_of(lives.team),
        drawn_at=lives.at,
        absent=_ABSENT,
    )


_ABSENT = dict.fromkeys(("stated_in_time", "stated_reassignments"), "Facts carry no flags of another system.")


def _segment(known: Mapping[str, object]) -> str:
    """The segment that is told of a lead, else the size of its company; nothing where neither is."""
    return str(known.get("segment") or "") or size_of(known.get("employees"))


def _ended(cycles: Sequence[Cycle], state: CycleState) -> Instants:
    return instants(cycle.ended_at if cycle.state is state else None for cycle in cycles)


def _of(cycle: Cycle, name: ClockName) -> list[RunningClock]:
    return [clock for clock in cycle.clocks.values() if clock.name is name]


def _due(cycle: Cycle, name: ClockName) -> Instant | None:
    """When a cycle's promise is due: of several of one name, the first that nothing cancelled."""
    clocks = _of(cycle, name)
    kept = [clock for clock in clocks if clock.state is not ClockState.CANCELLED]
    return (kept or clocks)[0].due_at if clocks else None


def _excused(lead: Lead, cycle: Cycle) -> bool:
    breaches = (lead.breaches.get(clock.id) for clock in _of(cycle, ClockName.FIRST_TOUCH))
    return any(breach is not None and breach.excused is not None for breach in breaches)


def _attempts(rows: Rows, notes: Notes) -> NDArray[np.int32]:
    found = np.zeros(len(rows.cycles), np.int32)
    for touch in notes.touches:
        if touch.cycle in rows.row:
            found[rows.row[touch.cycle]] += 1
    return found


def _inferred(cycles: Sequence[Cycle]) -> Mapping[str, NDArray[np.bool_]]:
    stages = (CycleState.ACCEPTED, CycleState.SQL)
    masks = {str(stage): np.array([stage in cycle.inferred for cycle in cycles], np.bool_) for stage in stages}
    return {stage: mask for stage, mask in masks.items() if mask.any()}
