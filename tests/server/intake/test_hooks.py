"""Webhooks of other systems: signed, lately, read by a mapping."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook
from tests.support.intake_seed import SECRET, make_sources
from tests.support.service import Crew, Hands

from handfast.instant import MINUTE, SECOND, parse_instant
from handfast_server.facts.models import Fact
from handfast_server.intake.models import SetAside, Source
from handfast_server.intake.paths import is_path, value_at, values_at
from handfast_server.leads.models import Key, Lead
from handfast_server.now import now
from handfast_server.secrets import encrypt

pytestmark = pytest.mark.django_db

CHAT = {
    "id": "e1",
    "type": "chat.opened",
    "at": "2026-11-20T09:00:00Z",
    "page": "/pricing",
    "contact": {"id": 77, "email": "ann@buyer.example", "country": "Germany", "company": {"name": "Buyer"}},
}


@pytest.fixture
def client(team: Crew, clock: Hands) -> Client:
    make_sources()
    return Client()


def post(client: Client, body: object, secret: str = SECRET, *, at: int | None = None, text: bytes = b"") -> Any:
    raw = json.dumps(body).encode()
    moment = dt.datetime.fromtimestamp((at or now()) / SECOND, dt.UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", moment, raw.decode()),
    }
    return client.post("/hooks/chat", text or raw, content_type="application/json", headers=headers)


def test_a_delivery_is_read_by_its_mapping_and_once(client: Client) -> None:
    for _ in range(2):
        assert post(client, {"events": [CHAT]}).status_code == 200
    lead = Lead.objects.get()
    assert (lead.email, lead.company) == ("ann@buyer.example", "Buyer")
    assert Key.objects.get(kind="chat").value == "77"
    fact = Fact.objects.get(kind="ActivityHappened")
    assert '"kind":"chat_started"' in fact.line
    assert '"page":"/pricing"' in fact.line
    assert fact.happened_at == parse_instant("2026-11-20T09:00:00Z")
    assert '"country":"DE"' in Fact.objects.get(kind="LeadCreated").line


def test_what_cannot_be_read_is_set_aside_and_the_rest_is_taken(client: Client) -> None:
    said = post(client, {"events": [{"id": "e2", "at": CHAT["at"]}, {**CHAT, "at": "soon"}, CHAT]}).json()
    assert said == {"accepted": 1, "set_aside": 2}
    assert set(SetAside.objects.values_list("code", flat=True)) == {"no_identity", "bad_instant"}


@pytest.mark.parametrize("away", [-6 * MINUTE, 6 * MINUTE])
def test_an_old_signature_is_a_replay(client: Client, away: int) -> None:
    refused = post(client, {"events": [CHAT]}, at=now() + away)
    assert (refused.status_code, refused.json()["code"]) == (401, "too_old")
    assert not Lead.objects.exists()


def test_who_does_not_know_the_secret_is_refused(client: Client) -> None:
    other = "whsec_" + base64.b64encode(b"another secret, just as long").decode()
    assert post(client, {"events": [CHAT]}, other).json()["code"] == "bad_signature"
    changed = json.dumps({"events": [{**CHAT, "id": "e9"}]}).encode()
    assert post(client, {"events": [CHAT]}, text=changed).json()["code"] == "bad_signature"
    assert client.post("/hooks/chat", b"{}", content_type="application/json").status_code == 401
    assert client.post("/hooks/nobody", b"{}", content_type="application/json").status_code == 404
    assert not Lead.objects.exists()


def test_signatures_are_compared_in_constant_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert post(client, {"events": [CHAT]}).status_code == 401
    assert compared


def test_a_system_that_signs_in_its_own_way(client: Client) -> None:
    scheme = {"header": "X-Hub-Signature-256", "prefix": "sha256=", "signed": "{body}", "timestamp_header": ""}
    Source.objects.filter(name="chat").update(settings={"signature": scheme}, secret=encrypt("plain secret"))
    raw = json.dumps({"events": [CHAT]}).encode()
    right = "sha256=" + hmac.digest(b"plain secret", raw, "sha256").hex()
    for given, status in ((right, 200), (right[:-1] + "x", 401), (right.removeprefix("sha256="), 401)):
        sent = client.post("/hooks/chat", raw, content_type="application/json", headers={"X-Hub-Signature-256": given})
        assert sent.status_code == status


def test_paths_lead_into_json() -> None:
    raw = {"a": [{"b": 1}, {"b": 2}], "c": {"d": None}}
    assert list(values_at(raw, "a[*].b")) == [1, 2]
    assert value_at(raw, "$.a[1].b") == 2
    assert value_at(raw, "a[7].b") is None
    assert value_at(raw, "c.d.e") is None
    assert [is_path(each) for each in ("a.b", "$.a[0]", "a[*].b", "", "a..b", "a[x]", "a" * 301)] == [
        *(True, True, True, False, False, False, False),
    ]


def test_sources_are_made_by_who_may_and_their_secrets_are_shown_once(clients: dict[str, Client], team: Crew) -> None:
    admin = clients["admin"]
    hook = {"kind": "webhook", "mapping": {"email": "contact.email"}}
    made = admin.put("/api/sources/chat", hook, content_type="application/json").json()
    assert len(made["shown_once"]) > 20
    assert admin.put("/api/sources/chat", hook, content_type="application/json").json()["shown_once"] == ""
    renewed = admin.post("/api/sources/chat/key").json()["shown_once"]
    assert renewed not in {"", made["shown_once"]}
    assert renewed not in Source.objects.get().secret
    events = [{"event": "Demo Requested", "kind": "form_submitted", "properties": {"form": "which.form"}}]
    site = {"kind": "tracking", "events": events}
    key = admin.put("/api/sources/site", site, content_type="application/json").json()["shown_once"]
    basic = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    sent = Client(headers={"Authorization": basic}).post(
        "/v1/identify", {"userId": "u1"}, content_type="application/json"
    )
    assert sent.status_code == 200
    assert [each["name"] for each in admin.get("/api/sources").json()] == ["chat", "site"]
    assert clients["marketing"].put("/api/sources/x", site, content_type="application/json").status_code == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "webhook", "mapping": {"email": "a..b"}}, "bad_mapping"),
        ({"kind": "webhook", "mapping": {"what": "a"}}, "bad_mapping"),
        ({"kind": "webhook", "mapping": {"activity": {}}}, "bad_mapping"),
        ({"kind": "webhook", "settings": {"signature": {"encoding": "rot13"}}}, "bad_scheme"),
        ({"kind": "webhook", "settings": {"signature": {"signed": "{body.x}"}}}, "bad_scheme"),
        ({"kind": "form", "settings": {"thanks": "javascript:alert(1)"}}, "malformed"),
        ({"kind": "form", "settings": {"per_minute": 0}}, "malformed"),
        ({"kind": "form", "origins": ["www.acme.example"]}, "malformed"),
    ],
)
def test_a_source_that_cannot_be_is_refused(clients: dict[str, Client], body: dict[str, Any], code: str) -> None:
    refused = clients["admin"].put("/api/sources/s", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, code)
