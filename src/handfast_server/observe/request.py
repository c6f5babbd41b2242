"""Every request has an id: in its answer, in every line logged meanwhile, and in every error."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from handfast_server.observe import metrics
from handfast_server.observe.log import get_logger

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
_QUIET = frozenset(("healthz", "readyz", "metrics"))

log = get_logger("web")


class RequestIds:
    """Middleware, the outermost: id, a line in the log, and the time it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the id. One that a proxy gave is kept if it is a plain word."""
        given = request.headers.get("X-Request-ID", "")
        name = given if _ID.match(given) else secrets.token_hex(12)
        request.request_id = name  # type: ignore[attr-defined] # ours
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self._get_response(request)
            self._note(request, response, time.perf_counter() - began)
        response["X-Request-ID"] = name
        return response

    @staticmethod
    def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = _route(request)
        method = request.method if request.method in _METHODS else "other"
        metrics.REQUESTS.labels(method, route, str(response.status_code)).inc()
        metrics.REQUEST_SECONDS.labels(method, route).observe(seconds)
        if route not in _QUIET:
            took = round(seconds * 1000, 1)
            log.info("request", method=method, route=route, status=response.status_code, ms=took)


_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def _route(request: HttpRequest) -> str:
    """The pattern of the address, never the address: that may name somebody."""
    match = request.resolver_match
    return "unknown" if match is None else match.route
