"""Leads as columns: their fit, and the behaviour that each kind of lead needs to pass the bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.condition import Condition, Test, tests_in
from handfast.condition.columns import Column, column_of
from handfast.score.arrange import Coded
from handfast.score.bar import Ranges, needed, ranges
from handfast.score.compiled import loops_for
from handfast.score.kernel import Bars
from handfast.score.profile import known_in, profiles
from handfast.score.scoring import fit_of, points
from handfast.score.table import ScoreTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """Leads as a score sees them. ``bar_of[i]`` is the position of lead i's bar in ``bars``."""

    fit: NDArray[np.int64]  # hundredths, within the limits
    bar_of: NDArray[np.int32]
    bars: tuple[Ranges, ...]
    limits: tuple[int, int]

    def __len__(self) -> int:
        """Number of leads."""
        return len(self.fit)

    @property
    def needs(self) -> NDArray[np.int64]:
        """By lead, the least raw sum of behaviour with which its bar can hold, in hundredths."""
        least: NDArray[np.int64] = bars_of(self).needed[self.bar_of]
        return least


def attribute_columns(table: ScoreTable, attributes: Mapping[str, Coded]) -> dict[str, Column]:
    """Columns of words, typed as the contract declares the attributes; others are left out."""
    types = table.attributes
    return {
        name: column_of(found.codes, found.words, types[name]) for name, found in attributes.items() if name in types
    }


def leads_of(
    table: ScoreTable, bar: Condition, attributes: Mapping[str, Column], count: int, *, fast: bool | None = None
) -> Leads:
    """The fit of each lead, and the behaviour that it needs for the bar to hold. ``bar`` is ``mql.when``."""
    asked = _asked([bar, *(term.when for term in table.fit)])
    grouped = profiles(attributes, asked, count, loops_for(count, fast=fast))
    limits = table.behaviour_limits
    fit, codes = np.zeros(len(grouped.rows), dtype=np.int64), np.zeros(len(grouped.rows), dtype=np.int32)
    bars: dict[Ranges, int] = {}
    for code, row in grouped.occurring():
        known = known_in(attributes, row)
        fit[code] = fit_of(table, known)
        codes[code] = bars.setdefault(ranges(bar, known, int(fit[code]), limits), len(bars))
    return Leads(fit=fit[grouped.codes], bar_of=codes[grouped.codes], bars=tuple(bars), limits=limits)


def score_column(hundredths: NDArray[np.int64]) -> Column:
    """Scores as a column that conditions over columns can read, under the name ``fit``, ``behaviour`` or ``total``."""
    distinct, codes = np.unique(hundredths, return_inverse=True)
    return Column(codes, [points(int(value)) for value in distinct])


def bars_of(leads: Leads) -> Bars:
    """The bars as the kernel reads them."""
    starts = np.cumsum([0, *(len(found) for found in leads.bars)], dtype=np.int64)
    flat = np.array([edges for found in leads.bars for edges in found], dtype=np.int64).reshape(-1, 2)
    least = np.array([needed(found, leads.limits) for found in leads.bars], dtype=np.int64)
    return Bars(starts, np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1]), least)


def _asked(conditions: Sequence[Condition]) -> dict[str, list[Test]]:
    """Every test on an attribute, by name."""
    found: dict[str, list[Test]] = {}
    for condition in conditions:
        for test in tests_in(condition):
            found.setdefault(test.name, []).append(test)
    return found
