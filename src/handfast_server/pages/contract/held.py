"""A contract that is not the signed one is not shown as if it were: the page says so, as the interface does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from handfast.errors import SealBroken
from handfast_server.observe.log import get_logger


def at(tab: str) -> dict[str, str]:
    """Where a page stands: under the contract in the navigation, and under one of its three parts."""
    return {"here": "contract", "tab": tab}


View = Callable[..., HttpResponse]

log = get_logger("contract")


def held(view: View) -> View:
    """Under a view that reads signed versions; their bytes are held against their digests."""

    @wraps(view)
    def checked(request: HttpRequest, *values: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *values, **named)
        except SealBroken as broken:
            log.error("contract_broken", error=str(broken))  # noqa: TRY400 # told as on the interface, without a trace
            return render(request, "pages/contract/broken.html", {"why": str(broken), **at("")}, status=503)

    return checked
