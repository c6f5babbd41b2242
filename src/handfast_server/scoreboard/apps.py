"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

from handfast_server.scoreboard.views import keep


class ScoreboardConfig(AppConfig):
    """Measures of the live service."""

    name = "handfast_server.scoreboard"
    label = "scoreboard"

    def ready(self) -> None:
        """Views are kept beside the tables that they read."""
        keep()
