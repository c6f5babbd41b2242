"""A contract that is not the signed one is not shown as if it were: the page says so, as the interface does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from handfast.errors import SealBroken
from handfast_server.pages.wrong import closed


def at(tab: str) -> dict[str, str]:
    """Where a page stands: under the contract in the navigation, and under one of its three parts."""
    return {"here": "contract", "tab": tab}


View = Callable[..., HttpResponse]


def held(view: View) -> View:
    """Under a view that reads signed versions; their bytes are held against their digests."""

    @wraps(view)
    def checked(request: HttpRequest, *values: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *values, **named)
        except SealBroken as broken:
            return closed(request, broken)

    return checked
