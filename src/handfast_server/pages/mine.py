"""My leads: what one has accepted, until it is sales-qualified, won, lost or disqualified."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from handfast_server.access import Principal
from handfast_server.decide import terms as versions
from handfast_server.delivery.digest import name_of
from handfast_server.handoffs import actions
from handfast_server.handoffs.asked import Asked
from handfast_server.handoffs.models import Cycle
from handfast_server.handoffs.told import Decided
from handfast_server.leads.models import Lead
from handfast_server.pages.asking import asked_of, date_of, note_of, touch_of
from handfast_server.pages.core_words import in_words
from handfast_server.pages.live import fresh, stand_of, tag_of
from handfast_server.pages.may import may
from handfast_server.pages.words import told_words
from handfast_server.pages.worked import SHOWN, Field, evidence_given, evidence_of, leads_of, worked
from handfast_server.refused import Refused


@require_safe
@may("mine")
def mine(request: HttpRequest, who: Principal) -> HttpResponse:
    """The page; to one that is open its list, when something is new."""
    return fresh(request, tag_of(who, stand_of(who, worked)), partial(_page, request, who))


@require_POST
@may("mine_touch")
def touch(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """Tell that one called or wrote."""
    return _decided(request, who, lead, lambda asked: actions.do_touch(asked, touch_of(request), human=True))


@require_POST
@may("mine_qualify")
def qualify(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """Record the evidence that the contract of the cycle asks for."""

    def work(asked: Asked) -> Decided:
        number = Cycle.objects.filter(pk=asked.cycle, lead=asked.lead).values_list("version", flat=True).first()
        needs = [] if number is None else evidence_of(versions.current().of(number).contract)
        return actions.do_qualify(asked, evidence_given(request.POST, needs))

    return _decided(request, who, lead, work)


@require_POST
@may("mine_disqualify")
def disqualify(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """End it for a reason."""
    given = request.POST

    def work(asked: Asked) -> Decided:
        until = date_of(given.get("revisit_on", ""))
        return actions.do_disqualify(asked, given.get("reason", "")[:200], note_of(request), until)

    return _decided(request, who, lead, work)


def _decided(request: HttpRequest, who: Principal, lead: str, work: Callable[[Asked], Decided]) -> HttpResponse:
    """Done, and back to the list; what was refused stands beside what was typed."""
    asked = asked_of(request, who, lead)
    try:
        done = work(asked)
    except Refused as refused:
        return _page(request, who, status=refused.status, wrong_lead=lead, wrong=in_words(refused.message))
    messages.success(request, told_words(name_of(Lead.objects.filter(pk=done.lead).first()), done))
    return redirect("mine")


def _page(
    request: HttpRequest,
    who: Principal,
    *,
    tag: str = "",
    part: bool = False,
    status: int = 200,
    wrong_lead: str = "",
    **told: Any,
) -> HttpResponse:
    leads = [_with_form(each, request.POST if each["lead_id"] == wrong_lead else QueryDict()) for each in leads_of(who)]
    total = len(leads) if len(leads) < SHOWN else worked(who).count()
    shown = {"leads": leads, "total": total, "more": total - len(leads), "wrong_lead": wrong_lead, **told}
    shown["tag"] = tag or tag_of(who, stand_of(who, worked))
    return render(request, "pages/mine_cards.html" if part else "pages/mine.html", shown, status=status)


def _with_form(lead: dict[str, Any], given: QueryDict) -> dict[str, Any]:
    """A key of its own, and what was typed before it was refused."""
    fields = [Field(each, given.get(f"evidence.{each.name}", "")) for each in lead["evidence"]]
    typed = {"note": given.get("note", ""), "chosen": given.get("reason", "")}
    return {**lead, **typed, "key": uuid.uuid4().hex, "fields": fields}
