"""/healthz, /readyz, /status and /metrics."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from handfast_server.access import allowed, of_user
from handfast_server.accounts.models import User
from handfast_server.accounts.tokens import principal_of
from handfast_server.observe import metrics, status


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Requests can be answered: the database is there and up to date."""
    why = status.reachable()
    return HttpResponse(f"{why or 'ready'}\n", status=503 if why else 200, content_type="text/plain")


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Anybody is told whether all is well; who may see more is told what waits, and how late it is."""
    try:
        found = status.status()
    except DatabaseError:
        return _shown(request, {"ok": False}, 503)
    plain: dict[str, object] = {"ok": not found.trouble}
    if _may_see(request):
        plain |= found.plain()
    return _shown(request, plain, 200)


def _shown(request: HttpRequest, plain: dict[str, object], code: int) -> HttpResponse:
    if "text/html" in request.headers.get("Accept", ""):
        if code == 503:  # the layout asks the database who reads
            return HttpResponse(render_to_string("observe/unreachable.html"), status=code)
        return render(request, "observe/status.html", {"status": plain}, status=code)
    return JsonResponse(plain, status=code)


def _may_see(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        program = principal_of(token)
        return program is not None and allowed(program, "status.read")
    return isinstance(request.user, User) and request.user.is_active and allowed(of_user(request.user), "status.read")


@never_cache
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """For a scraper: with the token of the settings, else from this machine alone, or for who may see the status."""
    if not (_is_scraper(request) or _may_see(request)):
        return HttpResponse("Send HANDFAST_METRICS_TOKEN as a bearer token.\n", status=403, content_type="text/plain")
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_scraper(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    # A proxy on this machine says for whom it asks.
    return "X-Forwarded-For" not in request.headers and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
