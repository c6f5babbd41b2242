"""The snapshot in memory: frames of every lead, and how those of some leads take the place of what was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from handfast.instant import Instant
from handfast.measure.columns import CycleColumns
from handfast_server.scoreboard.frame import Array, Frame, Placed, empty
from handfast_server.scoreboard.pack import Packed, unpack

_OF_CYCLES = ("clocks", "assignments", "touches", "signals")


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """Everything that measures read, as of ``at``. Leads keep their numbers for good, deals their rows."""

    at: Instant
    leads: tuple[pa.Array, ...] = ()
    frames: Mapping[str, Frame] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    deals: dict[str, int] = field(default_factory=dict)  # only ever grows: shared by all that follow from one

    @classmethod
    def of(cls, base: Packed, at: Instant) -> Snapshot:
        """What a base holds."""
        deals = {name: row for row, name in enumerate(base.frames["deals"].names().arrow().to_pylist())}
        return cls(at=at, leads=(base.leads,), frames=base.frames, absent=base.absent, deals=deals)

    def packed(self) -> Packed:
        """Everything, as a base is written."""
        leads = pa.chunked_array(self.leads, pa.string()).combine_chunks()
        return Packed(leads=leads, frames=self.frames, absent=self.absent)

    def columns(self) -> CycleColumns:
        """What measures read."""
        return unpack(self.frames, self.absent, self.at)

    def lead_names(self, numbers: NDArray[Any]) -> list[str]:
        """The ids of leads by their numbers."""
        return [str(name) for name in pa.chunked_array(self.leads, pa.string()).take(pa.array(numbers)).to_pylist()]

    def taking_in(self, packed: Packed, at: Instant) -> Snapshot:
        """The snapshot once some leads are what is packed of them."""
        if not self.frames:
            start = Snapshot(at=at, frames={name: empty(frame) for name, frame in packed.frames.items()})
            return start.taking_in(packed, at)
        numbers, leads, changed = self._numbered(packed.leads)
        fresh = dict(packed.frames)
        fresh["cycles"] = _referring(fresh["cycles"], "lead", numbers)
        cycles = self.frames["cycles"]
        is_gone = changed[cycles.array("lead")]
        placed = Placed.over(np.flatnonzero(is_gone), fresh["cycles"].length, cycles.length)
        frames = {"cycles": cycles.put(fresh["cycles"], placed)}
        for name in _OF_CYCLES:
            frames[name] = _beside(
                self.frames[name], "cycle", is_gone, _referring(fresh[name], "cycle", placed.at), placed
            )
        done = _referring(fresh["activities"], "lead", numbers)
        frames["activities"] = _beside(self.frames["activities"], "lead", changed, done, None)
        frames |= self._deals(fresh, placed, numbers, changed)
        frames["roster"] = packed.frames["roster"]
        return replace(self, at=at, leads=leads, frames=frames, absent=packed.absent)

    def _numbered(self, wanted: pa.Array) -> tuple[Array, tuple[pa.Array, ...], NDArray[np.bool_]]:
        """The number of each lead, all leads then, and which numbers are among them."""
        import pyarrow.compute as pc  # noqa: PLC0415 # dear, and no reader needs it before something changed

        names, known, begin = wanted.to_pylist(), dict[str, int](), 0
        for chunk in self.leads:
            for place in np.flatnonzero(pc.is_in(chunk, value_set=wanted).to_numpy(zero_copy_only=False)):
                known[chunk[int(place)].as_py()] = begin + int(place)
            begin += len(chunk)
        new = [name for name in dict.fromkeys(names) if name not in known]
        known |= {name: begin + place for place, name in enumerate(new)}
        numbers = np.array([known[name] for name in names], np.int32)
        changed = np.zeros(begin + len(new), np.bool_)
        changed[numbers] = True
        return numbers, (*self.leads, pa.array(new, pa.string())) if new else self.leads, changed

    def _deals(self, fresh: Mapping[str, Frame], placed: Placed, numbers: Array, changed: Array) -> dict[str, Frame]:
        deals, known = self.frames["deals"], self.deals
        names = fresh["deals"].names().arrow().to_pylist()
        for name in names:
            known.setdefault(name, len(known))
        rows = np.array([known[name] for name in names], np.intp)
        length = max(deals.length, int(rows.max(initial=-1)) + 1)
        where = Placed(at=rows, before=deals.length, length=length, moved=_NOTHING)
        moved = deals.replaced("cycle", placed.followed(deals.array("cycle"))) if len(placed.moved[0]) else deals
        links, changes = self.frames["deal_leads"], self.frames["deal_changes"]
        told = np.zeros(length, np.bool_)
        told[rows] = True
        link = _referring(_referring(fresh["deal_leads"], "lead", numbers), "deal", rows)
        return {
            "deals": moved.put(_referring(fresh["deals"], "cycle", placed.at), where),
            "deal_leads": _joined(links.kept(~changed[links.array("lead")]), link),
            "deal_changes": _joined(
                changes.kept(~told[changes.array("deal")]), _referring(fresh["deal_changes"], "deal", rows)
            ),
        }


_NOTHING = (np.empty(0, np.intp), np.empty(0, np.intp))


def _referring(frame: Frame, column: str, to: Array) -> Frame:
    """References to rows of the packed frames as references to rows of the snapshot; -1 stays."""
    array = frame.array(column)
    table = np.append(to, -1).astype(array.dtype)
    return frame.replaced(column, table[array])


def _beside(frame: Frame, column: str, gone: Array, fresh: Frame, placed: Placed | None) -> Frame:
    """Rows of other rows: those of the ones that are gone are replaced, the others follow where theirs moved."""
    references = frame.array(column)
    where = Placed.over(np.flatnonzero(gone[references]), fresh.length, frame.length)
    if placed is not None and len(placed.moved[0]):
        frame = frame.replaced(column, placed.followed(references))
    return frame.put(fresh, where)


def _joined(kept: Frame, fresh: Frame) -> Frame:
    where = Placed.over(np.empty(0, np.intp), fresh.length, kept.length)
    return kept.put(fresh, where)
