"""Team: who has what, what is late; moved, given a cause and excused as through the interface."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.support.page import Node, parsed
from tests.support.service import Hands, named

from handfast.facts import AbsenceSet, Reassigned, RepSet
from handfast.instant import DAY, HOUR
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Breach, Cycle
from handfast_server.worker.sweep import sweep

Leads = Callable[..., str]
KEY = "k" * 32


@pytest.fixture
def mine(clock: Hands, lead: Leads, people: dict[str, User]) -> str:
    """A lead that waits for Lena."""
    return given(lead())


def given(name: str, rep: str = "lena") -> str:
    tell(named(Reassigned, lead=name, by="mia", to=rep))
    return name


def main(client: Client, address: str = "/team") -> Node:
    text = client.get(address).content.decode()
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def rows(client: Client) -> dict[str, list[str]]:
    body = main(client).one("tbody")
    return {row.one("a").text: [cell.text for cell in row.all("td")] for row in body.all("tr")}


def owner(lead: str) -> str:
    return Cycle.objects.get(lead=lead).owner


def late(clock: Hands) -> None:
    clock.move(5 * HOUR)
    while sweep():
        pass


def test_it_says_who_has_what_and_what_is_late(
    mine: str, lead: Leads, clients: dict[str, Client], clock: Hands
) -> None:
    given(lead(), "sam")
    given(lead(), "sam")
    tell(named(RepSet, rep="sam", open_cap=9))
    found = rows(clients["manager"])
    assert found["lena"][:4] == ["1", "0", "0", "1"]
    assert found["sam"][:4] == ["2", "0", "0", "2 of 9"]
    assert "home" in found["sam"][4]
    sums = [cell.text for cell in main(clients["manager"]).one("tbody", "sum").all("td")]
    assert sums[:4] == ["3", "0", "0", "3"]
    clock.move(3 * HOUR + HOUR // 2)
    assert rows(clients["manager"])["lena"][1] == "1"
    late(clock)
    assert rows(clients["sales_leader"])["sam"][2] == "2"
    assert clients["rep"].get("/team").status_code == 403


def test_an_absence_stands_with_who_is_away(mine: str, clients: dict[str, Client], clock: Hands) -> None:
    at = clock.move(HOUR)
    tell(named(AbsenceSet, absence="a1", rep="sam", starts=at + DAY, ends=at + 3 * DAY))
    assert "Tue 24 Nov" in rows(clients["manager"])["sam"][5]
    assert rows(clients["manager"])["lena"][5] == "–"


def test_ticked_handoffs_are_given_or_routed_again(mine: str, lead: Leads, clients: dict[str, Client]) -> None:
    other = given(lead())
    shown = main(clients["manager"], "/team/lena")
    ticks = {each.attributes["value"] for each in shown.all("input") if each.attributes.get("name") == "lead"}
    assert ticks == {mine, other}
    address = "/team/lena/move"
    assert clients["manager"].post(address, {"key": KEY}).status_code == 422
    given_to = clients["manager"].post(address, {"key": KEY, "lead": [mine], "to": "sam", "note": "Yours"})
    assert (given_to.status_code, owner(mine), owner(other)) == (302, "sam", "lena")
    assert clients["manager"].post(address, {"key": "r" * 32, "lead": [other]}).status_code == 302
    assert "1 handoff was moved" in clients["manager"].get("/team/lena").content.decode()
    assert owner(other) != "lena"
    refused = clients["manager"].post(address, {"key": "s" * 32, "lead": [other]})
    assert refused.status_code == 409
    assert "does not wait with lena" in refused.content.decode()
    assert clients["manager"].post(address, {"key": "t" * 32, "lead": [mine], "to": "nobody"}).status_code == 409


def test_who_is_not_in_the_team_is_not_there(mine: str, clients: dict[str, Client]) -> None:
    assert clients["manager"].get("/team/charlie").status_code == 404
    assert clients["manager"].post("/team/charlie/move", {"lead": [mine]}).status_code == 404
    assert clients["sam"].post("/team/lena/move", {"lead": [mine]}).status_code == 403


def test_a_breach_is_given_its_cause_and_another_is_excused(
    mine: str, lead: Leads, clients: dict[str, Client], clock: Hands
) -> None:
    late(clock)
    waiting = list(Breach.objects.filter(cycle__lead=mine, cause=""))
    page = clients["manager"].get("/team").content.decode()
    assert page.count("/cause") == Breach.objects.filter(cause="").count() > 0
    breach = waiting[0]
    opens = f"/contract/versions/{breach.cycle.version}?clause=clocks.{breach.name}#asked"
    assert f'href="{opens}"' in page
    assert clients["manager"].get(opens).status_code == 200
    address = f"/breaches/{mine}/cause"
    assert clients["manager"].post(address, {"breach": breach.clock, "cause": "weather"}).status_code == 422
    told = {"breach": breach.clock, "key": KEY}
    assert clients["manager"].post(address, {**told, "cause": "no_capacity"}).status_code == 302
    assert Breach.objects.get(pk=breach.pk).cause == "no_capacity"
    excuse = f"/breaches/{mine}/excuse"
    refused = clients["manager"].post(excuse, {"breach": breach.clock, "why": " ", "key": "x" * 32})
    assert refused.status_code == 409
    assert "needs a reason" in refused.content.decode()
    assert clients["manager"].post(excuse, {"breach": breach.clock, "why": "Flood", "key": "y" * 32}).status_code == 302
    assert Breach.objects.get(pk=breach.pk).excused == "Flood"
    assert clients["rep"].post(excuse, {"breach": breach.clock, "why": "x"}).status_code == 403


def asked(client: Client, address: str, tag: str) -> tuple[int, str, str]:
    """What an open page is answered that asks with a tag."""
    answer = client.get(address, headers={"HX-Request": "true", "If-None-Match": tag})
    return answer.status_code, answer.headers["ETag"], answer.content.decode()


@pytest.mark.parametrize("address", ["/team", "/team/lena"])
def test_an_open_page_is_told_what_is_new_and_nothing_else(
    address: str, mine: str, lead: Leads, clients: dict[str, Client], clock: Hands
) -> None:
    mia = clients["manager"]
    tag = next(main(mia, address).all("section")).attributes["data-etag"]
    assert asked(mia, address, tag) == (304, tag, "")

    def news() -> str:
        nonlocal tag
        status, fresh, text = asked(mia, address, tag)
        assert (status, fresh == tag) == (200, False)
        assert text.startswith("<section")
        tag = fresh
        assert asked(mia, address, tag)[0] == 304
        return text

    given(lead())
    assert news()
    tell(named(RepSet, rep="lena", open_cap=9))
    assert "2 of 9" in news()
    at = clock.move(3 * HOUR + HOUR // 2)
    assert "2 of 9" in news()  # due soon, with time alone
    tell(named(AbsenceSet, absence="a1", rep="sam", starts=at + DAY, ends=at + 3 * DAY))
    assert news()
    late(clock)
    assert 'badge late"' in news()


def test_who_asks_with_the_tag_of_somebody_else_is_answered(mine: str, clients: dict[str, Client]) -> None:
    tag = next(main(clients["manager"]).all("section")).attributes["data-etag"]
    assert asked(clients["admin"], "/team", tag)[0] == 200
    part = clients["rep"].get("/team", headers={"HX-Request": "true", "If-None-Match": tag})
    assert part.status_code == 403
