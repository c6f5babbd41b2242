"""Why sales declined, by where the leads came from."""

from __future__ import annotations

import numpy as np

from handfast.instant import NEVER
from handfast.measure.build import Entry, Shares, share_measure
from handfast.measure.columns import Coded
from handfast.measure.cross import table_measure
from handfast.measure.question import Mask, Question
from handfast.measure.value import Definition, Measure, Unit

_DECLINED = "delivered cycles that sales rejected or disqualified; beside them all delivered"
_NEEDS = ("qualified", "rejected", "reason")

DECLINED = Definition(
    name="declined",
    family="reasons",
    title="Declined by sales",
    formula="rejected or disqualified ÷ delivered",
    unit=Unit.SHARE,
    records="delivered cycles",
    clause="reasons",
    needs=("qualified", "rejected"),
)

REASON_GIVEN = Definition(
    name="reason_given",
    family="reasons",
    title="Declined with a reason",
    formula="declined with a named reason ÷ declined",
    unit=Unit.SHARE,
    records="delivered cycles that sales rejected or disqualified",
    clause="reasons",
    needs=_NEEDS,
)

CONTESTED = Definition(
    name="contested_share",
    family="reasons",
    title="Rejections contested",
    formula="contested ÷ declined before acceptance or contested",
    unit=Unit.SHARE,
    records="delivered cycles that sales declined before acceptance, however a contest ended",
    clause="reasons",
    needs=("qualified", "rejected", "contested"),
)

OVERTURNED = Definition(
    name="overturned_share",
    family="reasons",
    title="Contests overturned",
    formula="contests settled for marketing ÷ contests settled",
    unit=Unit.SHARE,
    records="delivered cycles that were contested; those not settled yet, or withdrawn first, are left out",
    clause="clocks.contest",
    needs=("qualified", "rejected", "contested"),
)


def _by(name: str, title: str) -> Definition:
    return Definition(
        name=f"reasons_by_{name}",
        family="reasons",
        title=f"Reasons by {title}",
        formula=f"declined for the reason ÷ {'all declined' if name == 'clause' else 'delivered'}, for each {title}",
        unit=Unit.CYCLES,
        records=_DECLINED,
        clause="reasons",
        needs=_NEEDS,
    )


def declined(question: Question) -> Mask:
    """Delivered, and ended by sales."""
    return question.delivered & (question.rejected | question.happened("disqualified"))


def _declined(question: Question, definition: Definition) -> Measure:
    flow = (question.soonest(("rejected", "disqualified")), "qualified")
    shares = Shares(numerator=declined(question), denominator=question.delivered, flow=flow)
    return share_measure(question, definition, shares)


def _reason_given(question: Question, definition: Definition) -> Measure:
    named = question.columns.reason.codes >= 0
    at = question.soonest(("rejected", "disqualified"))
    shares = Shares(numerator=named, denominator=declined(question), flow=(np.where(named, at, NEVER), at))
    return share_measure(question, definition, shares)


def _contested(question: Question, definition: Definition) -> Measure:
    contested = question.happened("contested")
    shares = Shares(
        numerator=contested,
        denominator=question.delivered & (contested | question.rejected),
        flow=("contested", question.soonest(("contested", "rejected"))),
    )
    return share_measure(question, definition, shares)


def _overturned(question: Question, definition: Definition) -> Measure:
    contested, overturned = question.happened("contested"), question.happened("overturned")
    settled = contested & (overturned | question.rejected)
    settled_at = np.where(contested, question.soonest(("overturned", "rejected")), NEVER)
    shares = Shares(
        numerator=overturned,
        denominator=question.delivered & settled,
        flow=("overturned", settled_at),
    )
    return share_measure(question, definition, shares)


def _clause(question: Question, definition: Definition) -> Measure:
    """Each reason against the clause that it says is not met; reasons that name none stand under the unknown."""
    reason, known = question.columns.reason, question.contract.reasons
    named = [known[word].clause if word in known else "" for word in reason.words]
    words = tuple(dict.fromkeys(word for word in named if word))
    table = np.array([*(words.index(word) if word else -1 for word in named), -1], np.int32)
    clause = Coded(codes=table[reason.codes], words=words)
    mine = declined(question)
    return table_measure(question, definition, ("reason", reason), ("clause", clause), counted=mine, could=mine)


def _table(question: Question, definition: Definition) -> Measure:
    by = definition.name.removeprefix("reasons_by_")
    told_apart: Coded = getattr(question.columns, by)
    return table_measure(
        question,
        definition,
        ("reason", question.columns.reason),
        (by, told_apart),
        counted=declined(question),
        could=question.delivered,
    )


MEASURES = (
    Entry(DECLINED, _declined),
    Entry(REASON_GIVEN, _reason_given),
    Entry(_by("source", "source"), _table),
    Entry(_by("campaign", "campaign"), _table),
    Entry(_by("pool", "pool"), _table),
    Entry(_by("owner", "owner"), _table),
    Entry(_by("clause", "clause of the contract"), _clause),
    Entry(CONTESTED, _contested),
    Entry(OVERTURNED, _overturned),
)
