"""Forms of web sites and hosted ones: from named origins, once each, with traps for programs."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.test import Client
from tests.support.intake_seed import make_sources
from tests.support.service import GOOD, Crew, Hands

from handfast.instant import MINUTE
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.models import Bucket, SetAside, Source
from handfast_server.leads.models import Lead

pytestmark = pytest.mark.django_db
SITE = {"Origin": "https://www.acme.example", "Accept": "application/json"}
_ids = itertools.count(1)
ANN = {**GOOD, "email": "ann@buyer.example", "first_name": "Ann", "company": "Buyer"}


@pytest.fixture
def client(team: Crew) -> Client:
    make_sources()
    return Client()


def post(client: Client, values: dict[str, Any], **headers: str) -> Any:
    values = {"_id": f"s{next(_ids)}", **values}
    return client.post("/f/demo-form", values, content_type="application/json", headers={**SITE, **headers})


def test_a_page_of_the_site_asks_for_a_demo(client: Client) -> None:
    asked = client.options("/f/demo-form", headers=SITE)
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "https://www.acme.example")
    values = {**ANN, "staff": "51-200", "message": "Please call", "utm_source": "google", "_page": "/demo"}
    values.pop("source")
    sent = post(client, values)
    assert sent.json() == {"ok": True, "redirect": "https://www.acme.example/thanks"}
    assert sent["Access-Control-Allow-Origin"] == "https://www.acme.example"
    lead = Lead.objects.get()
    assert (lead.email, lead.name, lead.company) == ("ann@buyer.example", "Ann", "Buyer")
    assert Cycle.objects.get(lead=lead).state == "waiting"
    lines = " ".join(Fact.objects.filter(lead=lead.id).values_list("line", flat=True))
    assert '"source":"google"' in lines
    assert '"message":"Please call"' in lines
    assert '"page":"/demo"' in lines
    assert '"employees.raw":"51-200"' in lines


def test_a_form_that_is_posted_three_times_is_one(client: Client, clock: Hands) -> None:
    for _ in range(3):
        assert post(client, {**ANN, "_id": "one"}).json()["ok"]
    for _ in range(3):
        assert post(client, {**ANN, "message": "again", "_id": ""}).json()["ok"]
        clock.move(MINUTE // 2)
    assert Fact.objects.filter(kind="ActivityHappened").count() == 2


@pytest.mark.parametrize("origin", ["https://evil.example", "http://www.acme.example", "null", ""])
def test_pages_of_other_sites_post_nothing(client: Client, origin: str) -> None:
    refused = post(client, ANN, Origin=origin)
    assert refused.status_code == 403
    assert "Access-Control-Allow-Origin" not in refused
    assert not Lead.objects.exists()


def test_what_falls_into_the_trap_is_set_aside_and_told_nothing(client: Client, clients: dict[str, Client]) -> None:
    sent = post(client, {**ANN, "hf_website": "http://spam.example"})
    assert sent.json()["ok"]
    assert not Lead.objects.exists()
    aside = SetAside.objects.get()
    assert aside.code == "honeypot"
    again = clients["admin"].post(f"/api/sources/set-aside/{aside.pk}/again")
    assert again.json()["status"] == "accepted"
    assert Lead.objects.get().email == "ann@buyer.example"
    assert not SetAside.objects.exists()


def test_too_many_from_one_address_wait_and_the_address_is_not_kept(client: Client, clock: Hands) -> None:
    codes = [post(client, ANN).status_code for _ in range(33)]
    assert codes == [200] * 30 + [429] * 3
    assert post(client, ANN)["Retry-After"] == "30"
    assert not any("127.0.0.1" in name for name in Bucket.objects.values_list("name", flat=True))
    clock.move(MINUTE // 10)
    assert [post(client, ANN).status_code for _ in range(4)] == [200] * 3 + [429]


def test_the_proxies_in_front_are_believed_only_as_far_as_they_are_ours(client: Client, settings: Any) -> None:
    Source.objects.filter(name="demo-form").update(settings={"per_minute": 1})

    def passes(forwarded: str) -> bool:
        return bool(post(client, ANN, **{"X-Forwarded-For": forwarded}).status_code == 200)

    assert passes("203.0.113.1")
    assert not passes("203.0.113.2")  # nobody is believed
    settings.PROXIES = 1
    assert passes("198.51.100.7, 203.0.113.1")
    assert not passes("198.51.100.8, 203.0.113.1")  # what the visitor wrote before is not
    assert passes("203.0.113.2")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"email": ""}, "email_missing"),
        ({"email": "ann at buyer"}, "bad_email"),
        ({"email": "a@b.example", "company": "x" * 10_001}, "too_long"),
        ({"email": "a@b.example", "company": {"a": 1}}, "bad_value"),
    ],
)
def test_what_is_wrong_is_said(client: Client, values: dict[str, Any], code: str) -> None:
    refused = post(client, values)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_bodies_are_short(client: Client) -> None:
    assert post(client, {"email": "a@b.example", "x": "y" * 200_000}).status_code == 413
    broken = client.post("/f/demo-form", b"{", content_type="application/json", headers=SITE)
    assert broken.status_code == 400


def test_the_hosted_form_works_without_a_script(client: Client) -> None:
    page = client.get("/f/demo-form?utm_source=google&evil=<b>")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<script" not in text
    assert "style=" not in text
    assert '<input type="hidden" name="utm_source" value="google">' in text
    assert "evil" not in text
    own = {"Origin": "http://127.0.0.1:8000"}
    values = {"email": "ann@buyer.example", "_id": "x", "utm_source": "google", "hf_website": ""}
    sent = client.post("/f/demo-form", values, headers=own)
    assert (sent.status_code, sent["Location"]) == (303, "https://www.acme.example/thanks")
    assert Lead.objects.get().email == "ann@buyer.example"
    wrong = client.post("/f/demo-form", {"email": "ann"}, headers=own)
    assert wrong.status_code == 422
    assert "This is no e-mail address." in wrong.content.decode()
    Source.objects.filter(name="demo-form").update(settings={})
    sent = client.post("/f/demo-form", {**values, "_id": "y"}, headers=own)
    assert client.get(sent["Location"]).status_code == 200


def test_there_is_no_form_that_was_not_made(client: Client) -> None:
    assert client.get("/f/other").status_code == 404
    assert client.get("/f/site").status_code == 404
    assert client.delete("/f/demo-form").status_code in {403, 405}
