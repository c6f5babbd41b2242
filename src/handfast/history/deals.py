"""Deals of a world: each once, with every change, who is on it, and who brought it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from handfast.condition import fold
from handfast.contract.model import Contract, SourcedBy
from handfast.cycle.values import DealState, Lead
from handfast.history.record import Notes
from handfast.history.rows import Rows, instants
from handfast.history.worth import Money
from handfast.instant import Instant
from handfast.measure.coded import Coded
from handfast.measure.columns import Opportunities
from handfast.measure.tables import DealChanges, DealLeads

SOURCED = ("marketing", "sales", "partner")

_WON = {DealState.WON: 1, DealState.LOST: 0, DealState.OPEN: -1}


def opportunities(rows: Rows, notes: Notes, money: Money) -> Opportunities:
    """Each deal once, on the lead that was heard of first among those that are on it, worth what was told last."""
    found = {deal.id: (lead, deal) for lead in reversed(rows.leads) for deal in lead.deals.values()}
    pairs = [found[name] for name in sorted(found)]
    told = {each.deal.id: each.at for each in notes.changes}
    closed = {each.deal.id: each.at for each in notes.changes if each.deal.state is not DealState.OPEN}
    return Opportunities(
        key=[deal.id for _, deal in pairs],
        cycle=np.array([rows.row.get(deal.cycle or "", -1) for _, deal in pairs], np.int32),
        opened_at=instants(deal.opened_at for _, deal in pairs),
        closed_at=instants(None if deal.state is DealState.OPEN else closed.get(deal.id) for _, deal in pairs),
        won=np.array([_WON[deal.state] for _, deal in pairs], np.int8),
        amount=np.array([money.worth(deal, told.get(deal.id, deal.opened_at)) for _, deal in pairs], np.int64),
        sourced=_sourced([(lead, deal.opened_at) for lead, deal in pairs], notes, money.contract),
    )


def _sourced(deals: Sequence[tuple[Lead, Instant]], notes: Notes, contract: Contract) -> Coded:
    """Who brought each deal: a source of sales or partners, else marketing where the rule of attribution says so."""
    terms = contract.attribution
    first: dict[str, Instant] = {}
    for each in notes.activities:
        if each.kind in terms.eligible:
            first[each.lead] = min(each.at, first.get(each.lead, each.at))
    sales, partner = ({_plain(word) for word in words} for words in (terms.sales_sources, terms.partner_sources))

    def code(lead: Lead, opened_at: Instant) -> int:
        source = _plain(lead.known.get("source"))
        if source in sales or source in partner:
            return 1 if source in sales else 2
        if terms.sourced is SourcedBy.SOURCE_ATTRIBUTE:
            return 0 if source else -1
        return 0 if lead.id in first and first[lead.id] < opened_at else -1

    return Coded(codes=np.array([code(*each) for each in deals], np.int32), words=SOURCED)


def _plain(word: object) -> str:
    return fold(str(word or "").replace("_", " ").replace("-", " "))


def amounts(rows: Rows, deals: Opportunities) -> NDArray[np.int64]:
    """What was won on a cycle, else what is open or was lost."""
    won, other = np.zeros(len(rows.cycles), np.int64), np.zeros(len(rows.cycles), np.int64)
    mine = deals.cycle >= 0
    for sums, chosen in ((won, deals.won == 1), (other, deals.won != 1)):
        np.add.at(sums, deals.cycle[mine & chosen], deals.amount[mine & chosen])
    return np.where(won > 0, won, other)


def leads_on(rows: Rows, deals: Opportunities) -> DealLeads:
    """Who is on which deal: told of it, or come from its account while it was open, and joined."""
    place = {name: row for row, name in enumerate(deals.key)}
    pairs = [(place[deal], lead) for lead, each in enumerate(rows.leads) for deal in _deals_of(each) if deal in place]
    return DealLeads(
        deal=np.array([deal for deal, _ in pairs], np.int32), lead=np.array([lead for _, lead in pairs], np.int32)
    )


def _deals_of(lead: Lead) -> Iterable[str]:
    joined = (deal for cycle in (*lead.ended, lead.cycle) if cycle is not None for deal in cycle.deals)
    return dict.fromkeys((*lead.deals, *joined))


def changes_of(deals: Opportunities, notes: Notes, money: Money) -> DealChanges:
    """Every change once, though several leads were told of it, in time order per deal."""
    place = {name: row for row, name in enumerate(deals.key)}
    told = [
        (place[deal.id], at, _WON[deal.state], money.worth(deal, at)) for at, deal in notes.changes if deal.id in place
    ]
    known = sorted(dict.fromkeys(told), key=lambda change: change[:2])
    return DealChanges(
        deal=np.array([deal for deal, _, _, _ in known], np.int32),
        at=instants(at for _, at, _, _ in known),
        state=np.array([state for _, _, state, _ in known], np.int8),
        amount=np.array([amount for _, _, _, amount in known], np.int64),
    )
