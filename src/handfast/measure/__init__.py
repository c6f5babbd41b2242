"""Measures: numbers with the records behind them.

``board(columns, contract, period, as_of)`` gives every measure that the columns allow.
"""

from __future__ import annotations

from handfast.measure.scoreboard import Board, board
from handfast.measure.value import Measure, Period

__all__ = ["Board", "Measure", "Period", "board"]
