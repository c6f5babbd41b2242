"""Quality: what was declined and why opens to records; contests are settled; costs and who is held back are shown."""

from __future__ import annotations

import csv
import html
import io
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.support import service
from tests.support.page import Node, parsed
from tests.support.service import Crew, Hands, named

from handfast.facts import AttributesChanged, Reassigned, Rejected, Returned
from handfast.instant import HOUR
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Cycle
from handfast_server.leads.models import Lead
from handfast_server.scoreboard import boards, update

pytestmark = pytest.mark.django_db

Leads = Callable[..., str]
KEY = "k" * 32


@pytest.fixture(autouse=True)
def _files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()


def main(client: Client, address: str, status: int = 200) -> Node:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    text = answer.content.decode()
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def lines(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(client.get(address)).decode())))


def declined(lead: str, reason: str, by: str = "lena") -> None:
    tell(named(Reassigned, lead=lead, by="mia", to=by))
    tell(named(Rejected, lead=lead, by=by, reason=reason, note="Looked it up"))


def called(lead: str, name: str) -> str:
    Lead.objects.filter(pk=lead).update(name=name)
    return lead


@pytest.fixture
def lived(clock: Hands, team: Crew, lead: Leads) -> dict[str, list[str]]:
    """Two sources with handoffs, some declined, one contested; one source would like to be a formula and a script."""
    rng = random.Random(3)
    found: dict[str, list[str]] = {"organic": [], "=<script>": []}
    for _ in range(6):
        source = rng.choice(list(found))
        found[source].append(lead(source=source))
    found["organic"].append(lead(source="organic"))
    for name in found["=<script>"][:2]:
        declined(name, "no_budget")
    declined(found["organic"][0], "junk_contact")
    clock.move(HOUR)
    update.update()
    return found


def test_a_number_opens_to_its_records(lived: dict[str, list[str]], clients: dict[str, Client]) -> None:
    body = main(clients["marketing"], "/quality?period=all")
    rows = {row.one("th").text: row for row in body.one("", "reasons").one("tbody").all("tr")}
    assert set(rows) == {"organic", "=<script>"}
    row = rows["=<script>"]
    assert row.one("td").text.startswith(f"2 of {len(lived['=<script>'])}")
    cell = next(cell for cell in list(row.all("td"))[1:] if cell.text)
    assert cell.text.startswith("2 ")
    address = cell.one("a").attributes["href"]
    records = clients["marketing"].get(html.unescape(address)).content.decode()
    assert set(re.findall(r'/leads/([^"]+)"', records)) == set(lived["=<script>"][:2])


def test_reasons_by_source_open_at_their_largest_part(lived: dict[str, list[str]], clients: dict[str, Client]) -> None:
    def opened(part: str = "") -> tuple[str, set[str]]:
        text = clients["marketing"].get(f"/scoreboard/reasons_by_source{part or '?period=all'}").content.decode()
        [current] = re.findall(r'aria-current="true">([^<]+)</a></li>', text[text.index('id="records"') :])
        return html.unescape(current), set(re.findall(r'/leads/([^"]+)"', text))

    shown, records = opened()
    assert shown.endswith("=<script> 2")
    assert records == set(lived["=<script>"][:2])
    text = clients["marketing"].get("/scoreboard/reasons_by_source?period=all").content.decode()
    other = re.search(r'href="([^"]+)#records">[^<]+organic 1<', text)
    assert other
    assert opened(html.unescape(other[1]))[1] == {lived["organic"][0]}


def test_the_table_as_a_file_says_the_same_and_is_harmless(
    lived: dict[str, list[str]], clients: dict[str, Client]
) -> None:
    found = lines(clients["marketing"], "/quality/reasons.csv?period=all")
    told = {(row["source"], row["reason"]): (row["declined"], row["of"]) for row in found}
    assert told == {
        ("'=<script>", "no_budget"): ("2", str(len(lived["=<script>"]))),
        ("organic", "junk_contact"): ("1", str(len(lived["organic"]))),
    }
    assert clients["viewer"].get("/quality/reasons.csv").status_code == 403
    assert "reasons.csv" not in clients["viewer"].get("/quality?period=all").content.decode()
    for split in ("campaign", "clause", "pool", "owner"):
        assert lines(clients["marketing"], f"/quality/reasons.csv?period=all&split={split}")
        assert clients["viewer"].get(f"/quality?period=all&split={split}").status_code == 200


def test_what_was_given_back_is_counted_apart_and_listed(lead: Leads, clients: dict[str, Client], clock: Hands) -> None:
    names = [lead(source=source) for source in ("fair", "fair", "=web")]
    for name in names:
        tell(named(Reassigned, lead=name, by="mia", to="lena"))
        tell(named(Returned, lead=name, by="lena", reason="misrouted"))
    clock.move(HOUR)
    update.rebuild()
    body = main(clients["marketing"], "/quality?period=all")
    section = next(each for each in body.all("section") if "Given back" in each.text)
    rows = {row.one("th").text: row for row in section.one("tbody").all("tr")}
    assert {word: [cell.text for cell in row.all("td")] for word, row in rows.items()} == {
        "fair": ["2", "2"],
        "=web": ["1", "1"],
    }
    assert "Not mine" in section.one("thead").text
    address = list(rows["fair"].all("a"))[-1].attributes["href"]
    listed = main(clients["viewer"], address)
    assert {each.attributes["href"] for each in listed.one("tbody").all("a")} == {
        f"/leads/{name}" for name in names[:2]
    }
    found = lines(clients["marketing"], "/quality/returns.csv?period=all")
    assert {(row["lead"], row["reason"], row["by"]) for row in found} == {(name, "misrouted", "lena") for name in names}
    assert "'=web" in {row["source"] for row in found}
    assert clients["viewer"].get("/quality/returns.csv").status_code == 403
    assert "Nothing was given back" in main(clients["viewer"], "/quality/returns?period=2019").text
    for split in ("campaign", "clause", "pool", "owner"):
        assert "Given back" in main(clients["viewer"], f"/quality?period=all&split={split}").text
    assert "Given back" not in main(clients["viewer"], "/quality?period=all&stream=history").text


# Contests.


@pytest.fixture
def contested(clock: Hands, lead: Leads, people: dict[str, User]) -> str:
    """A lead of 200 people that Lena calls too small."""
    name = called(lead(employees=200), "Ada")
    declined(name, "too_small")
    assert state(name) == "contested"
    return name


def state(lead: str) -> str:
    return Cycle.objects.get(lead=lead).state


def settle(client: Client, lead: str, **values: str) -> Any:
    cycle = Cycle.objects.get(lead=lead).pk
    return client.post(f"/quality/contests/{lead}/settle", {"key": KEY, "cycle": cycle, **values})


def test_a_contest_says_what_both_sides_say(contested: str, clients: dict[str, Client]) -> None:
    card = main(clients["marketing"], "/quality/contests").by_id(f"lead-{contested}")
    for said in ("lena says", "Too small", "Looked it up", "employees: 200", "score.fit.signals.right_size"):
        assert said in card.text
    assert card.one("", "clock").text.endswith("left")
    assert list(card.all("form"))
    viewers = main(clients["viewer"], "/quality/contests")
    assert not list(viewers.by_id(f"lead-{contested}").all("form"))


@pytest.mark.parametrize(("verb", "after"), [("uphold", "rejected"), ("overturn", "waiting")])
def test_marketing_settles_it_once(verb: str, after: str, contested: str, clients: dict[str, Client]) -> None:
    answer = settle(clients["marketing"], contested, verb=verb, note="We called them")
    assert (answer.status_code, state(contested)) == (302, after)
    assert "Ada" in clients["marketing"].get("/quality/contests").content.decode()
    again = settle(clients["marketing"], contested, verb=verb, note="We called them")
    assert again.status_code == 302
    other = "overturn" if verb == "uphold" else "uphold"
    late = settle(clients["marketing_leader"], contested, verb=other)
    assert (late.status_code, state(contested)) == (409, after)
    assert 'role="alert"' in late.content.decode()


def test_nobody_else_settles_and_nothing_is_guessed(contested: str, clients: dict[str, Client]) -> None:
    for part in ("rep", "manager", "sales_leader", "viewer", "charlie"):
        assert settle(clients[part], contested, verb="uphold").status_code == 403
    refused = settle(clients["marketing"], contested, verb="both", note="Half a sen")
    assert refused.status_code == 422
    assert "Choose whether" in refused.content.decode()
    assert clients["marketing"].post("/quality/contests/nobody/settle", {"verb": "uphold"}).status_code == 404
    other_cycle = settle(clients["marketing"], contested, verb="uphold", cycle="another", note="Half a sen")
    assert (other_cycle.status_code, state(contested)) == (409, "contested")
    assert "Half a sen" in other_cycle.content.decode()


# Sources, and who is held back.


def test_sources_say_what_the_measures_say(lived: dict[str, list[str]], clients: dict[str, Client]) -> None:
    measures = clients["viewer"].get("/api/measures/lead_to_mql", {"split": "source"}).json()["measure"]
    body = main(clients["viewer"], "/quality/sources?period=all")
    rows = {row.one("th").text: row for row in body.one("tbody").all("tr")}
    for part in measures["splits"]["source"]:
        figure = part["figure"]
        told = f"{figure['numerator']['count']} of {figure['denominator']['count']}"
        assert told in rows[part["word"]].text
    assert "not told yet" in body.text
    found = lines(clients["marketing"], "/quality/sources.csv?period=all")
    assert {row["source"] for row in found} == {"organic", "'=<script>"}


def test_who_is_held_back_is_listed_with_what_would_change_it(
    lead: Leads, clients: dict[str, Client], clock: Hands
) -> None:
    name = called(lead(customer=True), "Eve")
    body = main(clients["marketing"], "/quality/held")
    assert "1 lead would be handed to sales" in body.text
    assert "the company is a customer" in body.text
    assert "the company is not known to be a customer" in body.text
    by = main(clients["marketing"], "/quality/held/customer")
    assert "Eve" in by.text
    assert "customer: yes" in by.text
    assert [row["lead"] for row in lines(clients["marketing"], "/quality/held/customer/records.csv")] == [name]
    assert clients["viewer"].get("/quality/held/customer/records.csv").status_code == 403
    assert clients["marketing"].get("/quality/held/nothing").status_code == 404
    tell(named(AttributesChanged, lead=name, attributes={"customer": False}))
    assert "Nobody is kept back" in main(clients["marketing"], "/quality/held/customer").text


def test_without_numbers_it_says_what_to_do(clients: dict[str, Client]) -> None:
    for address in ("/quality", "/quality/sources"):
        assert "No contract is in force" in main(clients["marketing"], address).text
    for name in ("quality", "quality_returns", "quality_sources"):
        assert clients["marketing"].get(reverse(f"{name}_csv")).headers["Location"] == reverse(name)
    assert "Nothing is contested" in main(clients["marketing"], "/quality/contests").text
    service.sign()
    assert "Nothing is measured yet" in main(clients["marketing"], "/quality").text
    assert "No contract is in force" not in main(clients["marketing"], "/quality/held").text
