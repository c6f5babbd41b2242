"""Cycles as columns: the one shape that every measure reads, live or from an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from handfast.instant import NEVER, Instant
from handfast.measure.coded import Coded, Codes, Instants, unknown
from handfast.measure.tables import (
    Activities,
    Assignments,
    Clocks,
    DealChanges,
    DealLeads,
    Roster,
    Signals,
    Spend,
    Touches,
    by,
)

__all__ = ["SPLITS", "STAGES", "Coded", "Codes", "CycleColumns", "Instants", "Opportunities", "as_of", "faults"]


@dataclass(slots=True, kw_only=True)
class Opportunities:
    """Deals, one row each: a deal counts once however many leads are on it, and a lead may have several."""

    key: Sequence[str]
    cycle: Codes  # row of the cycle it belongs to; -1 when it is tied to none
    opened_at: Instants
    closed_at: Instants
    won: NDArray[np.int8]  # 1 won, 0 lost, -1 open
    amount: NDArray[np.int64]  # hundredths of the contract's currency; 0 when unknown
    sourced: Coded  # who brought it, by the contract's rule: marketing, sales, partner; -1 unknown

    def __len__(self) -> int:
        """Number of deals."""
        return len(self.key)


@dataclass(slots=True, kw_only=True)
class CycleColumns:
    """One row per cycle.

    ``key[i]`` names the record in the system it came from; it is the evidence behind a number. All arrays have the
    same length. ``history`` is True where another system's stages stamped the cycle and clocks are virtual.

    The fields after ``extra`` may be left out. ``absent`` says what the source cannot tell, and why: a measure that
    needs it is reported as not measurable with that sentence, never as 0. ``undated[stage]`` is True where a stage was
    reached at an instant nobody knows; it is known to have been reached by ``drawn_at``. ``inferred[stage]`` is True
    where a later stage implies it: its instant is the latest it can have been, good for placing, not for timing. Where
    both are True and there is an instant, the source states the stage without one. ``by_day[stage]`` is True where a
    stage that is else known to the minute is known to the day alone: good for placing, not for timing.
    """

    key: Sequence[str]
    inquiry_at: Instants
    raised_at: Instants
    qualified_at: Instants
    accepted_at: Instants
    contested_at: Instants
    rejected_at: Instants
    sql_at: Instants
    opportunity_at: Instants
    won_at: Instants
    lost_at: Instants
    disqualified_at: Instants
    withdrawn_at: Instants
    first_touch_at: Instants
    first_touch_due_at: Instants
    decision_due_at: Instants
    attempts: NDArray[np.int32]  # human attempts and contacts on the cycle
    hand_raised: NDArray[np.bool_]
    icp: NDArray[np.int8]  # 1 met at qualified_at, 0 not met, -1 unknown
    history: NDArray[np.bool_]
    amount: NDArray[np.int64]  # won or open amount in hundredths of the currency; 0 when unknown
    source: Coded
    campaign: Coded
    owner: Coded
    pool: Coded
    band: Coded
    segment: Coded
    reason: Coded  # of rejection or disqualification
    extra: Mapping[str, Coded] = field(default_factory=dict)
    lead: Codes = field(default_factory=lambda: np.zeros(0, np.int32))  # which human; left out: one each
    overturned_at: Instants = field(default_factory=lambda: np.zeros(0, np.int64))  # contest decided for marketing
    working_due_at: Instants = field(default_factory=lambda: np.zeros(0, np.int64))
    excused: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))  # a late first touch forgiven
    turns: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))  # assignments; -1 unknown
    stated_in_time: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))  # the source's own flag
    stated_reassignments: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))  # its own count
    undated: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    inferred: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    by_day: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    date_only: frozenset[str] = frozenset()  # instant columns, without ``_at``, that know the day alone
    drawn_at: Instant | None = None
    opportunities: Opportunities | None = None
    version: Coded = field(default_factory=lambda: unknown(0))  # of the contract that a cycle is pinned to
    contact_at: Instants = field(default_factory=lambda: np.zeros(0, np.int64))  # the first two-way touch
    recycled: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))  # 1 recycled, 0 not, -1 unknown
    clocks: Clocks | None = None
    assignments: Assignments | None = None
    touches: Touches | None = None
    activities: Activities | None = None
    deal_leads: DealLeads | None = None
    deal_changes: DealChanges | None = None
    roster: Roster | None = None
    signals: Signals | None = None
    spend: Spend | None = None

    def __post_init__(self) -> None:
        """Fill what was left out with the neutral value of each column."""
        count = len(self.key)
        for name, neutral in _NEUTRAL.items():
            if len(getattr(self, name)) != count:
                like = getattr(self, name)
                setattr(self, name, np.full(count, neutral, like.dtype))
        if len(self.lead) != count:
            self.lead = np.arange(count, dtype=np.int32)
        if len(self.version.codes) != count and not self.version.words:
            self.version = unknown(count)

    def __len__(self) -> int:
        """Number of cycles."""
        return len(self.key)

    def at(self, stage: str) -> Instants:
        """The instants of a stage, by the name it has in the vocabulary: ``qualified``, ``accepted``, ``won``."""
        column: Instants = getattr(self, f"{stage}_at")
        return column

    def happened(self, stage: str) -> NDArray[np.bool_]:
        """Where a stage was reached, with or without a known instant."""
        found: NDArray[np.bool_] = self.at(stage) != NEVER
        if stage in self.undated:
            found |= self.undated[stage]
        return found


_NEUTRAL = {
    "overturned_at": NEVER,
    "working_due_at": NEVER,
    "excused": False,
    "turns": -1,
    "stated_in_time": -1,
    "stated_reassignments": -1,
    "contact_at": NEVER,
    "recycled": -1,
}

STAGES = (
    "inquiry",
    "raised",
    "qualified",
    "accepted",
    "contested",
    "overturned",
    "rejected",
    "sql",
    "opportunity",
    "won",
    "lost",
    "disqualified",
    "withdrawn",
    "first_touch",
    "contact",
)
"""What can happen to a cycle: each is a column ``STAGE_at``. Dues are no stages: they are set, they do not happen."""

SPLITS = ("source", "campaign", "owner", "pool", "band", "segment", "version")
"""The coded columns that every measure is split by; ``extra`` may add more."""


def as_of(columns: CycleColumns, instant: Instant) -> CycleColumns:
    """The columns as they stood at an instant: what happened later has not happened.

    What was reached at an unknown instant is known only from ``drawn_at`` on, and left out before.
    """
    changed: dict[str, object] = {}
    for stage in STAGES:
        column = columns.at(stage)
        known = by(column, instant)
        if known is not column:
            changed[f"{stage}_at"] = known
    if columns.drawn_at is not None and instant < columns.drawn_at:
        changed["undated"] = {}
    changes = None if columns.deal_changes is None else columns.deal_changes.as_of(instant)
    if columns.opportunities is not None:
        changed["opportunities"] = _deals_as_of(columns.opportunities, instant, changes)
    for name in ("clocks", "assignments", "touches", "activities", "spend", "deal_changes"):
        table = getattr(columns, name)
        if table is not None and (standing := table.as_of(instant)) is not table:
            changed[name] = standing
    return replace(columns, **changed) if changed else columns  # type: ignore[arg-type]  # keys are field names


def _deals_as_of(deals: Opportunities, instant: Instant, changes: DealChanges | None) -> Opportunities:
    opened = by(deals.opened_at, instant)
    if changes is not None:
        return _deals_by_changes(replace(deals, opened_at=opened), changes)
    later = deals.closed_at > instant
    return replace(
        deals,
        opened_at=opened,
        closed_at=np.where(later, NEVER, deals.closed_at),
        won=np.where(later, np.int8(-1), deals.won),
    )


def _deals_by_changes(deals: Opportunities, changes: DealChanges) -> Opportunities:
    """State, closing and amount of every deal as its changes so far leave it; a deal without one is open."""
    state, closed = np.full(len(deals), -1, np.int8), np.full(len(deals), NEVER, np.int64)
    amount = np.zeros(len(deals), np.int64)
    # Later rows overwrite earlier ones: of one deal they stand in time order.
    state[changes.deal], amount[changes.deal] = changes.state, changes.amount
    begins = changes.begins()
    closed[changes.deal[begins]] = np.where(changes.state[begins] >= 0, changes.at[begins], NEVER)
    return replace(deals, won=state, closed_at=closed, amount=amount)


def faults(columns: CycleColumns) -> list[str]:
    """What is wrong with the columns themselves: unequal lengths, a record twice, codes without a word."""
    count = len(columns)
    found = [
        f"column {one.name} has {len(getattr(columns, one.name))} rows instead of {count}"
        for one in fields(columns)
        if isinstance(getattr(columns, one.name), np.ndarray) and len(getattr(columns, one.name)) != count
    ]
    if len(set(columns.key)) != count:
        found.append(f"{count - len(set(columns.key))} cycles are there twice")
    for name in (*SPLITS, "reason"):
        coded: Coded = getattr(columns, name)
        if len(coded.codes) != count:
            found.append(f"column {name} has {len(coded.codes)} rows instead of {count}")
        elif count and not -1 <= int(coded.codes.min()) <= int(coded.codes.max()) < len(coded.words):
            found.append(f"column {name} holds a code without a word")
    return found
