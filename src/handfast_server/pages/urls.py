"""The addresses of pages."""

from __future__ import annotations

from django.urls import include, path

from handfast_server.pages import gallery, home, inbox, lead, look

urlpatterns = [
    path("", home.home, name="home"),
    path("look", look.look, name="look"),
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/cards", inbox.cards, name="inbox_cards"),
    path("inbox/<str:lead>/accept", inbox.accept, name="inbox_accept"),
    path("inbox/<str:lead>/decline", inbox.decline, name="inbox_decline"),
    path("inbox/<str:lead>/touch", inbox.touch, name="inbox_touch"),
    path("leads/<str:lead>", lead.lead, name="lead"),
    path("", include("handfast_server.pages.contract.urls")),
    path("gallery", gallery.gallery, name="gallery"),
]
