"""Who calls: a session (with CSRF) or a bearer token; and whether they may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth
from ninja.signature.utils import get_typed_signature

from handfast_server.access import Principal, allowed, of_user
from handfast_server.accounts.models import User
from handfast_server.accounts.tokens import principal_of
from handfast_server.audit.acting import acting
from handfast_server.refused import Refused

P = ParamSpec("P")
R = TypeVar("R")


class Session(SessionAuth):
    """Somebody signed in, on a page of the service."""

    def _get_key(self, request: HttpRequest) -> str | None:
        """Whoever sends a token, or no cookie, has no session that another page could use: they are just not known."""
        if self.param_name not in request.COOKIES or request.headers.get("Authorization", "").startswith("Bearer"):
            return None
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Principal | None:
        """Who it is."""
        if key is None:
            return None
        user = request.user
        return of_user(user) if isinstance(user, User) and user.is_active else None


class Bearer(HttpBearer):
    """A program with a token."""

    def authenticate(self, _request: HttpRequest, token: str) -> Principal | None:
        """Which one it is."""
        return principal_of(token)


AUTH = [Bearer(), Session()]


def caller(request: HttpRequest) -> Principal:
    """Who calls."""
    return cast("Principal", request.auth)  # type: ignore[attr-defined] # django-ninja sets it


def may(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """An endpoint that only those may call whom the permission table names for ``action``."""

    def decorated(endpoint: Callable[P, R]) -> Callable[P, R]:
        @wraps(endpoint)
        def checked(*args: P.args, **values: P.kwargs) -> R:
            principal = caller(cast("HttpRequest", args[0]))
            check(principal, action)
            with acting(principal.id):
                return endpoint(*args, **values)

        cast("Any", checked).action = action
        # Annotations are texts, which only the module of the endpoint can resolve.
        cast("Any", checked).__signature__ = get_typed_signature(endpoint)
        return checked

    return decorated


def check(principal: Principal, action: str) -> None:
    """Raises Refused unless the table lets them."""
    if not allowed(principal, action):
        raise Refused("not_allowed", f"{action} is not open to your roles or to this token.", status=403)
