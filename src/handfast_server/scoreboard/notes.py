"""What the core's recorder notes of steps, kept as rows in the transaction that took them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handfast.engine.effects import DealChanged, Moved
from handfast.engine.terms import Terms
from handfast.facts import ActivityHappened, TouchMade
from handfast.history.record import Notes, Recorder
from handfast.history.replay import Happened
from handfast_server.decide.rows import add
from handfast_server.decide.sql import many
from handfast_server.decide.taken import Taken
from handfast_server.scoreboard.models import DealChange, Delivered, Engagement, Touch

_DEAL = tuple("key lead deal at state opened_at amount currency recorded_at position".split())


def write_notes(taken: Iterable[Taken], terms: Terms) -> None:
    """The rows of every step that measures need something of."""
    eligible = {kind for version in terms.versions for kind in version.contract.attribution.eligible}
    noted = [(each, _noted(each, terms)) for each in taken if _matters(each, eligible)]
    if noted:
        _write(noted)


def _matters(taken: Taken, eligible: set[str]) -> bool:
    fact = taken.fact
    if taken.step.state.lead is None:
        return False
    if isinstance(fact, TouchMade) or (isinstance(fact, ActivityHappened) and fact.kind in eligible):
        return True
    return any(
        isinstance(effect, DealChanged) or (isinstance(effect, Moved) and effect.before is not None)
        for effect in taken.step.effects
    )


def _noted(taken: Taken, terms: Terms) -> Notes:
    recorder = Recorder(terms)
    recorder(Happened(taken.fact.recorded_at, taken.fact, 0, taken.step))
    return recorder.notes


def _write(noted: list[tuple[Taken, Notes]]) -> None:
    delivered: list[Any] = []
    overturned: list[Any] = []
    touches: list[Any] = []
    did: list[Any] = []
    deals: list[Any] = []
    for taken, notes in noted:
        fact, lead = taken.fact, taken.step.state.lead
        name, at = "" if lead is None else lead.id, fact.recorded_at
        delivered += [
            (cycle, name, each.band, each.icp, " ".join(each.signals)) for cycle, each in notes.delivered.items()
        ]
        overturned += [(then, cycle) for cycle, then in notes.overturned.items()]
        touches += [(fact.id, name, each.cycle, each.at, each.contact, at) for each in notes.touches]
        did += [(fact.id, name, each.at, each.kind, each.campaign[:200], at) for each in notes.activities]
        for change in notes.changes:
            deal = change.deal
            worth = (deal.state.value, deal.opened_at, deal.amount, deal.currency)
            deals.append((f"{fact.id}/{deal.id}", name, deal.id, change.at, *worth, at, taken.position))
    add(Delivered, ("cycle", "lead", "band", "icp", "signals"), delivered)
    many("UPDATE scoreboard_delivered SET overturned_at = %s WHERE cycle = %s", overturned)
    add(Touch, ("fact", "lead", "cycle", "at", "contact", "recorded_at"), touches)
    add(Engagement, ("fact", "lead", "at", "kind", "campaign", "recorded_at"), did)
    add(DealChange, _DEAL, deals)
