"""The interface for programs, and the page that describes it."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Has no rows; its page has a template and a stylesheet."""

    name = "handfast_server.api"
    label = "handfast_api"
    default_auto_field = "django.db.models.BigAutoField"
