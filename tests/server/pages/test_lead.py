"""The page of a lead: facts with both instants, explanations that add up, and a person's rights."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from tests.support.page import Node, parsed
from tests.support.service import Hands, named

from handfast.facts import Accepted, ActivityHappened, DealOpened, Reassigned, SalesQualified, TouchKind, TouchMade
from handfast.instant import HOUR
from handfast.score import Scored
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell
from handfast_server.handoffs.story import Course
from handfast_server.leads.models import Lead
from handfast_server.pages.score_line import picture_of

Leads = Callable[..., str]


@pytest.fixture
def mine(clock: Hands, lead: Leads, people: dict[str, User]) -> str:
    """A lead that waits for Lena."""
    name = lead()
    tell(named(Reassigned, lead=name, by="mia", to="lena", note="Knows them"))
    return name


def page(client: Client, lead: str) -> Node:
    text = client.get(f"/leads/{lead}").content.decode()
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def table(root: Node, name: str) -> list[list[str]]:
    region = next(each for each in root.all("div", "scroll") if each.attributes["aria-label"] == name)
    return [[cell.text for cell in (*row.all("th"), *row.all("td"))] for row in region.one("tbody").all("tr")]


def points(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


def test_the_lines_of_the_score_add_up_and_the_line_ends_there(mine: str, clients: dict[str, Client]) -> None:
    root = page(clients["rep"], mine)
    lines = table(root, "Why it scores so")
    together = points(root.one("tfoot").one("td").text)
    assert sum(points(line[-1]) for line in lines) == together
    assert root.one("figcaption").one("strong").text.startswith(f"{together} points")
    assert points(table(root, "The score over time")[0][-1]) == together
    assert root.one("svg").attributes["aria-label"] == root.one("figcaption").one("strong").text
    assert "bar 65" in root.one("svg").text


def test_facts_stand_with_when_they_happened_and_when_they_were_known(
    mine: str, clients: dict[str, Client], clock: Hands
) -> None:
    at = clock.move(2 * HOUR)
    tell(TouchMade(id="late", happened_at=at - HOUR, recorded_at=at, lead=mine, by="lena", kind=TouchKind.ATTEMPT))
    tell(named(Accepted, lead=mine, by="lena"))
    tell(named(SalesQualified, lead=mine, by="lena", evidence={"budget": True}))
    lines = {line[0]: line for line in table(page(clients["rep"], mine), "What happened")}
    touch = lines["Tried to reach them"]
    assert touch[1] != touch[2]
    assert "10:00" in touch[1]
    assert "11:00" in touch[2]
    assert "lena · budget: yes" in lines["Sales-qualified"][-1]
    assert next(line for name, line in lines.items() if name.startswith("Reassigned"))[-1] == "mia · lena · Knows them"
    assert any(name.startswith("First touch due") for name in lines)
    assert any(name.startswith("Form submittedQualifies") for name in lines)


def test_what_a_lead_wrote_is_shown_as_text(mine: str, clients: dict[str, Client]) -> None:
    said = {"form": "demo", "message": "<script>alert(1)</script>"}
    tell(named(ActivityHappened, lead=mine, kind="form_submitted", properties=said))
    text = clients["rep"].get(f"/leads/{mine}").content.decode()
    assert "<script>alert" not in text
    assert "message: &lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_why_it_went_to_whom_and_under_which_terms(mine: str, clients: dict[str, Client]) -> None:
    root = page(clients["rep"], mine)
    assert {row[0] for row in table(root, "Who was looked at")} <= {"lena", "sam", "mia"}
    assert "by rule and level" in root.text
    assert any(row[1] == "chosen" for row in table(root, "Who was looked at"))
    assert "Version 1 of the contract" in root.text
    assert root.text.count("signed by") == 2


def test_opportunities_stand_with_their_amounts(mine: str, clients: dict[str, Client]) -> None:
    tell(named(DealOpened, lead=mine, deal="D-7", by="lena", amount=Decimal(12500), currency="EUR"))
    [row] = table(page(clients["rep"], mine), "Opportunities")
    assert row[0] == "D-7"
    assert row[-1] == "12,500 EUR"


def test_a_lead_of_somebody_else_is_not_there(mine: str, clients: dict[str, Client]) -> None:
    assert clients["sam"].get(f"/leads/{mine}").status_code == 404
    assert clients["viewer"].get(f"/leads/{mine}").status_code == 200


def test_a_lead_that_cannot_be_read_still_has_its_page(mine: str, clients: dict[str, Client]) -> None:
    Lead.objects.filter(pk=mine).update(state="[1")
    assert "cannot be explained" in clients["rep"].get(f"/leads/{mine}").content.decode()


def test_only_administrators_hand_out_and_forget(mine: str, clients: dict[str, Client]) -> None:
    assert "Download everything known" not in clients["rep"].get(f"/leads/{mine}").content.decode()
    assert clients["rep"].post(f"/leads/{mine}/everything").status_code == 403
    assert clients["rep"].post(f"/leads/{mine}/forget", {"sure": "yes"}).status_code == 403
    assert "Download everything known" in clients["admin"].get(f"/leads/{mine}").content.decode()
    assert clients["admin"].get(f"/leads/{mine}/everything").status_code == 405
    told = clients["admin"].post(f"/leads/{mine}/everything")
    assert told.headers["Content-Disposition"] == f'attachment; filename="{mine}.json"'
    assert told.json()["lead"] == mine


def test_forgetting_asks_first_and_then_leaves_nothing(mine: str, clients: dict[str, Client]) -> None:
    email = f"{mine}@buyer.example"
    assert email in clients["admin"].get(f"/leads/{mine}").content.decode()
    assert "cannot be undone" in clients["admin"].get(f"/leads/{mine}/forget").content.decode()
    assert clients["admin"].post(f"/leads/{mine}/forget").status_code == 422
    assert not Lead.objects.get(pk=mine).erased
    answer = clients["admin"].post(f"/leads/{mine}/forget", {"sure": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/leads/{mine}")
    text = clients["admin"].get(f"/leads/{mine}").content.decode()
    assert "This person was forgotten" in text
    assert email not in text
    assert clients["admin"].get("/leads/nobody/forget").status_code == 404


def test_the_picture_says_its_finding_and_draws_every_step() -> None:
    day = 24 * HOUR
    course = Course(1, (6500,), tuple((place * day, Scored(2000, total)) for place, total in enumerate((0, 6000, 500))))
    picture = picture_of(course, "UTC")
    assert picture.says == "25 points; the most were 80 on 2 Jan 1970"
    assert picture.path == "M44 148H44V148H334V16H624V137"
    assert [mark.label for mark in picture.scale] == ["0", "80"]
    assert [row.total for row in picture.rows] == [2500, 8000, 2000]
    assert re.fullmatch(r"\d+", str(picture.bars[0].y))
    over = picture_of(Course(1, (6500,), ((0, Scored(0, 9000)), (day, Scored(0, 7000)))), "UTC")
    assert over.says == "70 points, over the bar; the most were 90 on 1 Jan 1970"
    assert picture_of(Course(1, (), ((0, Scored(0, 0)),)), "UTC").says == "0 points, the most so far"
