"""Setting up on one page: three steps, each with what is done of it, until both sides signed a first contract."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from handfast.contract.model import PartyName
from handfast.example import check
from handfast.problem import Severity
from handfast_server.access import Principal
from handfast_server.contracts import actions
from handfast_server.contracts.models import Draft
from handfast_server.contracts.queries import seats_open
from handfast_server.decide.terms import unsealed
from handfast_server.demo import beside
from handfast_server.demo.beside import State
from handfast_server.handoffs.asked import name_of
from handfast_server.pages.contract.begin import BeginForm, starts_of
from handfast_server.pages.contract.held import held
from handfast_server.pages.may import may
from handfast_server.pages.start.steps import Steps, is_set_up, steps
from handfast_server.shadow.mode import Mode, do_set_mode, standing


@require_safe
@may("start")
@held
def start(request: HttpRequest, _who: Principal) -> HttpResponse:
    """The three steps, and what is next."""
    found = steps()
    shown = {"steps": found, "mode": standing().mode.value, "here": "start", **_signing(found), "unsealed": unsealed()}
    shown["has_demonstration"] = beside.stands().state is not State.NONE
    return render(request, "pages/start/start.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@may("start_contract")
@held
def contract(request: HttpRequest, who: Principal) -> HttpResponse:
    """The third step: one of three texts, proposed at once for the leaders of the first step to sign."""
    found = steps()
    if is_set_up() or not found.has_leaders or found.draft is not None:
        return redirect("start")
    form = BeginForm(_filled(request, found) if request.method == "POST" else None)
    if form.is_valid():
        text = form.text()
        wrong = [each for each in check(text).problems if each.severity is Severity.ERROR]
        if not wrong:
            mode = Mode.SHADOW if request.POST.get("shadow") else Mode.LIVE
            do_set_mode(mode, name_of(who, request.POST.get("key", "")[:200]))
            row = actions.do_write(who, text, "")
            actions.do_propose(who, row.pk)
            return redirect("start")
        for each in wrong[:5]:
            form.add_error(None, str(each.message))
    shown = {"form": form, "starts": starts_of(form), "steps": found, "here": "start"}
    return render(request, "pages/start/contract.html", shown, status=422 if form.is_bound else 200)


def _filled(request: HttpRequest, found: Steps) -> dict[str, str]:
    """What the form of the first contract asks; the leaders are those of the first step."""
    told = {name: request.POST.get(name, "") for name in ("start", "name")}
    for party in PartyName:
        leader = found.leaders[party]
        told |= {f"{party.value}_name": leader.name, f"{party.value}_email": leader.email}
    return told


def _signing(found: Steps) -> dict[str, Any]:
    """Whose signature is missing of the draft that waits."""
    row = found.draft
    if row is None or row.state != Draft.State.PROPOSED:
        return {"missing": []}
    emails = {seat.email.casefold() for seat in seats_open(row)}
    return {"missing": [leader for leader in found.leaders.values() if leader.email.casefold() in emails]}
