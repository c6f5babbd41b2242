"""Facts brought into the order in which the kernel walks them: activities by lead and time, with what they match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from handfast.condition import Operator, Test, ValueType, tests_in
from handfast.condition.columns import Column, column_of
from handfast.instant import NEVER
from handfast.score.compiled import Compiled, loops_for
from handfast.score.kernel import FULL, Patterns, Rows
from handfast.score.profile import known_in, profiles
from handfast.score.table import ScoreTable

Instants = NDArray[np.int64]
"""Microseconds since the epoch; ``NEVER`` where there is none."""

PatternCodes = NDArray[np.uint16] | NDArray[np.uint32]
"""Positions among sets of signals."""


class Coded(Protocol):
    """A column of words stored as codes; -1 is unknown."""

    @property
    def codes(self) -> NDArray[np.int32]:
        """Positions in ``words``."""

    @property
    def words(self) -> tuple[str, ...]:
        """The distinct values."""


class Activities(Protocol):
    """Things leads did, in any order: ``handfast.audit.export.ActivityColumns`` and whatever has its shape."""

    @property
    def lead(self) -> NDArray[np.int32]:
        """The lead of each row; -1 is nobody."""

    @property
    def at(self) -> Instants:
        """When it happened."""

    @property
    def kind(self) -> Coded:
        """Which activity it was."""

    @property
    def properties(self) -> Mapping[str, Coded]:
        """Its properties by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Activities in order of (lead, time), each with the set of signals it matches. Made by ``arrange``."""

    rows: Rows
    patterns: Patterns


def arrange(
    table: ScoreTable,
    activities: Activities,
    leads: int,
    *,
    needs: NDArray[np.int64] | None = None,
    fast: bool | None = None,
) -> History:
    """Match every activity with the signals and bring all into order of (lead, time); one instant's keep their order.

    With ``needs`` (``Leads.needs``), leads that can never pass their bar are left out: the history is then good for
    ``first_passing`` alone. ``fast`` chooses the compiled kernel; by default it is used from ``WORTH_COMPILING`` rows
    on, where numba is installed. Raises ValueError when a row names a lead beyond ``leads``.
    """
    if len(activities.lead) and int(activities.lead.max()) >= leads:
        raise ValueError(f"an activity of lead {int(activities.lead.max())} among {leads} leads")
    loops = loops_for(len(activities.at), fast=fast)
    groups = _groups(table, activities, loops)
    patterns = _as_columns(table, groups.sets)
    sums: NDArray[np.int64] = np.zeros(2 * leads, dtype=np.int64)
    gain = patterns.gain[groups.pattern]
    tally = _tally if loops is None else loops.tally
    tally(activities.lead, activities.at, groups.codes, gain, NEVER, sums)
    count, hope = sums[0::2], sums[1::2]
    if needs is not None:
        count[needs > hope] = 0
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(count)))
    return History(rows=_ordered(activities, groups, starts, loops), patterns=patterns)


def _as_columns(table: ScoreTable, sets: Sequence[tuple[int, ...]]) -> Patterns:
    gain = [sum(max(table.behaviour[signal].points, 0) * FULL for signal in found) for found in sets]
    return Patterns(
        start=np.cumsum([0, *(len(found) for found in sets)], dtype=np.int64),
        drawer=np.array([table.drawers[signal] for found in sets for signal in found], dtype=np.int64),
        gain=np.array(gain, dtype=np.int64),
    )


_Key = tuple[str, ValueType]  # the same property may have another type in another activity
_KIND: _Key = ("", ValueType.TEXT)  # the activity itself: no property has an empty name


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows that match the same signals: ``sets[pattern[codes[i]]]`` are those of row i, by position."""

    codes: NDArray[np.int32]
    pattern: PatternCodes
    sets: tuple[tuple[int, ...], ...]


def _groups(table: ScoreTable, activities: Activities, loops: Compiled | None) -> _Groups:
    columns, tests = _asked(table, activities)
    grouped = profiles(columns, tests, len(activities.at), loops)
    sets: dict[tuple[int, ...], int] = {(): 0}
    pattern = np.zeros(len(grouped.rows), dtype=np.uint32)
    for code, row in grouped.occurring():
        known = known_in(columns, row)
        name = str(known.pop(_KIND) or "")
        types = table.properties.get(name, {})
        own = {key: value for (key, kind), value in known.items() if types.get(key) is kind}
        pattern[code] = sets.setdefault(table.matching(name, own), len(sets))
    narrow: PatternCodes = pattern.astype(np.uint16) if len(sets) <= 1 << 16 else pattern
    return _Groups(grouped.codes, narrow, tuple(sets))


def _asked(table: ScoreTable, activities: Activities) -> tuple[dict[_Key, Column], dict[_Key, list[Test]]]:
    """The columns that signals read, typed, and every test asked of each."""
    kind = activities.kind
    columns: dict[_Key, Column] = {_KIND: Column(kind.codes, kind.words)}
    tests: dict[_Key, list[Test]] = {_KIND: [Test("", Operator.IS, name) for name in table.by_activity]}
    for term in table.behaviour:
        for test in [] if term.when is None else tests_in(term.when):
            key = (test.name, table.properties[term.on][test.name])
            tests.setdefault(key, []).append(test)
            if test.name in activities.properties and key not in columns:
                found = activities.properties[test.name]
                columns[key] = column_of(found.codes, found.words, key[1])
    return columns, tests


def _tally(
    lead: NDArray[np.int32],
    at: Instants,
    group: NDArray[np.int32],
    gain: NDArray[np.int64],
    never: int,
    sums: NDArray[np.int64],
) -> None:
    """``kernel.tally`` in numpy: as plain Python it would take half a second for a million rows."""
    real = np.flatnonzero((lead >= 0) & (at != never))
    np.add.at(sums[0::2], lead[real], 1)
    np.add.at(sums[1::2], lead[real], gain[group[real]])


def _real(activities: Activities) -> NDArray[np.int64]:
    return np.flatnonzero((activities.lead >= 0) & (activities.at != NEVER))


def _ordered(activities: Activities, groups: _Groups, starts: NDArray[np.int64], loops: Compiled | None) -> Rows:
    wanted = np.diff(starts) > 0
    if loops is None:
        some = _real(activities)
        some = some[wanted[activities.lead[some]]]
        order = some[np.lexsort((activities.at[some], activities.lead[some]))]  # stable
        return Rows(starts, activities.at[order], groups.pattern[groups.codes[order]])
    size = int(starts[-1])
    rows = Rows(starts, np.empty(size, dtype=np.int64), np.empty(size, dtype=groups.pattern.dtype))
    free = np.where(wanted, starts[:-1], -1)
    loops.place(activities.lead, activities.at, groups.codes, groups.pattern, NEVER, free, rows)
    unsorted = np.zeros(len(wanted), dtype=np.bool_)
    loops.put_in_time_order(rows, unsorted)
    for lead in np.flatnonzero(unsorted):
        part = slice(starts[lead], starts[lead + 1])
        order = np.argsort(rows.at[part], kind="stable")
        rows.at[part], rows.pattern[part] = rows.at[part][order], rows.pattern[part][order]
    return rows
