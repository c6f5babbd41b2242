"""For whom a page is written: in their language, with instants in their zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from handfast.zones import known_zone
from handfast_server.accounts.models import User

_FOR_PROGRAMS = ("/api/", "/v1/", "/healthz", "/readyz", "/metrics")


class Reader:
    """Middleware: what is said while answering is said in the reader's language; programs are answered in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say in which language."""
        if request.path_info.startswith(_FOR_PROGRAMS):
            return self._get_response(request)
        user = user_of(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        language = language_of(request, user)
        with translation.override(language), timezone.override(ZoneInfo(zone_of(user))):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def user_of(request: HttpRequest) -> User | None:
    """Who reads; nobody while the database does not answer, so that a page can say so."""
    try:
        user = getattr(request, "user", None)
        return user if isinstance(user, User) and user.is_active else None
    except DatabaseError:
        return None


def language_of(request: HttpRequest, user: object) -> str:
    """That of somebody's account, else what their browser asks for."""
    known = dict(settings.LANGUAGES)
    if isinstance(user, User) and user.language in known:
        return user.language
    return translation.get_language_from_request(request)


def zone_of(user: object) -> str:
    """In which somebody reads instants."""
    return user.zone if isinstance(user, User) and known_zone(user.zone) else "UTC"
