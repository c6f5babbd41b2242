"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Plain loops over what is due."""

    name = "handfast_server.worker"
    label = "worker"
