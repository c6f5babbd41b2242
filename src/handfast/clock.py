"""When a started clock is due, and when its escalation steps fall.

A window is counted around the clock, in working time or in working days of one calendar (contract.md, durations).
A due is fixed once, when the clock starts; what happens at the due itself is still in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from handfast import zones
from handfast.calendar import Calendar, compile_calendar
from handfast.contract.model import CalendarTerms, Clock, ClockName, Contract, Step
from handfast.contract.seal import Sealed
from handfast.contract.terms import Duration, DurationUnit
from handfast.instant import DAY, NEVER, Instant, to_datetime

Instants = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDue:
    """One escalation step and the instant at which it falls."""

    step: Step
    at: Instant


class Started(NamedTuple):
    """A clock that runs: from when, over which window of which calendar, until when."""

    clock: ClockName
    started_at: Instant
    window: Duration
    calendar: str
    due_at: Instant
    steps: tuple[StepDue, ...]  # in order of their instants


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars of one contract, each compiled when it is first asked for.

    Raises OutsideCalendar, through the calendars, for what lies outside the span they are compiled for.
    """

    contract: Contract
    _compile: Callable[[CalendarTerms], Calendar]
    _compiled: dict[str, Calendar] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Calendar:
        """The calendar of that name. Raises KeyError when the contract has none."""
        if name not in self._compiled:
            self._compiled[name] = self._compile(self.contract.calendars[name])
        return self._compiled[name]

    def name_for(self, clock: ClockName, pool: str | None) -> str:
        """The name of the calendar that governs a clock: the pool's, the default outside pools and for a contest."""
        if pool is None or clock is ClockName.CONTEST:
            return self.contract.default_calendar
        return self.contract.pools[pool].calendar


def calendars_sealed(sealed: Sealed) -> Calendars:
    """The calendars of a sealed contract, from its own bytes alone, over the whole span that it seals."""

    def compiled(terms: CalendarTerms) -> Calendar:
        offsets, holidays = sealed.zones[terms.zone], sealed.holidays_of(terms)
        return _compiled(terms, sealed.first, sealed.last, offsets, holidays)

    return Calendars(sealed.contract, compiled)


def calendars_between(contract: Contract, first: Instant, last: Instant) -> Calendars:
    """The calendars of a draft over ``first`` ≤ t ≤ ``last``, from the installed zone and holiday data."""
    years = to_datetime(first - DAY).year, to_datetime(last + DAY).year

    def compiled(terms: CalendarTerms) -> Calendar:
        offsets = zones.transitions(terms.zone, first, last)
        holidays = (day for day, _ in zones.holiday_dates(terms.holidays, *years)) if terms.holidays else ()
        return _compiled(terms, first, last, offsets, holidays)

    return Calendars(contract, compiled)


def _compiled(
    terms: CalendarTerms,
    first: Instant,
    last: Instant,
    offsets: tuple[tuple[Instant, int], ...],
    holidays: Iterable[date],
) -> Calendar:
    return compile_calendar(
        terms.hours, transitions=offsets, first=first, last=last, exceptions=terms.exceptions, holidays=holidays
    )


def window_of(clock: Clock, *, hand_raised: bool) -> Duration:
    """The window that a clock gives: its own for a hand-raise, the other one otherwise."""
    return clock.within_hand_raise if hand_raised else clock.within


def due_at(window: Duration, start: Instant, calendar: Calendar) -> Instant:
    """The instant at which a window that began at ``start`` is over.

    A wall window never waits; a window of working time or working days that starts outside hours begins at the next
    opening. Raises OutsideCalendar and NeverOpens as the calendar does.
    """
    if window.unit is DurationUnit.WALL:
        return start + window.amount
    if window.unit is DurationUnit.BUSINESS_TIME:
        return calendar.add(start, window.amount)
    return calendar.add_days(start, window.amount)


def due_at_many(window: Duration, starts: Instants, calendar: Calendar) -> Instants:
    """``due_at`` of every start of a column; NEVER stays NEVER."""
    if window.unit is DurationUnit.WALL:
        return np.where(starts == NEVER, NEVER, starts + window.amount)
    if window.unit is DurationUnit.BUSINESS_TIME:
        return calendar.add_many(starts, window.amount)
    return calendar.add_days_many(starts, window.amount)


def step_at(window: Duration, start: Instant, due: Instant, percent: int, calendar: Calendar) -> Instant:
    """The instant at which ``percent`` of a window has passed: of its working time for business windows."""
    if window.unit is DurationUnit.WALL:
        return start + window.amount * percent // 100
    if window.unit is DurationUnit.BUSINESS_TIME and percent != 100:
        return calendar.add(start, window.amount * percent // 100)
    return calendar.share(start, due, percent)


def started(
    clock: Clock, start: Instant, calendars: Calendars, *, pool: str | None = None, hand_raised: bool = False
) -> Started:
    """A clock started at an instant, for the pool that the handoff or the assignment came through."""
    name = calendars.name_for(clock.name, pool)
    calendar, window = calendars[name], window_of(clock, hand_raised=hand_raised)
    due = due_at(window, start, calendar)
    steps = [StepDue(step=step, at=step_at(window, start, due, step.at, calendar)) for step in clock.escalate]
    return Started(
        clock=clock.name,
        started_at=start,
        window=window,
        calendar=name,
        due_at=due,
        steps=tuple(sorted(steps, key=lambda each: each.at)),
    )


def tightened(running: Started, other: Started) -> Started:
    """A running clock after another hand-raise: the earlier of both dues, with the steps that belong to it."""
    return running if running.due_at <= other.due_at else other._replace(started_at=running.started_at)


def is_met(due: Instant, happened_at: Instant | None) -> bool:
    """Whether what stops a clock happened in time; at the due itself it did."""
    return happened_at is not None and happened_at <= due
