"""The pages that say that something is broken: one asks nobody, the other is of a text that is not what was signed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from handfast.errors import SealBroken
from handfast_server.access import PAGES, allowed
from handfast_server.decide.terms import unsealed
from handfast_server.observe.log import get_logger
from handfast_server.pages.context import principal

_log = get_logger("contract")


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponseServerError:
    """With the id under which it is logged. It asks neither the database nor the session, which may be what is."""
    values = {"request_id": getattr(request, "request_id", "")}
    return HttpResponseServerError(loader.get_template("500.html").render(values))


def closed(request: HttpRequest, error: SealBroken) -> HttpResponse:
    """What was signed was changed afterwards: which version, what that means, and who mends it how."""
    _log.error("contract_broken", error=str(error))
    who = principal(request)
    mends = who is not None and allowed(who, PAGES["status"])
    shown = {"versions": unsealed(), "why": str(error), "mends": mends}
    answer = render(request, "pages/closed.html", shown, status=503)
    answer["Retry-After"] = "300"
    return answer


class Closed:
    """Middleware: while a version is not what was signed, pages that ask it are closed, and say when to come back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass it on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a broken seal; everything else is for others."""
        return closed(request, error) if isinstance(error, SealBroken) else None
