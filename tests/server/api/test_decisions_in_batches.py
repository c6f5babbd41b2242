"""Decisions as a CRM tells them, many at once: as by their own addresses, in order, each reported, none twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.support.asking import Answer, owner_of, post, program, state_of
from tests.support.service import GOOD, Crew

from handfast_server.access import Scope
from handfast_server.accounts.models import Role
from handfast_server.facts.models import Fact
from handfast_server.handoffs import actions
from handfast_server.intake.wire import NEEDS
from handfast_server.intake.wire.decisions import DECISIONS
from handfast_server.leads.models import Lead

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FILLER: dict[str, Any] = {
    "return": {"reason": "misrouted"},
    "reject": {"reason": "bad_data"},
    "qualify": {"evidence": {}},
    "disqualify": {"reason": "bad_data"},
    **{verb: {"note": "Checked."} for verb in ("uphold", "overturn", "withdraw")},
    "give_back": {"to": "sam"},
    "pause": {"clock": "first_touch", "until": "2099-01-01T00:00:00Z", "note": "Asked."},
    "resume": {"clock": "first_touch"},
    "cause": {"breach": "first_touch", "cause": "routing"},
    "excuse": {"breach": "first_touch", "why": "Snow."},
}


@pytest.fixture
def crm(team: Crew) -> Client:
    assert team.reps
    return program(Role.ADMIN, Role.MARKETING, Role.MANAGER)


def batch(client: Client, *items: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
    said: Answer = post(client, "/intake/batch", {"items": items}, **headers)
    assert said.status == 200, said.body
    found: list[dict[str, Any]] = said.body["items"]
    return found


def seen(client: Client, *items: dict[str, Any], **headers: str) -> list[tuple[str, str]]:
    return [(each["status"], each["code"]) for each in batch(client, *items, **headers)]


def test_a_day_of_a_crm_is_told_in_one_request_and_once(crm: Client) -> None:
    ann = {"email": "ann@buyer.example"}
    wants = {"type": "activity", "key": "a", "kind": "form_submitted", "properties": {"form": "demo"}, **ann}
    begin: list[dict[str, Any]] = [{"type": "lead", "key": "l", "attributes": GOOD, **ann}, wants]
    assert seen(crm, *begin) == [("accepted", "")] * 2
    lead = Lead.objects.get().pk
    owner = owner_of(lead)
    told: list[dict[str, Any]] = [
        {"type": "touch", "key": "t", "by": owner, "kind": "attempt", **ann},
        {"type": "accept", "key": "1", "by": owner, **ann},
        {"type": "lead", "key": "l2", "attributes": {"title": "CEO"}, **ann},
        {"type": "disqualify", "key": "2", "by": owner, "reason": "no such reason", **ann},
        {"type": "reject", "key": "3", "by": owner, **ann},
        {"type": "qualify", "key": "4", "by": owner, "evidence": {}, "lead": lead},
    ]
    [*outcomes] = batch(crm, *told)
    assert [each["status"] for each in outcomes[:3]] == ["accepted"] * 3
    assert (outcomes[1]["lead"], outcomes[3]["status"]) == (lead, "refused")
    assert (outcomes[4]["code"], outcomes[4]["path"]) == ("malformed", "reason")
    assert state_of(lead) in {"accepted", "sql"}
    before = Fact.objects.count()
    again = seen(crm, *told[:3])
    assert [status for status, _ in again] == ["repeat"] * 3
    assert Fact.objects.count() == before


def test_who_decides_is_said_and_known(crm: Client, lead: Callable[[], str], clients: dict[str, Client]) -> None:
    name = lead()
    assert owner_of(name) == "lena"
    accept = {"type": "accept", "lead": name}
    assert seen(
        crm, accept, {**accept, "by": "sam"}, {"type": "accept", "email": "nobody@b.example", "by": "lena"}
    ) == [
        ("refused", "speaker_missing"),
        ("refused", "not_the_owner"),
        ("refused", "unknown_lead"),
    ]
    assert seen(clients["rep"], {**accept, "by": "sam"})[0][1] == "not_yourself"
    assert seen(crm, {**accept, "by": "lena", "cycle": "another"})[0][1] == "another_cycle"
    assert seen(clients["viewer"], accept) == [("refused", "not_allowed")]
    assert seen(clients["rep"], accept) == [("accepted", "")]
    assert state_of(name) == "accepted"


@pytest.mark.parametrize("verb", sorted(DECISIONS))
def test_a_token_without_the_scope_decides_nothing(team: Crew, lead: Callable[[], str], verb: str) -> None:
    assert team.reps
    scopes = (str(Scope.READ), str(Scope.INTAKE))
    item = {"type": verb, "lead": lead(), "by": "lena", **FILLER.get(verb, {})}
    assert seen(program(Role.ADMIN, scopes=scopes), item) == [("refused", "not_allowed")]
    assert seen(program(Role.ADMIN, Role.MARKETING), item)[0][1] not in {"malformed", "not_allowed", "broken"}
    assert NEEDS[verb] == DECISIONS[verb]


def test_two_leads_are_not_decided_about_at_once(crm: Client, team: Crew) -> None:
    for name in ("ann", "bob"):
        post(crm, "/intake/leads", {"email": f"{name}@b.example", "ids": {"crm": name}, "attributes": GOOD})
    both = {"type": "accept", "email": "ann@b.example", "ids": {"crm": "bob"}, "by": team.reps[0]}
    assert seen(crm, both) == [("refused", "not_one")]


def test_what_breaks_is_reported_and_the_rest_goes_on(
    crm: Client, lead: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise TypeError

    monkeypatch.setattr(actions, "do_return", broken)
    one = {"lead": lead(), "by": "lena"}
    told = [{"type": "return", "reason": "misrouted", **one}, {"type": "accept", **one}]
    assert seen(crm, *told) == [("refused", "broken"), ("accepted", "")]
