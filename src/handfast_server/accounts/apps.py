"""The application as Django knows it."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    """People who sign in: users, roles, tokens, invitations."""

    name = "handfast_server.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Whoever comes in, by whatever door, has a session that can be seen and ended."""
        user_logged_in.connect(_kept, dispatch_uid="handfast.session")


def _kept(request: HttpRequest, **_told: Any) -> None:
    """Those of its own page allauth keeps alone; an invitation and the first link sign in as well."""
    from allauth.usersessions.models import UserSession  # noqa: PLC0415 # models are not there yet when this is read

    if request.META.get("REMOTE_ADDR"):
        UserSession.objects.create_from_request(request)
