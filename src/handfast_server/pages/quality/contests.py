"""Contested rejections: sales names a clause that the data contradict, and marketing upholds or overturns."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from handfast.condition import Value, names_in
from handfast.contract.check import clause_condition
from handfast.contract.english.conditions import speaker
from handfast.contract.model import Contract
from handfast.history import read_line
from handfast_server.access import Principal, access_cycles, allowed
from handfast_server.api.cycles import contests_of
from handfast_server.decide import terms as versions
from handfast_server.delivery.digest import name_of
from handfast_server.facts.models import Fact
from handfast_server.handoffs import actions, queries
from handfast_server.handoffs.story import lead_of
from handfast_server.leads.models import Lead
from handfast_server.pages.asking import asked_of, note_of
from handfast_server.pages.cards import halves_of
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.pages.quality.asked import at
from handfast_server.pages.quality.known import known_of
from handfast_server.refused import Refused

SHOWN = 50


@require_safe
@may("quality_contests")
def contests(request: HttpRequest, who: Principal) -> HttpResponse:
    """Those that wait to be settled, the longest first."""
    return _page(request, who)


@require_POST
@may("quality_settle")
def settle(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """Uphold or overturn one; what was written stays where it is refused."""
    verb, note = request.POST.get("verb", ""), note_of(request)
    if verb not in {"uphold", "overturn"}:
        return _page(request, who, status=422, wrong=_("Choose whether to uphold or to overturn."), wrong_lead=lead)
    asked = asked_of(request, who, lead)
    try:
        done = actions.do_uphold(asked, note) if verb == "uphold" else actions.do_overturn(asked, note)
    except Refused as refused:
        told = {"wrong": in_words(refused.message), "wrong_lead": lead, "note": note}
        return _page(request, who, status=refused.status, **told)
    words = {"name": name_of(Lead.objects.filter(pk=done.lead).first())}
    if verb == "uphold":
        messages.success(request, _("Upheld: %(name)s stays rejected.") % words)
    else:
        messages.success(request, _("Overturned: %(name)s goes to sales again.") % words)
    return redirect("quality_contests")


def _page(request: HttpRequest, who: Principal, *, status: int = 200, **more: Any) -> HttpResponse:
    waiting = queries.contested(access_cycles(who))
    names = list(waiting.order_by("contested_at", "pk").values_list("pk", flat=True)[:SHOWN])
    rows = contests_of(names)
    shown = {
        "contests": [{**row, **said} for row, said in zip(rows, _said(rows), strict=True)],
        "may_settle": allowed(who, "cycles.contest"),
        "more": waiting.count() - len(rows),
    }
    return render(request, "pages/quality/contests.html", {**shown, **at("contests"), **more}, status=status)


def _said(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each side says: the note of who rejected, and what the data say of the clause that they name."""
    notes = _notes([row["fact"] for row in rows])
    leads = Lead.objects.in_bulk([row["lead_id"] for row in rows])
    halves = halves_of(rows)
    return [
        {
            "key": uuid.uuid4().hex,
            "note": notes.get(row["fact"], ""),
            "half_at": halves.get(row["id"]),
            **_clause(row, leads[row["lead_id"]]),
        }
        for row in rows
    ]


def _notes(facts: list[str]) -> dict[str, str]:
    lines = Fact.objects.filter(name__in=facts).values_list("name", "line")
    return {name: str(getattr(read_line(line), "note", "")) for name, line in lines}


def _clause(row: dict[str, Any], lead: Lead) -> dict[str, Any]:
    """The clause in English, and what is known of the lead that it asks about."""
    contract = _contract(row["version"])
    condition = None if contract is None else clause_condition(contract, row["clause"])
    if contract is None or condition is None:
        return {"english": "", "known": []}
    values: dict[str, Value | None] = dict(known_of(lead_of(lead, versions.current()), sorted(names_in(condition))))
    return {"english": in_words(speaker(contract).condition(condition)), "known": list(values.items())}


def _contract(number: int | None) -> Contract | None:
    return None if number is None else versions.current().of(number).contract
