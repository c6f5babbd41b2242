"""Somebody who came by every door is forgotten in every column of the database, whichever program made its table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.support.intake_seed import WRITE_KEY, make_sources
from tests.support.service import GOOD, Crew

from handfast_server.delivery import targets
from handfast_server.delivery.models import Endpoint
from handfast_server.handoffs.models import Cycle, Transition
from handfast_server.leads.models import Account, Lead
from handfast_server.now import now

pytestmark = pytest.mark.django_db
NEEDLES = ("zelda", "quux", "9307771")
MAIL = "zelda.quux@quux-studio.example"


def found() -> Iterator[str]:
    """Every place that knows her: table, column and text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # names of our own tables
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = bytes(value).decode(errors="replace") if isinstance(value, memoryview) else str(value)
                    if any(needle in text.casefold() for needle in NEEDLES):
                        yield f"{table}.{name}: {text[:200]}"


def send(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def zelda(team: Crew, clients: dict[str, Client]) -> str:
    """She used the form, the site, a webhook of a CRM and a rep's ear."""
    make_sources()
    Endpoint.objects.create(id="ep_1", url="https://hooks.acme.example/", events=[], secret="", made_at=now())
    targets.forget()
    known = {**GOOD, "email": MAIL, "first_name": "Zelda", "last_name": "Quux", "phone": "+49 30 9307771"}
    form = {**known, "company": "Quux Studio", "message": "Zelda here", "_page": "/me/zelda", "_anonymous": "a-zelda"}
    form |= {"utm_campaign": MAIL, "utm_source": MAIL, "company_domain": "quux-studio.example"}
    browser, admin = Client(), clients["admin"]
    site = {"Origin": "https://www.acme.example", "Accept": "application/json"}
    form.pop("source")
    assert send(browser, "/f/demo-form", form, **site).json()["ok"]
    said = {"writeKey": WRITE_KEY, "context": {"campaign": {"name": MAIL, "source": MAIL}, "page": {"path": "/zelda"}}}
    send(browser, "/v1/track", {**said, "anonymousId": "a-zelda", "event": "Clicked by Zelda", "messageId": MAIL})
    send(browser, "/v1/identify", {**said, "userId": "zelda", "anonymousId": "b-zelda", "traits": {"email": MAIL}})
    send(browser, "/v1/track", {**said, "userId": "zelda", "event": 7, "messageId": "zelda-poison"})
    lead = Lead.objects.get().pk
    assert send(admin, f"/api/handoffs/{lead}/touches", {"kind": "contact", "by": ""}).status_code in {200, 409}
    deal = {"lead": lead, "deal": "deal-zelda", "by": "lena", "amount": "5", "currency": "EUR", "why": "Zelda" * 50}
    send(admin, "/api/intake/opportunities", {**deal, "key": MAIL})
    send(admin, "/api/intake/opportunities", {**deal, "key": f"{MAIL}2", "what": "lost"})
    send(
        admin,
        "/api/intake/stages",
        {"lead": lead, "handoff": "z-zelda", "stage": "accepted", "reason": "Zelda", "key": "q-quux"},
    )
    send(admin, "/api/intake/activities", {"lead": lead, "kind": "saw zelda", "key": "act-quux-1"})
    return lead


def test_no_column_of_any_table_knows_her(zelda: str, clients: dict[str, Client]) -> None:
    assert {len(each) for each in Transition.objects.values_list("reason", flat=True)} == {0, 100}
    places = {line.partition(":")[0] for line in found()}
    assert places >= {
        *(
            "facts_fact.name",
            "facts_fact.line",
            "leads_lead.state",
            "leads_activity.kind",
            "handoffs_explanation.trace",
        ),
        *("handoffs_deal.id", "handoffs_deal.key", "rosters_opportunity.id", "scoreboard_dealchange.deal"),
        *("delivery_message.payload", "intake_setaside.body"),
    }
    assert clients["admin"].post(f"/api/leads/{zelda}/erase").status_code == 200
    assert sorted(found()) == []


def test_a_company_that_others_are_of_stays_without_her_number(zelda: str, clients: dict[str, Client]) -> None:
    other = {"email": "tim@quux-studio.example", "attributes": {"company": "Quux Studio"}, "key": "tim"}
    assert send(clients["admin"], "/api/intake/leads", other).json()["status"] == "accepted"
    assert set(Lead.objects.values_list("account", flat=True)) == {Account.objects.get().pk}
    assert clients["admin"].post(f"/api/leads/{zelda}/erase").status_code == 200
    assert (Account.objects.get().name, Account.objects.get().phone) == ("Quux Studio", "")
    assert not any("9307771" in line for line in found())


def test_what_is_too_long_to_be_found_by_is_cut_and_the_lead_is_there(team: Crew, clients: dict[str, Client]) -> None:
    assert team.reps
    far = {**GOOD, "source": "s" * 900, "campaign": "c" * 900}
    body = {"key": "far", "email": "far@buyer.example", "attributes": far}
    assert send(clients["admin"], "/api/intake/leads", body).json()["status"] == "accepted"
    cycle = Cycle.objects.get()
    assert (len(cycle.source), len(cycle.campaign)) == (200, 200)
