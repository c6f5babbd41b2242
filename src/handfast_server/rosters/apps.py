"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """Reps, pools, absences and ledgers, as rows."""

    name = "handfast_server.rosters"
    label = "rosters"
