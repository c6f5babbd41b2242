"""Signals with what they are worth, and suggestions that become drafts of the contract."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from handfast_server.access import Principal, allowed
from handfast_server.contracts.drafts import do_write
from handfast_server.contracts.models import Draft, Version
from handfast_server.contracts.queries import latest
from handfast_server.pages.contract.held import held
from handfast_server.pages.contract.starting import amended
from handfast_server.pages.contract.told import told
from handfast_server.pages.may import may
from handfast_server.pages.quality.asked import Seen, measured, seen_of, told_of
from handfast_server.pages.quality.common import Suggestion
from handfast_server.pages.quality.suggest import suggestions_of
from handfast_server.pages.quality.worth import worths_of


@require_safe
@may("quality_signals")
@measured("signals")
@held
def signals(request: HttpRequest, who: Principal) -> HttpResponse:
    """The page."""
    seen = seen_of(request, who)
    return _page(request, who, seen, status=seen.status)


@require_POST
@may("quality_draft")
@measured("signals")
@held
def draft(request: HttpRequest, who: Principal) -> HttpResponse:
    """Open a draft with the change of a suggestion made in the text, if the numbers still bear it."""
    seen, chosen = seen_of(request, who), request.POST.get("suggestion", "")
    one = next((each for each in suggestions_of(seen, _text()) if each.id == chosen), None)
    if one is None or one.amended is None:
        told_ = _("The numbers do not bear this any more, or the contract has changed: look again.")
        return _page(request, who, seen, status=409, wrong=told_)
    note = _note(one)
    row = Draft.objects.filter(note=note, state=Draft.State.EDITING).order_by("-pk").first()
    if row is None:
        row = do_write(who, amended(one.amended.text, latest()), note)
        messages.success(request, _("A draft with this change is open: read it, change it, ask for signatures."))
    return redirect("contract_draft", draft=row.pk)


def _note(one: Suggestion) -> str:
    return "\n".join((one.title, *one.because))[:4_000]


def _page(request: HttpRequest, who: Principal, seen: Seen, *, status: int, **more: Any) -> HttpResponse:
    found = suggestions_of(seen, _text())
    worths = worths_of(seen)
    shown = {
        "worths": worths,
        "known": any(side is not None for each in worths for side in each.sides),
        "suggestions": [
            {"it": each, "changes": told(each.amended.changes) if each.amended is not None else []} for each in found
        ],
        "may_draft": allowed(who, "contracts.draft"),
        "own": seen.scope is not None,
    }
    return render(
        request, "pages/quality/signals.html", {**told_of(seen, ("",), "signals"), **shown, **more}, status=status
    )


def _text() -> str:
    """The text of the version signed last, which the next one follows."""
    row = Version.objects.order_by("-number").first()
    return "" if row is None else row.text
