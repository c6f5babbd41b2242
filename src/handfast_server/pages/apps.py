"""The pages' place among Django's applications."""

from __future__ import annotations

from django.apps import AppConfig


class Pages(AppConfig):
    """Templates, files, words."""

    name = "handfast_server.pages"
