"""Deliveries: what was sent, waits, and was given up; one message with every try; sent again, one or many."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as told
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from pydantic import ValidationError

from handfast_server.access import Principal, access_leads, allowed
from handfast_server.api.delivery_shapes import Again, MessageFilter
from handfast_server.api.paging import Order, Page, Paging, page_of, question
from handfast_server.delivery import actions
from handfast_server.delivery.models import Attempt, Message
from handfast_server.delivery.queries import Wanted, content, counts, messages, receivers
from handfast_server.now import now
from handfast_server.pages.admin.frame import row_of, shown
from handfast_server.pages.may import may
from handfast_server.pages.words import message_words
from handfast_server.refused import Refused

_FILTERS = ("state", "channel", "event", "to", "lead")


@require_safe
@may("deliveries")
def deliveries(request: HttpRequest, who: Principal) -> HttpResponse:
    """The latest first, as the address narrows them."""
    given = {name: request.GET.get(name, "").strip()[:320] for name in _FILTERS}
    query = {name: value for name, value in given.items() if value}
    page, wrong = _page(request, query)
    names = receivers(row["to"] for row in page.rows)
    rows = [{**row, "name": names.get(row["to"], row["to"]), "again": row["state"] in _AGAIN} for row in page.rows]
    values = {
        "rows": rows,
        "ticks": any(row["again"] for row in rows),
        "given": given,
        "asked": bool(query),
        "counts": counts(now()),
        "states": [(state, message_words(state)) for state in Message.State.values],
        "first": f"?{urlencode(query)}" if request.GET.get("cursor") else "",
        "next": f"?{urlencode({**query, 'cursor': page.next})}" if page.next else "",
        "back": request.get_full_path(),
    }
    return shown(request, who, "deliveries", "deliveries", {**values, "wrong": wrong}, status=422 if wrong else 200)


def _page(request: HttpRequest, query: dict[str, str]) -> tuple[Page, str]:
    """The messages as the interface gives them; none, and why, for what is not understood."""
    cursor = request.GET.get("cursor", "")
    try:
        wanted = Wanted(**MessageFilter.model_validate(query).model_dump())
        paging = Paging(cursor=cursor)
        return page_of(messages(wanted).values(), Order("created_at", down=True), paging, question(request), "id"), ""
    except (ValidationError, Refused):
        return Page([], ""), _("This address is not understood: begin without what it asks for.")


_AGAIN = frozenset((Message.State.DEAD, Message.State.SKIPPED, Message.State.LATE))


@require_safe
@may("delivery")
def delivery(request: HttpRequest, who: Principal, message: str) -> HttpResponse:
    """One message: whom it is for, every try, and what it was made from."""
    row = row_of(Message.objects.all(), message)
    whole = allowed(who, "leads.read") and (not row.lead or access_leads(who).filter(pk=row.lead).exists())
    values: dict[str, Any] = {
        "message": row,
        "name": receivers([row.to]).get(row.to, row.to),
        "attempts": Attempt.objects.filter(message=row).order_by("number"),
        "content": json.dumps(content(row, whole=whole), indent=2, ensure_ascii=False),
        "whole": whole,
        "again": row.state in _AGAIN,
        "waits": row.state == Message.State.READY,
    }
    return shown(request, who, "deliveries", "delivery", values)


@require_POST
@may("deliveries_again")
def again(request: HttpRequest, _who: Principal) -> HttpResponse:
    """Send the ticked ones again, or everything given up, of one endpoint if it is named."""
    every = request.POST.get("all") == "yes"
    given: dict[str, Any] = {"endpoint": request.POST.get("endpoint", "").replace("\x00", "")}
    given |= {} if every else {"messages": [each for each in request.POST.getlist("message") if "\x00" not in each]}
    try:
        asked = Again.model_validate(given)
    except ValidationError:
        told.warning(request, _("Tick some first."))
        return redirect("deliveries")
    count = actions.do_send_again(asked.messages, endpoint=asked.endpoint)
    said = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count) % {"n": count}
    told.success(request, said)
    if asked.messages is not None and len(asked.messages) == 1:
        return redirect("delivery", message=asked.messages[0])
    return redirect("deliveries")
