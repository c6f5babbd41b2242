"""Who brought the pipeline: deals by count and by amount, each deal once."""

from __future__ import annotations

import numpy as np

from handfast.instant import NEVER
from handfast.measure.build import Entry, Ground, Shares, amount_measure, share_measure
from handfast.measure.columns import Opportunities
from handfast.measure.question import Mask, Question
from handfast.measure.value import Definition, Kind, Measure, Unit, View

_DEALS = "opportunities opened, each once; parts by who sourced them: marketing, sales, partner, unknown"


def _defined(name: str, title: str, formula: str, unit: Unit, *, needs: tuple[str, ...] = ()) -> Definition:
    return Definition(
        name=name,
        family="sourcing",
        title=title,
        formula=formula,
        unit=unit,
        records=_DEALS,
        clause="attribution.sourced",
        view=View.ACTIVITY,
        dated_by="opportunity",
        needs=("opportunities", *needs),
    )


SOURCE_MIX = _defined(
    "source_mix", "Pipeline sourced by marketing", "opportunities sourced by marketing ÷ opportunities", Unit.SHARE
)
PIPELINE = _defined(
    "pipeline", "Pipeline created", "sum of the amounts of opportunities opened", Unit.MONEY, needs=("amount",)
)
WON_REVENUE = _defined(
    "won_revenue", "Revenue won", "sum of the amounts of opportunities won", Unit.MONEY, needs=("amount",)
)


def over(question: Question, deals: Opportunities, at: str) -> Ground:
    """All deals, placed by when they were opened or closed, told apart by who sourced them and by their cycle."""
    instants = deals.opened_at if at == "opened" else deals.closed_at

    return Ground(
        placed=question.inside(instants) if question.period else np.ones(len(deals), np.bool_),
        splits={"sourced": deals.sourced} | {by: coded.taken(deals.cycle) for by, coded in question.splits.items()},
        months=lambda: question.months_of(instants),
        kind=Kind.DEAL,
    )


def _opened(deals: Opportunities) -> Mask:
    found: Mask = (deals.opened_at != NEVER) | (deals.closed_at != NEVER)
    return found


def _sourced_by(deals: Opportunities, word: str) -> Mask:
    codes = [code for code, known in enumerate(deals.sourced.words) if known == word]
    return np.isin(deals.sourced.codes, codes)


def _mix(question: Question, definition: Definition) -> Measure:
    deals = question.deals
    shares = Shares(numerator=_sourced_by(deals, "marketing"), denominator=_opened(deals))
    return share_measure(question, definition, shares, over(question, deals, "opened"))


def _pipeline(question: Question, definition: Definition) -> Measure:
    deals = question.deals
    return amount_measure(definition, over(question, deals, "opened"), deals.amount, _opened(deals))


def _revenue(question: Question, definition: Definition) -> Measure:
    deals = question.deals
    return amount_measure(definition, over(question, deals, "closed"), deals.amount, deals.won == 1)


MEASURES = (Entry(SOURCE_MIX, _mix), Entry(PIPELINE, _pipeline), Entry(WON_REVENUE, _revenue))
