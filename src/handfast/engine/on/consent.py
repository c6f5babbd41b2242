"""Consent, and being forgotten."""

from __future__ import annotations

from handfast.cycle.life import CycleEvent
from handfast.cycle.values import Lead
from handfast.engine.deliver import consider
from handfast.engine.ending import end, opted_out
from handfast.engine.judge import with_known
from handfast.engine.turn import Turn
from handfast.facts import ConsentChanged, LeadErased


def changed(turn: Turn, fact: ConsentChanged) -> None:
    """Consent for a purpose was granted or denied: a statement of its own instant, also when it repeats another.

    A denial of marketing stops nurture, which is not the engine's; a denial of contact ends the cycle.
    """
    name = f"consent_{fact.purpose}"
    since = turn.lead.known_since.get(name)
    if since is not None and since > turn.happened_at:
        return
    value = "granted" if fact.granted else "denied"
    turn.know(known={**turn.lead.known, name: value}, known_since={**turn.lead.known_since, name: turn.happened_at})
    with_known(turn)
    if not opted_out(turn):
        consider(turn, raised_at=turn.happened_at)


def erased(turn: Turn, _: LeadErased) -> None:
    """Everything personal goes; cycles stay, under the tombstone that the lead is from now on, so that counts do."""
    if turn.lead.cycle is not None:
        end(turn, CycleEvent.WITHDRAWN, at=turn.happened_at, reason="erased")
    lead = turn.lead
    turn.lead = Lead(
        id=lead.id,
        facts=lead.facts,
        ended=lead.ended,
        breaches=lead.breaches,
        deals=lead.deals,
        cycles=lead.cycles,
        shadowed=lead.shadowed,
        erased=True,
    )
