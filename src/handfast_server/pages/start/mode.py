"""Shadow or live: what shadow mode found beside what really happened, the cut-over, and going live."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from handfast.instant import MINUTE
from handfast_server.access import Principal, allowed
from handfast_server.contracts.models import Version
from handfast_server.handoffs.asked import name_of
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.pages.contract.held import held
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.pages.scoreboard_figures import number
from handfast_server.refused import Refused
from handfast_server.shadow import compared, cutover
from handfast_server.shadow.mode import Mode, began, do_set_mode, standing

SHOWN = 200
"""Handoffs of a plan that stand on the page."""
RECORDS = 25
"""Records of a number."""

_PER_DAY = re.compile(r"[0-9]{1,4}(/[1-9][0-9]{0,3})?")
_EIGHT = "8"
_OF_LEAD = re.compile(r"[/:]")
"""What stands after the lead in the name of a judgement, and of a handoff."""

_SAYS = {
    "judged": gettext_noop("would have been handed to sales here"),
    "delivered": gettext_noop("were handed to sales by the other system"),
    "kept": gettext_noop("by both"),
    "new": gettext_noop("here, and not there"),
    "lost": gettext_noop("there, and would not have been here"),
    "held": gettext_noop("judged, and nobody was eligible"),
    "same_owner": gettext_noop("by both, and the same rep has them"),
    "before_first": gettext_noop("handed over before the first version"),
    "unmeasured": gettext_noop("without a due, as no calendar reaches back so far"),
    "shadow_in_time": gettext_noop("first touch in time, had the promise begun here"),
    "shadow_late": gettext_noop("first touch late, had the promise begun here"),
    "shadow_pending": gettext_noop("first touch pending, had the promise begun here"),
    "real_in_time": gettext_noop("first touch in time, as it was made there"),
    "real_late": gettext_noop("first touch late, as it was made there"),
    "real_pending": gettext_noop("first touch pending, as it was made there"),
    "unreadable": gettext_noop("leads that are not compared, as their rows cannot be read"),
}
_ALWAYS = ("judged", "delivered", "kept", "new", "lost")


class Record(NamedTuple):
    """A record of a number: a lead, and its handoff where it is one."""

    lead: str
    name: str


class Number(NamedTuple):
    """A number of the comparison and the first of its records."""

    says: str
    many: str
    records: list[Record]
    more: str


@require_safe
@may("mode")
@held
def mode(request: HttpRequest, who: Principal) -> HttpResponse:
    """The mode, and what shadow mode found since it began."""
    return _page(request, who)


@require_POST
@may("mode_set")
@held
def change(request: HttpRequest, who: Principal) -> HttpResponse:
    """Begin shadow mode, or go live and take nothing over."""
    wanted = request.POST.get("mode", "")
    if wanted not in set(Mode):
        return redirect("mode")
    do_set_mode(Mode(wanted), name_of(who, request.POST.get("key", "")[:200]))
    live = _("Live: every lead that meets the bar is handed to sales from now on.")
    shadow = _("Shadow mode: leads are judged, nothing is assigned and nothing is sent.")
    messages.success(request, live if wanted == Mode.LIVE else shadow)
    return redirect("mode")


@require_POST
@may("mode_cut_over")
@held
def cut_over(request: HttpRequest, who: Principal) -> HttpResponse:
    """Say what would be taken over and when clocks would start; then do it."""
    text = request.POST.get("per_day", "").strip()
    if not _PER_DAY.fullmatch(text):
        wrong = _("Write a whole number such as 8, or a fraction such as 5/2.")
        return _page(request, who, per_day=text, wrong=wrong, status=422)
    try:
        if request.POST.get("do") != "yes":
            return _page(request, who, per_day=text, plan=_planned(cutover.planned(Fraction(text))))
        taken = cutover.do_cut_over(Fraction(text), who.name, name_of(who, request.POST.get("key", "")[:200]))
    except Refused as refused:
        return _page(request, who, per_day=text, wrong=in_words(refused.message), status=422)
    done = [each for each in taken if not each.code]
    words = ngettext("Live. %(count)s handoff was taken over.", "Live. %(count)s handoffs were taken over.", len(done))
    messages.success(request, words % {"count": number(len(done))})
    left = [each for each in taken if each.code]
    if not left:
        return redirect("mode")
    return _page(request, who, per_day=text, plan=_planned(left), wrong=_("These could not be taken over:"))


def _page(
    request: HttpRequest, who: Principal, *, per_day: str = _EIGHT, plan: Any = None, wrong: str = "", status: int = 200
) -> HttpResponse:
    since, found, at = began(), standing(), now()
    coming = Version.objects.filter(in_force_from__gt=at).order_by("in_force_from").first()
    shown = {
        "mode": found.mode.value,
        "since": found.since,
        "began": since,
        "numbers": _numbers(since) if since is not None else [],
        "open_elsewhere": cutover.open_elsewhere(),
        "may_change": allowed(who, "mode.change"),
        "has_contract": Version.objects.filter(in_force_from__lte=at).exists(),
        "coming": coming,
        "settles": coming is not None and coming.in_force_from - at < MINUTE,
        "per_day": per_day,
        "plan": plan,
        "wrong": wrong,
        "here": "mode",
    }
    return render(request, "pages/start/mode.html", shown, status=status)


def _numbers(since: int) -> list[Number]:
    found = compared.numbers(compared.comparison(since, now()))
    return [_number(_(_SAYS[name]), records) for name, records in found.items() if records or name in _ALWAYS]


def _number(says: str, records: Any) -> Number:
    shown = [Record(_OF_LEAD.split(each, maxsplit=1)[0], each) for each in records[:RECORDS]]
    more = number(len(records) - RECORDS) if len(records) > RECORDS else ""
    return Number(says, number(len(records)), shown, more)


def _planned(taken: list[cutover.Taking]) -> dict[str, Any]:
    names = Lead.objects.in_bulk([each.lead for each in taken[:SHOWN]])
    rows = [{"it": each, "lead": names.get(each.lead)} for each in taken[:SHOWN]]
    return {"rows": rows, "many": len(taken), "more": max(0, len(taken) - SHOWN)}
