"""A person's rights, for administrators: everything known of a lead as a file, and forgetting it."""

from __future__ import annotations

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handfast_server.access import Principal
from handfast_server.delivery.digest import name_of
from handfast_server.leads.actions import do_erase, do_hand_out
from handfast_server.leads.models import Lead
from handfast_server.pages.may import may


@require_POST
@may("lead_hand_out")
def hand_out(_request: HttpRequest, _who: Principal, lead: str) -> HttpResponse:
    """The file. It is asked for with a form, because handing it out is written down."""
    try:
        told = do_hand_out(lead)
    except Lead.DoesNotExist as unknown:
        raise Http404 from unknown
    answer = HttpResponse(orjson.dumps(told, default=str, option=orjson.OPT_INDENT_2), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{told["lead"]}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@may("lead_erase")
def erase(request: HttpRequest, _who: Principal, lead: str) -> HttpResponse:
    """What it means, and then done: it cannot be undone, so it asks for a word."""
    row = Lead.objects.filter(pk=lead, merged_into="").first()
    if row is None:
        raise Http404
    if request.method != "POST":
        return render(request, "pages/erase.html", {"lead": row, "name": name_of(row)})
    if request.POST.get("sure") != "yes":
        return render(request, "pages/erase.html", {"lead": row, "name": name_of(row), "unsure": True}, status=422)
    survivor = do_erase(lead)
    messages.success(request, _("Forgotten. What counts is kept, who it was is not."))
    return redirect("lead", lead=survivor)
