"""What stands beside the cycles of a world: clocks, assignments, touches, activities, the roster."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from handfast.contract.model import ClockName
from handfast.cycle.values import Assignment, Cycle, RunningClock
from handfast.history.record import Notes
from handfast.history.rows import Rows, coded, instants
from handfast.instant import Instant
from handfast.measure.tables import Activities, Assignments, Clocks, Roster, Signals, Touches
from handfast.route.team import Team


def clocks_of(rows: Rows, notes: Notes) -> Clocks:
    """Every clock that was started, a row each."""
    all_ = [(row, clock) for row, cycle in enumerate(rows.cycles) for clock in cycle.clocks.values()]
    breaches = [rows.lead(row).breaches.get(clock.id) for row, clock in all_]
    return Clocks(
        key=[clock.id for _, clock in all_],
        cycle=np.array([row for row, _ in all_], np.int32),
        name=coded(str(clock.name) for _, clock in all_),
        owner=coded(_owner(rows.cycles[row], clock) for row, clock in all_),
        pool=coded(_pool(rows.cycles[row], clock) for row, clock in all_),
        cause=coded("" if each is None else str(each.cause or each.proposed) for each in breaches),
        started_at=instants(clock.started_at for _, clock in all_),
        due_at=instants(clock.due_at for _, clock in all_),
        stopped_at=instants(clock.stopped_at for _, clock in all_),
        cancelled_at=instants(notes.cancelled.get(clock.id) for _, clock in all_),
        excused=np.array([each is not None and each.excused is not None for each in breaches], np.bool_),
    )


def _owner(cycle: Cycle, clock: RunningClock) -> str:
    """Who had the cycle when the clock was due; while it stands still, whose it is."""
    if clock.rep or clock.name is ClockName.CONTEST:
        return clock.rep
    held = [each for each in cycle.assignments if _had(each, clock.due_at)]
    return held[-1].rep if held else ""


def _had(turn: Assignment, at: Instant | None) -> bool:
    return at is None or (turn.at < at and (turn.ended_at is None or turn.ended_at >= at))


def _pool(cycle: Cycle, clock: RunningClock) -> str:
    if clock.assignment is None:
        return cycle.pool or ""
    return next((each.pool or "" for each in cycle.assignments if each.id == clock.assignment), "")


def assignments_of(rows: Rows) -> Assignments:
    """Every owner's turn."""
    turns = [(row, turn) for row, cycle in enumerate(rows.cycles) for turn in cycle.assignments]
    return Assignments(
        cycle=np.array([row for row, _ in turns], np.int32),
        owner=coded(turn.rep for _, turn in turns),
        pool=coded(turn.pool or "" for _, turn in turns),
        at=instants(turn.at for _, turn in turns),
        ended_at=instants(turn.ended_at for _, turn in turns),
    )


def touches_of(rows: Rows, notes: Notes) -> Touches:
    """Every touch that counts, by when it was recorded."""
    touches = [touch for touch in notes.touches if touch.cycle in rows.row]
    return Touches(
        cycle=np.array([rows.row[touch.cycle] for touch in touches], np.int32),
        at=instants(touch.at for touch in touches),
        contact=np.array([touch.contact for touch in touches], np.bool_),
    )


def signals_of(rows: Rows, notes: Notes) -> Signals:
    """Every signal that counted when a cycle was delivered, in the order of the cycles."""
    found = [
        (row, signal)
        for row, cycle in enumerate(rows.cycles)
        if (noted := notes.delivered.get(cycle.id)) is not None
        for signal in noted.signals
    ]
    return Signals(cycle=np.array([row for row, _ in found], np.int32), signal=coded(signal for _, signal in found))


def activities_of(rows: Rows, notes: Notes) -> Activities:
    """Everything that leads did, by when it was recorded."""
    known = [(rows.place[each.lead], each) for each in notes.activities if each.lead in rows.place]
    return Activities(
        lead=np.array([place for place, _ in known], np.int32),
        at=instants(each.at for _, each in known),
        kind=coded(each.kind for _, each in known),
        campaign=coded(each.campaign for _, each in known),
    )


def roster_of(team: Team) -> Roster:
    """Who is in which pool at the end, with the tighter of their own caps and the pool's."""
    members = [
        (roster.pool, member) for roster in team.rosters.values() for member in roster.members.values() if member.here
    ]
    reps = team.reps
    return Roster(
        owner=coded(member.rep for _, member in members),
        pool=coded(pool for pool, _ in members),
        per_day=_caps(_least(member.day_cap, reps[member.rep].day_cap) for _, member in members),
        at_most_open=_caps(_least(member.open_cap, reps[member.rep].open_cap) for _, member in members),
    )


def _least(one: int | None, other: int | None) -> int | None:
    return min((cap for cap in (one, other) if cap is not None), default=None)


def _caps(values: Iterable[int | None]) -> NDArray[np.int32]:
    return np.array([-1 if value is None else value for value in values], np.int32)
