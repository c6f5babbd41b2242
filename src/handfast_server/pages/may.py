"""A page that only those open whom the permission table names for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from handfast_server.access import PAGES, Principal, allowed
from handfast_server.audit.acting import acting
from handfast_server.pages.context import principal

View = Callable[..., HttpResponseBase]


def may(name: str) -> Callable[[View], View]:
    """The view is given who opens it. Who is not signed in is led to sign in, and back."""

    def decorated(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, **values: str) -> HttpResponseBase:
            who = principal(request)
            if who is None:
                return _sign_in(request)
            if not allowed(who, PAGES[name]):
                raise PermissionDenied
            with acting(who.id):
                return view(request, who, **values)

        return never_cache(checked)

    return decorated


def _sign_in(request: HttpRequest) -> HttpResponse:
    """A part that a page asked for by itself cannot hold the form for signing in: the page goes there."""
    if request.headers.get("HX-Request") is None:
        back = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("home")
        return redirect_to_login(back)
    return HttpResponse(status=401, headers={"HX-Redirect": reverse("account_login")})


__all__ = ["Principal", "may"]
