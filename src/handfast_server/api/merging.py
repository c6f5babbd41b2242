"""Leads that are one human, by the word of somebody who knows it."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from handfast_server.api.auth import caller, may
from handfast_server.api.body import Body
from handfast_server.api.decision_shapes import Decision
from handfast_server.api.fields import Key, LeadId, LeadPath
from handfast_server.handoffs.access import access_handoff
from handfast_server.handoffs.asked import name_of
from handfast_server.handoffs.told import Decided
from handfast_server.intake.merging import do_merge

router = Router(tags=["leads"])


class Merging(Body):
    """The other of the two."""

    absorbed: LeadId


@router.post("", response=Decision)
@may("leads.merge")
def merge_leads(request: HttpRequest, lead: LeadPath, body: Merging, key: Key = "") -> Decided:
    """Say that two leads are one human: this one absorbs the other, whose name and keys are its own from then on.

    Of two open cycles the one furthest along survives, and the other is withdrawn as merged, its owner credited.
    """
    who = caller(request)
    for each in (lead, body.absorbed):
        access_handoff(who, each)
    return do_merge(lead, body.absorbed, name_of(who, key))
