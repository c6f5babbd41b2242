"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ScoreboardConfig(AppConfig):
    """Measures of the live service."""

    name = "handfast_server.scoreboard"
    label = "scoreboard"
