"""Who works in a simulated team: reps with their hours and leave, and the facts that tell the engine of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from handfast import zones
from handfast.calendar import Calendar, compile_calendar
from handfast.contract.model import CalendarTerms, Contract
from handfast.facts import AbsenceSet, Fact, MemberSet, PoolManagerSet, RepSet
from handfast.instant import DAY, MINUTE, Instant
from handfast.qualify import attributes_of
from handfast.route import pool_of
from handfast.simulate.plan import Habits, TeamPlan
from handfast.simulate.year import Year

BEFOREHAND = 14 * DAY
"""How long before it begins a leave is entered."""

_EPOCH = dt.date(1970, 1, 1)
_HOME, _ABROAD = {"country": "DE"}, {"country": "GB"}


@dataclass(slots=True, kw_only=True, eq=False)
class Worker:
    """A rep at work. ``usual`` are the hours without the weekday on which leads are ignored."""

    habits: Habits
    hours: Calendar
    usual: Calendar
    free_at: Instant = field(default=0)

    @property
    def name(self) -> str:
        """The rep's name, which is their id as well."""
        return self.habits.name


def staffed(plan: TeamPlan, leads: int) -> tuple[Habits, ...]:
    """The reps that so many leads keep busy: the plan's, and as many of each kind again as it takes."""
    teams = max(1, round(leads / plan.leads_per_team))
    return tuple(
        habits if team == 0 else replace(habits, name=f"{habits.name} {team + 1}")
        for team in range(teams)
        for habits in plan.reps
    )


def workers(plan: TeamPlan, leads: int, contract: Contract, year: Year) -> Mapping[str, Worker]:
    """Everybody of sales by name, the manager last."""
    terms = contract.calendars[contract.default_calendar]
    found = {each.name: _worker(each, terms, year) for each in staffed(plan, leads)}
    boss = Habits(name=plan.manager, median=120 * MINUTE, forgets=0, logs_late=0)
    return {**found, boss.name: _worker(boss, terms, year)}


def _worker(habits: Habits, terms: CalendarTerms, year: Year) -> Worker:
    away = {date: () for begin, length in habits.leave for date in _dates(year, begin, length)}
    idle = tuple(() if day == habits.idle else hours for day, hours in enumerate(terms.hours))
    usual = _compiled(replace(terms, exceptions={**terms.exceptions, **away}), year)
    if habits.idle is None:
        return Worker(habits=habits, hours=usual, usual=usual)
    own = _compiled(replace(terms, hours=idle, exceptions={**terms.exceptions, **away}), year)
    return Worker(habits=habits, hours=own, usual=usual)


def _dates(year: Year, begin: int, length: int) -> Iterator[dt.date]:
    first = _EPOCH + dt.timedelta(days=int(year.local(year.midnight[:1])[0]) // DAY + begin)
    yield from (first + dt.timedelta(days=day) for day in range(length))


def _compiled(terms: CalendarTerms, year: Year) -> Calendar:
    first, last = year.first - 30 * DAY, year.last + 400 * DAY
    begin = _EPOCH + dt.timedelta(days=first // DAY)
    years = begin.year, begin.year + 4
    holidays = (day for day, _ in zones.holiday_dates(terms.holidays, *years)) if terms.holidays else ()
    return compile_calendar(
        terms.hours,
        transitions=zones.transitions(terms.zone, first, last),
        first=first,
        last=last,
        exceptions=terms.exceptions,
        holidays=holidays,
    )


def team_facts(plan: TeamPlan, leads: int, contracts: Sequence[Contract], year: Year) -> Iterator[Fact]:
    """Reps, members, managers and leave, as facts; the roster stands before the first lead comes."""
    at = year.first
    staff = staffed(plan, leads)
    yield RepSet(id=f"rep-{plan.manager}", happened_at=at, recorded_at=at, rep=plan.manager)
    for each in staff:
        yield RepSet(id=f"rep-{each.name}", happened_at=at, recorded_at=at, rep=each.name)
    for pool, members in _pools(contracts, staff).items():
        yield PoolManagerSet(id=f"manager-{pool}", happened_at=at, recorded_at=at, pool=pool, rep=plan.manager)
        for each in members:
            yield MemberSet(
                id=f"member-{pool}-{each.name}",
                happened_at=at,
                recorded_at=at,
                pool=pool,
                rep=each.name,
                weight=each.weight,
            )
    yield from _leave(staff, year)


def _pools(contracts: Sequence[Contract], staff: Sequence[Habits]) -> dict[str, tuple[Habits, ...]]:
    """Home reps are in the pools that home leads go to, the others in the others; nobody's pool is everybody's."""
    names = dict.fromkeys(name for contract in contracts for name in contract.pools)
    home = {pool_of(contract, attributes_of(contract, _HOME)) for contract in contracts}
    if home == {pool_of(contract, attributes_of(contract, _ABROAD)) for contract in contracts}:
        return dict.fromkeys(names, tuple(staff))
    found = {name: tuple(each for each in staff if each.home == (name in home)) for name in names}
    return {name: members or tuple(staff) for name, members in found.items()}


def _leave(staff: Sequence[Habits], year: Year) -> Iterator[Fact]:
    for each in staff:
        for begin, length in each.leave:
            if begin + length >= year.days:
                continue
            starts, ends = int(year.midnight[begin]), int(year.midnight[begin + length])
            entered = max(year.first, starts - BEFOREHAND)
            yield AbsenceSet(
                id=f"leave-{each.name}-{begin}",
                happened_at=entered,
                recorded_at=entered,
                absence=f"leave-{each.name}-{begin}",
                rep=each.name,
                starts=starts,
                ends=ends,
            )
