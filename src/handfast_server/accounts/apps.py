"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in: users, roles, tokens, invitations."""

    name = "handfast_server.accounts"
    label = "accounts"
