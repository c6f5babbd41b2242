"""What became of leads, by how fast they were touched: observed, not proved."""

from __future__ import annotations

import numpy as np

from handfast.instant import DAY, HOUR, MINUTE, NEVER
from handfast.measure.build import Entry, Shares, share_measure
from handfast.measure.coded import Coded
from handfast.measure.question import Question
from handfast.measure.value import Definition, Measure, Unit

BANDS = ((5 * MINUTE, "within 5 min"), (HOUR, "within 1 h"), (4 * HOUR, "within 4 h"), (DAY, "within 24 h"))
WORDS = (*(word for _, word in BANDS), "later", "never", "not yet")
WARNING = (
    "Observed, not proved: reps touch first whom they expect to win, so a faster answer need not be what made the "
    "difference."
)


def _defined(outcome: str, stage: str, title: str) -> Definition:
    return Definition(
        name=f"response_to_{outcome}",
        family="response",
        title=title,
        formula=f"reached {outcome} ÷ delivered, for each band of speed to first touch",
        unit=Unit.SHARE,
        records="delivered cycles whose speed to the first human touch is known; never: ended untouched; not yet: open",
        clause="clocks.first_touch",
        needs=("qualified", "first_touch", stage),
    )


STAGE = {"contact": "contact", "acceptance": "accepted", "sql": "sql"}
"""Outcome → the stage that says it was reached."""


def speed_band(question: Question) -> Coded:
    """How fast each delivered cycle was touched; unknown where it was touched before, or nobody knows when."""
    start, touch = question.timed("qualified"), question.timed("first_touch")
    edges = np.array([edge for edge, _ in BANDS])
    codes = np.searchsorted(edges, touch - start).astype(np.int32)
    codes[~question.touched & question.ended] = len(BANDS) + 1
    codes[~question.touched & ~question.ended] = len(BANDS) + 2
    odd = question.touched & ((touch == NEVER) | (start == NEVER) | (touch < start))
    codes[odd | ~question.delivered] = -1
    return Coded(codes=codes, words=WORDS)


def _response(question: Question, definition: Definition) -> Measure:
    stage = STAGE[definition.name.removeprefix("response_to_")]
    band = question.kept("speed_band", lambda: speed_band(question))
    reached = question.happened(stage)
    shares = Shares(
        numerator=reached,
        denominator=question.delivered & (band.codes >= 0),
        still_open=~reached & ~question.ended,
        also={"speed_band": band},
        notes=(WARNING,),
    )
    return share_measure(question, definition, shares)


MEASURES = (
    Entry(_defined("contact", "contact", "Reached, by speed"), _response),
    Entry(_defined("acceptance", "accepted", "Accepted, by speed"), _response),
    Entry(_defined("sql", "sql", "Qualified by sales, by speed"), _response),
)
