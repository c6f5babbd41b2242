"""Columns of some cycles alone: whoever may see only those is given measures of those."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handfast.measure.coded import Coded, Codes
from handfast.measure.columns import CycleColumns, Opportunities
from handfast.measure.tables import Mask

_OF_CYCLES = ("clocks", "assignments", "touches", "signals")


def some_cycles(columns: CycleColumns, kept: Mask, members: Mask | None = None) -> CycleColumns:
    """The cycles of a mask with what belongs to them; ``members`` are the rows of the roster to keep.

    Activities stay as they are: leads keep their codes. What marketing spent is of no cycle, and is left out.
    """
    place = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    changed: dict[str, Any] = {one.name: _rows(getattr(columns, one.name), kept) for one in _columns_of(columns)}
    changed["key"] = [columns.key[int(row)] for row in np.flatnonzero(kept)]
    changed["extra"] = {name: coded.taken(kept) for name, coded in columns.extra.items()}
    for name in ("undated", "inferred", "by_day"):
        changed[name] = {stage: mask[kept] for stage, mask in getattr(columns, name).items()}
    for name in _OF_CYCLES:
        table = getattr(columns, name)
        changed[name] = None if table is None else _beside(table, "cycle", place)
    if columns.roster is not None and members is not None:
        changed["roster"] = _taken(columns.roster, members)
    return replace(columns, **changed, **_deals(columns, place), spend=None)


def _columns_of(table: Any) -> list[Any]:
    return [one for one in fields(table) if isinstance(getattr(table, one.name), np.ndarray | Coded)]


def _rows(column: Any, rows: Mask) -> Any:
    return column.taken(rows) if isinstance(column, Coded) else column[rows]


def _taken(table: Any, rows: Mask) -> Any:
    changed = {one.name: _rows(getattr(table, one.name), rows) for one in _columns_of(table)}
    if hasattr(table, "key"):
        changed["key"] = [table.key[int(row)] for row in np.flatnonzero(rows)]
    return replace(table, **changed)


def _beside(table: Any, column: str, place: Codes) -> Any:
    """The rows whose cycle (or deal) is kept, pointing at where that stands now."""
    to: NDArray[np.int32] = np.append(place, np.int32(-1))[getattr(table, column)]
    found = _taken(table, to >= 0)
    return replace(found, **{column: to[to >= 0]})


def _deals(columns: CycleColumns, place: Codes) -> dict[str, Any]:
    deals: Opportunities | None = columns.opportunities
    if deals is None:
        return {}
    to = np.append(place, np.int32(-1))[deals.cycle]
    deal = np.where(to >= 0, np.cumsum(to >= 0) - 1, -1).astype(np.int32)
    links, changes = columns.deal_leads, columns.deal_changes
    return {
        "opportunities": _beside(deals, "cycle", place),
        "deal_leads": None if links is None else _beside(links, "deal", deal),
        "deal_changes": None if changes is None else _beside(changes, "deal", deal),
    }
