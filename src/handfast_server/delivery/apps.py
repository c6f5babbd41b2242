"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """What is sent: the outbox, endpoints, attempts."""

    name = "handfast_server.delivery"
    label = "delivery"
