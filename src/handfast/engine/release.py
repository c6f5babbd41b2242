"""Leads that would qualify under the version now in force: listed for marketing to release, never judged by itself."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.cycle.life import CycleState
from handfast.cycle.values import Lead
from handfast.engine.judge import counted, then
from handfast.engine.terms import Terms
from handfast.engine.world import World
from handfast.instant import Instant
from handfast.qualify import Judgement, judged


def would_qualify(lead: Lead, terms: Terms, now: Instant) -> Judgement | None:
    """The judgement that a release would rest on; None for a lead that it would not qualify."""
    version, cycle = terms.in_force(now), lead.cycle
    cooling = lead.cool_until is not None and lead.cool_until > now
    if version is None or cycle is None or cycle.state is not CycleState.OPEN or cooling:
        return None
    judgement = judged(version.contract, then(lead, counted(lead, version), now, loaded=True))
    return judgement if judgement.qualified else None


def releasable(world: World, now: Instant) -> Iterator[str]:
    """Every open lead that would qualify now, in the order in which they became known."""
    return (name for name, lead in world.leads.items() if would_qualify(lead, world.terms, now) is not None)
