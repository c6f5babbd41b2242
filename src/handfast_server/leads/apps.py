"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads, their keys, activities and accounts."""

    name = "handfast_server.leads"
    label = "leads"
