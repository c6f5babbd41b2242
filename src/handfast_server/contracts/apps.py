"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Drafts, signatures and the signed versions."""

    name = "handfast_server.contracts"
    label = "contracts"
