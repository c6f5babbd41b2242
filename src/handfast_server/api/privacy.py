"""A person's rights: everything known of them in one file, and being forgotten."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from handfast_server.api.auth import may
from handfast_server.api.fields import LeadPath
from handfast_server.leads.actions import do_erase, do_hand_out

router = Router(tags=["privacy"])


class Erased(Schema):
    """The id under which counts stay; it names nobody any more."""

    lead: str


@router.get("/personal-data", response=dict[str, Any])
@may("leads.erase")
def hand_out(request: HttpRequest, lead: LeadPath) -> dict[str, Any]:
    """Everything known of a person, as one JSON document."""
    return do_hand_out(lead)


@router.post("/erase", response=Erased)
@may("leads.erase")
def erase_lead(request: HttpRequest, lead: LeadPath) -> Erased:
    """Forget a person: facts, messages, explanations and the audit log lose what was personal; counts stay."""
    return Erased(lead=do_erase(lead))
