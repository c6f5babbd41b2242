"""Every address of the service."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from handfast_server.accounts import pages as accounts
from handfast_server.accounts import sessions
from handfast_server.accounts.first import first
from handfast_server.api.app import api
from handfast_server.api.docs import docs
from handfast_server.delivery import deciding, unsubscribe
from handfast_server.observe import views as observe
from handfast_server.pages.look import account

handler500 = "handfast_server.pages.wrong.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", observe.healthz),
    path("readyz", observe.readyz),
    path("status", observe.show, name="status"),
    path("metrics", observe.numbers),
    path("first/<str:token>", first),
    path("invited/<str:token>", accounts.invited),
    path("account/", account, name="account_home"),
    path("account/sessions/", sessions.sessions, name="account_sessions"),
    path("account/sessions/end", sessions.end, name="account_sessions_end"),
    path("account/email/", accounts.closed),
    path("account/", include("allauth.urls")),
    path("decide/<str:token>", deciding.decide),
    path("unsubscribe/<str:token>", unsubscribe.unsubscribe),
    path("api/docs", docs, name="api_docs"),
    path("api/", api.urls),
    path("", include("handfast_server.pages.urls")),
    path("", include("handfast_server.intake.urls")),
]
