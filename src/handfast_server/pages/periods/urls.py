"""The addresses of periods."""

from __future__ import annotations

from django.urls import path

from handfast_server.pages.periods import close, read

urlpatterns = [
    path("periods", read.periods, name="periods"),
    path("periods/<str:label>", read.period, name="period"),
    path("periods/<str:label>/statement.csv", read.sheet, name="period_csv"),
    path("periods/<str:label>/close", close.close, name="period_close"),
    path("periods/<str:label>/sign", close.sign, name="period_sign"),
]
