"""Addresses that anybody may post to; each knows by itself whom it lets in."""

from __future__ import annotations

from django.urls import path

from handfast_server.intake import forms, hooks, tracking_views

urlpatterns = [
    path("v1/<str:name>", tracking_views.track),
    path("f/<slug:name>", forms.form, name="hosted_form"),
    path("f/<slug:name>/thanks", forms.thanks, name="form_thanks"),
    path("hooks/<slug:name>", hooks.hook),
]
