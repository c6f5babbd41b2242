"""The page behind a link of a message: it shows the card, asks, and decides when somebody presses.

Scanners and previews follow links; so GET changes nothing. A link decides as the person whom the message was for. Who
is signed in as somebody else is refused; who is not signed in at all came by the mailbox that the link was sent to.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from handfast.cycle.life import CycleState
from handfast_server.access import allowed, of_user
from handfast_server.accounts.models import User
from handfast_server.decide import terms
from handfast_server.delivery.card import Card
from handfast_server.delivery.digest import name_of
from handfast_server.delivery.links import Choice, Link, choices_of, read
from handfast_server.delivery.people import Person, language_of
from handfast_server.facts.queries import named_from
from handfast_server.handoffs import actions
from handfast_server.handoffs.asked import Asked
from handfast_server.handoffs.models import Cycle
from handfast_server.now import now
from handfast_server.pages.core_words import in_words
from handfast_server.refused import Refused

_STATUS = {"somebody_else": 403, "not_allowed": 403, "moved_on": 409, "expired": 410, "used": 410}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET; decide on POST."""
    link = read(token)
    user = User.objects.filter(pk=link.user, is_active=True).first()
    if user is None:
        raise Http404
    cycle = Cycle.objects.filter(pk=link.cycle, lead=link.lead).select_related("lead").first()
    with override(language_of(user)):
        why = _why_not(request, link, user, cycle)
        if why or cycle is None:
            return _page(request, link, user, why=why, status=_STATUS[why])
        if request.method == "POST":
            return _done(request, link, user, cycle)
        return _ask(request, link, user, cycle)


def _why_not(request: HttpRequest, link: Link, user: User, cycle: Cycle | None) -> str:
    signed_in = request.user
    if signed_in.is_authenticated and signed_in.pk != user.pk:
        return "somebody_else"
    if not allowed(of_user(user), "cycles.decide"):
        return "not_allowed"
    if now() > link.until:
        return "expired"
    if named_from(link.fact).filter(refused="").exists():
        return "used"
    theirs = cycle is not None and cycle.state == CycleState.WAITING and cycle.owner == of_user(user).name
    return "" if theirs else "moved_on"


def _done(request: HttpRequest, link: Link, user: User, cycle: Cycle) -> HttpResponse:
    tried = named_from(link.fact).count()
    name = f"{link.fact}{tried}"
    asked = Asked(lead=link.lead, by=of_user(user).name, own_word=False, name=name, cycle=link.cycle)
    try:
        _carry_out(asked, link.verb, request.POST)
    except Refused as refused:
        return _ask(request, link, user, cycle, refused=in_words(refused.message), status=refused.status)
    return _page(request, link, user, done=True, name=name_of(cycle.lead))


def _carry_out(asked: Asked, verb: str, given: QueryDict) -> None:
    reason, note = given.get("reason", "")[:200], given.get("note", "")[:2000]
    if verb == "accept":
        actions.do_accept(asked)
    elif verb == "return":
        actions.do_return(asked, reason, note)
    else:
        actions.do_reject(asked, reason, note, _date(given.get("revisit_on", "")))


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(
            "malformed", _("This is no date; one is such as 2027-03-01."), status=422, path="revisit_on"
        ) from None


def _ask(request: HttpRequest, link: Link, user: User, cycle: Cycle, **values: Any) -> HttpResponse:
    reasons = _reasons(link, cycle)
    told: dict[str, Any] = {
        "name": name_of(cycle.lead),
        "card": Card(cycle.lead, cycle, Person("", user).zone),
        "given": request.POST,
    }
    return _page(request, link, user, reasons=reasons, dated=[each for each in reasons if each.dated], **told, **values)


def _page(request: HttpRequest, link: Link, user: User, *, status: int = 200, **values: Any) -> HttpResponse:
    shown = {"link": link, "zone": Person("", user).zone, **values}
    answer = render(request, "delivery/decide.html", shown, status=status)
    answer["X-Robots-Tag"] = "noindex"
    answer["Content-Language"] = language_of(user)
    return answer


def _reasons(link: Link, cycle: Cycle) -> list[Choice]:
    """The reasons that the contract of the cycle knows for the verb; those that ask for more stay with the page."""
    if cycle.version is None or link.verb == "accept":
        return []
    return choices_of(terms.current().of(cycle.version).contract, link.verb)
