"""Measures: numbers with the records behind them.

``board(columns, contract, period, as_of)`` answers every measure that the columns allow, for a period (None: all there
is), as of an instant. Columns are made by ``history.columns.columns_of`` of leads as the engine left them, or by
``audit.judge`` of an export; ``as_of`` may lie before the instant they were drawn at.

One measure is ``board(…)["acceptance_rate"]``. Its figure is the cohort view, its ``flow`` the activity view where it
has one, ``splits["source"]`` and ``trend`` tell it apart; they are worked out when somebody opens them.
``behind(figure)`` gives the records of every part of a number, and ``rows.keys(board.columns)`` their names. A board
holds on to the columns it was asked of: whoever brings them up to date makes new ones.
"""

from __future__ import annotations

from handfast.measure.behind import behind
from handfast.measure.scoreboard import Board, board
from handfast.measure.value import Measure, Period

__all__ = ["Board", "Measure", "Period", "behind", "board"]
