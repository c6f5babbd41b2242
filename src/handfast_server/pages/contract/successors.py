"""A leader has left: who signs from now on is proposed by one and confirmed by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from handfast.contract.model import PartyName
from handfast_server.access import Principal, allowed
from handfast_server.accounts.again import check_shown
from handfast_server.contracts import actions
from handfast_server.contracts.models import Appointment, Version
from handfast_server.contracts.queries import latest, signatory
from handfast_server.pages.contract.held import at, held
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.pages.oneself import has_shown, show_at
from handfast_server.refused import Refused

SHOWN = 50


class SuccessorForm(forms.Form):
    """Who signs in whose place, and why."""

    party = forms.ChoiceField(
        label=gettext_lazy("For which side"),
        choices=[
            (PartyName.MARKETING.value, gettext_lazy("Marketing")),
            (PartyName.SALES.value, gettext_lazy("Sales")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("Name of the successor"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("Their e-mail"), max_length=254)
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the log and with the version, for good."),
    )


@require_safe
@may("contract_successors")
@held
def successors(request: HttpRequest, who: Principal) -> HttpResponse:
    """Who signs for each side, who was proposed, and the form to propose somebody."""
    return _page(request, who, SuccessorForm())


@require_POST
@may("contract_successor_ask")
@held
def ask(request: HttpRequest, who: Principal) -> HttpResponse:
    """Propose a successor."""
    form = SuccessorForm(request.POST)
    if not form.is_valid():
        return _page(request, who, form, status=422)
    given = form.cleaned_data

    def work() -> str:
        party = PartyName(given["party"])
        actions.do_ask_appointment(check_shown(request), party, given["name"], given["email"], given["why"])
        return _("Proposed: %(name)s. It takes effect when the other of the two confirms it.") % {"name": given["name"]}

    return _done(request, who, work, form)


@require_POST
@may("contract_successor_confirm")
@held
def confirm(request: HttpRequest, who: Principal, appointment: int) -> HttpResponse:
    """Confirm what somebody else proposed."""
    if appointment >= 2**63 or not Appointment.objects.filter(pk=appointment).exists():
        raise Http404

    def work() -> str:
        actions.do_confirm_appointment(check_shown(request), appointment)
        return _("Confirmed: from now on the successor signs.")

    return _done(request, who, work, SuccessorForm())


def _done(request: HttpRequest, who: Principal, work: Callable[[], str], form: SuccessorForm) -> HttpResponse:
    """Say what was done; who has not just shown who they are does so first."""
    try:
        said = work()
    except Refused as refused:
        if refused.code == "show_who_you_are":
            return redirect(show_at(request, reverse("contract_successors")))
        return _page(request, who, form, status=refused.status, wrong=in_words(refused.message))
    messages.success(request, said)
    return redirect("contract_successors")


def _page(request: HttpRequest, who: Principal, form: SuccessorForm, *, status: int = 200, **more: Any) -> HttpResponse:
    signed = latest()
    number = Version.objects.order_by("-number").values_list("number", flat=True).first()
    rows = list(Appointment.objects.order_by("-asked_at")[:SHOWN])
    shown = {
        "form": form,
        "number": number,
        "seats": [] if signed is None else [(party.value, signatory(signed, party)) for party in PartyName],
        "waiting": [row for row in rows if row.confirmed_at is None and row.version_id == number],
        "over": [row for row in rows if row.confirmed_at is not None or row.version_id != number],
        "may_appoint": allowed(who, "contracts.appoint"),
        "shown": has_shown(request),
        "show": show_at(request, reverse("contract_successors")),
    }
    return render(request, "pages/contract/successors.html", {**shown, **more, **at("history")}, status=status)
