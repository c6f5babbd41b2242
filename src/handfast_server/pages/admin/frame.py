"""What these pages have in common: one place in the navigation, and a line of its parts."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handfast_server.access import PAGES, Principal, allowed


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
