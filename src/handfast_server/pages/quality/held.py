"""Leads that would be delivered, and that a disqualifier keeps with marketing: which, and what would change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.condition import NoneOf, names_in
from handfast.contract.english.conditions import speaker
from handfast.contract.model import Contract, Disqualifier
from handfast.instant import format_instant
from handfast.qualify import CONSENT, disqualifiers
from handfast_server.access import Principal, access_cycles, allowed
from handfast_server.decide import terms as versions
from handfast_server.handoffs import queries
from handfast_server.handoffs.models import Cycle
from handfast_server.handoffs.story import lead_of
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.pages.quality.asked import at
from handfast_server.pages.quality.known import known_of
from handfast_server.sheet import line, sheet

SHOWN = 50


class Held(NamedTuple):
    """A disqualifier with those it keeps back: how many, and how many of them by it alone."""

    name: str
    title: str
    clause: str
    when: str
    otherwise: str
    many: int
    alone: int
    gives_way: bool


@require_safe
@may("quality_held")
def held(request: HttpRequest, who: Principal) -> HttpResponse:
    """Every disqualifier of the contract in force, those that keep most back first."""
    found = _held(who)
    shown = {"held": found, "all": queries.held_back(access_cycles(who)).count(), "signed": _contract() is not None}
    return render(request, "pages/quality/held.html", {**shown, **at("held")})


@require_safe
@may("quality_held_by")
def held_by(request: HttpRequest, who: Principal, name: str) -> HttpResponse:
    """Those that one of them keeps back, with what is known that it asks about."""
    one, rows = _one(who, name)
    begin = int(given) if (given := request.GET.get("begin", "")).isdecimal() and len(given) < 8 else 0
    names = list(rows.order_by("-changed_at", "pk").values_list("pk", flat=True)[begin : begin + SHOWN])
    end, page = begin + SHOWN, reverse("quality_held_by", kwargs={"name": name})
    shown = {
        "one": one,
        "rows": _listed(one, names),
        "begin": begin,
        "first": page if begin else "",
        "next": f"{page}?begin={end}" if end < one.many else "",
        "csv": one.many and allowed(who, "measures.export"),
    }
    return render(request, "pages/quality/held_by.html", {**shown, **at("held")})


@require_safe
@may("quality_held_csv")
def held_csv(_request: HttpRequest, who: Principal, name: str) -> StreamingHttpResponse:
    """All of them as a file."""
    _found, rows = _one(who, name)
    return sheet(_lines(rows), f"held-by-{name}")


def _lines(rows: QuerySet[Cycle]) -> Iterator[str]:
    yield line(("lead", "cycle", "held_by", "source", "campaign", "since"))
    columns = ("lead_id", "pk", "held_by", "source", "campaign", "changed_at")
    for *cells, since in rows.order_by("-changed_at", "pk").values_list(*columns).iterator():
        yield line((*cells, format_instant(since)))


def _held(who: Principal) -> list[Held]:
    """Counted in the database, by the sets of names that hold."""
    many, alone = Counter[str](), Counter[str]()
    sets = queries.held_back(access_cycles(who)).order_by().values_list("held_by").annotate(n=Count("pk"))
    for names, count in sets:
        for name in names.split():
            many[name] += count
            alone[name] += count if names == name else 0
    contract = _contract()
    known = {} if contract is None else {each.name: each for each in disqualifiers(contract)}
    gone = [name for name in many if name not in known]  # of a version that is not in force any more
    found = [_told(contract, known.get(name), name, many[name], alone[name]) for name in (*known, *gone)]
    return sorted((each for each in found if each.name != CONSENT or each.many), key=lambda each: -each.many)


def _told(contract: Contract | None, terms: Disqualifier | None, name: str, many: int, alone: int) -> Held:
    if contract is None or terms is None:
        about = _(
            "The version in force does not have it any more: it is judged anew when something is told of the lead."
        )
        return Held(name, name.replace("_", " "), "", "", about, many, alone, gives_way=False)
    words = speaker(contract)
    return Held(
        name=name,
        title=terms.title,
        clause="" if name == CONSENT else f"definitions.mql.unless.{name}",
        when=in_words(words.condition(terms.when)),
        otherwise=in_words(words.condition(NoneOf((terms.when,)))),
        many=many,
        alone=alone,
        gives_way=terms.except_hand_raise,
    )


def _one(who: Principal, name: str) -> tuple[Held, QuerySet[Cycle]]:
    """Raises Http404 for a name that is no disqualifier's."""
    one = next((each for each in _held(who) if each.name == name), None)
    if one is None:
        raise Http404
    rows = queries.held_back(access_cycles(who))
    sets = rows.filter(held_by__contains=name).order_by().values_list("held_by", flat=True).distinct()
    return one, rows.filter(held_by__in=[names for names in sets if name in names.split()])


def _contract() -> Contract | None:
    version = versions.current().in_force(now())
    return None if version is None else version.contract


def _listed(one: Held, names: Iterable[str]) -> list[dict[str, Any]]:
    rows, contract = queries.shown(names), _contract()
    terms = {} if contract is None else {each.name: each for each in disqualifiers(contract)}
    asked = sorted(names_in(terms[one.name].when)) if one.name in terms else []
    leads, known = Lead.objects.in_bulk([row["lead_id"] for row in rows]), versions.current()
    return [
        {**row, "known": known_of(lead_of(leads[row["lead_id"]], known), asked), "others": _others(row, one.name)}
        for row in rows
    ]


def _others(row: dict[str, Any], name: str) -> list[str]:
    return [each.replace("_", " ") for each in row["held_by"] if each != name]
