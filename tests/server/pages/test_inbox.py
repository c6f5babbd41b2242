"""The inbox: the same rows and decisions as through the interface, on a page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.page import Node, parsed
from tests.support.service import Crew, Hands, named, new_lead, take_in

from handfast.facts import Accepted, ActivityHappened, Reassigned, TouchKind, TouchMade
from handfast.instant import HOUR, MINUTE
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Clock, Cycle
from handfast_server.leads.models import Lead
from handfast_server.pages import cards as made
from handfast_server.worker.sweep import sweep

Leads = Callable[..., str]


@pytest.fixture
def mine(clock: Hands, lead: Leads, people: dict[str, User]) -> str:
    """A lead that waits for Lena."""
    return given(lead())


def given(name: str, rep: str = "lena") -> str:
    tell(named(Reassigned, lead=name, by="mia", to=rep))
    return name


def cards(client: Client) -> list[Node]:
    return list(parsed(_main(client.get("/inbox").content.decode())).all("article", "lead"))


def _main(page: str) -> str:
    found = re.search(r'<section id="inbox".*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


def form_of(card: Node, verb: str) -> dict[str, str]:
    form = next(each for each in card.all("form") if each.attributes["action"].endswith(verb))
    fields = (each.attributes for each in form.all("input"))
    return {each["name"]: each.get("value", "") for each in fields if each["name"] != "csrfmiddlewaretoken"}


def send(client: Client, lead: str, verb: str, **values: str) -> int:
    card = next(each for each in cards(client) if each.attributes["id"] == f"lead-{lead}")
    return client.post(f"/inbox/{lead}/{verb}", {**form_of(card, verb), **values}).status_code


def state(lead: str) -> str:
    return Cycle.objects.get(lead=lead).state


def test_a_card_says_who_why_and_how_long_is_left(mine: str, clients: dict[str, Client], clock: Hands) -> None:
    [card] = cards(clients["rep"])
    assert card.one("h2").text == mine  # nothing else is known of them
    assert "Asked for a demo +30" in card.text
    assert card.one("ul", "why").text.count("+") == 3
    assert "4 h 00 min left" in card.text
    assert "Asked to be contacted" in card.text
    assert card.attributes["class"].split() == ["lead"]
    clock.move(2 * HOUR + MINUTE)
    assert "1 h 59 min left" in cards(clients["rep"])[0].text
    assert "soon" in cards(clients["rep"])[0].attributes["class"]
    clock.move(2 * HOUR + 10 * MINUTE)
    assert "10 min late" in cards(clients["rep"])[0].text
    assert "late" in cards(clients["rep"])[0].attributes["class"]


def test_what_they_wrote_is_shown_as_text(clock: Hands, team: Crew, clients: dict[str, Client]) -> None:
    lead = new_lead(asks=False)
    properties = {"form": "demo", "message": "We need this <b>now</b>"}
    take_in([named(ActivityHappened, lead=lead, kind="form_submitted", properties=properties)])
    given(lead)
    page = clients["rep"].get("/inbox").content.decode()
    assert "We need this &lt;b&gt;now&lt;/b&gt;" in page
    clock.move(MINUTE)
    asked = {"form": "demo", "message": "And it is urgent"}
    take_in([named(ActivityHappened, lead=lead, kind="form_submitted", properties=asked)])
    assert "And it is urgent" in clients["rep"].get("/inbox").content.decode(), "who was qualified already asks again"


def test_the_most_urgent_come_first_and_what_is_late_before_all(
    mine: str, lead: Leads, clients: dict[str, Client], clock: Hands
) -> None:
    clock.move(5 * HOUR)
    while sweep():
        pass
    given(mine)
    later = given(lead())
    shown = [card.attributes["id"] for card in cards(clients["rep"])]
    assert shown == [f"lead-{mine}", f"lead-{later}"]
    assert "late" in cards(clients["rep"])[0].attributes["class"]


def test_a_promise_that_somebody_else_broke_is_not_late_for_the_next(
    mine: str, clients: dict[str, Client], clock: Hands
) -> None:
    given(mine, "sam")
    clock.move(5 * HOUR)
    while sweep():
        pass
    given(mine)
    tell(named(TouchMade, lead=mine, by="lena", kind=TouchKind.ATTEMPT))
    assert Clock.objects.filter(cycle__lead=mine, state="breached").exists()
    assert "late" not in cards(clients["rep"])[0].text
    assert clients["rep"].get("/api/cycles?owner=me&overdue=true").json()["items"] == []
    tell(named(Accepted, lead=mine, by="lena"))
    page = clients["rep"].get("/mine").content.decode()
    assert " late" not in parsed(page).one("article", "lead").text


def test_the_cards_are_the_rows_of_the_interface(mine: str, lead: Leads, clients: dict[str, Client]) -> None:
    given(lead())
    given(lead(), "sam")
    rows = clients["rep"].get("/api/cycles?owner=me&state=waiting&sort=due").json()["items"]
    assert [card.attributes["id"] for card in cards(clients["rep"])] == [f"lead-{row['lead']['id']}" for row in rows]
    assert len(cards(clients["sam"])) == 1
    assert "Nothing waits for you" in clients["manager"].get("/inbox").content.decode()


def test_accepting_is_one_press_and_sending_it_twice_changes_nothing(mine: str, clients: dict[str, Client]) -> None:
    [card] = cards(clients["rep"])
    form = form_of(card, "accept")
    first = clients["rep"].post(f"/inbox/{mine}/accept", form)
    assert (first.status_code, first.headers["Location"], state(mine)) == (302, "/inbox", "accepted")
    said = clients["rep"].get("/inbox").content.decode()
    assert "Accepted: " in said
    assert clients["rep"].post(f"/inbox/{mine}/accept", form).status_code == 302
    assert "That was done already" in clients["rep"].get("/inbox").content.decode()
    assert Cycle.objects.get(lead=mine).transition_set.filter(event="accepted").count() == 1


def test_only_reasons_that_the_contract_knows_can_be_given(mine: str, clients: dict[str, Client]) -> None:
    [card] = cards(clients["rep"])
    offered = {each.attributes["value"] for each in card.all("button") if each.attributes.get("name") == "reject"}
    assert "bad_timing" in offered
    assert "unreachable" not in offered
    assert send(clients["rep"], mine, "decline", reject="unreachable") == 409
    assert send(clients["rep"], mine, "decline", reject="invented") == 409
    assert send(clients["rep"], mine, "decline") == 409
    assert state(mine) == "waiting"
    assert send(clients["rep"], mine, "decline", reject="junk_contact", note="A student.") == 302
    assert state(mine) == "rejected"


def test_a_date_that_is_asked_for_is_kept_and_one_that_is_none_is_refused(
    mine: str, clients: dict[str, Client]
) -> None:
    assert send(clients["rep"], mine, "decline", reject="bad_timing") == 409
    assert send(clients["rep"], mine, "decline", reject="bad_timing", revisit_on="32 May") == 422
    assert send(clients["rep"], mine, "decline", reject="bad_timing", revisit_on="2027-03-01") == 302
    assert Cycle.objects.get(lead=mine).revisit_at is not None


def test_what_was_typed_stays_beside_what_was_wrong(mine: str, clients: dict[str, Client]) -> None:
    form = {**form_of(cards(clients["rep"])[0], "decline"), "reject": "bad_timing", "note": "After the fair"}
    answer = clients["rep"].post(f"/inbox/{mine}/decline", form, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.startswith('<section id="inbox"')
    card = parsed(_main(page)).one("article", "lead")
    assert "open" in card.one("details", "decline").attributes
    assert card.one("textarea").text == "After the fair"
    assert parsed(_main(page)).one("p", "late").text


def test_a_lead_is_returned_and_a_touch_is_logged(mine: str, lead: Leads, clients: dict[str, Client]) -> None:
    assert send(clients["rep"], mine, "touch", kind="attempt") == 302
    assert state(mine) == "waiting"
    assert Cycle.objects.get(lead=mine).first_touch_at is not None
    assert send(clients["rep"], mine, "touch", kind="contact") == 302
    assert state(mine) == "accepted"
    other = given(lead())
    returns = [
        each.attributes["value"]
        for each in cards(clients["rep"])[0].all("button")
        if each.attributes.get("name") == "return"
    ]
    assert send(clients["rep"], other, "decline", **{"return": returns[0]}) == 302
    assert "Returned: " in clients["rep"].get("/inbox").content.decode()
    assert Cycle.objects.get(lead=other).owner != "lena"


def test_a_lead_of_somebody_else_is_nobodys_business(mine: str, clients: dict[str, Client]) -> None:
    form = form_of(cards(clients["rep"])[0], "accept")
    for verb in ("accept", "decline", "touch"):
        assert clients["sam"].post(f"/inbox/{mine}/{verb}", form).status_code == 404, verb
        assert clients["viewer"].post(f"/inbox/{mine}/{verb}", form).status_code == 403, verb
    assert clients["admin"].post(f"/inbox/{mine}/accept", form).status_code == 409
    assert state(mine) == "waiting"


def test_what_was_looked_at_is_what_is_decided(mine: str, clients: dict[str, Client]) -> None:
    answer = clients["rep"].post(f"/inbox/{mine}/accept", {"key": "k" * 32, "cycle": "another"})
    assert answer.status_code == 409
    assert state(mine) == "waiting"


def _tag(page: str) -> str:
    return str(re.findall(r'data-etag="([^"]+)"', page)[0]).replace("&quot;", '"')


def test_an_open_page_is_told_nothing_while_nothing_is_new(mine: str, lead: Leads, clients: dict[str, Client]) -> None:
    tag = _tag(clients["rep"].get("/inbox").content.decode())

    def asked() -> int:
        return clients["rep"].get("/inbox/cards", headers={"If-None-Match": tag, "HX-Request": "true"}).status_code

    assert asked() == 304
    with CaptureQueriesContext(connection) as queries:
        asked()
    assert len(queries) == 3, [each["sql"] for each in queries]  # session, person, stand
    given(lead())
    assert asked() == 200


def test_where_nothing_waits_stands_what_was_done_today(
    mine: str, lead: Leads, clients: dict[str, Client], clock: Hands, people: dict[str, User]
) -> None:
    User.objects.filter(rep="lena").update(zone="Europe/Berlin")

    def figures() -> list[tuple[str, str]]:
        page = parsed(_main(clients["rep"].get("/inbox").content.decode()))
        return [(each.one("dt").text, each.one("span", "value").text) for each in page.all("div", "figure")]

    assert figures() == []
    clock.move(HOUR)
    assert send(clients["rep"], mine, "touch", kind="contact") == 302
    assert send(clients["rep"], given(lead()), "decline", reject="junk_contact") == 302
    assert figures() == [
        ("Came to you", "2"),
        ("Accepted", "1"),
        ("Rejected or returned", "1"),
        ("Answered in time", "1 of 1"),
    ]
    tag = _tag(clients["rep"].get("/inbox").content.decode())
    clock.move(14 * HOUR)  # the day is over in Berlin
    asked = {"If-None-Match": tag, "HX-Request": "true"}
    assert clients["rep"].get("/inbox/cards", headers=asked).status_code == 200
    assert figures() == []


def test_a_lead_that_cannot_be_read_spoils_no_other_card(mine: str, lead: Leads, clients: dict[str, Client]) -> None:
    given(lead())
    Lead.objects.filter(pk=mine).update(state="[1")
    shown = {card.attributes["id"]: card.text for card in cards(clients["rep"])}
    assert len(shown) == 2
    assert "cannot be explained" in shown[f"lead-{mine}"]


def test_of_many_the_most_urgent_are_shown_and_the_rest_counted(
    mine: str, lead: Leads, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "SHOWN", 1)
    monkeypatch.setattr("handfast_server.pages.inbox.SHOWN", 1)
    given(lead())
    assert len(cards(clients["rep"])) == 1
    assert "1 more waits" in clients["rep"].get("/inbox").content.decode()
