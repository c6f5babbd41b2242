"""What is asked of a measure: which cycles, under which contract, for which period, as of which instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handfast.calendar import Calendar
from handfast.instant import NEVER, Instant
from handfast.measure import period as periods
from handfast.measure.columns import SPLITS, Coded, Codes, Instants, Opportunities
from handfast.measure.reached import Found, Mask, Reached, chosen, earliest
from handfast.measure.tables import Activities, Clocks, Roster, Signals, Spend, Touches
from handfast.measure.value import Period

__all__ = ["ENDS", "Mask", "Question", "Stream", "earliest", "hand_offs"]

ENDS = ("rejected", "disqualified", "won", "lost", "withdrawn")
"""What ends a cycle: after it the cycle never changes."""


class Stream(StrEnum):
    """Which cycles are counted: history carries virtual clocks and is never mixed in silently."""

    LIVE = "live"
    HISTORY = "history"
    BOTH = "both"


_TABLES = {
    "clocks": "No clocks are given.",
    "touches": "No single touches are given.",
    "activities": "No activities of leads are given.",
    "roster": "No roster is given.",
    "spend": "No spend is given.",
    "signals": "Which signals counted is not given.",
}
"""Tables beside the cycles that may be missing, and what is said then."""


@dataclass(frozen=True, kw_only=True)
class Question(Reached):
    """One question put to every measure. ``columns`` stand as of ``as_of`` already; ``period`` None means all of them.

    Masks that several measures need are computed once and kept.
    """

    as_of: Instant
    period: Period | None = None
    stream: Stream = Stream.BOTH
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def events(self, stage: str) -> Mask:
        """Where a stage was reached inside the period: at any instant, without one."""
        if self.period is None:
            return self.dated(stage)
        return self.kept(f"inside {stage}", lambda: self.inside(self.columns.at(stage)))

    def missing(self, needs: tuple[str, ...]) -> str:
        """Why the source does not allow a measure that needs these; empty when it does."""
        absent = dict(self.columns.absent)
        if self.columns.opportunities is None:
            absent.setdefault("opportunities", "No deals are given.")
        if not self.calendars:
            absent.setdefault("calendars", "No compiled calendars are given, so working time cannot be counted.")
        for table, reason in _TABLES.items():
            if getattr(self.columns, table) is None:
                absent.setdefault(table, reason)
        return next((absent[need] for need in needs if need in absent), "")

    def placed(self, stage: str) -> Mask:
        """The cycles that belong to the period by when they entered a stage; without a period, every one."""
        if self.period is None:
            return self.of_stream
        if stage not in self._placed:
            self._placed[stage] = self.events(stage) & self.of_stream
        return self._placed[stage]

    @cached_property
    def _placed(self) -> dict[str, Mask]:
        return {}

    @cached_property
    def of_stream(self) -> Mask:
        """The cycles of the stream that is asked for."""
        if self.stream is Stream.BOTH:
            return np.ones(len(self.columns), np.bool_)
        found: Mask = self.columns.history if self.stream is Stream.HISTORY else ~self.columns.history
        return found

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
            self._months[stage] = self.months_of(self.columns.at(stage))
        return self._months[stage]

    @cached_property
    def _months(self) -> dict[str, tuple[tuple[str, ...], Codes]]:
        return {}

    def months_of(self, at: Instants) -> tuple[tuple[str, ...], Codes]:
        """The months that instants of the period span, and the one each lies in."""
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
        return self.happened("qualified")

    @cached_property
    def accepted(self) -> Mask:
        """Ever accepted, whatever came later."""
        return self.happened("accepted")

    @cached_property
    def rejected(self) -> Mask:
        """Declined before acceptance, by sales and (where contested) settled so."""
        return self.happened("rejected")

    @cached_property
    def withdrawn(self) -> Mask:
        """Ended by neither side."""
        return self.happened("withdrawn")

    @cached_property
    def waiting(self) -> Mask:
        """Delivered, and nothing said by anybody yet."""
        return self.delivered & ~self.accepted & ~self.in_contest & ~self.ended

    @cached_property
    def deals(self) -> Opportunities:
        """The opportunities. Raises ValueError where there are none to be had: ask ``missing`` first."""
        if self.columns.opportunities is None:
            raise ValueError("these columns carry no opportunities")
        return self.columns.opportunities

    @property
    def clocks(self) -> Clocks:
        """The clocks. Raises ValueError where none are given: ask ``missing`` first."""
        return _given(self.columns.clocks)

    @property
    def touches(self) -> Touches:
        """Single touches. Raises ValueError where none are given: ask ``missing`` first."""
        return _given(self.columns.touches)

    @property
    def activities(self) -> Activities:
        """Activities of leads. Raises ValueError where none are given: ask ``missing`` first."""
        return _given(self.columns.activities)

    @property
    def roster(self) -> Roster:
        """Who works leads. Raises ValueError where it is not given: ask ``missing`` first."""
        return _given(self.columns.roster)

    @property
    def spend(self) -> Spend:
        """What was spent. Raises ValueError where nothing is given: ask ``missing`` first."""
        return _given(self.columns.spend)

    @property
    def signals(self) -> Signals:
        """Which signals counted. Raises ValueError where that is not given: ask ``missing`` first."""
        return _given(self.columns.signals)

    @cached_property
    def in_contest(self) -> Mask:
        """Contested, and not settled yet."""
        settled = self.rejected | self.happened("overturned") | self.withdrawn | self.accepted
        return self.happened("contested") & ~settled

    @cached_property
    def ended(self) -> Mask:
        """Over, for any reason."""
        found: Mask = np.logical_or.reduce([self.happened(stage) for stage in ENDS])
        return found

    @cached_property
    def ended_at(self) -> Instants:
        """When a cycle ended; NEVER while it runs or where nobody knows when."""
        return self.soonest(ENDS)

    @cached_property
    def until(self) -> Instants:
        """How long a cycle can be watched: to its end, or to the as-of instant; never before it qualified."""
        ended = chosen(self.ended_at != NEVER, self.ended_at, self.as_of)
        return np.maximum(ended, self.columns.qualified_at, out=ended)

    def watched_until(self, stages: Sequence[str]) -> Instants:
        """When the first of these stages was reached, else how long it can be watched for."""

        def found() -> Instants:
            first = self.first(stages)
            return chosen(first != NEVER, first, self.until)

        return self.kept(f"until {' '.join(stages)}", found)

    def on_calendar(self, name: str) -> Mask:
        """The cycles whose clocks run by a calendar: that of their pool, else the contract's default."""
        return self.kept(f"calendar {name}", lambda: self._on_calendar(name))

    def _on_calendar(self, name: str) -> Mask:
        pools, contract = self.columns.pool, self.contract
        named = [contract.pools[word].calendar if word in contract.pools else "" for word in pools.words]
        is_default = name == contract.default_calendar
        runs = np.array([*(calendar == name or (not calendar and is_default) for calendar in named), is_default])
        found: Mask = runs[pools.codes]
        return found

    @cached_property
    def hand_offs(self) -> Mapping[str, Coded]:
        """How often each cycle changed hands, to split by; nothing where the source does not know."""
        if "turns" in self.columns.absent:
            return {}
        turns = self.columns.turns
        return {"hand_offs": hand_offs(np.where(turns > 0, turns - 1, -1))}

    @cached_property
    def touched(self) -> Mask:
        """A human of sales reached out."""
        return self.happened("first_touch")


def _given(table: Found | None) -> Found:
    if table is None:
        raise ValueError("these columns do not carry that table")
    return table


_MOST = 5
_WORDS = (*(str(count) for count in range(_MOST)), f"{_MOST}+")


def hand_offs(counted: NDArray[np.int32]) -> Coded:
    """A number of hand-offs as words: 0 … 4, and 5 or more; unknown where negative."""
    return Coded(codes=np.clip(counted, -1, _MOST).astype(np.int32), words=_WORDS)
