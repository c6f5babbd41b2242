"""The page that says that something is broken: it asks neither the database nor the session, which may be what is."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from handfast.errors import SealBroken
from handfast_server.observe.log import get_logger

_log = get_logger("contract")


@requires_csrf_token
def broken(request: HttpRequest, status: int = 500) -> HttpResponseServerError:
    """With the id under which it is logged."""
    values = {"request_id": getattr(request, "request_id", ""), "status": status}
    return HttpResponseServerError(loader.get_template("500.html").render(values))


class Closed:
    """Middleware: while a version is not what was signed, pages that ask it are closed, and say when to come back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass it on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a broken seal; everything else is for others."""
        if not isinstance(error, SealBroken):
            return None
        _log.error("contract_broken", error=str(error))
        answer: HttpResponse = broken(request, status=503)
        answer.status_code, answer["Retry-After"] = 503, "300"
        return answer
