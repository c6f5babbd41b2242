"""Consent, and being forgotten."""

from __future__ import annotations

from handfast.cycle.life import CycleEvent
from handfast.cycle.values import Lead
from handfast.engine.deliver import consider
from handfast.engine.ending import end, opted_out
from handfast.engine.judge import other_values, standing_of, with_known
from handfast.engine.turn import Turn
from handfast.facts import ConsentChanged, LeadErased


def changed(turn: Turn, fact: ConsentChanged) -> None:
    """Consent for a purpose was granted or denied: a statement of its own instant, also when it repeats another.

    What was stated since, as a consent or among the attributes, stays. A denial of marketing stops nurture, which is
    not the engine's; a denial of contact ends the cycle.
    """
    name, at, lead = f"consent_{fact.purpose}", turn.happened_at, turn.lead
    if max(lead.known_since.get(name, at), lead.stated_at.get(name, at)) > at:
        return
    before, value = standing_of(turn), "granted" if fact.granted else "denied"
    turn.know(
        known={**lead.known, name: value},
        known_since={**lead.known_since, name: at},
        stated_at={**lead.stated_at, name: at},
    )
    with_known(turn)
    if not opted_out(turn):
        consider(turn, raised_at=at, news=other_values(turn, before))


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
