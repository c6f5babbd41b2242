"""What is set aside is kept whole, shown, told again as one, and reached by erasure, whatever somebody posted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook
from tests.support.intake_seed import SECRET, WRITE_KEY, make_sources
from tests.support.service import GOOD, Crew

from handfast.instant import to_datetime
from handfast_server.api.fields import written
from handfast_server.facts.models import Fact
from handfast_server.intake.models import SetAside
from handfast_server.leads.models import Lead
from handfast_server.now import now

pytestmark = pytest.mark.django_db
SITE = {"Origin": "https://www.acme.example", "Accept": "application/json"}
NEST: list[Any] = []
for _ in range(240):
    NEST = [NEST]


@pytest.fixture
def admin(team: Crew, clients: dict[str, Client]) -> Client:
    assert team.reps
    make_sources()
    return clients["admin"]


def caught(values: dict[str, Any]) -> SetAside:
    """What a program posts to the form."""
    values = {"email": "x@y.example", **values, "hf_website": "x"}
    text = json.dumps(values, ensure_ascii=False)
    sent = Client().post("/f/demo-form", text, content_type="application/json", headers=SITE)
    assert sent.json()["ok"]
    return SetAside.objects.get()


def delivered(body: dict[str, Any]) -> Any:
    """What a chat sends, signed."""
    text, moment = json.dumps(body), to_datetime(now())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", moment, text),
    }
    return Client().post("/hooks/chat", text, content_type="application/json", headers=headers).json()


def ann(admin: Client, email: str = "ann@buyer.example") -> str:
    told = admin.post("/api/intake/leads", {"email": email, "key": "1"}, content_type="application/json")
    return str(told.json()["lead"])


@pytest.mark.parametrize(
    "values",
    [
        {"a": "é" * 10_000, "b": "é" * 10_000, "c": "é" * 10_000, "q": '"' * 8_000},
        {"_deep": NEST},
    ],
    ids=["long", "deep"],
)
def test_nothing_that_anybody_posts_stops_erasure(admin: Client, values: dict[str, Any]) -> None:
    lead, row = ann(admin), caught(values)
    [shown] = admin.get("/api/sources/set-aside").json()
    assert shown["at"] == written(row.at)
    body = shown["body"] if isinstance(shown["body"], dict) else json.loads(shown["body"])
    assert {name: body[name] for name in values} == values
    assert admin.get(f"/api/leads/{lead}/personal-data").status_code == 200
    assert admin.post(f"/api/leads/{lead}/erase").status_code == 200
    assert Lead.objects.get(pk=lead).erased
    assert admin.post(f"/api/sources/set-aside/{row.pk}/again").json()["status"] == "accepted"


def test_a_row_that_cannot_be_read_is_named_and_stops_nothing(admin: Client, caplog: pytest.LogCaptureFixture) -> None:
    lead, row = ann(admin), caught({})
    SetAside.objects.update(body='"{\\"email\\": \\"ann@buyer.example\\", \\"company\\": \\"Bu', who=[])
    assert admin.get("/api/sources/set-aside").json()[0]["body"].endswith("Bu")
    again = admin.post(f"/api/sources/set-aside/{row.pk}/again").json()
    assert (again["status"], again["code"]) == ("refused", "unreadable")
    assert "ann@buyer" in str(admin.get(f"/api/leads/{lead}/personal-data").json())
    assert [each.__dict__["aside"] for each in caplog.records if "cannot be read" in each.message][:1] == [row.pk]
    assert admin.post(f"/api/leads/{lead}/erase").status_code == 200
    assert not SetAside.objects.exists()


@pytest.mark.parametrize("name", ["ключ-1", 'a"b\\c'])
def test_told_again_it_stays_one_whatever_letters_its_key_has(admin: Client, name: str) -> None:
    values = {**GOOD, "email": "ann@buyer.example", "_id": name}
    values.pop("source")
    row = caught(values)
    assert admin.post(f"/api/sources/set-aside/{row.pk}/again").json()["status"] == "accepted"
    assert Client().post("/f/demo-form", values, content_type="application/json", headers=SITE).json()["ok"]
    assert Fact.objects.filter(kind="ActivityHappened").count() == 1


@pytest.mark.parametrize(
    "written",
    ["Ann+news@buyer.example", "mailto:Ann+news@buyer.example?x=y", "https://a.example/?e=ann%2Bx%40buyer.example"],
)
def test_erasure_reaches_an_address_however_it_is_written(admin: Client, written: str) -> None:
    lead = ann(admin, "ann+first@buyer.example")
    caught({"message": f"Call\n{written} please"})
    SetAside.objects.create(
        name="other", source="site", at=1, code="x", message="", body=json.dumps('{"a":"b@c.example"}')
    )
    assert admin.post(f"/api/leads/{lead}/erase").status_code == 200
    assert SetAside.objects.get().name == "other"


def test_a_dotted_address_of_a_form_is_kept_with_its_key(admin: Client) -> None:
    lead = ann(admin, "ann.buyer@gmail.com")
    assert caught({"email": "A.n.n.Buyer@googlemail.com"}).who == ["email:annbuyer@gmail.com"]
    assert admin.post(f"/api/leads/{lead}/erase").status_code == 200
    assert not SetAside.objects.exists()


def test_who_is_named_by_a_short_id_alone_is_found_in_what_was_refused(admin: Client) -> None:
    message = {"writeKey": WRITE_KEY, "userId": "u1", "messageId": "m", "event": 7}
    Client().post("/v1/track", message, content_type="application/json")
    part = {"id": "7", "at": "never", "contact": {"id": "c1", "email": 5}}
    assert delivered({"events": [part]}) == {"set_aside": 1}
    assert [row.who for row in SetAside.objects.order_by("id")] == [["user:u1"], ["chat:c1"]]
    told = admin.post(
        "/api/intake/leads",
        {"email": "z@z.example", "user_id": "u1", "ids": {"chat": "c1"}, "key": "2"},
        content_type="application/json",
    )
    assert admin.post(f"/api/leads/{told.json()['lead']}/erase").status_code == 200
    assert not SetAside.objects.exists()
