"""What marketing's activities had a part in: influenced revenue, and revenue shared among touchpoints."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from handfast.instant import NEVER
from handfast.measure.build import Entry, amounts_by, coded_words, largest_first
from handfast.measure.coded import Coded, Codes
from handfast.measure.columns import Instants
from handfast.measure.credit import WEIGHTS, Model, Points, shared
from handfast.measure.question import Mask, Question
from handfast.measure.sourcing import won
from handfast.measure.value import Amount, Definition, Kind, Measure, OnDemand, Part, Split, Unit, View, rows

_WINDOW = "eligible activity of a lead on the deal inside [opened − `attribution.influence_window`, closed]"
_NEEDS = ("opportunities", "amount", "activities")


def _defined(name: str, title: str, formula: str) -> Definition:
    return Definition(
        name=name,
        family="attribution",
        title=title,
        formula=formula,
        unit=Unit.MONEY,
        records=f"deals won, each once, with an {_WINDOW}; un-won ones are deducted when that happens",
        clause="attribution",
        view=View.ACTIVITY,
        dated_by="won",
        needs=_NEEDS,
    )


INFLUENCED = _defined("influenced_revenue", "Revenue influenced by marketing", "sum of the amounts of influenced deals")


def _multi_touch(model: Model) -> Definition:
    return _defined(
        f"multi_touch_{model.value}",
        f"Multi-touch revenue, {model.name.replace('_', ' ').lower()}",
        f"influenced revenue, shared among the touchpoints of each deal: {WEIGHTS[model]}",
    )


def points(question: Question) -> Points:
    """Every eligible activity inside the window of a deal that was ever won, by deal and time.

    Rule: measures.md, ``attribution``. The window of a deal ends with the last time it was won.
    """
    return question.kept("points", lambda: _points(question))


def _points(question: Question) -> Points:
    deals, activities = question.deals, question.activities
    closed = ever_won_at(question)
    deal, lead = _on_deals(question, closed != NEVER)
    wanted = np.zeros(max(int(lead.max(initial=-1)), int(activities.lead.max(initial=-1))) + 2, np.bool_)
    wanted[lead] = True
    known = np.array([*(word in question.contract.attribution.eligible for word in activities.kind.words), False])
    rows = np.flatnonzero(wanted[activities.lead] & known[activities.kind.codes] & (activities.lead >= 0))
    row_of, place = _join(lead, activities.lead[rows])
    deal, row = deal[row_of], rows[place]
    at = activities.at[row]
    window = question.contract.attribution.influence_window.amount
    opened = np.where(deals.opened_at == NEVER, closed, deals.opened_at)
    inside = np.flatnonzero((at >= opened[deal] - window) & (at <= closed[deal]))
    order = inside[np.lexsort((row[inside], at[inside], deal[inside]))]
    qualified = np.append(question.columns.qualified_at, NEVER)[deals.cycle]
    of = deal[order]
    return Points(
        deal=of.astype(np.int32),
        at=at[order],
        activity=row[order],
        qualified_at=qualified[of],
        opened_at=opened[of],
        closed_at=closed[of],
    )


def ever_won_at(question: Question) -> Instants:
    """When each deal was last won, be it un-won since; NEVER where it never was."""
    deals, changes = question.deals, question.columns.deal_changes
    if changes is None:
        return np.where(deals.won == 1, deals.closed_at, NEVER)
    found = np.full(len(deals), NEVER, np.int64)
    wins = changes.begins()
    wins = wins[changes.state[wins] == 1]
    found[changes.deal[wins]] = changes.at[wins]  # in time order: the last stays
    return found


def _on_deals(question: Question, of: Mask) -> tuple[Codes, Codes]:
    """Pairs of deal and lead, each once, of the deals of a mask."""
    links, deals = question.columns.deal_leads, question.deals
    if links is None:
        deal = np.flatnonzero(of & (deals.cycle >= 0)).astype(np.int32)
        return deal, question.columns.lead[deals.cycle[deal]]
    kept = (links.deal >= 0) & (links.lead >= 0)
    pairs = np.unique(np.stack((links.deal[kept], links.lead[kept]), axis=1), axis=0)
    pairs = pairs[of[pairs[:, 0]]]
    return pairs[:, 0], pairs[:, 1]


def _join(left: Codes, right: Codes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """All pairs of places where two columns carry the same code."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    begin, end = (np.searchsorted(ordered, left, side=side) for side in ("left", "right"))
    many = end - begin
    row_of = np.repeat(np.arange(len(left)), many)
    place = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many) + np.repeat(begin, many)
    return row_of, order[place]


def influenced(question: Question) -> Mask:
    """The deals with at least one touchpoint."""
    found = np.zeros(len(question.deals), np.bool_)
    found[points(question).deal] = True
    return found


def _influenced(question: Question, definition: Definition) -> Measure:
    return won(question).measure(definition, influenced(question))


def _shared(question: Question, definition: Definition) -> Measure:
    """The total is influenced revenue; what a campaign or a kind is credited is a part of it, and all parts add up."""
    model = Model(definition.name.removeprefix("multi_touch_"))
    events, found, activities = won(question), points(question), question.activities
    counted = events.counted & influenced(question) & events.ground.placed

    def split(by: str) -> Split:
        coded = (activities.kind if by == "kind" else activities.campaign).taken(found.activity)
        credit = shared(found, model, np.where(counted, events.amount, 0))
        return Split(by=by, parts=tuple(sorted(_parts(coded, credit, found, counted), key=largest_first)))

    return Measure(
        definition=definition,
        figure=Amount(value=int(events.amount[counted].sum()), records=events.ground.rows(counted)),
        splits=OnDemand(("campaign", "kind"), split),
        notes=(f"{WEIGHTS[model]}.",),
    )


def _parts(coded: Coded, credit: NDArray[np.int64], found: Points, counted: Mask) -> Iterator[Part]:
    """What each word is credited; its records are the deals that one of its touchpoints is credited of."""
    sums = amounts_by(coded, credit, np.ones(len(found), np.bool_))
    for code, word in coded_words(coded.words):
        mask = np.zeros(len(counted), np.bool_)
        mask[found.deal[(coded.codes == code) & (credit != 0)]] = True
        mask &= counted
        if mask.any():
            yield Part(word=word, figure=Amount(value=sums[code], records=rows(mask, Kind.DEAL)))


MEASURES = (Entry(INFLUENCED, _influenced), *(Entry(_multi_touch(model), _shared) for model in Model))
