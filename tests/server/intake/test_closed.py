"""While a version is not what was signed the public doors are closed: said as such, and nothing is taken in."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook
from tests.support.intake_seed import SECRET, WRITE_KEY, make_sources
from tests.support.service import Crew

from handfast.engine.terms import Terms
from handfast.instant import DAY, to_datetime
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Version
from handfast_server.decide import terms
from handfast_server.delivery.links import Link, written
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.models import SetAside
from handfast_server.intake.public import CLOSED
from handfast_server.leads.models import Lead
from handfast_server.now import now

pytestmark = pytest.mark.django_db
SITE = {"Origin": "https://www.acme.example", "Accept": "application/json"}
ANN = {"email": "ann@buyer.example"}


@pytest.fixture
def broken(team: Crew, lead: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A version that somebody changed in the database."""
    assert team.reps
    make_sources()
    name = lead()
    row = Version.objects.get()
    Version.objects.update(content=bytes(row.content).replace(b"acme", b"acne", 1))
    monkeypatch.setattr(terms, "_known", ((), Terms(())))
    return name


def test_every_door_says_that_it_is_closed_and_nothing_is_taken_in(broken: str) -> None:
    before = Fact.objects.count()
    part = {"id": "e", "at": "2026-11-20T09:00:00Z", "contact": {"email": "ann@buyer.example"}}
    text, moment = json.dumps({"events": [part, {"id": "nobody"}]}), to_datetime(now())
    signed = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", moment, text),
    }
    batch = json.dumps({"writeKey": WRITE_KEY, "batch": [{"type": "identify", "userId": "1", "traits": ANN}, 7]})
    doors = [("/f/demo-form", json.dumps(ANN), SITE), ("/v1/batch", batch, {}), ("/hooks/chat", text, signed)]
    for address, body, headers in doors:
        said = Client().post(address, body, content_type="application/json", headers=headers)
        assert (said.status_code, said.json()["message"], said["Retry-After"]) == (503, CLOSED, "300"), address
    assert Client().post(*doors[0][:2], content_type="application/json", headers=SITE)["Access-Control-Allow-Origin"]
    page = Client().post("/f/demo-form", ANN, headers={"Origin": "http://127.0.0.1:8000"})
    assert (page.status_code, page["Retry-After"]) == (503, "300")
    assert "<form" in page.content.decode()
    assert CLOSED in page.content.decode()
    assert Fact.objects.count() == before
    assert not SetAside.objects.exists()
    assert list(Lead.objects.values_list("pk", flat=True)) == [broken]


def test_a_link_of_a_message_and_a_calendar_are_closed_too(
    broken: str, people: dict[str, User], clients: dict[str, Client]
) -> None:
    cycle = Cycle.objects.get(lead=broken)
    link = Link(verb="accept", user=people["rep"].pk, lead=broken, cycle=cycle.pk, message="m", until=now() + DAY)
    said = Client().post(f"/decide/{written(link)}")
    assert (said.status_code, said["Retry-After"]) == (503, "300")
    assert "The contract is not what was signed" in said.content.decode()
    told = clients["admin"].post("/api/intake/leads", ANN, content_type="application/json")
    assert (told.status_code, told.json()["code"], told["Retry-After"]) == (503, "seal_broken", "300")
    assert Cycle.objects.get(pk=cycle.pk).state == "waiting"
