"""What these pages have in common: one place in the navigation, and a line of its parts."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handfast_server.access import PAGES, Principal, allowed

Row = TypeVar("Row", bound=Model)

_LARGEST = 2**63 - 1


class Part(NamedTuple):
    """A part of the place: the name of its address, and what it is called."""

    name: str
    label: Promise


PARTS = (
    Part("people", _("People")),
    Part("connections", _("Connections")),
    Part("tokens", _("Tokens")),
    Part("deliveries", _("Deliveries")),
    Part("audit", _("Audit log")),
    Part("status", _("Status")),
)


def shown(
    request: HttpRequest, who: Principal, part: str, template: str, values: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page under one of the parts that somebody may open."""
    parts = [each for each in PARTS if allowed(who, PAGES[each.name])]
    frame = {"here": "people", "part": part, "parts": parts}
    return render(request, f"pages/admin/{template}.html", {**values, **frame}, status=status)


def row_of(rows: QuerySet[Row], key: int | str, column: str = "pk") -> Row:
    """The row of that key. Raises Http404 where there is none, or could be none in any database."""
    odd = "\x00" in key if isinstance(key, str) else key > _LARGEST
    row = None if odd else rows.filter(**{column: key}).first()
    if row is None:
        raise Http404
    return row


def asked(request: HttpRequest, name: str, longest: int = 320) -> str:
    """What the address asks for under a name, as far as it can stand in a row."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:longest]
