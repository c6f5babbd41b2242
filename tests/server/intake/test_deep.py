"""Bodies whose lists and objects lie in each other: what cannot be kept is refused, wherever anybody may post to."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook
from tests.support.asking import program
from tests.support.intake_seed import SECRET, WRITE_KEY, make_sources
from tests.support.service import Crew

from handfast_server.accounts.models import Role
from handfast_server.leads.models import Lead

pytestmark = pytest.mark.django_db

DEPTHS = (200, 260, 900, 5_000, 40_000)
"""Below what can be written, between that and what can be read, and beyond."""


@pytest.fixture
def client(team: Crew) -> Client:
    make_sources()
    return Client(raise_request_exception=False)


def nested(depth: int, before: str = "", after: str = "") -> bytes:
    return (before + "[" * depth + "]" * depth + after).encode()


def is_told(answer: Any, *codes: str) -> None:
    assert answer.status_code in {200, 400, 422}, answer.content
    if answer.status_code != 200:
        assert answer.json()["code"] in codes, answer.content
    assert not Lead.objects.exists()


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_form_is_refused(client: Client, depth: int) -> None:
    body = nested(depth, '{"_page":', ',"email":"ann@buyer.example"}')
    headers = {"Origin": "https://www.acme.example", "Accept": "application/json"}
    answer = client.post("/f/demo-form", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json().get("code")) in {(200, None), (422, "too_deep"), (400, "malformed")}
    assert (answer.status_code == 200) == (depth < 250)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("call", ["identify", "batch"])
def test_a_tracking_message_is_refused(client: Client, call: str, depth: int) -> None:
    basic = "Basic " + base64.b64encode(f"{WRITE_KEY}:".encode()).decode()
    message = nested(depth, '{"messageId":"m1","traits":{"x":', "}}")
    body = b'{"batch":[' + message + b"]}" if call == "batch" else message
    answer = client.post(f"/v1/{call}", body, content_type="application/json", headers={"Authorization": basic})
    is_told(answer, "too_deep", "malformed")


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_delivery_is_refused(client: Client, depth: int) -> None:
    body = nested(depth, '{"events":[{"id":"e1","x":', "}]}")
    moment = dt.datetime.now(dt.UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", moment, body.decode()),
    }
    is_told(client.post("/hooks/chat", body, content_type="application/json", headers=headers), "too_deep", "malformed")


PLACES = ("/intake/leads", "/intake/batch", "/sources/new", "/delivery/endpoints", "/handoffs/nobody/accept")


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("path", PLACES)
def test_the_interface_refuses(client: Client, path: str, depth: int) -> None:
    crm = program(Role.ADMIN)
    crm.raise_request_exception = False
    before = {
        "/intake/batch": '{"items":[{"type":"lead","key":"1","attributes":{"x":',
        "/sources/new": '{"mapping":{"x":',
    }
    after = {"/intake/batch": "}}]}", "/sources/new": "}}"}
    body = nested(depth, before.get(path, '{"attributes":{"x":'), after.get(path, "}}"))
    send = crm.put if path.startswith("/sources") else crm.post
    answer = send(f"/api{path}", body, content_type="application/json")
    assert answer.status_code in {200, 400, 404, 422}, answer.content
    assert "code" in answer.json() or answer.json()["counts"]
