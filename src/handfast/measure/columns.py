"""Cycles as columns: the one shape that every measure reads, live or from an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from handfast.instant import NEVER, Instant

Instants = NDArray[np.int64]
"""Microseconds since the epoch, UTC; ``handfast.instant.NEVER`` where it did not happen."""
Codes = NDArray[np.int32]
"""Positions in a vocabulary; -1 where unknown."""


@dataclass(slots=True, kw_only=True)
class Coded:
    """A column of words stored as codes. ``words[codes[i]]`` is the value of row i; code -1 is unknown."""

    codes: Codes
    words: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Opportunities:
    """Deals, one row each: a deal counts once however many leads are on it, and a lead may have several."""

    key: list[str]
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

    key: list[str]
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

    def __post_init__(self) -> None:
        """Fill what was left out with the neutral value of each column."""
        count = len(self.key)
        for name, neutral in _NEUTRAL.items():
            if len(getattr(self, name)) != count:
                like = getattr(self, name)
                setattr(self, name, np.full(count, neutral, like.dtype))
        if len(self.lead) != count:
            self.lead = np.arange(count, dtype=np.int32)

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
)
"""What can happen to a cycle: each is a column ``STAGE_at``. Dues are no stages: they are set, they do not happen."""

SPLITS = ("source", "campaign", "owner", "pool", "band", "segment")
"""The coded columns that every measure is split by; ``extra`` may add more."""


def as_of(columns: CycleColumns, instant: Instant) -> CycleColumns:
    """The columns as they stood at an instant: what happened later has not happened.

    What was reached at an unknown instant is known only from ``drawn_at`` on, and left out before.
    """
    changed: dict[str, object] = {}
    for stage in STAGES:
        column = columns.at(stage)
        if len(column) and int(column.max()) > instant:
            changed[f"{stage}_at"] = np.where(column > instant, NEVER, column)
    if columns.drawn_at is not None and instant < columns.drawn_at:
        changed["undated"] = {}
    if columns.opportunities is not None:
        changed["opportunities"] = _deals_as_of(columns.opportunities, instant)
    return replace(columns, **changed) if changed else columns  # type: ignore[arg-type]  # keys are field names


def _deals_as_of(deals: Opportunities, instant: Instant) -> Opportunities:
    later = deals.closed_at > instant
    return replace(
        deals,
        opened_at=np.where(deals.opened_at > instant, NEVER, deals.opened_at),
        closed_at=np.where(later, NEVER, deals.closed_at),
        won=np.where(later, np.int8(-1), deals.won),
    )


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
