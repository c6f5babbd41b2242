"""Somebody who was asked for a second factor sees nothing else before they have set it up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from handfast_server.accounts.models import User

_OPEN = ("/account/", "/static/", "/look", "/healthz", "/readyz")
"""Where it is set up, and what that page is made of."""


class NeedsCode:
    """Middleware, after the one that knows who is signed in. Who is asked for nothing costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass it on."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """The answer to who has to set it up first."""
        if request.path_info.startswith(_OPEN) or not _is_asked(request):
            return None
        if request.path_info.startswith("/api/"):
            if request.headers.get("Authorization", "").startswith("Bearer"):  # the session beside it is not asked
                return None
            return JsonResponse(_refusal(request), status=403)
        if request.headers.get("HX-Request") is not None:
            return HttpResponse(status=401, headers={"HX-Redirect": "/account/2fa/totp/activate/"})
        return redirect("mfa_activate_totp")


def _is_asked(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    try:
        return isinstance(user, User) and user.needs_code and not is_mfa_enabled(user)
    except DatabaseError:  # nobody is known, and nothing can be shown: the page says so
        return False


def _refusal(request: HttpRequest) -> dict[str, str]:
    says = "An administrator asked for a second factor: set it up at /account/2fa/ first."
    return {"code": "code_needed", "message": says, "path": "", "request_id": getattr(request, "request_id", "")}
