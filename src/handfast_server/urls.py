"""Every address of the service."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from handfast_server.accounts.first import first
from handfast_server.api.app import api
from handfast_server.observe import views as observe

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", observe.healthz),
    path("readyz", observe.readyz),
    path("status", observe.show),
    path("metrics", observe.numbers),
    path("first/<str:token>", first),
    path("api/", api.urls),
]
