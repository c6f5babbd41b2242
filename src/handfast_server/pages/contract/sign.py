"""Signing a draft after showing who one is, and inviting who has to."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handfast.contract.load import load
from handfast.contract.model import PartyName
from handfast_server.access import Principal
from handfast_server.accounts.again import check_shown
from handfast_server.accounts.invitations import do_invite
from handfast_server.accounts.invited import is_mailed
from handfast_server.accounts.models import Role, User
from handfast_server.contracts import actions
from handfast_server.contracts.models import Draft
from handfast_server.contracts.queries import may_sign, seats_open
from handfast_server.pages.contract.held import at, held
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.pages.oneself import after_showing, has_shown, show_at
from handfast_server.refused import Refused

_ROLES = {PartyName.MARKETING: Role.MARKETING_LEADER, PartyName.SALES: Role.SALES_LEADER}


def signing(request: HttpRequest, row: Draft) -> dict[str, Any]:
    """For which sides whoever reads may sign a proposed draft, and whether they have just shown who they are."""
    parties = may_sign(row, cast("User", request.user))
    show = show_at(request, _at_signing(row.pk))
    return {"may_sign": [party.value for party in parties], "shown": has_shown(request), "show": show}


@require_POST
@may("contract_sign")
@held
def sign(request: HttpRequest, _who: Principal, draft: int) -> HttpResponse:
    """Consent to exactly the text that was read; who has not just shown who they are does so first."""
    if not Draft.objects.filter(pk=draft).exists():
        raise Http404
    try:
        user = check_shown(request)
    except Refused:
        return redirect(show_at(request, _at_signing(draft)))
    try:
        row = actions.do_sign(draft, user, _party(request), request.POST.get("digest", ""))
    except Refused as refused:
        messages.error(request, in_words(refused.message))
        return redirect("contract_draft", draft=draft)
    if row.state == Draft.State.SIGNED:
        messages.success(request, _("Both sides signed: version %(number)s.") % {"number": row.number})
        return redirect("contract_version", number=row.number)
    messages.success(request, _("Signed. It takes force when everybody has."))
    return redirect("contract_draft", draft=draft)


@require_POST
@may("contract_invite")
@after_showing("contract_draft", "draft")
@held
def invite(request: HttpRequest, who: Principal, draft: int) -> HttpResponse:
    """Whoever a draft names as a leader, and nobody else, is invited as one; the link is shown once."""
    party = _party(request)
    email, name = _leader(draft, party, request.POST.get("email", ""))
    try:
        _made, link = do_invite(email, [_ROLES[party]], name=name, rep="", by=who.id)
    except Refused as refused:
        messages.error(request, in_words(refused.message))
        return redirect("contract_draft", draft=draft)
    shown = {"link": link, "email": email, "name": name, "draft": draft, "mailed": is_mailed()}
    return render(request, "pages/contract/invited.html", {**shown, **at("drafts")})


def _leader(draft: int, party: PartyName, email: str) -> tuple[str, str]:
    """Address and name of whom a draft waits for on a side. Raises Http404 for anybody else."""
    row = Draft.objects.filter(pk=draft).first()
    contract = None if row is None else load(row.text).contract
    if row is None or contract is None:
        raise Http404
    one = contract.parties[party]
    named = [(one.email, one.name)]
    if row.state == Draft.State.PROPOSED:
        named = [(seat.email, seat.name) for seat in seats_open(row) if seat.party is party]
    wanted = email.strip().casefold()
    found = next((each for each in named if each[0].strip().casefold() == wanted), None)
    if found is None:
        raise Http404
    return found


def _party(request: HttpRequest) -> PartyName:
    try:
        return PartyName(request.POST.get("party", ""))
    except ValueError:
        raise Http404 from None


def _at_signing(draft: int) -> str:
    return f"{reverse('contract_draft', kwargs={'draft': draft})}#sign"
