"""One lead: where it stands and under which version, why it scores and went so, and everything that happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from handfast_server.access import Principal, access_cycles, access_deals, access_leads, allowed
from handfast_server.contracts.models import Version
from handfast_server.delivery.digest import name_of
from handfast_server.handoffs import queries
from handfast_server.handoffs.models import Clock
from handfast_server.handoffs.story import course_of, reason_of, story_of
from handfast_server.leads.models import Lead
from handfast_server.observe.log import get_logger
from handfast_server.pages.cards import halves_of
from handfast_server.pages.may import may
from handfast_server.pages.reader import user_of, zone_of
from handfast_server.pages.score_line import picture_of
from handfast_server.pages.timeline import lines_of
from handfast_server.rosters.models import AccountOwner

log = get_logger("pages")


@require_safe
@may("lead")
def lead(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """The page; that of the survivor, where the lead was merged into another."""
    name = Lead.objects.filter(pk=lead).values_list("merged_into", flat=True).first() or lead
    row = access_leads(who).select_related("account").filter(pk=name).first()
    if row is None:
        raise Http404
    if name != lead:
        return redirect("lead", lead=name)
    cycles = _cycles(who, row)
    shown = {
        "lead": row,
        "name": name_of(row),
        "cycles": cycles,
        **_told(row, {cycle["id"]: cycle["version"] for cycle in cycles}, zone_of(user_of(request))),
        "terms": _terms(cycles),
        "owner": _account_owner(row),
        "deals": access_deals(who).filter(lead=row).order_by("-opened_at", "pk"),
        "lines": lines_of(who, row),
        "may_erase": allowed(who, "leads.erase") and not row.erased,
    }
    return render(request, "pages/lead.html", shown)


def _cycles(who: Principal, row: Lead) -> list[dict[str, Any]]:
    """The latest first, each with its clocks."""
    names = access_cycles(who).filter(lead=row).order_by("-inquiry_at", "-pk").values_list("pk", flat=True)
    clocks: dict[str, list[Clock]] = {}
    for clock in Clock.objects.filter(cycle__in=list(names)).order_by("started_at", "id"):
        clocks.setdefault(clock.cycle_id, []).append(clock)
    rows = queries.shown(names)
    halves = halves_of(rows)
    return [
        {
            **each,
            "title": reason_of(each["version"], each["reason"])["title"],
            "clocks": clocks.get(each["id"], []),
            "half_at": halves.get(each["id"]),
        }
        for each in rows
    ]


def _told(row: Lead, cycles: Mapping[str, int | None], zone: str) -> dict[str, Any]:
    """The explanations, as far as they can be told; nothing where the lead cannot be read."""
    try:
        story, course = story_of(row), course_of(row)
    except (ValueError, LookupError, TypeError) as broken:
        log.warning("unreadable", lead=row.pk, error=type(broken).__name__)
        return {"score": None, "unreadable": True}
    return {
        "score": _score(story["score"]),
        "judgement": story["judgement"],
        "picture": None if course is None else picture_of(course, zone),
        "choices": [] if row.erased else list(_choices(story["explanations"], cycles)),
    }


def _score(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """Its lines as of now, which add up; those that say nothing are left out."""
    if told is None:
        return None
    return {**told, "parts": [each for each in told.get("parts", ()) if each["found"] not in {"0", "0.00"}]}


def _choices(explanations: list[dict[str, Any]], cycles: Mapping[str, int | None]) -> Iterator[dict[str, Any]]:
    """Why each owner, and why not another, the latest first."""
    for each in reversed(explanations):
        if each["cycle"] in cycles:
            yield from (
                {**node, "when": each["at"], "version": cycles[each["cycle"]]} | _parts(node)
                for node in each["trace"]
                if node["topic"] == "choice"
            )


def _parts(node: Mapping[str, Any]) -> dict[str, Any]:
    parts = node.get("parts", ())
    return {name: [part for part in parts if part["topic"] == topic] for name, topic in _TOPICS.items()}


_TOPICS = {"rules": "rule", "candidates": "candidate"}


def _terms(cycles: list[dict[str, Any]]) -> list[Version]:
    """The versions of the contract that the cycles live under, the latest first."""
    numbers = {cycle["version"] for cycle in cycles if cycle["version"] is not None}
    return list(
        Version.objects.filter(pk__in=numbers).only("number", "in_force_from", "signatures").order_by("-number")
    )


def _account_owner(row: Lead) -> str:
    owners = AccountOwner.objects.filter(account=row.account_id or "").values_list("owner", flat=True)
    return owners.first() or ""
