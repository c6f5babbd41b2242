"""Every address of the service."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from handfast_server.api.app import api

urlpatterns: list[URLPattern | URLResolver] = [path("api/", api.urls)]
