"""Where everybody lands: a rep in the inbox, a leader at the scoreboard, everybody else where they may go from."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from handfast_server.access import PAGES, Principal, access_cycles, allowed
from handfast_server.accounts.models import Role
from handfast_server.contracts.models import Version
from handfast_server.decide.terms import unsealed
from handfast_server.handoffs import queries
from handfast_server.now import now
from handfast_server.pages.context import principal
from handfast_server.pages.start.steps import is_set_up


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The page of who lands nowhere else: what there is to see, and how many handoffs wait."""
    who = principal(request)
    if who is not None and who.rep and who.has_role(Role.REP) and allowed(who, "cycles.decide"):
        return redirect("inbox")
    if who is not None and who.has_role(Role.MARKETING_LEADER, Role.SALES_LEADER):
        return redirect("scoreboard")
    if who is not None and allowed(who, PAGES["start"]) and not is_set_up():
        return redirect("start")
    return render(request, "pages/home.html", _shown(who))


def _shown(who: Principal | None) -> dict[str, Any]:
    if who is None or not who.roles:
        return {"nothing": True}
    version = Version.objects.filter(in_force_from__lte=now()).order_by("-number").values_list("number", flat=True)
    return {
        "version": version.first(),
        "figures": _figures(who) if allowed(who, "leads.read") else None,
        "unsealed": unsealed(),
    }


def _figures(who: Principal) -> dict[str, int]:
    rows = access_cycles(who)
    waiting = rows.filter(state="waiting")
    return {
        "waiting": waiting.count(),
        "late": queries.broken(waiting).count(),
        "contested": queries.contested(rows).count(),
        "held": rows.exclude(hold_pool="").count(),
    }
