"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class HandoffsConfig(AppConfig):
    """Cycles, assignments, clocks and what was decided about them, as rows."""

    name = "handfast_server.handoffs"
    label = "handoffs"
