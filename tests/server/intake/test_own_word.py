"""Somebody of sales tells of their own outreach and deals, of leads that they see: nothing else, whichever door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from handfast_server.handoffs.models import Cycle, Deal
from handfast_server.leads.models import Key

MAIL = "ann@buyer.example"


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/intake/{path}", body, content_type="application/json")


@pytest.fixture
def cycle(lead: Callable[..., str]) -> Cycle:
    """A handoff that waits with somebody."""
    found = Cycle.objects.get(lead=lead())
    Key.objects.create(kind="email", value=MAIL, lead_id=found.lead_id)
    return found


def test_a_rep_tells_of_their_own_outreach_alone(cycle: Cycle, clients: dict[str, Client]) -> None:
    owner, other = (cycle.owner, "sam" if cycle.owner == "lena" else "lena")
    browsers = {"lena": clients["rep"], "sam": clients["sam"]}
    for named in ({"lead": cycle.lead_id}, {"email": MAIL}):
        touch = {**named, "by": owner, "kind": "contact"}
        answer = post(browsers[other], "touches", touch)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yourself")
        answer = post(browsers[other], "touches", {**touch, "by": other})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_lead")
        told = post(browsers[other], "batch", {"items": [{"type": "touch", **touch}]}).json()["items"]
        assert [each["code"] for each in told] == ["not_yourself"]
        answer = post(browsers[other], "opportunities", {**named, "deal": "d1"})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_lead")
        assert cycle.lead_id not in str(answer.json())
    assert Cycle.objects.get(pk=cycle.pk).state == "waiting"
    assert not Deal.objects.exists()
    answer = post(browsers[owner], "touches", {"email": MAIL, "by": owner, "kind": "contact"})
    assert answer.json()["lead"] == cycle.lead_id
    assert Cycle.objects.get(pk=cycle.pk).state == "accepted"


def test_who_is_no_owner_learns_nothing_of_who_is_known(cycle: Cycle, clients: dict[str, Client]) -> None:
    other = "sam" if cycle.owner == "lena" else "lena"
    browser = clients["sam" if other == "sam" else "rep"]
    known, unknown = (post(browser, "touches", {"email": mail, "by": other}) for mail in (MAIL, "no@buyer.example"))
    assert known.status_code == unknown.status_code == 404
    assert {**known.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
