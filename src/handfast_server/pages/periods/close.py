"""Closing a period, and signing its statement after showing who one is."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handfast.contract.model import PartyName
from handfast_server.access import Principal
from handfast_server.accounts.again import check_shown
from handfast_server.pages.contract.held import held
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.pages.oneself import show_at
from handfast_server.pages.periods.read import asked
from handfast_server.refused import Refused
from handfast_server.scoreboard import boards, closed
from handfast_server.scoreboard.answers import NotAsked
from handfast_server.scoreboard.signing import do_countersign


@require_POST
@may("period_close")
@held
def close(request: HttpRequest, who: Principal, label: str) -> HttpResponse:
    """Freeze it. Closed twice it stays as it was the first time."""
    try:
        shown, it = asked(label)
        _statement, fresh = closed.do_close(shown, it, who.name)
    except boards.NoSnapshot:
        raise Http404 from None
    except ValueError:
        messages.error(request, _("This period is not over yet: it can be closed when it is."))
        return redirect("period", label=label)
    words = _("Closed. Its figures stay as they are; both leaders sign them.") if fresh else _("It was closed already.")
    messages.success(request, words)
    return redirect("period", label=label)


@require_POST
@may("period_sign")
@held
def sign(request: HttpRequest, _who: Principal, label: str) -> HttpResponse:
    """Consent to exactly the statement that was read; who has not just shown who they are does so first."""
    try:
        user = check_shown(request)
    except Refused:
        return redirect(show_at(request, f"{reverse('period', kwargs={'label': label})}#sign"))
    try:
        made = do_countersign(label, user, _party(request), request.POST.get("digest", ""))
    except NotAsked:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, in_words(refused.message))
        return redirect("period", label=label)
    messages.success(
        request, _("Signed by both sides.") if made.signed else _("Signed. The other side is still to sign.")
    )
    return redirect("period", label=label)


def _party(request: HttpRequest) -> PartyName:
    try:
        return PartyName(request.POST.get("party", ""))
    except ValueError:
        raise Http404 from None
