"""What is noted for measures, and the files of history, without what they knew of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from handfast_server.decide.rows import put
from handfast_server.handoffs.models import Cycle, Deal
from handfast_server.now import now
from handfast_server.scoreboard.models import DealChange, Engagement, Erased, Touch


def forget(leads: Sequence[str]) -> None:
    """Notes lose the names of their facts, which a source may have made from an address; counts stay.

    The lines of these leads are taken out of the files of history by whoever next brings those up to date.
    """
    cycles = Cycle.objects.filter(lead__in=leads).values_list("pk", flat=True)
    deals = Deal.objects.filter(lead__in=leads).values_list("id", flat=True)
    for touch in Touch.objects.filter(cycle__in=list(cycles)).values_list("pk", flat=True):
        Touch.objects.filter(pk=touch).update(fact=_nameless())
    Engagement.objects.filter(lead__in=leads, campaign__contains="@").update(campaign="")
    for did in Engagement.objects.filter(lead__in=leads).values_list("pk", flat=True):
        Engagement.objects.filter(pk=did).update(fact=_nameless())
    for change in DealChange.objects.filter(deal__in=list(deals), lead__in=leads).values_list("pk", flat=True):
        DealChange.objects.filter(pk=change).update(key=_nameless())
    put(Erased, ("lead", "at"), [(lead, now()) for lead in leads])


def _nameless() -> str:
    return f"erased:{uuid4().hex}"
