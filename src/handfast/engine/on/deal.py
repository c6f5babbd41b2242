"""Deals that a lead is on: opened, won, lost, opened again. Amounts are facts of the deal, never of the cycle."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from handfast.contract.model import ClockName
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import Deal, DealState
from handfast.engine import clocks, handing, joining
from handfast.engine.effects import DealChanged
from handfast.engine.ending import end
from handfast.engine.turn import Declined, Turn
from handfast.facts import DealAmended, DealFact, DealLost, DealOpened, DealReopened, DealWon

_BEFORE = (CycleState.WAITING, CycleState.ACCEPTED, CycleState.SQL)


def opened(turn: Turn, fact: DealOpened) -> None:
    """An opportunity: skipped stages are stamped and marked inferred; on an open cycle it only attaches the deal.

    A cycle that joined the deal of somebody else at its account becomes an opportunity when it is told of this lead.
    """
    if fact.deal in turn.lead.deals:
        _amend(turn, fact, fact.amount, fact.currency)
        return
    _attach(turn, fact, fact.amount, fact.currency)
    _to_opportunity(turn, fact.by)
    joining.told(turn, fact.deal, by=fact.by)


def _attach(turn: Turn, fact: DealFact, amount: Decimal | None, currency: str) -> None:
    cycle = turn.lead.cycle
    deal = Deal(
        id=fact.deal,
        state=DealState.OPEN,
        opened_at=turn.happened_at,
        amount=amount,
        currency=currency,
        cycle=None if cycle is None else cycle.id,
    )
    if cycle is not None:
        turn.put(deals=tuple(dict.fromkeys((*cycle.deals, fact.deal))))
    _keep(turn, deal, "opened")


def _keep(turn: Turn, deal: Deal, what: str) -> None:
    turn.know(deals={**turn.lead.deals, deal.id: deal})
    turn.tell(DealChanged, turn.named(what), deal=deal.id, what=what)


def _to_opportunity(turn: Turn, by: str) -> None:
    cycle = turn.lead.cycle
    if cycle is None or cycle.state not in _BEFORE:
        return
    at = turn.stamp()
    owner = cycle.owner
    if cycle.state is CycleState.WAITING:
        if owner is not None:
            clocks.answer(turn, ClockName.DECISION, at, assignment=owner.id)
        handing.end_hold(turn)
        turn.put(accepted_at=at, accepted_by=by, inferred=turn.cycle.inferred | {CycleState.ACCEPTED})
    if cycle.state is not CycleState.SQL:
        turn.put(sql_at=at, inferred=turn.cycle.inferred | {CycleState.SQL})
        clocks.answer(turn, ClockName.WORKING, at)
        handing.unload(turn)
    turn.move(CycleEvent.OPPORTUNITY_OPENED, at=turn.happened_at, by=by, opportunity_at=at)


def amended(turn: Turn, fact: DealAmended) -> None:
    """Amount or currency changed."""
    _known(turn, fact)
    _amend(turn, fact, fact.amount, fact.currency)


def _amend(turn: Turn, fact: DealFact, amount: Decimal | None, currency: str) -> None:
    deal = turn.lead.deals[fact.deal]
    changed = replace(deal, amount=deal.amount if amount is None else amount, currency=currency or deal.currency)
    if changed != deal:
        _keep(turn, changed, "amended")


def won(turn: Turn, fact: DealWon) -> None:
    """Won; a deal that nobody told of before was opened at the same instant, which is marked inferred."""
    _ensure(turn, fact, fact.amount, fact.currency)
    _amend(turn, fact, fact.amount, fact.currency)
    _keep(turn, replace(turn.lead.deals[fact.deal], state=DealState.WON), "won")
    joining.stands(turn, fact.deal, is_open=False)
    if _on_the_cycle(turn, fact.deal):
        end(turn, CycleEvent.WON, at=turn.happened_at)


def lost(turn: Turn, fact: DealLost) -> None:
    """Lost; the cycle is when no deal of it that the lead itself is on is open any more."""
    _ensure(turn, fact, None, "")
    _keep(turn, replace(turn.lead.deals[fact.deal], state=DealState.LOST), "lost")
    joining.stands(turn, fact.deal, is_open=False)
    if _on_the_cycle(turn, fact.deal):
        still = [turn.lead.deals[deal].state for deal in turn.cycle.deals if deal in turn.lead.deals]
        if DealState.OPEN not in still:
            end(turn, CycleEvent.LOST, at=turn.happened_at, reason=fact.why)


def _ensure(turn: Turn, fact: DealFact, amount: Decimal | None, currency: str) -> None:
    """The deal is known, and a delivered cycle that it is on is an opportunity, also if it was attached before that."""
    if fact.deal not in turn.lead.deals:
        _attach(turn, fact, amount, currency)
    cycle = turn.lead.cycle
    if cycle is not None and cycle.state in _BEFORE and fact.deal in cycle.deals:
        turn.put(inferred=cycle.inferred | {CycleState.OPPORTUNITY})
        _to_opportunity(turn, "")
    joining.told(turn, fact.deal)


def _on_the_cycle(turn: Turn, deal: str) -> bool:
    cycle = turn.lead.cycle
    return cycle is not None and cycle.state is CycleState.OPPORTUNITY and deal in cycle.deals


def reopened(turn: Turn, fact: DealReopened) -> None:
    """Un-won or un-lost: the deal's own; an ended cycle never changes."""
    _known(turn, fact)
    _keep(turn, replace(turn.lead.deals[fact.deal], state=DealState.OPEN), "reopened")
    joining.stands(turn, fact.deal, is_open=True)


def _known(turn: Turn, fact: DealFact) -> None:
    if fact.deal not in turn.lead.deals:
        raise Declined("deal_unknown", f"{turn.lead.id} is not on a deal {fact.deal}: tell of its opening first.")
