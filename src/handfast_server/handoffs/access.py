"""Whose handoffs somebody may decide about."""

from __future__ import annotations

from handfast_server.access import Principal, access_leads
from handfast_server.handoffs.models import Assignment
from handfast_server.leads.models import Lead


def access_handoff(principal: Principal, lead: str) -> None:
    """Raises Lead.DoesNotExist for a lead that they do not see, and never had.

    Who had it before it went to somebody else may still tell of it: a touch in time that is recorded late is the
    ground on which a lead is given back. Whatever they may not decide any more, the core refuses, naming who may.
    A lead that was merged is found under its old name, which is that of the survivor for whoever decides.
    """
    known = Lead.objects.filter(pk=lead).values_list("merged_into", flat=True).first()
    if known is None:
        raise Lead.DoesNotExist
    name = known or lead
    if not (access_leads(principal).filter(pk=name).exists() or _had(principal, name)):
        raise Lead.DoesNotExist


def _had(principal: Principal, lead: str) -> bool:
    return bool(principal.rep) and Assignment.objects.filter(cycle__lead=lead, rep=principal.rep).exists()
