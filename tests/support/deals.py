"""What the team keeps of deals, held against the leads that they were told of."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.cycle.values import DealState
from handfast.engine import World
from handfast.route import Opportunity


def deals_wrong(world: World) -> Iterator[str]:
    """Everything that does not agree, in words."""
    known = world.team.opportunities
    kept = {each.id: each for bucket in known.known.buckets for each in bucket.values()}
    for deal in kept.values():
        yield from _of(world, deal)
        if (deal in known.at(deal.account)) != (deal.open and deal.account is not None):
            yield f"{deal} is listed as open at its account, or not, against what is known of it"
    listed = [name for bucket in known.open_at.buckets for names in bucket.values() for name in names]
    yield from (f"{name} is listed and not known" for name in listed if name not in kept)
    for lead in world.leads.values():
        for name in lead.deals if not lead.erased else ():
            told = [each.deals[name].state for each in world.leads.values() if name in each.deals]
            if name in kept and kept[name].open and DealState.OPEN not in told:
                yield f"{name} is open, and no lead was told so"


def _of(world: World, deal: Opportunity) -> Iterator[str]:
    lead = world.leads[deal.lead]
    if lead.merged_into is not None or lead.erased or deal.id not in lead.deals:
        yield f"{deal} is not of {lead.id}"
    if lead.account != deal.account:
        yield f"{deal} is at another account than {lead.id}"
    cycle = lead.cycle
    taken = cycle is not None and cycle.state in {"accepted", "sql", "opportunity"} and deal.id in cycle.deals
    if taken and cycle is not None and cycle.owner is not None and cycle.owner.rep != deal.owner:
        yield f"{deal} is not {cycle.owner.rep}'s, who has {lead.id}"
