"""What becomes of those that went back to marketing."""

from __future__ import annotations

import numpy as np

from handfast.contract.terms import Disposition, DispositionKind
from handfast.instant import NEVER
from handfast.measure.build import Entry, Ground, Shares, share_measure
from handfast.measure.columns import Instants
from handfast.measure.question import Mask, Question
from handfast.measure.value import Definition, Measure, Unit

_RECORDS = (
    "ended cycles whose disposition was recycle, by when they ended; a later cycle still running is shown as open"
)


def _defined(name: str, title: str, formula: str) -> Definition:
    return Definition(
        name=name,
        family="recycle",
        title=title,
        formula=formula,
        unit=Unit.SHARE,
        records=_RECORDS,
        clause="recycle",
        dated_by="ended",
        needs=("qualified", "recycled"),
    )


AGAIN = _defined(
    "recycle_yield", "Recycled and back", "recycled cycles whose lead qualified again later ÷ recycled cycles"
)
WON = _defined(
    "recycle_won", "Recycled and won", "recycled cycles whose lead qualified again later and won ÷ recycled cycles"
)


def recycled(question: Question) -> Mask:
    """Ended, and back to marketing: as the source says, else by what the contract's reason asks for."""
    columns, reasons = question.columns, question.contract.reasons
    back = [word in reasons and _back(reasons[word].then) for word in columns.reason.words]
    by_reason = np.array([*back, False])[columns.reason.codes]
    declined = question.rejected | question.happened("disqualified")
    found: Mask = np.where(columns.recycled < 0, by_reason & declined, columns.recycled == 1) & question.ended
    return found


def _back(then: Disposition | None) -> bool:
    return then is not None and then.kind is not DispositionKind.CLOSE


def _later(question: Question, at: Instants, of: Mask, back: Mask) -> Mask:
    """Of the cycles that went back, those after whose end a mask names one of the same lead, by instants of its own."""
    lead, whose = question.columns.lead, np.flatnonzero(back)
    found = np.full(int(lead.max(initial=-1)) + 1, NEVER, np.int64)
    asked = np.zeros(len(found), np.bool_)
    asked[lead[whose]] = True
    rows = np.flatnonzero(of & asked.take(lead))
    np.maximum.at(found, lead.take(rows), at.take(rows))
    later = np.zeros(len(lead), np.bool_)
    later[whose] = found.take(lead.take(whose)) > question.ended_at.take(whose)
    return later


def _share(question: Question, definition: Definition) -> Measure:
    columns, ended = question.columns, question.ended_at
    back = question.kept("recycled", lambda: recycled(question)) & (ended != NEVER)
    counts = question.delivered if definition is AGAIN else question.delivered & question.happened("won")
    numerator = _later(question, columns.qualified_at, counts, back)
    running = ~question.ended & (~question.delivered if definition is AGAIN else True)
    begun = np.maximum(columns.inquiry_at, columns.qualified_at)
    shares = Shares(
        numerator=numerator,
        denominator=back,
        still_open=~numerator & _later(question, begun, running, back),
    )
    ground = Ground(
        placed=question.inside(ended) & question.of_stream,
        splits=question.splits,
        months=lambda: question.months_of(ended),
    )
    return share_measure(question, definition, shares, ground)


MEASURES = (Entry(AGAIN, _share), Entry(WON, _share))
