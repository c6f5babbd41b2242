"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ObserveConfig(AppConfig):
    """Has templates, no rows."""

    name = "handfast_server.observe"
    label = "observe"
