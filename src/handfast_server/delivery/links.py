"""Decisions from a message: a signed link for one person and one turn, to a page that asks before anything happens.

Scanners and previews follow links; so GET changes nothing. The name of the link becomes the name of the fact, which is
unique: the link decides once. It decides as the person whom the message was for. Who is signed in as somebody else is
refused; who is not signed in at all came by the mailbox that the link was sent to.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from handfast.contract.model import Contract, Verb
from handfast.instant import DAY, Instant, Span
from handfast_server.access import allowed, of_user
from handfast_server.accounts.models import User
from handfast_server.api.errors import ApiRefused
from handfast_server.decide import terms
from handfast_server.delivery.digest import name_of
from handfast_server.delivery.lease import Leased
from handfast_server.facts.queries import named_from
from handfast_server.handoffs import actions
from handfast_server.handoffs.asked import Asked
from handfast_server.handoffs.models import Cycle
from handfast_server.now import now

LASTS: Span = 7 * DAY
VERBS = ("accept", "return", "reject")
_SALT = "handfast.decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link may do: one verb, on one turn of one cycle, as one person."""

    verb: str
    user: int
    lead: str
    cycle: str
    message: str
    until: Instant

    @property
    def fact(self) -> str:
        """How the names of its decision begin; a refused one, as for a reason that is missing, may be made again."""
        parts = f"{self.message}\n{self.user}\n{self.verb}"
        return "link:" + hashlib.blake2b(parts.encode(), digest_size=16).hexdigest() + ":"


def offered(message: Leased, user: User | None) -> list[tuple[str, str]]:
    """A link for each verb; it lasts a week from the message, however often that is sent."""
    if user is None:
        return []
    until = message.created_at + LASTS
    made = [
        Link(verb=verb, user=user.pk, lead=message.lead, cycle=message.cycle, message=message.id, until=until)
        for verb in VERBS
    ]
    return [(link.verb, f"{settings.BASE_URL}/decide/{written(link)}") for link in made]


def written(link: Link) -> str:
    """A link as it stands in an address."""
    values = [link.verb, link.user, link.lead, link.cycle, link.message, link.until]
    return signing.dumps(values, salt=_SALT)


def read(token: str) -> Link:
    """The link of an address. Raises Http404 when it is not one of ours."""
    try:
        verb, user, lead, cycle, message, until = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as wrong:
        raise Http404 from wrong
    return Link(verb=verb, user=user, lead=lead, cycle=cycle, message=message, until=until)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET; decide on POST."""
    link = read(token)
    user = User.objects.filter(pk=link.user, is_active=True).first()
    if user is None:
        raise Http404
    with override(user.language):
        why = _why_not(request, link, user)
        if why:
            return _page(request, link, why=why, status=410 if why in {"expired", "used"} else 403)
        if request.method == "POST":
            return _done(request, link, user)
        return _page(request, link)


def _why_not(request: HttpRequest, link: Link, user: User) -> str:
    signed_in = request.user
    if signed_in.is_authenticated and signed_in.pk != user.pk:
        return "somebody_else"
    if not allowed(of_user(user), "cycles.decide"):
        return "not_allowed"
    if now() > link.until:
        return "expired"
    if named_from(link.fact).filter(refused="").exists():
        return "used"
    return ""


def _done(request: HttpRequest, link: Link, user: User) -> HttpResponse:
    tried = named_from(link.fact).count()
    name = f"{link.fact}{tried}"
    asked = Asked(lead=link.lead, by=of_user(user).name, own_word=False, name=name, cycle=link.cycle)
    try:
        _carry_out(asked, link.verb, request.POST)
    except ApiRefused as refused:
        return _page(request, link, refused=refused.message, status=refused.status)
    return _page(request, link, done=True)


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
        raise ApiRefused(422, "malformed", f"{text!r} is no date; it is such as 2027-03-01.", "revisit_on") from None


def _page(request: HttpRequest, link: Link, *, status: int = 200, **values: Any) -> HttpResponse:
    cycle = Cycle.objects.filter(pk=link.cycle).select_related("lead").first()
    name = "" if cycle is None or values.get("why") else name_of(cycle.lead)
    shown = {"link": link, "name": name, "reasons": _reasons(link, cycle), **values}
    answer = render(request, "delivery/decide.html", shown, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _reasons(link: Link, cycle: Cycle | None) -> list[tuple[str, str]]:
    """The reasons that the contract of the cycle knows for the verb; those that ask for more stay with the page."""
    if cycle is None or cycle.version is None or link.verb == "accept":
        return []
    contract: Contract = terms.current().of(cycle.version).contract
    return reasons_of(contract, link.verb)


def reasons_of(contract: Contract, verb: str) -> list[tuple[str, str]]:
    """Names and titles of the reasons for a verb, in the contract's order."""
    fitting = {Verb.RETURN} if verb == Verb.RETURN else {verb, Verb.EITHER}
    return [(name, each.title or name) for name, each in contract.reasons.items() if each.verb in fitting]
