"""What was set aside: why, what came, told again once its cause is mended, or thrown away."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from handfast_server.access import Principal, allowed
from handfast_server.intake.aside import shown as as_values
from handfast_server.intake.item import Status
from handfast_server.intake.models import SetAside
from handfast_server.intake.stating import do_again, do_drop
from handfast_server.pages.admin.frame import asked, row_of, shown
from handfast_server.pages.may import may

SHOWN = 50
_LONGEST = 50_000
_TAKEN = frozenset((Status.ACCEPTED, Status.REPEAT, Status.HELD))


@require_safe
@may("aside")
def aside(request: HttpRequest, who: Principal) -> HttpResponse:
    """The oldest first, of one source if the address names it."""
    source, after = asked(request, "source"), asked(request, "after")
    rows = SetAside.objects.order_by("id").filter(**({"source": source} if source else {}))
    total = rows.count()
    place = int(after) if after.isdecimal() and len(after) < 19 else 0
    found = list(rows.filter(pk__gt=place).defer("body")[: SHOWN + 1])
    query = {"source": source} if source else {}
    values = {
        "rows": found[:SHOWN],
        "total": total,
        "source": source,
        "first": f"?{urlencode(query)}" if place else "",
        "next": f"?{urlencode({**query, 'after': found[SHOWN - 1].pk})}" if len(found) > SHOWN else "",
    }
    return shown(request, who, "connections", "aside", values)


@require_safe
@may("aside_one")
def one(request: HttpRequest, who: Principal, aside: int) -> HttpResponse:
    """What came, for who may see leads: it names somebody."""
    row = row_of(SetAside.objects.all(), aside)
    body = as_values(row) if allowed(who, "leads.read") else None
    text = body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False)
    values = {"row": row, "text": text[:_LONGEST], "cut": len(text) > _LONGEST, "hidden": body is None}
    return shown(request, who, "connections", "aside_one", values)


@require_POST
@may("aside_again")
def again(request: HttpRequest, _who: Principal) -> HttpResponse:
    """Tell the ticked ones again; what is refused stays, and says why."""
    taken, refused = 0, set[str]()
    for each in _chosen(request):
        try:
            outcome = do_again(each)
        except SetAside.DoesNotExist:
            continue
        taken += outcome.status in _TAKEN
        refused |= set() if outcome.status in _TAKEN else {outcome.message}
    for message in sorted(refused)[:5]:
        messages.warning(request, message)
    if taken:
        said = ngettext("%(n)s was taken in.", "%(n)s were taken in.", taken)
        messages.success(request, said % {"n": taken})
    elif not refused:
        messages.warning(request, _("Tick some first."))
    return redirect("aside")


@require_POST
@may("aside_drop")
def drop(request: HttpRequest, _who: Principal) -> HttpResponse:
    """Throw the ticked ones away."""
    gone = sum(do_drop(each) for each in _chosen(request))
    if gone:
        messages.success(request, ngettext("%(n)s was thrown away.", "%(n)s were thrown away.", gone) % {"n": gone})
    else:
        messages.warning(request, _("Tick some first."))
    return redirect("aside")


def _chosen(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("aside")[:SHOWN]
    return [int(each) for each in given if each.isdecimal() and len(each) < 19]
