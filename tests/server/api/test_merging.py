"""Two leads that somebody knows to be one human."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.support.asking import owner_of, post, program, say

from handfast_server.accounts.models import Role, User
from handfast_server.audit.models import Entry
from handfast_server.decide.replay import verify
from handfast_server.handoffs.models import Cycle
from handfast_server.leads.models import Key, Lead

pytestmark = pytest.mark.django_db

Clients = dict[str, Client]


def _told(crm: Client, number: int) -> str:
    attributes = {"industry": "software", "employees": 200, "country": "DE", "title": "Head of Sales"}
    body = {"email": f"ann{number}@buyer{number}.example", "ids": {"crm": f"id-{number}"}, "attributes": attributes}
    lead = str(post(crm, "/intake/leads", body).body["lead"])
    post(crm, "/intake/activities", {"lead": lead, "kind": "form_submitted", "properties": {"form": "demo"}})
    return lead


@pytest.fixture
def two(team: object) -> tuple[Client, str, str]:
    """A program, and two leads that wait, each with somebody."""
    crm = program(Role.ADMIN)
    return crm, _told(crm, 1), _told(crm, 2)


def test_the_furthest_along_survives_and_every_key_names_one_lead(
    two: tuple[Client, str, str], clients: Clients
) -> None:
    crm, lead, other = two
    say(crm, other, "accept", by=owner_of(other))
    further = Cycle.objects.get(lead=other).pk
    answer = post(clients["marketing"], f"/leads/{lead}/merge", {"absorbed": other}, **{"Idempotency-Key": "m1"})
    assert (answer.status, answer.body["state"], answer.body["lead"]) == (200, "accepted", lead)
    assert Lead.objects.get(pk=other).merged_into == lead
    assert not Key.objects.filter(lead=other).exists()
    states = dict(Cycle.objects.values_list("pk", "state"))
    assert states.pop(further) == "accepted"
    assert [*states.values()] == ["withdrawn"]
    for body in ({"email": "ann2@buyer2.example"}, {"ids": {"crm": "id-2"}}, {"lead": other}):
        assert post(crm, "/intake/leads", {**body, "attributes": {"company": "Buyer"}}).body["lead"] == lead
    assert Entry.objects.get(what="leads.merged").about == f"lead:{lead}"
    again = post(clients["marketing"], f"/leads/{lead}/merge", {"absorbed": other}, **{"Idempotency-Key": "m1"})
    assert (again.status, again.body["repeat"]) == (200, True)
    assert post(crm, f"/leads/{other}/merge", {"absorbed": lead}).code == "one_already"


def test_what_can_not_be_merged_is_refused(two: tuple[Client, str, str], clients: Clients) -> None:
    crm, lead, other = two
    assert post(crm, f"/leads/{lead}/merge", {"absorbed": lead}).code == "one_already"
    assert post(crm, f"/leads/{lead}/merge", {"absorbed": "nobody"}).status == 404
    assert post(crm, "/leads/nobody/merge", {"absorbed": lead}).status == 404
    assert post(crm, f"/leads/{lead}/merge", {}).status == 422
    assert post(clients["admin"], f"/leads/{other}/erase").status == 200
    assert post(crm, f"/leads/{lead}/merge", {"absorbed": other}).code == "lead_erased"
    assert not Entry.objects.filter(what="leads.merged").exists()


def test_a_manager_merges_what_they_see_and_a_rep_nothing(
    two: tuple[Client, str, str], clients: Clients, people: dict[str, User]
) -> None:
    _, lead, other = two
    assert post(clients["rep"], f"/leads/{lead}/merge", {"absorbed": other}).code == "not_allowed"
    User.objects.filter(pk=people["manager"].pk).update(rep="somebody")
    assert post(clients["manager"], f"/leads/{lead}/merge", {"absorbed": other}).status == 404
    User.objects.filter(pk=people["manager"].pk).update(rep="mia")
    assert post(clients["manager"], f"/leads/{lead}/merge", {"absorbed": other}).status == 200


def test_a_merge_by_hand_is_replayed(two: tuple[Client, str, str]) -> None:
    crm, lead, other = two
    assert post(crm, f"/leads/{lead}/merge", {"absorbed": other}).status == 200
    assert verify().differences == ()
