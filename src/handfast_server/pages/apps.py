"""The pages' place among Django's applications."""

from __future__ import annotations

from django.apps import AppConfig
from django.urls import register_converter

from handfast_server.pages.names import Name


class Pages(AppConfig):
    """Templates, files, words."""

    name = "handfast_server.pages"

    def ready(self) -> None:
        """Addresses hold names of reps and pools."""
        register_converter(Name, "name")
