"""A month of absences as a grid: a row for each rep who is away in it, a column for each day of the contract's zone."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import formats

from handfast.instant import Instant, from_datetime, to_datetime
from handfast_server.rosters.models import Absence


class Month(NamedTuple):
    """A month in a zone."""

    first: dt.date
    zone: str

    @property
    def days(self) -> list[dt.date]:
        """Its days."""
        last = calendar.monthrange(self.first.year, self.first.month)[1]
        return [self.first.replace(day=day) for day in range(1, last + 1)]

    @property
    def before(self) -> str:
        """The month before, as an address has it."""
        return (self.first - dt.timedelta(days=1)).strftime("%Y-%m")

    @property
    def after(self) -> str:
        """The month after."""
        return (self.days[-1] + dt.timedelta(days=1)).strftime("%Y-%m")

    @property
    def words(self) -> str:
        """What it is called."""
        return formats.date_format(self.first, "F Y")

    def instants(self) -> tuple[Instant, Instant]:
        """Its begin and its end."""
        return midnight(self.first, self.zone), midnight(self.days[-1] + dt.timedelta(days=1), self.zone)


def midnight(day: dt.date, zone: str) -> Instant:
    """When a day begins."""
    return from_datetime(dt.datetime.combine(day, dt.time(), ZoneInfo(zone)))


def month_of(asked: str, zone: str, at: Instant) -> Month:
    """The month of an address; this one where it names none."""
    here = to_datetime(at, zone).date()
    try:
        first = dt.date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = here.replace(day=1)
    return Month(first if 1980 <= first.year <= 2200 else here.replace(day=1), zone)


class Day(NamedTuple):
    """A day of somebody: away on all of it, on a part of it, or not."""

    date: dt.date
    away: str
    free: bool
    today: bool


class Away(NamedTuple):
    """A rep who is away in the month."""

    rep: str
    days: list[Day]
    total: int


def within(month: Month) -> QuerySet[Absence]:
    """The absences that touch a month, in the order of their beginnings."""
    begin, end = month.instants()
    return Absence.objects.filter(gone=False, starts_at__lt=end, ends_at__gt=begin).order_by("starts_at", "rep")


def grid(month: Month, absences: Iterable[Absence], at: Instant) -> list[Away]:
    """Who is away, by name."""
    by_rep: dict[str, list[Absence]] = {}
    for absence in absences:
        by_rep.setdefault(absence.rep, []).append(absence)
    today = to_datetime(at, month.zone).date()
    days = [(day, midnight(day, month.zone), midnight(day + dt.timedelta(days=1), month.zone)) for day in month.days]
    found = []
    for rep, theirs in sorted(by_rep.items()):
        row = [Day(day, _away(theirs, begin, end), day.weekday() > 4, day == today) for day, begin, end in days]
        found.append(Away(rep, row, sum(bool(day.away) for day in row)))
    return found


def _away(absences: Iterable[Absence], begin: Instant, end: Instant) -> str:
    touching = [each for each in absences if each.starts_at < end and each.ends_at > begin]
    whole = any(each.starts_at <= begin and each.ends_at >= end for each in touching)
    return "whole" if whole else "part" if touching else ""


def there(month: Month, rows: Sequence[Away], reps: Collection[str]) -> list[int]:
    """How many of these are there on each day, all of it."""
    count = len(reps)
    return [
        count - sum(bool(row.days[place].away) for row in rows if row.rep in reps) for place in range(len(month.days))
    ]
