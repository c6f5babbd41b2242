"""The app of intake."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Sources, what waits for a name, and what could not be taken in."""

    name = "handfast_server.intake"
    label = "intake"
