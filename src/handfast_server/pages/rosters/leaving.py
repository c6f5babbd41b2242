"""A rep who leaves: first what becomes of what they hold, then the deed; and who is back."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from handfast.cycle.life import CycleState
from handfast_server.access import Principal, access_cycles, allowed
from handfast_server.handoffs import actions, many
from handfast_server.handoffs.asked import Asked, name_of
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.refused import ItemRefused
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.pages.rosters.change import said
from handfast_server.pages.rosters.read import OFFERED, TAKEN_ON, at, known_rep
from handfast_server.pages.rosters.stands import ready
from handfast_server.pages.rosters.telling import may_tell, refusal, tell
from handfast_server.refused import Refused
from handfast_server.rosters.models import AccountOwner
from handfast_server.rosters.queries import pools_now, reps_now


class Held(NamedTuple):
    """What waits with somebody in one pool, and how many others could be given it now."""

    pool: str
    waiting: int
    others: int


def taken_on(who: Principal, rep: str) -> QuerySet[Cycle]:
    """The leads that a rep has taken on, of those that one sees."""
    return access_cycles(who).filter(owner=rep, state__in=TAKEN_ON)


def _held(who: Principal, rep: str) -> list[Held]:
    """By pool: of every pool they are in, and of every pool whose leads wait with them."""
    waiting = access_cycles(who).filter(owner=rep, state=CycleState.WAITING)
    counts: dict[str, int] = {}
    for pool in waiting.values_list("pool", flat=True):
        counts[pool] = counts.get(pool, 0) + 1
    stands = {pool.name: pool.members for pool in pools_now()}
    within = {name for name, members in stands.items() if any(each.rep == rep and each.here for each in members)}
    return [
        Held(name, counts.get(name, 0), sum(ready(each) for each in stands.get(name, ()) if each.rep != rep))
        for name in sorted(within | counts.keys())
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@may("rosters_leave")
def leave(request: HttpRequest, who: Principal, rep: str) -> HttpResponse:
    """What will happen; with the form, let it."""
    stand = known_rep(rep)
    if request.method != "POST":
        return _preview(request, who, rep)
    to = request.POST.get("to", "")[:200]
    caps = {"open_cap": stand.open_cap, "day_cap": stand.day_cap}
    try:
        tell(request, who, {"type": "rep", "rep": rep, "active": False, **caps})
    except ItemRefused as refused:
        return _preview(request, who, rep, status=422, wrong=refusal(refused))
    messages.success(request, _("%(rep)s has left. What waits with them is routed again.") % {"rep": rep})
    return _handed_on(request, who, rep, to)


def _preview(request: HttpRequest, who: Principal, rep: str, *, status: int = 200, **told: Any) -> HttpResponse:
    held = _held(who, rep)
    values = {
        "rep": known_rep(rep),
        "held": held,
        "waiting": sum(each.waiting for each in held),
        "alone": [each.pool for each in held if not each.others],
        "taken_on": taken_on(who, rep).count(),
        "manages": [pool.name for pool in pools_now() if pool.manager == rep],
        "accounts": AccountOwner.objects.filter(owner=rep).count(),
        "others": [each.name for each in reps_now() if each.active and each.name != rep][:OFFERED],
        "may_leave": may_tell(who, {"type": "rep", "rep": rep, "active": False}),
        "may_give": allowed(who, "cycles.reassign"),
        "key": uuid.uuid4().hex,
        **at("rosters"),
        **told,
    }
    return render(request, "pages/rosters/leave.html", values, status=status)


@require_POST
@may("rosters_hand_on")
def hand_on(request: HttpRequest, who: Principal, rep: str) -> HttpResponse:
    """Give what somebody has taken on to somebody else."""
    known_rep(rep)
    if not request.POST.get("to"):
        messages.warning(request, _("Choose to whom."))
    return _handed_on(request, who, rep, request.POST.get("to", "")[:200])


def _handed_on(request: HttpRequest, who: Principal, rep: str, to: str) -> HttpResponse:
    """Each by itself, as the interface is told: one that is refused holds up no other."""
    leads = list(taken_on(who, rep).order_by("accepted_at").values_list("lead_id", flat=True)) if to else []
    refused: dict[str, None] = {}
    done, name = 0, name_of(who, request.POST.get("key", "")[:100])
    for lead in leads[: many.AT_ONCE] if allowed(who, "cycles.reassign") else ():
        try:
            actions.do_reassign(Asked(lead=lead, by=who.name, own_word=True, name=f"{name}:{lead}"), to, "")
            done += 1
        except Refused as found:
            refused[in_words(found.message)] = None
    for message in list(refused)[:5]:
        messages.warning(request, message)
    if done:
        told = ngettext("%(n)s lead went to %(to)s.", "%(n)s leads went to %(to)s.", done)
        messages.success(request, told % {"n": done, "to": to})
    return redirect("rosters_rep", rep=rep)


@require_POST
@may("rosters_back")
def back(request: HttpRequest, who: Principal, rep: str) -> HttpResponse:
    """Somebody who had left is back."""
    stand = known_rep(rep)
    told = {"active": True, "open_cap": stand.open_cap, "day_cap": stand.day_cap}
    return said(request, who, rep, told, _("%(rep)s is back, and gets leads again.") % {"rep": rep})
