"""Scores: exact points from what a lead is and did.

``compile_table`` turns a contract into integer tables; ``score_at`` is the definition; ``ScoreState`` keeps one lead
up to date live; ``explain`` says where every point comes from. Scores of many leads at once, and the first instants at
which they pass the MQL bar, are in ``handfast.score.columns``, which alone needs numpy.
"""

from __future__ import annotations

from handfast.score.explain import (
    Explanation,
    Line,
    LineKind,
    Side,
    explain,
    explain_state,
    explain_tally,
    signals_counted,
)
from handfast.score.scoring import Scored, fit_of, points, score_at
from handfast.score.state import ScoreState, Tally
from handfast.score.table import ScoreTable, compile_table

__all__ = [
    "Explanation",
    "Line",
    "LineKind",
    "ScoreState",
    "ScoreTable",
    "Scored",
    "Side",
    "Tally",
    "compile_table",
    "explain",
    "explain_state",
    "explain_tally",
    "fit_of",
    "points",
    "score_at",
    "signals_counted",
]
