"""The inbox: what waits for one's own decision, and the decisions in place.

Cards are asked for again every few seconds; nothing new is answered with 304. A decision is told to the same functions
as one through the interface, names the cycle that was looked at, and has a key of its own, so that a form that is sent
twice decides once. Without scripts every form answers with the page.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from handfast.instant import to_datetime
from handfast_server.access import Principal
from handfast_server.delivery.digest import name_of
from handfast_server.handoffs import actions
from handfast_server.handoffs.asked import Asked
from handfast_server.handoffs.told import Decided
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.pages.asking import asked_of, date_of, note_of, touch_of
from handfast_server.pages.cards import SHOWN, cards_of, waiting
from handfast_server.pages.core_words import in_words
from handfast_server.pages.live import fresh, stand_of, tag_of
from handfast_server.pages.may import may
from handfast_server.pages.reader import zone_of
from handfast_server.pages.start.steps import is_set_up
from handfast_server.pages.today import today_of
from handfast_server.pages.words import told_words
from handfast_server.refused import Refused


@require_safe
@may("inbox")
def inbox(request: HttpRequest, who: Principal) -> HttpResponse:
    """The page."""
    return _page(request, who)


@require_safe
@may("inbox_cards")
def cards(request: HttpRequest, who: Principal) -> HttpResponse:
    """The cards alone, for a page that is open; nothing, when nothing is new."""
    return fresh(request, _tag(request, who), partial(_cards, request, who))


@require_POST
@may("inbox_accept")
def accept(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """Take a lead on."""
    return _decided(request, who, lead, actions.do_accept)


@require_POST
@may("inbox_decline")
def decline(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """Reject a lead for a reason, or return it as somebody else's."""
    given, note = request.POST, note_of(request)

    def work(asked: Asked) -> Decided:
        if given.get("return"):
            return actions.do_return(asked, given["return"], note)
        return actions.do_reject(asked, given.get("reject", ""), note, date_of(given.get("revisit_on", "")))

    return _decided(request, who, lead, work)


@require_POST
@may("inbox_touch")
def touch(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """Tell that one called or wrote; a conversation takes the lead on."""
    kind = touch_of(request)
    return _decided(request, who, lead, lambda asked: actions.do_touch(asked, kind, human=True))


def _decided(request: HttpRequest, who: Principal, lead: str, work: Callable[[Asked], Decided]) -> HttpResponse:
    asked = asked_of(request, who, lead)
    try:
        done = work(asked)
    except Refused as refused:
        return _refused(request, who, lead, refused)
    said = told_words(name_of(Lead.objects.filter(pk=done.lead).first()), done)
    if request.headers.get("HX-Request"):
        return _cards(request, who, said=said)
    messages.success(request, said)
    return redirect("inbox")


def _refused(request: HttpRequest, who: Principal, lead: str, refused: Refused) -> HttpResponse:
    told = {"wrong": in_words(refused.message), "wrong_lead": lead, "note": request.POST.get("note", "")}
    if request.headers.get("HX-Request"):
        return _cards(request, who, status=refused.status, **told)
    return _page(request, who, status=refused.status, **told)


def _page(request: HttpRequest, who: Principal, *, status: int = 200, **told: Any) -> HttpResponse:
    return render(request, "pages/inbox.html", {**_list(request, who), **told}, status=status)


def _cards(request: HttpRequest, who: Principal, *, tag: str = "", status: int = 200, **told: Any) -> HttpResponse:
    shown = {**_list(request, who, tag), **told}
    answer = render(request, "pages/inbox_cards.html", shown, status=status)
    answer["ETag"] = shown["tag"]
    return answer


def _list(request: HttpRequest, who: Principal, tag: str = "") -> dict[str, Any]:
    """The tag is taken before the cards: what comes between is found by the next question."""
    tag = tag or _tag(request, who)
    shown = [{**card, "key": uuid.uuid4().hex} for card in cards_of(who)]
    total = len(shown) if len(shown) < SHOWN else waiting(who).count()
    today = [] if shown else today_of(who, zone_of(request.user))
    return {
        "cards": shown,
        "total": total,
        "more": total - len(shown),
        "tag": tag,
        "today": today,
        "has_contract": bool(shown) or is_set_up(),
    }


def _tag(request: HttpRequest, who: Principal) -> str:
    """Changes with the list, with the reader's day, and with whatever else is written into the cards."""
    day = to_datetime(now(), zone_of(request.user)).date()
    return tag_of(who, (day, stand_of(who, waiting)))
