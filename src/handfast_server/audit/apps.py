"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what when, sealed in batches."""

    name = "handfast_server.audit"
    label = "audit"
