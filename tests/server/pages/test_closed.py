"""While a version is not what was signed: pages that ask it say what happened and who mends it; the others go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.service import Crew

from handfast.engine.terms import Terms
from handfast.instant import DAY
from handfast_server.access import of_user
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Draft, Version
from handfast_server.decide import terms
from handfast_server.now import now
from handfast_server.pages.first_contract import next_step

pytestmark = pytest.mark.django_db

ASK_IT = ("team", "scoreboard", "quality", "quality_signals", "contract", "contract_history", "mode", "rosters")
ASK_IT_NOT = ("people", "tokens", "audit", "deliveries", "status", "connections", "home", "start", "rosters_file")


@pytest.fixture
def changed(team: Crew, lead: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes to the database, past the service; a process that starts then reads it."""
    assert team.reps
    lead()
    row = Version.objects.get()
    Version.objects.update(content=bytes(row.content).replace(b"acme", b"acne", 1))
    monkeypatch.setattr(terms, "_known", ((), Terms(())))


@pytest.mark.usefixtures("changed")
def test_a_page_that_asks_the_contract_says_what_happened_and_who_mends_it(clients: dict[str, Client]) -> None:
    for name in ASK_IT:
        answer = clients["admin"].get(reverse(name))
        page = answer.content.decode()
        assert (answer.status_code, answer["Retry-After"]) == (503, "300"), name
        assert "The text of version 1 is not the one that both sides signed" in page, name
        assert "<code>handfast doctor</code>" in page, name
        assert reverse("status") in page
        assert "Try again in a moment" not in page
    shown = clients["rep"].get(reverse("contract")).content.decode()
    assert "Whoever administers this installation" in shown
    assert "handfast doctor" not in shown


@pytest.mark.usefixtures("changed")
def test_it_is_said_in_the_readers_language(clients: dict[str, Client], people: dict[str, User]) -> None:
    User.objects.filter(pk=people["admin"].pk).update(language="de")
    page = clients["admin"].get(reverse("contract")).content.decode()
    assert '<html lang="de"' in page
    assert "Der Text der Version 1" in page


@pytest.mark.usefixtures("changed")
def test_whoever_mends_it_finds_every_page_that_needs_no_contract(clients: dict[str, Client]) -> None:
    for name in ASK_IT_NOT:
        assert clients["admin"].get(reverse(name), headers={"accept": "text/html"}).status_code == 200, name
    said = "The text of version 1 is not the one that was signed: nothing is judged until it is restored."
    assert clients["admin"].get("/status").json()["trouble"][0] == said
    assert said in clients["admin"].get("/status", headers={"accept": "text/html"}).content.decode()
    for name in ("home", "start"):
        page = clients["admin"].get(reverse(name)).content.decode()
        assert "The text of version 1 is not" in page, name
        assert "It is live" not in page, name


def test_before_anything_is_signed_every_page_leads_to_the_next_step(clients: dict[str, Client]) -> None:
    for name in ("inbox", "scoreboard", "quality", "quality_held", "quality_spend", "mode", "status"):
        page = clients["admin"].get(reverse(name), headers={"accept": "text/html"}).content.decode()
        assert "No contract is in force" in page, name
        assert f'href="{reverse("start")}"' in page.partition("<main")[2].partition("</main>")[0], name
    shown = clients["marketing_leader"].get(reverse("scoreboard")).content.decode()
    assert f'href="{reverse("contract_drafts")}"' in shown.partition("<main")[2]
    hidden = clients["rep"].get(reverse("inbox")).content.decode().partition("<main")[2].partition("</main>")[0]
    assert "An administrator sets it up" in hidden
    assert "<a " not in hidden
    draft = Draft.objects.create(text="", state=Draft.State.PROPOSED, made_by="user:1", made_at=1, changed_at=1)
    shown = clients["sales_leader"].get(reverse("scoreboard")).content.decode()
    assert f'href="{reverse("contract_draft", kwargs={"draft": draft.pk})}#sign"' in shown
    Version.objects.create(number=1, digest="", content=b"", text="", proposed_at=1, in_force_from=now() + DAY)
    assert next_step(of_user(User.objects.get(roles=["viewer"]))).address == reverse("contract")
