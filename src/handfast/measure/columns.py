"""Cycles as columns: the one shape that every measure reads, live or from an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

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
class CycleColumns:
    """One row per cycle.

    ``key[i]`` names the record in the system it came from; it is the evidence behind a number. All arrays have the
    same length. ``history`` is True where another system's stages stamped the cycle and clocks are virtual.
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

    def __len__(self) -> int:
        """Number of cycles."""
        return len(self.key)
