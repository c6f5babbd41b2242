"""The deals of an account: kept with the team, so that the next person from there goes to the same hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handfast.changed import changed
from handfast.cycle.life import CycleState
from handfast.cycle.values import Cycle
from handfast.engine.effects import DealChanged
from handfast.engine.turn import Turn
from handfast.match import joins
from handfast.route.opportunities import Opportunities, Opportunity

_TAKEN_ON = frozenset((CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY))


def told(turn: Turn, deal: str, *, by: str = "") -> None:
    """A deal was told of. What is known of it from another lead stays, also that it is closed."""
    if turn.team.opportunities.get(deal) is not None:
        return
    first = Opportunity(
        id=deal,
        lead=turn.lead.id,
        account=turn.lead.account,
        owner=by if by in turn.team.reps else None,
        opened_at=turn.lead.deals[deal].opened_at,
    )
    _keep(turn, turn.team.opportunities.put(_followed(turn, first)))


def stands(turn: Turn, deal: str, *, is_open: bool) -> None:
    """A deal was won, lost or opened again, whichever lead that was told of."""
    known = turn.team.opportunities.get(deal)
    if known is not None and known.open is not is_open:
        _keep(turn, turn.team.opportunities.put(replace(known, open=is_open)))


def follow(turn: Turn, *, absorbed: str = "") -> None:
    """The deals first told of the lead, or of one that it ``absorbed``, go with its account and with who has it."""
    found = turn.team.opportunities
    for deal in turn.lead.deals:
        known = found.get(deal)
        if known is None or known.lead not in (turn.lead.id, absorbed):
            continue
        now = _followed(turn, known)
        if turn.lead.erased:
            found = found.drop(deal)
        elif now != known:
            found = found.put(now)
    if found is not turn.team.opportunities:
        _keep(turn, found)


def _followed(turn: Turn, opportunity: Opportunity) -> Opportunity:
    """A deal is of its lead's account, and of whoever has taken on the cycle that it is on."""
    lead, owner = turn.lead, opportunity.owner
    cycle = lead.cycle
    if cycle is not None and cycle.owner is not None and cycle.state in _TAKEN_ON and opportunity.id in cycle.deals:
        owner = cycle.owner.rep
    return replace(opportunity, lead=lead.id, account=lead.account, owner=owner)


def join(turn: Turn) -> Opportunity | None:
    """The open deal whose owner gets a handoff: the one it is on, else the latest of its account, which it joins."""
    follow(turn)
    cycle, account = turn.cycle, turn.lead.account
    found = turn.team.opportunities
    mine = joins(account, _open(found, cycle))
    if mine is not None:
        return mine
    other = joins(account, found.at(account))
    if other is not None:
        turn.put(deals=(*cycle.deals, other.id))
        turn.tell(DealChanged, turn.named("joined"), deal=other.id, what="joined")
    return other


def joinable(turn: Turn) -> Opportunity | None:
    """The same deal, and nothing is joined."""
    found, account = turn.team.opportunities, turn.lead.account
    return joins(account, _open(found, turn.cycle)) or joins(account, found.at(account))


def _open(found: Opportunities, cycle: Cycle) -> Iterator[Opportunity]:
    known = (found.get(deal) for deal in cycle.deals)
    return (each for each in known if each is not None and each.open)


def _keep(turn: Turn, opportunities: Opportunities) -> None:
    turn.team = changed(turn.team, opportunities=opportunities)
