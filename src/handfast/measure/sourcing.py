"""Who brought the pipeline and the revenue: deals by count and by amount, each deal once."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from handfast.instant import NEVER
from handfast.measure.build import Entry, Ground, Shares, amount_measure, share_measure
from handfast.measure.coded import Coded, OfRows
from handfast.measure.columns import Codes, Opportunities
from handfast.measure.question import Mask, Question
from handfast.measure.tables import DealChanges
from handfast.measure.value import Amount, Definition, Derived, Kind, Measure, OnDemand, Part, Split, Unit, View, rows

_DEALS = "opportunities opened, each once; parts by who sourced them: marketing, sales, partner, unknown"
_WON = "opportunities won, each once, by when they closed; one that is un-won is deducted when that happens"


def _defined(
    name: str, title: str, formula: str, unit: Unit, *, of: str = _DEALS, at: str = "opportunity"
) -> Definition:
    return Definition(
        name=name,
        family="sourcing",
        title=title,
        formula=formula,
        unit=unit,
        records=of,
        clause="attribution.sourced",
        view=View.SNAPSHOT if at == "open" else View.ACTIVITY,
        dated_by="opportunity" if at == "open" else at,
        needs=("opportunities",) if name == "source_mix" else ("opportunities", "amount"),
    )


SOURCE_MIX = _defined(
    "source_mix", "Pipeline sourced by marketing", "opportunities sourced by marketing ÷ opportunities", Unit.SHARE
)
SOURCE_MIX_AMOUNT = _defined(
    "source_mix_amount",
    "Pipeline sourced by marketing, in money",
    "amount of the opportunities sourced by marketing ÷ amount of all",
    Unit.SHARE,
)
PIPELINE = _defined("pipeline", "Pipeline created", "sum of the amounts of opportunities opened", Unit.MONEY)
SOURCED_PIPELINE = _defined(
    "sourced_pipeline",
    "Pipeline created by marketing",
    "sum of the amounts of opportunities opened that marketing sourced",
    Unit.MONEY,
)
OPEN_PIPELINE = _defined(
    "open_pipeline",
    "Open pipeline",
    "sum of the amounts of opportunities open at the as-of instant",
    Unit.MONEY,
    of="opportunities open, each once",
    at="open",
)
SOURCED_OPEN_PIPELINE = _defined(
    "sourced_open_pipeline",
    "Open pipeline from marketing",
    "sum of the amounts of opportunities open at the as-of instant that marketing sourced",
    Unit.MONEY,
    of="opportunities open, each once",
    at="open",
)
WON_REVENUE = _defined(
    "won_revenue",
    "Revenue won",
    "sum of the amounts of opportunities won, less those un-won",
    Unit.MONEY,
    of=_WON,
    at="won",
)
SOURCED_REVENUE = _defined(
    "sourced_revenue",
    "Revenue won from marketing",
    "sum of the amounts of opportunities won that marketing sourced, less those un-won",
    Unit.MONEY,
    of=_WON,
    at="won",
)


def over(question: Question, deals: Opportunities, at: str) -> Ground:
    """All deals, placed by when they were opened or closed, told apart by who sourced them and by their cycle."""
    instants = deals.opened_at if at == "opened" else deals.closed_at
    placed = question.inside(instants) if question.period and at != "open" else np.ones(len(deals), np.bool_)
    return Ground(
        placed=placed & np.append(question.of_stream, True)[deals.cycle],
        splits=ChainMap({"sourced": deals.sourced}, OfRows(question.splits, deals.cycle)),  # type: ignore[arg-type]  # read only
        months=lambda: question.months_of(instants),
        kind=Kind.DEAL,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Won:
    """What each deal added to revenue won inside the period, or took from it: one row a deal."""

    amount: NDArray[np.int64]
    counted: Mask  # something was added or taken
    ground: Ground
    by_month: Callable[[Mask], Mapping[str, Split]] | None  # where a deal may belong to several months

    def measure(self, definition: Definition, of: Mask) -> Measure:
        """The sum over some of the deals."""
        whole = amount_measure(definition, self.ground, self.amount, self.counted & of)
        return whole if self.by_month is None else replace(whole, months=self.by_month(of))


def won(question: Question) -> Won:
    """Revenue as it moved. Rule: measures.md, "un-won deducted in the period it happens"."""
    return question.kept("won", lambda: _won(question))


def _won(question: Question) -> Won:
    deals, changes = question.deals, question.columns.deal_changes
    ground = over(question, deals, "closed")
    if changes is None:
        return Won(amount=deals.amount, counted=deals.won == 1, ground=ground, by_month=None)
    added = changes.revenue()
    inside = question.inside(changes.at) & (added != 0)
    amount, counted = _per_deal(changes, added, inside, len(deals))
    in_stream = np.append(question.of_stream, True)[deals.cycle]

    def by_month(of: Mask) -> Mapping[str, Split]:
        def month(by: str) -> Split:
            labels, codes = question.months_of(np.where(inside, changes.at, NEVER))
            return Split(by=by, parts=tuple(parts(labels, codes)))

        def parts(labels: tuple[str, ...], codes: Codes) -> Iterator[Part]:
            for code, label in enumerate(labels):
                sums, there = _per_deal(changes, added, inside & (codes == code), len(deals))
                mine = rows(there & of & in_stream, Kind.DEAL)
                if mine.count:
                    yield Part(word=label, figure=Amount(value=int(sums[mine.mask].sum()), records=mine))

        return OnDemand(("month",), month)

    return Won(amount=amount, counted=counted, ground=replace(ground, placed=in_stream), by_month=by_month)


def _per_deal(
    changes: DealChanges, added: NDArray[np.int64], inside: Mask, deals: int
) -> tuple[NDArray[np.int64], Mask]:
    """What the changes of a mask add to each deal, and which deals they are of."""
    sums, there = np.zeros(deals, np.int64), np.zeros(deals, np.bool_)
    np.add.at(sums, changes.deal[inside], added[inside])
    there[changes.deal[inside]] = True
    return sums, there


def _opened(deals: Opportunities) -> Mask:
    found: Mask = (deals.opened_at != NEVER) | (deals.closed_at != NEVER)
    return found


def is_open(deals: Opportunities) -> Mask:
    """Opened, and neither won nor lost."""
    found: Mask = (deals.opened_at != NEVER) & (deals.won < 0)
    return found


def sourced_by(deals: Opportunities, word: str) -> Mask:
    """The deals of one source."""
    found: Mask = deals.sourced.codes == deals.sourced.code(word)
    return found


def _mix(question: Question, definition: Definition) -> Measure:
    deals = question.deals
    shares = Shares(numerator=sourced_by(deals, "marketing"), denominator=_opened(deals))
    return share_measure(question, definition, shares, over(question, deals, "opened"))


def _mix_amount(question: Question, definition: Definition) -> Measure:
    deals = question.deals
    ground = over(question, deals, "opened")
    all_of_them = _opened(deals) & ground.placed
    words = tuple(_amounts(ground, deals, all_of_them))
    total = int(deals.amount[all_of_them].sum())
    mine = next((amount.value for word, amount in words if word == "marketing"), 0)
    figure = Derived(
        value=Fraction(mine, total) if total else None, records=ground.rows(all_of_them), parts=dict(words)
    )
    return Measure(definition=definition, figure=figure)


def _amounts(ground: Ground, deals: Opportunities, counted: Mask) -> Iterator[tuple[str, Amount]]:
    sourced: Coded = deals.sourced
    for word in ("marketing", "sales", "partner", "unknown"):
        mask = counted & ((sourced.codes < 0) if word == "unknown" else sourced_by(deals, word))
        yield word, Amount(value=int(deals.amount[mask].sum()), records=ground.rows(mask))


def _pipeline(question: Question, definition: Definition) -> Measure:
    deals = question.deals
    mine = sourced_by(deals, "marketing") if definition is SOURCED_PIPELINE else True
    return amount_measure(definition, over(question, deals, "opened"), deals.amount, _opened(deals) & mine)


def _open(question: Question, definition: Definition) -> Measure:
    deals = question.deals
    mine = sourced_by(deals, "marketing") if definition is SOURCED_OPEN_PIPELINE else True
    return amount_measure(definition, over(question, deals, "open"), deals.amount, is_open(deals) & mine)


def _revenue(question: Question, definition: Definition) -> Measure:
    mine = sourced_by(question.deals, "marketing")
    return won(question).measure(definition, mine if definition is SOURCED_REVENUE else np.ones(len(mine), np.bool_))


_JUDGES: tuple[tuple[Definition, Callable[[Question, Definition], Measure]], ...] = (
    (SOURCE_MIX, _mix),
    (SOURCE_MIX_AMOUNT, _mix_amount),
    (PIPELINE, _pipeline),
    (SOURCED_PIPELINE, _pipeline),
    (OPEN_PIPELINE, _open),
    (SOURCED_OPEN_PIPELINE, _open),
    (WON_REVENUE, _revenue),
    (SOURCED_REVENUE, _revenue),
)

MEASURES = tuple(Entry(definition, judge) for definition, judge in _JUDGES)
