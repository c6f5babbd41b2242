"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """Everything the service was told, append-only."""

    name = "handfast_server.facts"
    label = "facts"
