"""An administrator who looks at the demonstration beside this installation: their requests are handed to it.

It listens to this machine alone and has no addresses of its own, so that it can be looked at from wherever the
installation can, and by nobody but whose session says so. Neither service is shown the other's session.

What goes through is what pages of the demonstration ask for. ``stays`` is the rule of what never does.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handfast_server.access import PAGES, allowed
from handfast_server.demo import beside
from handfast_server.demo.beside import State
from handfast_server.operate.port import LOOPBACK
from handfast_server.pages.context import principal

LOOKS = "looks_at_demonstration"
"""What a session says whose pages are those of the demonstration."""

_PATIENCE = 10.0
"""Seconds that an answer may take: few threads answer everybody else meanwhile."""

_OWN = frozenset(("host", "connection", "content-length", "cookie", "keep-alive", "te", "transfer-encoding", "upgrade"))
"""Headers that each exchange has for itself; what proxies added is said anew."""
_FORWARDED = ("x-forwarded-", "forwarded")
_PROOFS = frozenset(("authorization", "proxy-authorization"))
"""Headers that prove to the installation, or to a proxy before it, who somebody is."""

_LINKS = ("/decide/", "/first/", "/invited/", "/unsubscribe/", "/account/password/reset/")
"""Where links of one use lead that people were sent."""
_PROGRAMS = ("/f/", "/healthz", "/hooks/", "/metrics", "/readyz", "/v1/")
"""What websites, and programs beside the service, ask for."""
_OLD_MESSAGES = "messages"
"""The cookie in which a browser may still keep messages from before sessions kept them; they name people."""
_ENDS_SESSIONS = ("account_logout", "account_sessions")
_WAY_BACK = "start_demo"


class Through:
    """Middleware: hands a request on, or answers it here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Whoever looks at the demonstration, and still may, is answered by it."""
        if not _looks(request):
            return self._get_response(request)
        stands = beside.stands()
        if stands.state is State.STARTING and request.method in {"GET", "HEAD"}:
            return _led(request, reverse("start_demo"))
        if stands.state is not State.READY:
            return _back(request)
        beside.looked_at()
        try:
            return _answer(request, stands.port)
        except (OSError, http.client.HTTPException):
            return _back(request)


def _looks(request: HttpRequest) -> bool:
    if settings.DEMO or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    if not _asked_for(request) or stays(request):
        return False
    who = principal(request)
    return who is not None and allowed(who, PAGES["start_demo"])


def stays(request: HttpRequest) -> bool:
    """Whether a request is the installation's, whatever its browser looks at.

    The way back, what ends sessions, links that people were sent, and what programs ask for, who are known by their
    bearer token where pages ask the API for files, too.
    """
    path = request.path_info
    if path.startswith("/api/"):
        return request.headers.get("Authorization", "").startswith("Bearer")
    return path.startswith((*_LINKS, *_PROGRAMS, *(reverse(name) for name in (_WAY_BACK, *_ENDS_SESSIONS))))


def _asked_for(request: HttpRequest) -> bool:
    try:
        return bool(request.session.get(LOOKS))
    except DatabaseError:  # the page says so
        return False


def _back(request: HttpRequest) -> HttpResponse:
    """It ended: what was meant for it is never done here."""
    return _led(request, reverse("start_demo_leave"))


def _led(request: HttpRequest, to: str) -> HttpResponse:
    """Elsewhere; a part that a page asked for by itself leads the whole page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=409, headers={"HX-Redirect": to})
    return HttpResponse(status=303, headers={"Location": to})


def _answer(request: HttpRequest, port: int) -> HttpResponse:
    connection = HTTPConnection(LOOPBACK, port, timeout=_PATIENCE)
    try:
        connection.request(request.method or "GET", request.get_full_path(), request.body, dict(_asked(request)))
        return _told(connection.getresponse())
    finally:
        connection.close()


def _asked(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The headers of the request, without this installation's own cookies."""
    for name, value in request.headers.items():
        if name.lower() not in _OWN | _PROOFS and not name.lower().startswith(_FORWARDED):
            yield name, value
    yield "Host", request.get_host()
    yield "X-Forwarded-Proto", request.scheme or "http"
    ours = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, _OLD_MESSAGES}
    cookies = (each.strip() for each in request.headers.get("Cookie", "").split(";"))
    yield "Cookie", "; ".join(each for each in cookies if each and each.partition("=")[0] not in ours)


def _told(answer: HTTPResponse) -> HttpResponse:
    told = HttpResponse(answer.read(), status=answer.status)
    del told["Content-Type"]
    for name, value in answer.getheaders():
        if name.lower() == "set-cookie":
            told.cookies.load(value)
        elif name.lower() not in _OWN:
            told[name] = value
    return told
