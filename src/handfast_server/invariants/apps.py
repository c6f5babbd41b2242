"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class InvariantsConfig(AppConfig):
    """What must always hold of the rows."""

    name = "handfast_server.invariants"
    label = "invariants"
