"""Pages for administrators in Chromium, with something of everything on them: axe is content, nothing is too wide."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from handfast_server.accounts.invitations import do_invite
from handfast_server.accounts.models import Role, User
from handfast_server.accounts.tokens import make_token
from handfast_server.delivery.models import Attempt, Channel, Endpoint, Message
from handfast_server.intake.models import SetAside, SourceKind
from handfast_server.intake.stating import Stated, do_state_source
from handfast_server.now import now
from handfast_server.secrets import encrypt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

Opened = Callable[..., AbstractContextManager[Page]]


def furnished() -> dict[str, str]:
    """Something of everything that can stand on these pages, and the addresses of single ones."""
    at = now()
    for kind in SourceKind:
        do_state_source(f"the-{kind.value}", Stated(kind, [], {}, {}, []))
    hook = {"about": "The warehouse", "secret": encrypt("x"), "made_at": at, "failures": 3, "failing_since": at}
    Endpoint.objects.create(id="ep_1", url="https://203.0.113.7/hook", **hook)
    Channel.objects.create(id="ch_1", name="#sales", address=encrypt("x"), events=["alert"], made_at=at)
    told: dict[str, Any] = {"event": "lead.assigned", "channel": "webhook", "to": "ep_1", "payload": '{"rep": "lena"}'}
    for number, state in enumerate(Message.State.values * 2):
        ended = None if state == "ready" else at
        row = Message(id=f"msg_{number}", state=state, created_at=at + number, due_at=at, ended_at=ended, **told)
        row.save()
        Attempt.objects.create(message=row, number=1, started_at=at, ended_at=at, result="again", detail="500")
    body = json.dumps(json.dumps({"email": "ann@buyer.example"}))
    aside = {"source": "the-webhook", "at": at, "code": "no_identity", "message": "Nothing says whose it is."}
    row_aside = SetAside.objects.create(name="the-webhook:7", body=body, **aside)
    token, _text = make_token("CRM", [Role.REP], ["read"], None, ["crm"])
    do_invite("nora@acme.example", [Role.REP], name="Nora", rep="nora", by="user:1")
    return {"aside": f"/connections/aside/{row_aside.pk}", "token": f"/tokens/{token.pk}"}


PLACES = (
    *("/people", "/people/invite", "/tokens", "/tokens/new", "/connections", "/connections/sources/new"),
    *(f"/connections/sources/the-{kind.value}" for kind in SourceKind),
    *("/connections/aside", "/connections/webhooks/new", "/connections/webhooks/ep_1", "/connections/channels/new"),
    *("/deliveries", "/deliveries/msg_0", "/audit", "/audit/check", "/account/sessions/"),
)


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    opened: Opened, live_server: LiveServer, people: dict[str, User], scheme: str, viewport: dict[str, int]
) -> None:
    more = furnished()
    half = PLACES[:9] if scheme == "light" else PLACES[9:]
    with opened("/audit", people["priya"], color_scheme=scheme, viewport=viewport) as page:
        for place in (*half, f"/people/{people['omar'].pk}", *more.values()):
            page.goto(live_server.url + place)
            results = Axe().run(page)
            assert not results.violations_count, (place, results.generate_report())
            too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(too_wide), place
