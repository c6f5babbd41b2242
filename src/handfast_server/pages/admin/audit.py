"""The audit log: who did what, about what, when; whether it is what was written; and as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.instant import Instant, from_datetime
from handfast_server.access import Principal
from handfast_server.audit.models import Entry, Seal
from handfast_server.audit.queries import Wanted, as_csv, chain, entries
from handfast_server.contracts.models import Draft
from handfast_server.pages.admin.frame import shown
from handfast_server.pages.contract.words import names_of
from handfast_server.pages.may import may
from handfast_server.pages.reader import user_of, zone_of
from handfast_server.sheet import sheet

SHOWN = 100
_LONGEST = 320


class Asked(NamedTuple):
    """What the address asks for; ``wrong`` names the field that is none."""

    wanted: Wanted
    given: dict[str, str]
    wrong: str = ""


class Line(NamedTuple):
    """An entry, whom and what it names, and where that is to be seen."""

    row: Entry
    who: str
    about: str
    address: str


@require_safe
@may("audit")
def audit(request: HttpRequest, who: Principal) -> HttpResponse:
    """The newest first; what the address asks for."""
    asked = _asked(request)
    before = request.GET.get("before", "")
    found = entries(asked.wanted)
    place = int(before) if before.isdecimal() and len(before) < 19 else None
    rows = list((found if place is None else found.filter(pk__lt=place))[: SHOWN + 1])
    last = rows[SHOWN - 1].pk if len(rows) > SHOWN else None
    query = {name: value for name, value in asked.given.items() if value}
    values = {
        "lines": _lines(rows[:SHOWN]),
        "given": asked.given,
        "asked": bool(query),
        "wrong": asked.wrong,
        "query": urlencode(query),
        "first": f"?{urlencode(query)}" if place is not None else "",
        "next": f"?{urlencode({**query, 'before': last})}" if last else "",
        "seal": Seal.objects.order_by("-number").first(),
        "unsealed": Entry.objects.filter(seal__isnull=True).count(),
    }
    return shown(request, who, "audit", "audit", values, status=422 if asked.wrong else 200)


@require_safe
@may("audit_csv")
def as_file(request: HttpRequest, _who: Principal) -> HttpResponseBase:
    """Everything that the address asks for."""
    return sheet(as_csv(_asked(request).wanted), "audit")


@require_safe
@may("audit_chain")
def check(request: HttpRequest, who: Principal) -> HttpResponse:
    """Hold the whole log against its seals; it may take a while."""
    return shown(request, who, "audit", "audit_chain", {"chain": chain()})


def _asked(request: HttpRequest) -> Asked:
    get: QueryDict = request.GET
    given = {name: get.get(name, "").replace("\x00", "").strip()[:_LONGEST] for name in ("who", "what", "about")}
    zone = zone_of(user_of(request))
    since, until, wrong = None, None, ""
    for name in ("from", "to"):
        given[name] = get.get(name, "").strip()[:10]
    try:
        since, until = _day(given["from"], zone, 0), _day(given["to"], zone, 1)
    except ValueError:
        wrong = _("This is no date; one is such as 2027-03-01.")
    return Asked(Wanted(given["who"], given["what"], given["about"], since, until), given, wrong)


def _day(text: str, zone: str, after: int) -> Instant | None:
    """When a day begins in the reader's zone, so many days later. Raises ValueError for what is no day."""
    if not text:
        return None
    day = dt.date.fromisoformat(text)
    if not dt.date(1970, 1, 2) <= day < dt.date(2200, 1, 1):
        raise ValueError(text)
    begins = dt.datetime.combine(day + dt.timedelta(days=after), dt.time(), ZoneInfo(zone))
    return from_datetime(begins)


def _lines(rows: Iterable[Entry]) -> list[Line]:
    found = list(rows)
    names = names_of({each.who for each in found} | {each.about for each in found})
    drafts = set(Draft.objects.filter(pk__in=_numbers(found, "draft")).values_list("pk", flat=True))
    return [
        Line(each, names.get(each.who, each.who), names.get(each.about, ""), _address(each.about, drafts))
        for each in found
    ]


def _numbers(rows: Iterable[Entry], kind: str) -> set[int]:
    parts = (each.about.partition(":") for each in rows)
    return {int(key) for named, _colon, key in parts if named == kind and key.isdecimal() and len(key) < 10}


def _address(about: str, drafts: set[int]) -> str:
    """Where what an entry is about is shown; empty for what has no page, or has none any more."""
    kind, _colon, key = about.partition(":")
    if kind not in _PAGES or not key:
        return ""
    name, argument, number = _PAGES[kind]
    if number and not (key.isdecimal() and len(key) < 10):
        return ""
    if kind == "draft" and int(key) not in drafts:
        return ""
    return reverse(name, kwargs={argument: int(key) if number else key})


_PAGES: dict[str, tuple[str, str, Any]] = {
    "user": ("person", "user", True),
    "token": ("token", "token", True),
    "draft": ("contract_draft", "draft", True),
    "lead": ("lead", "lead", False),
    "source": ("source", "name", False),
    "endpoint": ("webhook", "endpoint", False),
}
