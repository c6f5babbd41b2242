"""How much each rep has to work: what came a day, what is open, what is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from handfast.errors import OutsideCalendar
from handfast.instant import NEVER, Instant, from_datetime, to_datetime
from handfast.measure.build import Entry, Ground, count_measure, counts, largest_first, not_measurable
from handfast.measure.coded import Coded
from handfast.measure.columns import Instants
from handfast.measure.question import Mask, Question
from handfast.measure.value import Count, Definition, Derived, Kind, Measure, OnDemand, Part, Rows, Split, Unit, View

LOAD = Definition(
    name="load",
    family="load",
    title="Handoffs per rep and working day",
    formula="handoffs assigned in the period ÷ working days of the reps on the roster",
    unit=Unit.PER_DAY,
    records="assignments by when they began, re-routed and returned ones too; without a table of them, delivered "
    "cycles by their present owner. Working days are those of the calendar of a rep's first pool that have begun",
    clause="pools",
    target="the daily caps of the roster",
    view=View.ACTIVITY,
    needs=("qualified", "roster", "calendars"),
)

_OPEN = "waiting cycles, and accepted ones that are not an SQL, an opportunity or over"

OPEN = Definition(
    name="load_open",
    family="load",
    title="Open handoffs",
    formula="count of cycles that wait for a decision or are being worked",
    unit=Unit.CYCLES,
    records=_OPEN,
    clause="pools",
    target="the caps of the roster",
    view=View.SNAPSHOT,
    needs=("qualified", "accepted"),
)

OVERDUE = Definition(
    name="load_overdue",
    family="load",
    title="Open handoffs overdue",
    formula="count of open handoffs with a first touch, a decision or a conclusion past due and not there yet",
    unit=Unit.CYCLES,
    records=_OPEN,
    clause="clocks",
    view=View.SNAPSHOT,
    needs=("qualified", "accepted"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Turns:
    """What was given to whom: assignments, or else delivered cycles."""

    owner: Coded
    at: Instants
    counted: Mask
    kind: Kind


def _turns(question: Question) -> _Turns:
    table, columns = question.columns.assignments, question.columns
    if table is None:
        at = columns.qualified_at
        return _Turns(owner=columns.owner, at=at, counted=question.placed("qualified") & (at != NEVER), kind=Kind.CYCLE)
    counted = question.inside(table.at) & np.append(question.of_stream, True)[table.cycle]
    return _Turns(owner=table.owner, at=table.at, counted=counted, kind=Kind.ASSIGNMENT)


def _load(question: Question, definition: Definition) -> Measure:
    turns, roster = _turns(question), question.roster
    found = counts(turns.owner.codes, turns.counted, len(turns.owner.words))
    first = question.period.first if question.period else int(turns.at[turns.counted].min(initial=question.as_of))
    last = min(question.period.last if question.period else question.as_of, question.as_of)
    try:
        days = {name: working_days(question, name, first, last) for name in question.calendars}
    except OutsideCalendar as outside:
        return not_measurable(definition, f"The calendars do not reach over the period. {outside}")
    names = tuple(dict.fromkeys(roster.owner.words[code] for code in roster.owner.codes if code >= 0))
    lines = {name: _line(question, name, days) for name in names}

    def parts() -> Iterator[Part]:
        for name in dict.fromkeys((*names, *turns.owner.words)):
            code = turns.owner.code(name)
            records = Rows(turns.counted, found[code] if code >= 0 else 0, turns.owner.codes, code, turns.kind)
            worked, capacity = lines.get(name, (None, None))
            if records.count or name in lines:
                yield Part(word=name, figure=_quotient(records, worked, capacity))

    caps = [capacity for _, capacity in lines.values()]
    known = [capacity for capacity in caps if capacity is not None]
    whole = _quotient(
        Rows(turns.counted, int(np.count_nonzero(turns.counted)), kind=turns.kind),
        sum((worked for worked, _ in lines.values()), Fraction()),
        sum(known, Fraction()) / len(caps) if caps and len(known) == len(caps) else None,
    )
    splits = OnDemand(("owner",), lambda by: Split(by=by, parts=tuple(sorted(parts(), key=largest_first))))
    return Measure(definition=definition, figure=whole, splits=splits)


def _quotient(records: Rows, worked: Fraction | None, capacity: Fraction | None) -> Derived:
    value = Fraction(records.count) / worked if worked else None
    parts = {"assigned": Count(records=records), "working_days": worked, "capacity_a_day": capacity}
    return Derived(value=value, records=records, parts=parts)


def _line(question: Question, name: str, days: dict[str, int]) -> tuple[Fraction, Fraction | None]:
    """Working days of a rep, by the calendar of the first pool, and the daily capacity over all pools."""
    roster = question.roster
    rows = np.flatnonzero(roster.owner.codes == roster.owner.code(name))
    pool = roster.pool.codes[rows[0]]
    terms = question.contract.pools.get(roster.pool.words[pool]) if pool >= 0 else None
    calendar = (terms.calendar if terms else "") or question.contract.default_calendar
    caps = roster.per_day[rows]
    return Fraction(days.get(calendar, 0)), None if (caps < 0).any() else Fraction(int(caps.sum()))


def working_days(question: Question, name: str, first: Instant, last: Instant) -> int:
    """The local days of a calendar, begun between two instants, on which anything is worked.

    Raises OutsideCalendar where the calendar was not compiled for them.
    """
    calendar, zone = question.calendars[name], ZoneInfo(question.contract.calendars[name].zone)
    if last <= first:
        return 0
    day, end = (to_datetime(at, zone.key).date() for at in (first, last - 1))
    count = (end - day).days + 2
    midnights = [dt.datetime.combine(day + dt.timedelta(days=place), dt.time(), zone) for place in range(count)]
    edges = np.clip(np.array([from_datetime(one) for one in midnights], np.int64), first, last)
    return int(np.count_nonzero(calendar.between_many(edges[:-1], edges[1:]) > 0))


def is_open(question: Question) -> Mask:
    """Waiting, or accepted and neither further nor over: what counts against a cap."""
    further = question.happened("sql") | question.happened("opportunity") | question.ended
    return question.waiting | (question.accepted & ~further)


def is_overdue(question: Question) -> Mask:
    """Open, with something past due that has not come."""
    columns, now = question.columns, question.as_of
    found = np.zeros(len(columns), np.bool_)
    for due_at, missing in (
        (columns.first_touch_due_at, ~question.touched),
        (columns.decision_due_at, question.waiting),
        (columns.working_due_at, question.accepted),
    ):
        found |= (due_at != NEVER) & (due_at <= now) & missing
    return found & is_open(question)


def _snapshot(question: Question) -> Ground:
    return Ground(placed=question.of_stream, splits=question.splits, months=lambda: question.month_of("qualified"))


def _open(question: Question, definition: Definition) -> Measure:
    return count_measure(question, definition, is_open(question), ground=_snapshot(question))


def _overdue(question: Question, definition: Definition) -> Measure:
    return count_measure(question, definition, is_overdue(question), ground=_snapshot(question))


MEASURES = (Entry(LOAD, _load), Entry(OPEN, _open), Entry(OVERDUE, _overdue))
