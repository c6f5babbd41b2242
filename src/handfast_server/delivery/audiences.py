"""The audiences that marketing works with: each lead is in one of them, or in none.

in_handoff   sales has it: waiting, contested, accepted, qualified, or an opportunity
recycled     its last handoff ended with a date or a span after which it comes back
warm         from the warm edge of the score; also above the bar while something keeps it from sales
nurture      below that edge

In none are leads that were merged or erased, that denied contact or marketing, and whose deal is won. A denial keeps
a lead out of the three that marketing writes to; what sales has stays with sales.
"""

from __future__ import annotations

from enum import StrEnum

from handfast.cycle.life import CycleState
from handfast.cycle.values import Lead
from handfast.qualify import Band


class Audience(StrEnum):
    """What marketing does with a lead."""

    NURTURE = "nurture"
    WARM = "warm"
    IN_HANDOFF = "in_handoff"
    RECYCLED = "recycled"


_WITH_SALES = frozenset(
    (CycleState.WAITING, CycleState.CONTESTED, CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY)
)
_DENIED = ("consent_contact", "consent_marketing")


def audience_of(lead: Lead | None) -> Audience | None:
    """The audience that a lead is in."""
    if lead is None or lead.erased or lead.merged_into is not None:
        return None
    cycle = lead.cycle
    if cycle is not None and cycle.state in _WITH_SALES:
        return Audience.IN_HANDOFF
    last = lead.ended[-1] if lead.ended else None
    if any(lead.known.get(name) == "denied" for name in _DENIED) or (last and last.state is CycleState.WON):
        return None
    if last is not None and last.recycled:
        return Audience.RECYCLED
    return Audience.NURTURE if lead.band is Band.NURTURE else Audience.WARM
