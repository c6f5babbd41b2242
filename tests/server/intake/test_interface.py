"""Leads and whatever is told of them, one at a time and in batches, by programs with tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.support.service import GOOD, Crew, Hands

from handfast_server.accounts.models import Role
from handfast_server.accounts.tokens import make_token
from handfast_server.decide.session import decide
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle
from handfast_server.intake import take
from handfast_server.intake.models import SetAside
from handfast_server.leads.models import Lead
from handfast_server.rosters.models import AccountOwner

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


@pytest.fixture
def send(team: Crew) -> Send:
    """``send("/intake/leads", {...})`` as a program that may tell everything."""
    _, token = make_token("CRM sync", [Role.ADMIN], ["read", "intake", "decide", "team"], None, ["crm", "s"])
    client = Client(headers={"Authorization": f"Bearer {token}"})

    def sent(path: str, body: object, method: str = "post", **headers: str) -> Any:
        made = getattr(client, method)(f"/api{path}", body, content_type="application/json", headers=headers)
        made.said = made.json() if made.content else None
        return made

    return sent


def _asked(number: int, **more: object) -> dict[str, object]:
    return {
        "type": "lead",
        "key": f"l{number}",
        "email": f"person{number}@buyer{number}.example",
        "attributes": {**GOOD},
        **more,
    }


def test_a_lead_that_asks_for_a_demo_is_handed_to_somebody(send: Send) -> None:
    made = send("/intake/leads", {"email": "ann@buyer.example", "attributes": {**GOOD}})
    assert made.status_code == 200
    did = {"email": "Ann@Buyer.example", "kind": "form_submitted", "properties": {"form": "demo"}}
    once = {"Idempotency-Key": "form-7"}
    asked = send("/intake/activities", did, **once)
    assert asked.said == {**made.said, "status": "accepted"}
    assert send("/intake/activities", did, **once).said["status"] == "repeat"
    cycle = Cycle.objects.get(lead=made.said["lead"])
    assert cycle.state == "waiting"
    touched = send("/intake/touches", {"lead": cycle.lead_id, "by": cycle.owner, "kind": "contact"})
    assert touched.said["status"] == "accepted"
    cycle.refresh_from_db()
    assert cycle.state == "accepted"
    opened = send("/intake/opportunities", {"lead": cycle.lead_id, "deal": "d1", "by": cycle.owner, "amount": "24000"})
    assert opened.said["status"] == "accepted"
    cycle.refresh_from_db()
    assert cycle.state == "opportunity"
    denied = send("/intake/consents", {"lead": cycle.lead_id, "purpose": "contact", "granted": False})
    assert denied.said["status"] == "accepted"


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({"email": "no address"}, "bad_email", "email"),
        ({}, "no_identity", "email"),
        ({"email": "a@b.example", "attributes": {"company": ["a"]}}, "bad_value", "attributes.company"),
        ({"email": "a@b.example", "attributes": {"company": "a\u0000"}}, "bad_text", "attributes.company"),
        ({"email": "a@b.example", "attributes": {"company": "a" * 10_001}}, "too_long", "attributes.company"),
        ({"email": "a@b.example", "attributes": {"employees": 1e300}}, "bad_number", "attributes.employees"),
        ({"email": "a@b.example", "happened_at": "yesterday"}, "bad_instant", "happened_at"),
        ({"ids": {"email": "1"}}, "bad_system", "ids.email"),
        ({"email": "a@b.example", "colour": "red"}, "malformed", "colour"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(send: Send, body: dict[str, object], code: str, path: str) -> None:
    refused = send("/intake/leads", body)
    assert refused.status_code == 422
    assert (refused.said["code"], refused.said["path"]) == (code, path)
    assert not Lead.objects.exists()


def test_outreach_to_nobody_is_not_found(send: Send) -> None:
    refused = send("/intake/touches", {"email": "ann@buyer.example", "by": "lena"})
    assert refused.status_code == 404
    assert refused.said["code"] == "unknown_lead"


def test_what_the_contract_does_not_allow_keeps_its_code(send: Send) -> None:
    lead = send("/intake/leads", {"email": "ann@buyer.example"}).said["lead"]
    refused = send("/intake/opportunities", {"lead": lead, "deal": "d1", "what": "reopened"})
    assert (refused.status_code, refused.said["code"]) == (409, "deal_unknown")


def test_an_instant_to_come_is_now_and_one_long_past_stays(send: Send, clock: Hands) -> None:
    at = clock.move(0)
    send(
        "/intake/leads",
        {"key": "a", "email": "a@b.example", "happened_at": "2099-01-01T00:00:00Z"},
        **{"X-Source": "s"},
    )
    send(
        "/intake/leads",
        {"key": "b", "email": "b@b.example", "happened_at": "1999-01-01T00:00:00Z"},
        **{"X-Source": "s"},
    )
    happened = dict(Fact.objects.values_list("name", "happened_at"))
    assert happened["s:a:lead"] - at < 1_000
    assert happened["s:b:lead"] == 915_148_800_000_000


def test_a_batch_reports_each_item_and_loses_none(send: Send) -> None:
    items: list[object] = [
        _asked(1),
        _asked(1),
        {"type": "lead", "email": "nobody"},
        {"type": "unheard"},
        7,
        {"type": "touch", "email": "stranger@x.example", "by": "lena"},
        {"type": "activity", "anonymous_id": "b1", "kind": "page_viewed"},
        {"type": "account_owner", "account": "a1", "owner": "lena"},
        _asked(2),
    ]
    said = send("/intake/batch", {"items": items}).said
    assert [each["status"] for each in said["items"]] == [
        *("accepted", "repeat", "refused", "refused", "refused", "refused", "held", "accepted", "accepted"),
    ]
    assert said["counts"] == {"accepted": 3, "repeat": 1, "refused": 4, "held": 1}
    assert Lead.objects.count() == 2
    assert AccountOwner.objects.get(account="a1").owner == "lena"


def test_five_thousand_lose_none_when_one_of_them_is_poison(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = take._Run._facts

    def poisoned(self: Any, item: Any, name: str, lead: Any) -> Any:
        if item.email == "person3141@buyer3141.example":
            raise ZeroDivisionError
        return facts(self, item, name, lead)

    monkeypatch.setattr(take._Run, "_facts", poisoned)
    items = [
        {"type": "lead", "key": str(number), "email": f"person{number}@buyer{number}.example"}
        for number in range(5_000)
    ]
    said = send("/intake/batch", {"items": items}, **{"X-Source": "crm"}).said
    assert said["counts"] == {"accepted": 4_999, "set_aside": 1}
    assert said["items"][3141]["status"] == "set_aside"
    assert Lead.objects.count() == 4_999
    aside = SetAside.objects.get()
    assert (aside.name, aside.code, aside.who) == ("crm:3141", "broken", ["email:person3141@buyer3141.example"])
    monkeypatch.undo()
    again = send("/intake/batch", {"items": items[3140:3143]}, **{"X-Source": "crm"}).said
    assert [each["status"] for each in again["items"]] == ["repeat", "accepted", "repeat"]
    assert Lead.objects.count() == 5_000


def test_a_batch_of_too_many_is_refused_whole(send: Send) -> None:
    refused = send("/intake/batch", {"items": [{}] * 5_001})
    assert refused.status_code == 422
    assert not Fact.objects.filter(kind="LeadCreated").exists()


def test_who_may_not_tell_of_the_team_tells_nothing_of_it_in_a_batch_either(team: Crew) -> None:
    _, token = make_token("web site", [Role.MARKETING], ["read", "intake"], None)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    items = [{"type": "rep", "rep": "eve"}, {"type": "lead", "email": "ann@buyer.example"}]
    said = client.post("/api/intake/batch", {"items": items}, content_type="application/json").json()
    assert [each["code"] for each in said["items"]] == ["not_allowed", ""]
    assert client.post("/api/team/reps", {"rep": "eve"}, content_type="application/json").status_code == 403


def test_the_account_that_somebody_states_is_found_by_its_domain(send: Send) -> None:
    stated = {"name": "Buyer Holding", "domains": ["buyer.example", "buyer.test"], "customer": True}
    assert send("/intake/accounts/A1", stated, "put").status_code == 204
    send("/team/owners", {"account": "A1", "owner": "sam"})
    lead = send("/intake/leads", {"email": "ann@buyer.test", "attributes": {**GOOD, "company": "Buyer Holdings"}}).said[
        "lead"
    ]
    send("/intake/activities", {"lead": lead, "kind": "form_submitted", "properties": {"form": "demo"}})
    assert Lead.objects.get(id=lead).account_id == "A1"
    assert Cycle.objects.get(lead=lead).owner == "sam"


def test_what_fails_with_the_database_is_no_items_fault(monkeypatch: pytest.MonkeyPatch, send: Send) -> None:
    from django.db import OperationalError

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(take, "decide", gone)
    with pytest.raises(OperationalError):
        send("/intake/leads", {"email": "ann@buyer.example"})
    monkeypatch.setattr(take, "decide", decide)
    assert not SetAside.objects.exists()
