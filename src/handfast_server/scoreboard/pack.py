"""The columns that measures read as frames, one a table, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa

from handfast.instant import Instant
from handfast.measure.columns import Coded, CycleColumns, Opportunities
from handfast.measure.tables import Activities, Assignments, Clocks, DealChanges, DealLeads, Roster, Signals, Touches
from handfast_server.scoreboard.frame import Frame, frame_of

FORMAT = 2
"""Counted up with every change of the frames: a snapshot of another format is made anew."""

TABLES: Mapping[str, type[Any]] = {
    "deals": Opportunities,
    "clocks": Clocks,
    "assignments": Assignments,
    "touches": Touches,
    "activities": Activities,
    "signals": Signals,
    "deal_leads": DealLeads,
    "deal_changes": DealChanges,
    "roster": Roster,
}
"""The tables beside the cycles, by the name that a frame has."""

_FIELD = {"deals": "opportunities"}
_INFERRED = "inferred."
STAGES_INFERRED = ("accepted", "sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The frames of some leads: ``leads`` are all that they are of, also those without cycles of their own."""

    leads: pa.Array
    frames: Mapping[str, Frame]
    absent: Mapping[str, str]


def pack(columns: CycleColumns, leads: Sequence[str], others: Sequence[str] = ()) -> Packed:
    """Columns as frames. ``leads``: by the codes of ``columns.lead``; ``others`` have nothing in them."""
    cycles: dict[str, Any] = {
        one.name: getattr(columns, one.name) for one in fields(columns) if _is_column(one, columns)
    }
    for stage in STAGES_INFERRED:
        found = columns.inferred.get(stage)
        cycles[_INFERRED + stage] = np.zeros(len(columns), np.bool_) if found is None else found
    frames = {"cycles": frame_of(cycles, len(columns))}
    for name, kind in TABLES.items():
        table = getattr(columns, _FIELD.get(name, name))
        whole = {one.name: getattr(table, one.name) for one in fields(kind)}
        length = (
            len(
                next(column for column in whole.values() if isinstance(column, np.ndarray)),
            )
            if name != "roster"
            else len(table.per_day)
        )
        frames[name] = frame_of(whole, length)
    return Packed(leads=pa.array((*leads, *others), pa.string()), frames=frames, absent=dict(columns.absent))


def _is_column(one: Any, columns: CycleColumns) -> bool:
    return one.name == "key" or isinstance(getattr(columns, one.name), np.ndarray | Coded)


def unpack(frames: Mapping[str, Frame], absent: Mapping[str, str], at: Instant) -> CycleColumns:
    """Frames as the columns that measures read."""
    cycles = frames["cycles"]
    inferred = {stage: cycles.array(_INFERRED + stage) for stage in STAGES_INFERRED}
    values: dict[str, Any] = {name: _column(cycles, name) for name in cycles.arrays if not name.startswith(_INFERRED)}
    for name, kind in TABLES.items():
        frame = frames[name]
        values[_FIELD.get(name, name)] = kind(**{column: _column(frame, column) for column in frame.arrays})
    return CycleColumns(
        **values,
        inferred={stage: mask for stage, mask in inferred.items() if mask.any()},
        absent=absent,
        drawn_at=at,
    )


def _column(frame: Frame, name: str) -> Any:
    if name == "key":
        return frame.names()
    return frame.coded(name) if name in frame.words else frame.array(name)
