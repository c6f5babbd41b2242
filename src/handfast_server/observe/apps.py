"""The application as Django knows it."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from handfast_server.operate.presence import alone


class ObserveConfig(AppConfig):
    """Has templates, no rows."""

    name = "handfast_server.observe"
    label = "observe"

    def ready(self) -> None:
        """No migration is taken back under a service that runs."""
        pre_migrate.connect(_check_backwards, dispatch_uid="backwards")


def _check_backwards(plan: list[tuple[object, bool]], **_: Any) -> None:
    if any(backwards for _, backwards in plan):
        with alone():
            pass
