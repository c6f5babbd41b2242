"""ISO instants of one width, a whole column at a time: what most exports hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handfast.audit.column.clock import read_clock
from handfast.instant import DAY, HOUR, MINUTE, NEVER, SECOND
from handfast.measure.columns import Instants

YEARS = range(1900, 2201)
"""Years that can be meant."""

DATE, LOCAL, EXACT = 0, 1, 2
"""What a value is: a date of a zone, a time of a zone, an instant."""


def read_iso(texts: Sequence[str]) -> tuple[Instants, NDArray[np.uint8]] | None:
    """The common case at once: cells of one width such as ``2026-01-05 10:12:30`` or ``…T10:12:30.000+0000``.

    Values and what they are, or None when some cell is anything else; then they are read one by one.
    """
    filled = list(filter(None, texts))
    width = len(filled[0]) if filled else 0
    if not (width == 10 or 16 <= width <= 35) or set(map(len, filled)) != {width}:
        return None
    try:
        cells = np.frombuffer("".join(filled).encode("ascii"), dtype=np.uint8).reshape(len(filled), width)
    except UnicodeEncodeError:
        return None
    found = _iso_cells(cells, filled[0])
    if found is None:
        return None
    values = np.full(len(texts), NEVER, dtype=np.int64)
    states = np.full(len(texts), EXACT, dtype=np.uint8)
    places = np.fromiter(map(bool, texts), dtype=np.bool_, count=len(texts))
    values[places], states[places] = found
    return values, states


_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)


def _iso_cells(cells: NDArray[np.uint8], first: str) -> tuple[Instants, int] | None:
    """Values and their state, of cells of one width."""
    shape = re.fullmatch(r"\d{4}-\d\d-\d\d(?:([ T])\d\d:\d\d(?::\d\d(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?", first)
    if shape is None:
        return None
    separator, fraction, offset = shape.groups()
    digits = np.array([character.isdigit() for character in first])
    if offset:
        digits[-len(offset) :] = False  # the offset must be the same in all
    fixed = np.frombuffer(first.encode("ascii"), dtype=np.uint8)
    if not ((cells[:, ~digits] == fixed[~digits]).all() and (np.abs(cells[:, digits] - 52.5) <= 4.5).all()):
        return None
    days = _iso_days(cells)
    if days is None:
        return None
    if separator is None:
        return days * DAY, DATE
    span = _iso_span(cells, len(first) - len(offset or ""), len(fraction or ""))
    clock = read_clock(f"00:00{offset or ''}")
    if span is None or clock is None:
        return None
    return days * DAY + span - (clock.offset or 0), LOCAL if clock.offset is None else EXACT


def _digits(cells: NDArray[np.uint8], start: int, count: int) -> NDArray[np.int64]:
    number = np.zeros(len(cells), dtype=np.int64)
    for place in range(start, start + count):
        number = number * 10 + (cells[:, place] - 48)
    return number


def _iso_days(cells: NDArray[np.uint8]) -> NDArray[np.int64] | None:
    """Days since 1970; None when one of the dates does not exist."""
    year, month, day = _digits(cells, 0, 4), _digits(cells, 5, 2), _digits(cells, 8, 2)
    if not ((year >= YEARS.start) & (year < YEARS.stop) & (month >= 1) & (month <= 12) & (day >= 1)).all():
        return None
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    if not (day <= _MONTH_DAYS[month] - ((month == 2) & ~leap)).all():
        return None
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + day - 1


def _iso_span(cells: NDArray[np.uint8], end: int, fraction: int) -> NDArray[np.int64] | None:
    """Microseconds into the day; None when one of the times does not exist."""
    hour, minute = _digits(cells, 11, 2), _digits(cells, 14, 2)
    second = _digits(cells, 17, 2) if end >= 19 else np.zeros(len(cells), dtype=np.int64)
    if not ((hour < 24) & (minute < 60) & (second < 60)).all():
        return None
    kept = min(fraction, 6)
    micro = _digits(cells, 20, kept) * 10 ** (6 - kept) if kept else 0
    return hour * HOUR + minute * MINUTE + second * SECOND + micro
