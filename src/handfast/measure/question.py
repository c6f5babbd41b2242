"""What is asked of a measure: which cycles, under which contract, for which period, as of which instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handfast.calendar import Calendar
from handfast.contract.model import Contract
from handfast.instant import NEVER, Instant
from handfast.measure import period as periods
from handfast.measure.columns import SPLITS, Coded, Codes, CycleColumns, Instants
from handfast.measure.value import Period

Mask = NDArray[np.bool_]

ENDS = ("rejected", "disqualified", "won", "lost", "withdrawn")
"""What ends a cycle: after it the cycle never changes."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question put to every measure. ``columns`` stand as of ``as_of`` already; ``period`` None means all of them.

    Masks that several measures need are computed once and kept.
    """

    columns: CycleColumns
    contract: Contract
    as_of: Instant
    period: Period | None = None
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def missing(self, needs: tuple[str, ...]) -> str:
        """Why the source does not allow a measure that needs these; empty when it does."""
        return next((self.columns.absent[need] for need in needs if need in self.columns.absent), "")

    def placed(self, stage: str) -> Mask:
        """The cycles that belong to the period by when they entered a stage; without a period, every one."""
        if self.period is None:
            return np.ones(len(self.columns), np.bool_)
        return self.inside(self.columns.at(stage))

    def inside(self, at: Instants) -> Mask:
        """Where an instant lies in the period; without one, where there is an instant at all."""
        if self.period is None:
            found: Mask = at != NEVER
        else:
            found = (at >= self.period.first) & (at < self.period.last)
        return found

    def month_of(self, stage: str) -> tuple[tuple[str, ...], Codes]:
        """The months the period (or the data) spans, and the one in which each cycle entered a stage."""
        if stage not in self._months:
            self._months[stage] = self._cut(self.columns.at(stage))
        return self._months[stage]

    @cached_property
    def _months(self) -> dict[str, tuple[tuple[str, ...], Codes]]:
        return {}

    def _cut(self, at: Instants) -> tuple[tuple[str, ...], Codes]:
        inside = at[self.inside(at)]
        if not len(inside):
            return (), np.full(len(at), -1, np.int32)
        labels, edges = periods.months(int(inside.min()), int(inside.max()), self.contract.zone)
        return labels, periods.month_codes(at, edges)

    @cached_property
    def splits(self) -> Mapping[str, Coded]:
        """The columns to split by that hold anything."""
        named: dict[str, Coded] = {name: getattr(self.columns, name) for name in SPLITS} | dict(self.columns.extra)
        return {name: coded for name, coded in named.items() if coded.words}

    @cached_property
    def delivered(self) -> Mask:
        """The promise to sales was made: the definition met, the cycle qualified."""
        return self.columns.happened("qualified")

    @cached_property
    def accepted(self) -> Mask:
        """Ever accepted, whatever came later."""
        return self.columns.happened("accepted")

    @cached_property
    def rejected(self) -> Mask:
        """Declined before acceptance, by sales and (where contested) settled so."""
        return self.columns.happened("rejected")

    @cached_property
    def withdrawn(self) -> Mask:
        """Ended by neither side."""
        return self.columns.happened("withdrawn")

    @cached_property
    def in_contest(self) -> Mask:
        """Contested, and not settled yet."""
        settled = self.rejected | self.columns.happened("overturned") | self.withdrawn | self.accepted
        return self.columns.happened("contested") & ~settled

    @cached_property
    def ended(self) -> Mask:
        """Over, for any reason."""
        found: Mask = np.logical_or.reduce([self.columns.happened(stage) for stage in ENDS])
        return found

    @cached_property
    def ended_at(self) -> Instants:
        """When a cycle ended; NEVER while it runs or where nobody knows when."""
        return earliest(*(self.columns.at(stage) for stage in ENDS))

    @cached_property
    def touched(self) -> Mask:
        """A human of sales reached out."""
        return self.columns.happened("first_touch")


_LAST = np.iinfo(np.int64).max


def earliest(*columns: Instants) -> Instants:
    """The earliest instant of each row; NEVER only where all are."""
    found = np.minimum.reduce([np.where(column == NEVER, _LAST, column) for column in columns])
    return np.where(found == _LAST, NEVER, found)
