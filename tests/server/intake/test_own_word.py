"""Somebody of sales tells of their own outreach and deals, of leads that they see: nothing else, whichever door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.support.service import Hands

from handfast.instant import DAY, HOUR, format_instant
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Breach, Cycle, Deal
from handfast_server.leads.models import Key
from handfast_server.now import now
from handfast_server.worker import sweep

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


@pytest.mark.parametrize("part", ["owner", "admin"])
def test_nobody_says_three_days_later_that_they_were_in_time(
    clock: Hands, cycle: Cycle, clients: dict[str, Client], part: str
) -> None:
    soon = format_instant(now() + HOUR)
    clock.move(3 * DAY)
    while sweep.sweep():
        pass
    cycle.refresh_from_db()
    browser = clients["admin" if part == "admin" else {"lena": "rep", "sam": "sam", "mia": "manager"}[cycle.owner]]
    told = {"lead": cycle.lead_id, "happened_at": soon, "by": cycle.owner}
    touch, deal = {**told, "kind": "attempt", "self_reported": False}, {**told, "deal": "d1"}
    for path, kind, body in (("touches", "touch", touch), ("opportunities", "opportunity", deal)):
        answer = post(browser, path, body)
        assert answer.json()["code"] == "too_long_ago", answer.json()
        items = post(browser, "batch", {"items": [{"type": kind, **body}]}).json()["items"]
        assert [each["code"] for each in items] == ["too_long_ago"]
    assert not Breach.objects.filter(in_time=True).exists()
    assert not Deal.objects.exists()


def test_what_a_person_tells_is_their_own_word(cycle: Cycle, clients: dict[str, Client]) -> None:
    browser = clients["rep" if cycle.owner == "lena" else "sam"]
    body = {"lead": cycle.lead_id, "by": cycle.owner, "self_reported": False}
    assert post(browser, "touches", body).status_code == 200
    assert '"self_reported":true' in Fact.objects.get(kind="TouchMade").line.replace(" ", "")


def test_a_deal_that_was_told_in_time_is_told_again_later(
    clock: Hands, cycle: Cycle, clients: dict[str, Client]
) -> None:
    browser = clients["rep" if cycle.owner == "lena" else "sam"]
    deal = {"lead": cycle.lead_id, "deal": "d1", "key": "once", "happened_at": format_instant(now())}
    assert post(browser, "opportunities", deal).json()["status"] == "accepted"
    clock.move(2 * DAY)
    assert post(browser, "opportunities", deal).json()["status"] == "repeat"
