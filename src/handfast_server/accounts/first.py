"""The first administrator: made by who can read what the service prints when it starts, once."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib.auth import login, password_validation
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from handfast_server.accounts.actions import make_user
from handfast_server.accounts.models import Role, User
from handfast_server.decide.transaction import writing

_SALT = "handfast.first-administrator"
_DAY = 24 * 60 * 60
_LOCK = 0x48414E46
"""The number of PostgreSQL's advisory lock: HANF, beside those of migrations and of presence."""


def has_admin() -> bool:
    """Whether anybody administers this installation."""
    return any(Role.ADMIN in roles for roles in User.objects.filter(is_active=True).values_list("roles", flat=True))


def first_link() -> str:
    """Where the first administrator is made, for a day; empty when there is one."""
    if has_admin():
        return ""
    token = signing.dumps("first", salt=_SALT)
    return f"{settings.BASE_URL}/first/{token}"


class FirstForm(forms.Form):
    """Who administers."""

    email = forms.EmailField(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    name = forms.CharField(max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)

    def clean_password(self) -> str:
        """A password that is good enough."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first administrator; the link is worth nothing once there is one."""
    try:
        signing.loads(token, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        return _over(request)
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _make({**form.cleaned_data, "zone": request.POST.get("zone", "")})
        if made is None:
            return _over(request)
        login(request, made, backend="allauth.account.auth_backends.AuthenticationBackend")
        record_authentication(request, made, "password")  # typed a moment ago; allauth has no public name for it
        return redirect("start")
    if has_admin():
        return _over(request)
    return render(request, "accounts/first.html", {"form": form})


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/over.html", {"kind": "first", "there": has_admin()}, status=404)


def _make(values: dict[str, Any]) -> User | None:
    """None for the second of two who come at the same instant."""
    with writing():  # on SQLite one at a time
        if connection.vendor == "postgresql":  # there is no row yet that could be locked
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if has_admin():
            return None
        of_them = {"name": values["name"], "zone": values.get("zone", "")}
        return make_user(values["email"], values["password"], roles=[Role.ADMIN], **of_them)
