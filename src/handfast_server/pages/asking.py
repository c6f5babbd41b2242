"""What the forms of pages ask of a lead, told to the functions behind the interface."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from handfast.facts import TouchKind
from handfast_server.access import Principal
from handfast_server.handoffs.access import access_handoff
from handfast_server.handoffs.asked import Asked, name_of
from handfast_server.leads.models import Lead
from handfast_server.refused import Refused

LONGEST = 10_000
"""Characters of a note."""


def asked_of(request: HttpRequest, who: Principal, lead: str) -> Asked:
    """Who asks of which cycle, under the key of the form. Raises Http404 for a lead that they may not speak of."""
    try:
        access_handoff(who, lead)
    except Lead.DoesNotExist as unseen:
        raise Http404 from unseen
    key, cycle = (request.POST.get(name, "")[:200] for name in ("key", "cycle"))
    return Asked(lead=lead, by=who.name, own_word=True, name=name_of(who, key), cycle=cycle)


def note_of(request: HttpRequest) -> str:
    """The note of a form."""
    return request.POST.get("note", "").strip()[:LONGEST]


def touch_of(request: HttpRequest) -> TouchKind:
    """Which outreach a form tells of."""
    return TouchKind.CONTACT if request.POST.get("kind") == TouchKind.CONTACT.value else TouchKind.ATTEMPT


def date_of(text: str) -> dt.date | None:
    """A date that was given, if one was. Raises Refused for what is none."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(
            "malformed", _("This is no date; one is such as 2027-03-01."), status=422, path="revisit_on"
        ) from None


def number_of(text: str) -> Decimal | str:
    """A number that was given; the text itself where it is none, which is refused by whoever needs a number."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
