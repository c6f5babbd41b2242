"""What every page is given: who reads it, where they may go, how it is to look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from handfast_server.access import Principal, of_user
from handfast_server.now import now
from handfast_server.pages.demo_guide import band
from handfast_server.pages.places import places_of
from handfast_server.pages.reader import user_of, zone_of

LOOK = "look"
"""The cookie of the switch; without it a page looks as the reader's machine does."""

LOOKS = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """For the layout and the parts."""
    user = user_of(request)
    who = None if user is None else of_user(user)
    look = request.COOKIES.get(LOOK, "")
    here = "" if request.resolver_match is None else request.resolver_match.url_name or ""
    return {
        "who": who,
        "places": places_of(who),
        "look": look if look in LOOKS else "",
        "zone": zone_of(user),
        "now": now(),
        "here": here,
        "demo": band(request, user, here),
    }


def principal(request: HttpRequest) -> Principal | None:
    """Who is signed in."""
    user = user_of(request)
    return None if user is None else of_user(user)
