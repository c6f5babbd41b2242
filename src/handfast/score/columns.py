"""Scores of many leads at once: facts as arrays, the kernel over them, one compilation for every contract.

A lead's attributes are taken as they are given, one value each, for all time. A row of activities without a lead (code
-1) or without an instant (``NEVER``) is nobody's. An instant at which a lead is to be judged without having done
anything that scores, such as its creation, is a row whose activity no signal listens to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from handfast.instant import NEVER
from handfast.score import kernel
from handfast.score.arrange import Activities, Coded, History, Instants, arrange
from handfast.score.compiled import WORTH_COMPILING, loops_for
from handfast.score.kernel import Bars, Patterns, Rows
from handfast.score.leads import Leads, attribute_columns, bars_of, leads_of, score_column
from handfast.score.table import ScoreTable

__all__ = [
    "WORTH_COMPILING",
    "Activities",
    "Coded",
    "History",
    "Instants",
    "Leads",
    "arrange",
    "attribute_columns",
    "behaviour_at",
    "first_passing",
    "leads_of",
    "score_column",
]

_BLOCK = 1 << 16  # rows that plain Python turns into lists at a time


def first_passing(table: ScoreTable, leads: Leads, history: History, *, fast: bool | None = None) -> Instants:
    """By lead, the first instant of an activity at which its bar holds; ``NEVER`` where it never does.

    All activities of one instant count before it is judged. Disqualifiers and hand-raises are not looked at.
    """
    first = np.full(len(leads), NEVER, dtype=np.int64)
    desk, limits = list(table.desk), table.behaviour_limits
    loops = loops_for(len(history.rows.at), fast=fast)
    patterns, bars = history.patterns, bars_of(leads)
    if loops is not None:
        loops.first_passing(np.array(desk), patterns, history.rows, bars, leads.bar_of, limits, first)
        return first
    patterns, bars = Patterns(*_lists(patterns)), Bars(*_lists(bars))
    for some, rows in _in_blocks(history.rows):
        found = first[some].tolist()
        kernel.first_passing(desk, patterns, rows, bars, leads.bar_of[some].tolist(), limits, found)
        first[some] = found
    return first


def behaviour_at(table: ScoreTable, history: History, when: Instants, *, fast: bool | None = None) -> NDArray[np.int64]:
    """By lead, the behaviour score as of its own instant in ``when``, in hundredths, within the limits."""
    behaviour = np.zeros(len(when), dtype=np.int64)
    desk, limits = list(table.desk), table.behaviour_limits
    loops = loops_for(len(history.rows.at), fast=fast)
    if loops is not None:
        loops.behaviour_at(np.array(desk), history.patterns, history.rows, when, limits, behaviour)
        return behaviour
    patterns = Patterns(*_lists(history.patterns))
    for some, rows in _in_blocks(history.rows):
        found = [0] * (some.stop - some.start)
        kernel.behaviour_at(desk, patterns, rows, when[some].tolist(), limits, found)
        behaviour[some] = found
    return behaviour


def _lists(columns: Iterable[NDArray[np.int64]]) -> Iterator[list[int]]:
    return (column.tolist() for column in columns)


def _in_blocks(rows: Rows) -> Iterator[tuple[slice, Rows]]:
    """Leads a block at a time, with their rows as lists: plain Python reads a list three times faster than an array."""
    starts: NDArray[np.int64] = rows.starts
    begin = 0
    while begin < len(starts) - 1:
        end = max(begin + 1, int(np.searchsorted(starts, starts[begin] + _BLOCK, side="right")) - 1)
        part = slice(starts[begin], starts[end])
        own = (starts[begin : end + 1] - starts[begin]).tolist()
        yield slice(begin, end), Rows(own, rows.at[part].tolist(), rows.pattern[part].tolist())
        begin = end
