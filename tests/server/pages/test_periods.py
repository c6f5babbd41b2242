"""A period is closed once, its figures stay, what is known since stands beside them, and both leaders sign."""

from __future__ import annotations

import csv
import html
import io
import random
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.support import service
from tests.support.scoreboard import act

from handfast.contract.model import PartyName
from handfast.facts import DealOpened, LeadsMerged
from handfast.instant import DAY
from handfast_server.accounts.models import User
from handfast_server.audit.models import Entry
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell
from handfast_server.now import now
from handfast_server.scoreboard import boards, update
from handfast_server.scoreboard.models import Statement, StatementSignature

pytestmark = pytest.mark.django_db


def words(text: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


PASSWORD = "a good word"  # noqa: S105 # of nobody


@pytest.fixture(autouse=True)
def _files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()


@pytest.fixture
def leads(clock: service.Hands, team: service.Crew, lead: Callable[..., str], people: dict[str, User]) -> list[str]:
    """A November with leads in it, looked at in December by people who are the leaders of the contract."""
    rng = random.Random(3)
    names = [lead(country="DE") for _ in range(6)]
    for name in names:
        act(rng, name, names)
    parties = versions.current().versions[0].contract.parties
    for role, party in (("marketing_leader", PartyName.MARKETING), ("sales_leader", PartyName.SALES)):
        User.objects.filter(pk=people[role].pk).update(email=parties[party].email)
    clock.move(10 * DAY)
    update.update()
    return names


def signed_in(people: dict[str, User], role: str) -> Client:
    """Nobody stays signed in for ten days; and one signs in by password, which counts as having shown oneself."""
    client = Client()
    user = User.objects.get(pk=people[role].pk)
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return words(answer.content.decode())


def test_a_period_is_closed_and_signed_by_both_sides(leads: list[str], people: dict[str, User]) -> None:
    dana, omar = (signed_in(people, role) for role in ("marketing_leader", "sales_leader"))
    assert re.search(r"Can be closed .* November 2026 30 Nov 2026 – –", page(dana, "/periods"))
    assert "Close November 2026" in page(dana, "/periods/2026-11")
    dana.post("/periods/2026-11/close")
    row = Statement.objects.get()
    told = page(dana, "/periods/2026-11")
    assert "These figures do not change any more" in told
    assert "Nothing: as of" in told
    assert "You sign for Marketing" in told
    assert "You sign for Sales" not in told
    assert row.digest in told
    dana.post("/periods/2026-11/sign", {"party": "marketing", "digest": row.digest})
    by_program = {"party": "sales", "digest": row.digest}
    answer = omar.post("/api/measures/statements/2026-11/sign", by_program, content_type="application/json")
    assert (answer.status_code, answer.json()["digest"]) == (200, row.digest)
    answer = omar.post("/api/measures/statements/2026-11/sign", by_program, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "signed_already")
    assert "Signed by both" in page(omar, "/periods/2026-11")
    assert "Signed by both Period Last day Closed Signed by November 2026" in page(omar, "/periods")
    assert "Kept" in page(omar, "/periods/2026-11") or "Missed" in page(omar, "/periods/2026-11")
    assert list(Entry.objects.filter(what="statement_signed").values_list("about", flat=True)) == ["2026-11"] * 2
    answer = omar.get("/api/measures/statements/2026-11").json()["statement"]
    assert [each["role"] for each in answer["signatures"]] == ["marketing", "sales"]


def test_what_is_learned_later_stands_beside_the_figures(
    leads: list[str], people: dict[str, User], clock: service.Hands
) -> None:
    dana = signed_in(people, "marketing_leader")
    dana.post("/periods/2026-11/close")
    before = Statement.objects.get().content
    tell(service.named(LeadsMerged, lead=leads[0], absorbed=leads[1]))
    early = now() - 5 * DAY
    deal = {"happened_at": early, "deal": "late", "amount": Decimal(90), "currency": "EUR"}
    tell(replace(service.named(DealOpened, lead=leads[2], deal="late"), **deal))
    clock.move(DAY // 24)
    update.update()
    boards.forget()
    told = page(signed_in(people, "viewer"), "/periods/2026-11")
    assert "The statement stays" in told
    dana.post("/periods/2026-11/close")
    assert Statement.objects.get().content == before


def test_nobody_signs_twice_for_the_other_side_unshown_or_another_text(
    leads: list[str], people: dict[str, User]
) -> None:
    dana = signed_in(people, "marketing_leader")
    address = "/periods/2026-11/sign"
    assert dana.post(address, {"party": "marketing", "digest": "x"}).status_code == 404
    dana.post("/periods/2026-11/close")
    digest = Statement.objects.get().digest
    for refused in ({"party": "sales", "digest": digest}, {"party": "marketing", "digest": "f" * 64}):
        dana.post(address, refused)
    assert not StatementSignature.objects.exists()
    unshown = Client()
    unshown.force_login(User.objects.get(pk=people["marketing_leader"].pk), settings.AUTHENTICATION_BACKENDS[0])
    answer = unshown.post(address, {"party": "marketing", "digest": digest})
    assert answer.headers["Location"].startswith("/account/reauthenticate/?next=")
    for _ in range(2):
        dana.post(address, {"party": "marketing", "digest": digest})
    assert StatementSignature.objects.count() == 1
    assert dana.post(address, {"party": "neither", "digest": digest}).status_code == 404


def test_a_period_that_is_not_over_is_not_closed_and_what_is_none_is_not_there(
    leads: list[str], people: dict[str, User]
) -> None:
    dana = signed_in(people, "marketing_leader")
    assert "can be closed from" in page(dana, "/periods/2026-12")
    assert "not over yet" in words(dana.post("/periods/2026-12/close", follow=True).content.decode())
    assert not Statement.objects.exists()
    for label in ("2026-1", "2026-13", "2026-Q5", "2026-11x", "9999", "0000", "20261"):
        assert dana.get(f"/periods/{label}").status_code in {404, 200}, label
    assert dana.get("/periods/2026-1").status_code == 404
    assert dana.get("/periods/2026-11/statement.csv").status_code == 404


def test_the_sheet_is_the_statement_and_no_formula(leads: list[str], people: dict[str, User]) -> None:
    User.objects.filter(pk=people["marketing_leader"].pk).update(name="=HYPERLINK(1)")
    dana = signed_in(people, "marketing_leader")
    dana.post("/periods/2026-11/close")
    digest = Statement.objects.get().digest
    dana.post("/periods/2026-11/sign", {"party": "marketing", "digest": digest})
    answer = dana.get("/periods/2026-11/statement.csv")
    text = answer.getvalue().decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert ["2026-11", "", "digest", "", digest, "", "", "", ""] in rows
    assert rows[-1][4] == "'=HYPERLINK(1)"
    assert dana.get("/periods/2026-11").content.count(b"<script>") == 0


def test_before_a_contract_the_page_says_what_comes_first(clients: dict[str, Client]) -> None:
    assert "Nothing can be closed yet" in page(clients["viewer"], "/periods")
    assert "Nothing can be closed yet" in page(clients["viewer"], "/periods/2026-11")
    assert clients["rep"].get("/periods").status_code == 403
