"""Whose words a token may pass on: its own, and those of the sources that an administrator granted it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.support.asking import post, program

from handfast_server.accounts.models import ApiToken, Role
from handfast_server.audit.models import Entry
from handfast_server.facts.models import Fact

pytestmark = pytest.mark.django_db

LEAD = {"key": "1", "email": "ann@buyer.example"}


def _sources() -> set[str]:
    return {name.partition(":")[0] for name in Fact.objects.filter(kind="LeadCreated").values_list("name", flat=True)}


@pytest.mark.parametrize(
    ("path", "body"),
    [("/intake/leads", LEAD), ("/intake/batch", {"items": [{"type": "lead", **LEAD}]}), ("/team/reps", {"rep": "eve"})],
)
def test_what_is_told_for_a_source_of_others_is_refused_whole(signed: object, path: str, body: dict[str, Any]) -> None:
    crm, web = program(Role.ADMIN, sources=("crm",)), program(Role.ADMIN, sources=("web",))
    assert post(crm, path, body, **{"X-Source": "crm"}).status == 200
    before = Fact.objects.count()
    refused = post(web, path, body, **{"X-Source": "crm"})
    assert (refused.status, refused.code, refused.body["path"]) == (403, "source_not_granted", "X-Source")
    token = ApiToken.objects.latest("pk")
    own = f"token-{token.pk}"
    assert refused.body["message"].startswith(f"You may speak for {own}, web, not for crm: an administrator grants")
    assert Fact.objects.count() == before


def test_one_key_of_two_tokens_is_two_items(signed: object) -> None:
    one, two = program(Role.ADMIN), program(Role.ADMIN)
    assert [post(each, "/intake/leads", LEAD).body["status"] for each in (one, two, one)] == [
        "accepted",
        "accepted",
        "repeat",
    ]


def test_an_administrator_grants_a_new_token_the_source_of_the_old_one(
    signed: object, clients: dict[str, Client]
) -> None:
    old = program(Role.ADMIN)
    post(old, "/intake/leads", LEAD)
    before = f"token-{ApiToken.objects.latest('pk').pk}"
    asked = {"name": "CRM", "roles": ["marketing"], "scopes": ["intake", "read"]}
    made = post(clients["admin"], "/people/tokens", asked).body
    new = Client(headers={"Authorization": f"Bearer {made['token']}"})
    assert post(new, "/intake/leads", LEAD, **{"X-Source": before}).status == 403
    address = f"/api/people/tokens/{made['id']}/sources"
    granted = clients["admin"].put(address, {"sources": [before]}, content_type="application/json").json()
    assert granted["sources"] == [before]
    assert new.get("/api/people/me").json()["sources"] == sorted([before, f"token-{made['id']}"])
    assert post(new, "/intake/leads", LEAD, **{"X-Source": before}).body["status"] == "repeat"
    assert Entry.objects.filter(what="accounts.token_sources").count() == 1
    assert clients["marketing"].put(address, {"sources": []}, content_type="application/json").status_code == 403


def test_people_speak_for_themselves_and_an_administrator_for_any_source(
    signed: object, clients: dict[str, Client]
) -> None:
    refused = post(clients["marketing"], "/intake/leads", LEAD, **{"X-Source": "crm"})
    assert (refused.status, refused.code) == (403, "source_not_granted")
    assert post(clients["marketing"], "/intake/leads", LEAD).status == 200
    assert post(clients["admin"], "/intake/leads", LEAD, **{"X-Source": "crm"}).status == 200
    assert {name[:4] for name in _sources()} == {"user"}
    assert Fact.objects.filter(name__startswith="crm:").exists()


def test_the_names_under_which_the_service_speaks_are_nobodys(signed: object, clients: dict[str, Client]) -> None:
    desk = clients["admin"]
    assert post(desk, "/intake/leads", LEAD, **{"X-Source": "tick"}).code == "source_not_granted"
    asked = {"name": "CRM", "roles": ["marketing"], "scopes": ["intake"], "sources": ["token"]}
    refused = post(desk, "/people/tokens", asked)
    assert (refused.status, refused.body["path"]) == (422, "sources.0")
    assert desk.put("/api/sources/user", {"kind": "form"}, content_type="application/json").status_code == 422
