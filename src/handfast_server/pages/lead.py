"""One lead: who it is, where it stands and under which version, why it scores so, and what happened, in order."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.instant import Instant
from handfast_server.access import Principal, access_activities, access_cycles, access_leads, access_transitions
from handfast_server.delivery.digest import name_of
from handfast_server.handoffs import queries
from handfast_server.handoffs.models import Assignment
from handfast_server.handoffs.story import reason_of, story_of
from handfast_server.leads.models import Lead
from handfast_server.observe.log import get_logger
from handfast_server.pages.may import may
from handfast_server.pages.words import event_words, state_words

LINES = 200
"""Lines of the timeline, the latest first."""

log = get_logger("pages")


class Line(NamedTuple):
    """Something that happened, and when the service learned of it where that was another instant."""

    at: Instant
    what: str
    about: str
    told_at: Instant | None = None


@require_safe
@may("lead")
def lead(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """The page; that of the survivor, where the lead was merged into another."""
    name = Lead.objects.filter(pk=lead).values_list("merged_into", flat=True).first() or lead
    row = access_leads(who).filter(pk=name).first()
    if row is None:
        raise Http404
    if name != lead:
        return redirect("lead", lead=name)
    cycles = access_cycles(who).filter(lead=row).order_by("-inquiry_at", "-pk").values_list("pk", flat=True)
    rows = [{**each, "title": reason_of(each["version"], each["reason"])["title"]} for each in queries.shown(cycles)]
    shown = {"lead": row, "name": name_of(row), "cycles": rows, **_score(row), "lines": _lines(who, row)}
    return render(request, "pages/lead.html", shown)


def _score(row: Lead) -> dict[str, Any]:
    """Its lines as of now, which add up; none where they cannot be told."""
    try:
        told = story_of(row)["score"]
    except (ValueError, LookupError, TypeError) as broken:
        log.warning("unreadable", lead=row.pk, error=type(broken).__name__)
        return {"score": None}
    if told is None:
        return {"score": None}
    parts = [each for each in told.get("parts", ()) if each["found"] not in {"0", "0.00"}]
    return {"score": {**told, "parts": parts}}


def _lines(who: Principal, row: Lead) -> list[Line]:
    """Activities, changes and turns together."""
    acts = access_activities(who).filter(lead=row).order_by("-happened_at", "-position")[:LINES]
    found = [Line(act.happened_at, act.kind.replace("_", " ").capitalize(), "") for act in acts]
    for each in access_transitions(who).filter(cycle__lead=row).order_by("-at")[:LINES]:
        told_at = each.at if each.at != each.happened_at else None
        about = " · ".join(filter(None, (each.by, each.reason.replace("_", " "))))
        what = " → ".join(dict.fromkeys((event_words(each.event), state_words(each.after))))
        found.append(Line(each.happened_at, what, about, told_at))
    turns = Assignment.objects.filter(cycle__in=access_cycles(who).filter(lead=row))
    found += [Line(turn.at, _("Goes to %s") % turn.rep, turn.pool) for turn in turns.order_by("-at")[:LINES]]
    return sorted(found, key=lambda line: line.at, reverse=True)[:LINES]
