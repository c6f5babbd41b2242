"""Which stages were reached and when, and what their instants are good for: placing, timing, or the day alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from handfast.contract.model import Contract
from handfast.instant import DAY, NEVER, Instant
from handfast.measure import period as periods
from handfast.measure.columns import STAGES, CycleColumns, Instants

Mask = NDArray[np.bool_]
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The stages of all cycles. What several measures look at is worked out once and kept: nobody may write into it."""

    columns: CycleColumns
    contract: Contract

    def kept(self, name: str, make: Callable[[], Found]) -> Found:
        """What several measures look at, worked out once."""
        if name not in self._kept:
            self._kept[name] = make()
        found: Found = self._kept[name]
        return found

    @cached_property
    def _kept(self) -> dict[str, Any]:
        return {}

    def happened(self, stage: str) -> Mask:
        """Where a stage was reached, with or without a known instant."""
        if stage not in self.columns.undated:
            return self.dated(stage)
        return self.kept(f"happened {stage}", lambda: self.columns.happened(stage))

    def dated(self, stage: str) -> Mask:
        """Where a stage was reached at an instant that is given."""
        return self.kept(f"dated {stage}", lambda: self.columns.at(stage) != NEVER)

    def first(self, stages: Sequence[str]) -> Instants:
        """When the first of these stages was reached, by instants that time may be measured by."""
        if not self._marked(stages):
            return self.soonest(stages)
        return self.kept(f"first {' '.join(stages)}", lambda: earliest(*(self.timed(stage) for stage in stages)))

    def soonest(self, stages: Sequence[str]) -> Instants:
        """When the first of these stages was reached, whatever is known of the instant."""
        return self.kept(f"soonest {' '.join(stages)}", lambda: earliest(*(self.columns.at(stage) for stage in stages)))

    def timed(self, stage: str) -> Instants:
        """The instants of a stage that time may be measured by: not those implied by a later stage, nor bare days."""
        at = self.columns.at(stage)
        for masks in (self.columns.inferred, self.columns.by_day):
            at = np.where(masks[stage], NEVER, at) if stage in masks else at
        return at

    def implied(self, stage: str) -> Mask:
        """Where a stage is known from a later one alone; the source itself says nothing of it."""
        if stage not in self.columns.inferred:
            return np.zeros(len(self.columns), np.bool_)
        found = self.columns.inferred[stage]
        if stage in self.columns.undated:
            found = found & ~(self.columns.undated[stage] & (self.columns.at(stage) != NEVER))
        return found

    def unknown_when(self, stages: Sequence[str]) -> Mask:
        """Where the first of these stages was reached nobody knows when.

        One was reached at an instant that is not stated, or stated by the day alone; or none but by inference, and the
        instant is a later stage's.
        A stage inferred beside another that has an instant hides nothing: it was skipped.
        """
        if not self._marked(stages):
            return np.zeros(len(self.columns), np.bool_)
        reached = np.logical_or.reduce([self.happened(stage) for stage in stages])
        found: Mask = reached & (self.first(stages) == NEVER)
        for stage in stages:
            if stage in self.columns.undated:
                found |= self.columns.undated[stage] & ~self._skipped(stage)
            if stage in self.columns.by_day:
                found |= self.columns.by_day[stage]
        return found

    def _skipped(self, stage: str) -> Mask:
        """Where a stage is only inferred, from another without an instant."""
        if stage not in self.columns.inferred:
            return np.zeros(len(self.columns), np.bool_)
        skipped: Mask = self.columns.inferred[stage] & (self.columns.at(stage) == NEVER)
        return skipped

    def _marked(self, stages: Sequence[str]) -> bool:
        """Whether any instant of these stages is less than plainly given."""
        marks = (self.columns.undated, self.columns.inferred, self.columns.by_day)
        return not all(masks.keys().isdisjoint(stages) for masks in marks)

    def days_between(self, start: Instants, stop: Instants, *, floor: bool) -> Instants:
        """Spans counted on a wall clock, for ends that are known only to the day.

        With ``floor`` the start counts from its day too, because the stop does: a lead of ten o'clock touched on the
        same date was not touched ten hours before it came.
        """
        begun, ended = self.wall(start), self.wall(stop)
        return ended - (begun // DAY * DAY if floor else begun)

    def wall(self, at: Instants) -> Instants:
        """What the clock on the wall shows by which the source's bare days begin at midnight."""
        return periods.local(at, self.contract.zone) if self._days_are_the_contracts else at

    @cached_property
    def _days_are_the_contracts(self) -> bool:
        """Whether bare days begin at midnight in the contract's zone; else the source was read in UTC."""
        bare = [self.columns.at(stage) for stage in STAGES if stage in self.columns.date_only]
        known = np.concatenate([np.zeros(0, np.int64), *(at[at != NEVER] for at in bare)])
        ours, theirs = (np.count_nonzero(at % DAY == 0) for at in (periods.local(known, self.contract.zone), known))
        return bool(ours >= theirs)

    def bare_days(self, stages: Sequence[str]) -> tuple[int, int]:
        """How many of the instants of those stages that know only the day are bare days, and of how many."""
        named = [self.wall(self.columns.at(stage)) for stage in stages if stage in self.columns.date_only]
        raw = [self.columns.at(stage) for stage in stages if stage in self.columns.date_only]
        known = np.concatenate([np.zeros(0, np.int64), *(a[b != NEVER] for a, b in zip(named, raw, strict=True))])
        return int(np.count_nonzero(known % DAY == 0)), len(known)


_BLOCK = 1 << 15
"""Rows that are looked at together, so that what lies between two steps stays in the processor's cache."""


def chosen(where: Mask, one: Instants, other: Instants | Instant) -> Instants:
    """Of each row one instant or the other. Worked out without a branch, which half of the rows would take by surprise.

    The difference of two instants may wrap around; added to the one it was taken from it wraps back.
    """
    found = np.empty_like(one)
    for begin in range(0, len(one), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        els = other[block] if isinstance(other, np.ndarray) else np.int64(other)
        with np.errstate(over="ignore"):
            there = np.subtract(one[block], els, out=found[block])
            there *= where[block]
            there += els
    return found


def earliest(first: Instants, *others: Instants) -> Instants:
    """The earliest instant of each row; NEVER only where all are.

    NEVER is the least number there is: one less of it wraps around to the greatest, where it is out of the way.
    """
    if not others:
        return first
    found = np.empty_like(first)
    for begin in range(0, len(first), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        least = first[block] - 1
        for column in others:
            np.minimum(least, column[block] - 1, out=least)
        np.add(least, 1, out=found[block])
    return found
