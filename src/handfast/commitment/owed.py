"""What is owed by a day, and which version governs which days: pro rata, as ``contract.versions`` counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from fractions import Fraction

from handfast.contract.model import Contract
from handfast.contract.terms import PerPeriod
from handfast.contract.versions import History, owed, parts, start_of_day
from handfast.instant import Instant, to_datetime
from handfast.measure.value import Period

Promise = Callable[[Contract], PerPeriod | None]


def local_days(period: Period, zone: str) -> tuple[dt.date, dt.date]:
    """The first day of a period, and the day after its last."""
    return to_datetime(period.first, zone).date(), (to_datetime(period.last - 1, zone).date() + dt.timedelta(days=1))


def owed_by(history: History, promise: Promise, period: Period, at: Instant, zone: str) -> Fraction | None:
    """The straight line: what is promised for the days of a period gone by at an instant, today by what is gone of it.

    None where no version of the period promises anything. Raises OutsideCalendar after the end of a version's seal.
    """
    first, last = local_days(period, zone)
    whole = owed(history, promise, first, last)
    if whole is None or at >= period.last:
        return whole
    if at <= period.first:
        return Fraction(0)
    today = to_datetime(at, zone).date()
    tomorrow = today + dt.timedelta(days=1)
    begins, ends = (_midnight(history, day) for day in (today, tomorrow))
    gone = Fraction(at - begins, ends - begins)
    before, now = (owed(history, promise, *days) or Fraction(0) for days in ((first, today), (today, tomorrow)))
    return before + now * gone


def spans(history: History, period: Period, zone: str) -> Iterator[tuple[Contract, Instant, Instant]]:
    """Each version that governs days of a period, with the instants between which it does."""
    for part in parts(history, *local_days(period, zone)):
        contract = next(s.sealed.contract for s in history.versions if s.sealed.contract.version == part.version)
        yield contract, _midnight(history, part.first), _midnight(history, part.last)


def _midnight(history: History, day: dt.date) -> Instant:
    return start_of_day(day, history.versions[-1].sealed)
