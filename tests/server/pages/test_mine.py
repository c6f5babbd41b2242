"""My leads: what one has taken on, with what the contract asks for next; decided as through the interface."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.page import Node, parsed
from tests.support.service import Hands, named

from handfast.condition import ValueType
from handfast.contract.model import Evidence
from handfast.facts import Accepted, Reassigned
from handfast.instant import DAY, MINUTE
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Cycle
from handfast_server.leads.models import Lead
from handfast_server.pages import mine as page_of_mine
from handfast_server.pages.worked import Field, evidence_given

Leads = Callable[..., str]

ASKED = [
    Evidence(name="budget", type=ValueType.BOOLEAN, title="Has a budget"),
    Evidence(name="seats", type=ValueType.NUMBER, title="Seats"),
    Evidence(name="timeline", type=ValueType.DATE, title="When"),
    Evidence(name="need", type=ValueType.CHOICE, title="", one_of=("more leads", "less work")),
]


@pytest.fixture
def mine(clock: Hands, lead: Leads, people: dict[str, User]) -> str:
    """A lead that Lena has accepted."""
    return taken(lead())


def taken(name: str, rep: str = "lena") -> str:
    tell(named(Reassigned, lead=name, by="mia", to=rep))
    tell(named(Accepted, lead=name, by=rep))
    return name


def cards(client: Client) -> list[Node]:
    return cards_in(client.get("/mine").content.decode())


def cards_in(page: str) -> list[Node]:
    begin, end = page.index('<ul class="leads">'), page.index("</section>")
    return list(parsed(page[begin:end]).all("article", "lead"))


def form_of(card: Node, verb: str) -> dict[str, str]:
    form = next(each for each in card.all("form") if each.attributes["action"].endswith(verb))
    fields = (each.attributes for each in form.all("input") if each.attributes.get("type") == "hidden")
    return {each["name"]: each.get("value", "") for each in fields if each["name"] != "csrfmiddlewaretoken"}


def send(client: Client, lead: str, verb: str, **values: str) -> int:
    card = next(each for each in cards(client) if each.attributes["id"] == f"lead-{lead}")
    return client.post(f"/mine/{lead}/{verb}", {**form_of(card, f"/{verb}"), **values}).status_code


def state(lead: str) -> str:
    return Cycle.objects.get(lead=lead).state


def test_a_card_says_which_attempt_is_due_and_a_touch_counts(
    mine: str, clients: dict[str, Client], clock: Hands
) -> None:
    [card] = cards(clients["rep"])
    assert "Attempt 1 of 6" in card.text
    assert "left" in card.one("p", "next").text
    assert send(clients["rep"], mine, "touch", kind="attempt") == 302
    assert "Attempt 2 of 6" in cards(clients["rep"])[0].text
    clock.move(8 * DAY)
    assert "late" in cards(clients["rep"])[0].one("p", "next").text
    assert send(clients["rep"], mine, "touch", kind="contact") == 302
    assert "You spoke" in cards(clients["rep"])[0].text


def test_the_cards_are_those_of_the_interface_and_nobody_elses(
    mine: str, lead: Leads, clients: dict[str, Client]
) -> None:
    taken(lead(), "sam")
    tell(named(Reassigned, lead=lead(), by="mia", to="lena"))
    rows = clients["rep"].get("/api/cycles?owner=me&state=accepted&sort=due").json()["items"]
    assert [card.attributes["id"] for card in cards(clients["rep"])] == [f"lead-{row['lead']['id']}" for row in rows]
    assert clients["manager"].get("/mine").content.decode().count("You have taken on no lead") == 1
    for verb in ("touch", "qualify", "disqualify"):
        assert clients["sam"].post(f"/mine/{mine}/{verb}", {"key": "k" * 32}).status_code == 404, verb


def test_it_is_qualified_once(mine: str, clients: dict[str, Client]) -> None:
    form = form_of(cards(clients["rep"])[0], "/qualify")
    assert clients["rep"].post(f"/mine/{mine}/qualify", form).status_code == 302
    assert state(mine) == "sql"
    page = clients["rep"].get("/mine").content.decode()
    assert "Sales-qualified: " in page
    assert not any(each.attributes["action"].endswith("/qualify") for each in cards_in(page)[0].all("form"))
    assert clients["rep"].post(f"/mine/{mine}/qualify", form).status_code == 302
    assert "That was done already" in clients["rep"].get("/mine").content.decode()


def test_a_reason_whose_needs_are_not_met_cannot_be_given_and_says_why(
    mine: str, clients: dict[str, Client], people: dict[str, User], clock: Hands
) -> None:
    [card] = cards(clients["rep"])
    offered = {each.attributes["value"]: each for each in card.all("button") if each.attributes.get("name") == "reason"}
    assert "disabled" in offered["unreachable"].attributes
    assert "needs 6 attempts spanning 10 business days: 0 so far" in card.text
    assert send(clients["rep"], mine, "disqualify", reason="unreachable") == 409
    for _ in range(6):
        clock.move(MINUTE)
        assert send(clients["rep"], mine, "touch", kind="attempt") == 302
    assert "6 are there, not far enough apart" in cards(clients["rep"])[0].text
    clock.move(18 * DAY)
    clients["rep"].force_login(people["rep"], backend=settings.AUTHENTICATION_BACKENDS[0])  # signed out by then
    assert send(clients["rep"], mine, "touch", kind="attempt") == 302
    assert send(clients["rep"], mine, "disqualify", reason="unreachable") == 302
    assert state(mine) == "disqualified"
    assert "Disqualified: " in clients["rep"].get("/mine").content.decode()


def test_what_was_typed_stays_beside_what_was_wrong(mine: str, clients: dict[str, Client]) -> None:
    form = form_of(cards(clients["rep"])[0], "/disqualify")
    answer = clients["rep"].post(f"/mine/{mine}/disqualify", {**form, "reason": "unreachable", "note": "Six <b>calls"})
    assert answer.status_code == 409
    page = answer.content.decode()
    list_of = page[page.index('<section id="mine"') : page.index("</section>") + len("</section>")]
    assert "needs 6 attempts" in parsed(list_of).one("p", "late").text
    [card] = cards_in(page)
    assert card.one("textarea").text == "Six <b>calls"
    assert send(clients["rep"], mine, "disqualify", reason="bad_timing", revisit_on="32 May") == 422
    assert state(mine) == "accepted"


def test_each_piece_of_evidence_is_asked_for_by_its_kind() -> None:
    assert [Field(each, "").kind for each in ASKED] == ["checkbox", "number", "date", "choice"]
    assert [Field(each, "").title for each in ASKED][-1] == "need"
    told = QueryDict("evidence.seats=12.5&evidence.timeline=2027-03-01&evidence.need=&evidence.odd=1")
    given = evidence_given(told, ASKED)
    assert given["budget"] is False
    assert str(given["seats"]) == "12.5"
    assert given == {"budget": False, "seats": given["seats"], "timeline": "2027-03-01"}
    assert evidence_given(QueryDict("evidence.budget=yes&evidence.seats=many"), ASKED) == {
        "budget": True,
        "seats": "many",
    }


def test_the_form_asks_for_the_evidence_of_the_contract(
    mine: str, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handfast_server.pages.worked.evidence_of", lambda _: ASKED)
    card = cards(clients["rep"])[0]
    named_fields = {each.attributes["name"]: each.attributes.get("type") for each in card.all("input")}
    assert named_fields["evidence.budget"] == "checkbox"
    assert named_fields["evidence.timeline"] == "date"
    assert [each.text for each in card.one("select").all("option")] == ["", "more leads", "less work"]


def test_a_lead_that_cannot_be_read_spoils_no_other_card(mine: str, lead: Leads, clients: dict[str, Client]) -> None:
    other = taken(lead())
    Lead.objects.filter(pk=mine).update(state="[1")
    shown = {card.attributes["id"]: card.text for card in cards(clients["rep"])}
    assert "cannot be told right now" in shown[f"lead-{mine}"]
    assert "Attempt 1 of 6" in shown[f"lead-{other}"]


def test_of_many_the_most_urgent_are_shown_and_the_rest_counted(
    mine: str, lead: Leads, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handfast_server.pages.worked.SHOWN", 1)
    monkeypatch.setattr(page_of_mine, "SHOWN", 1)
    taken(lead())
    assert len(cards(clients["rep"])) == 1
    assert "1 more, less urgent" in clients["rep"].get("/mine").content.decode()


def test_an_open_page_is_told_nothing_while_nothing_is_new(mine: str, lead: Leads, clients: dict[str, Client]) -> None:
    page = clients["rep"].get("/mine").content.decode()
    tag = str(re.findall(r'data-etag="([^"]+)"', page)[0]).replace("&quot;", '"')

    def asked() -> HttpResponse:
        return cast("HttpResponse", clients["rep"].get("/mine", headers={"If-None-Match": tag, "HX-Request": "true"}))

    with CaptureQueriesContext(connection) as queries:
        answer = asked()
    assert (answer.status_code, answer.content, len(queries)) == (304, b"", 3)
    taken(lead())
    part = asked()
    assert part.status_code == 200
    assert part.content.decode().startswith('<section id="mine"')
    assert part["ETag"] != tag
    assert clients["rep"].get("/mine").content.decode().count("data-etag") == 1
