"""Periods: months, quarters and years cut in the contract's zone, never in the reader's."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from handfast import zones
from handfast.contract.model import Contract
from handfast.contract.terms import Per
from handfast.instant import NEVER, SECOND, Instant, from_datetime, to_datetime
from handfast.measure.columns import Codes, Instants
from handfast.measure.value import Period

_MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


def period_named(label: str, contract: Contract) -> Period:
    """The period ``2027``, ``2027-Q1`` or ``2027-01`` in the contract's zone.

    Years and quarters are fiscal: a fiscal year is called after the calendar year in which it ends, and so equals it
    when it starts in January. Months are the calendar's. Raises ValueError for any other spelling.
    """
    year, _, part = label.partition("-")
    start = _fiscal_start(int(year), contract.fiscal_year_starts)
    if not part:
        first, count = start, 12
    elif part.startswith("Q") and part[1:] in {"1", "2", "3", "4"}:
        first, count = start + 3 * (int(part[1:]) - 1), 3
    elif part.isdecimal() and 1 <= int(part) <= 12:
        first, count = int(year) * 12 + int(part) - 1, 1
    else:
        raise ValueError(f"a period is written 2027, 2027-Q1 or 2027-01, not {label!r}")
    return Period(label=label, first=_midnight(first, contract.zone), last=_midnight(first + count, contract.zone))


def period_of(instant: Instant, per: Per, contract: Contract) -> Period:
    """The month, quarter or fiscal year of the contract that an instant lies in."""
    local = to_datetime(instant, contract.zone)
    month = local.year * 12 + local.month - 1
    into_year = (month - (contract.fiscal_year_starts - 1)) % 12
    fiscal_year = (month - into_year + 11) // 12
    if per is Per.MONTH:
        return period_named(f"{local.year:04}-{local.month:02}", contract)
    return period_named(f"{fiscal_year:04}" + (f"-Q{into_year // 3 + 1}" if per is Per.QUARTER else ""), contract)


def months(first: Instant, last: Instant, zone: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The calendar months from the one of ``first`` to the one of ``last``: labels, and one edge more than labels."""
    start, end = (_month(instant, zone) for instant in (first, last))
    labels = tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1))
    edges = [_midnight(month, zone) for month in range(start, end + 2)]
    return labels, np.array(edges, np.int64)


def month_codes(at: Instants, edges: NDArray[np.int64]) -> Codes:
    """Which month each instant lies in; -1 outside the edges (an empty cell too)."""
    found = np.searchsorted(edges, at, side="right") - 1
    return np.where(found >= len(edges) - 1, -1, found).astype(np.int32)


def local(at: Instants, zone: str) -> Instants:
    """What a clock on a wall of the zone shows, as microseconds since 1970-01-01 there; NEVER stays NEVER."""
    known = at[at != NEVER]
    if not len(known):
        return at
    changes = zones.transitions(zone, int(known.min()), int(known.max()))
    since = np.array([instant for instant, _ in changes], np.int64)
    offsets = np.array([offset for _, offset in changes], np.int64) * SECOND
    which = np.maximum(np.searchsorted(since, at, side="right") - 1, 0)
    return np.where(at == NEVER, NEVER, at + offsets[which])


def _fiscal_start(year: int, starts: int) -> int:
    """The month, counted from year 0, in which a fiscal year begins."""
    return year * 12 + starts - 1 - (12 if starts > 1 else 0)


def _month(instant: Instant, zone: str) -> int:
    local = to_datetime(instant, zone)
    return local.year * 12 + local.month - 1


def _midnight(month: int, zone: str) -> Instant:
    """The first instant of a month; where midnight does not exist, ZoneInfo gives the moment the gap ends."""
    return from_datetime(datetime(month // 12, month % 12 + 1, 1, tzinfo=ZoneInfo(zone)))
