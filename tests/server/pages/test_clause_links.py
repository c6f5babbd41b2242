"""Every clause that a page names opens the contract at it: in the English, in the text, and marked in both."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.support import service
from tests.support.page import parsed
from tests.support.scoreboard import act

from handfast.contract.explain import explain
from handfast.instant import DAY
from handfast.measure.scoreboard import entries
from handfast.simulate import demo_contracts, demo_texts
from handfast_server.pages.contract.asked import asked_of
from handfast_server.pages.contract.beside import beside
from handfast_server.scoreboard import boards, update
from handfast_server.worker import sweep
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db

CONTRACT, TEXT = demo_contracts()[0], demo_texts()[0]


@pytest.fixture
def lived(
    clock: service.Hands,
    team: service.Crew,
    lead: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> list[str]:
    """Some leads, worked by chance, some too late, and a snapshot of them."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()
    rng = random.Random(3)
    leads = [lead() for _ in range(9)]
    for name in leads[:6]:
        act(rng, name, leads)
    clock.move(3 * DAY)
    run(once=True, which=sweep.LOOPS)
    update.update()
    return leads


def linked(page: str) -> set[str]:
    """The addresses of clauses on a page."""
    return {html.unescape(each) for each in re.findall(r'href="([^"]*\?clause=[^"]*)"', page)}


def opened(client: Client, address: str) -> None:
    """The clause stands on top, with its place, and is marked where it stands."""
    assert address.endswith("#asked")
    answer = client.get(address.removesuffix("#asked"))
    assert answer.status_code == 200, address
    page = parsed(re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0])  # type: ignore[index] # there
    assert "no such clause" not in page.by_id("asked").text, address
    marked = [*page.all("p", "marked"), *page.all("li", "marked")]
    assert marked, address
    for link in page.by_id("asked").all("a"):
        href = link.attributes["href"]
        if href.startswith("#"):
            assert page.by_id(href[1:]).attributes.get("class") == "marked", href


def test_each_clause_of_the_scoreboard_opens_the_contract_at_it(lived: list[str], clients: dict[str, Client]) -> None:
    client = clients["viewer"]
    board = client.get("/scoreboard?period=all").content.decode()
    found = linked(board) | linked(client.get("/scoreboard").content.decode())
    assert any("commitments.sales" in each for each in found)
    assert any("clause=reasons." in each for each in found) == ('id="heat"' in board)
    measures = set(re.findall(r"/scoreboard/(\w+)", board))
    for name in sorted(measures)[::6]:
        found |= linked(client.get(f"/scoreboard/{name}?period=all").content.decode())
    assert len(found) > 12
    for address in sorted(found):
        opened(client, address)


def test_each_clause_of_a_lead_opens_the_version_it_lives_under(lived: list[str], clients: dict[str, Client]) -> None:
    found = set[str]()
    for name in lived:
        found |= linked(clients["viewer"].get(f"/leads/{name}").content.decode())
    assert {each.partition("?")[0] for each in found} == {"/contract/versions/1"}
    assert any("clause=clocks." in each for each in found)
    assert any("clause=score." in each for each in found)
    for address in sorted(found):
        opened(clients["rep"], address)


@pytest.mark.parametrize("path", ["clocks.first_touch", "routing.rules[1]", "score.fit.signals.target_industry"])
def test_a_clause_is_its_sentences_and_its_lines(path: str) -> None:
    asked = asked_of(beside(TEXT, explain(CONTRACT)), path)
    assert asked is not None
    assert asked.found == path
    first = asked.lines[0].text
    assert path.rpartition(".")[2].partition("[")[0] in first or first.lstrip().startswith("-")
    inner = len(first) - len(first.lstrip())
    assert all(len(line.text) - len(line.text.lstrip()) > inner for line in asked.lines[1:] if line.text.strip())
    after = TEXT.splitlines()[asked.lines[-1].number]
    assert not after.strip() or len(after) - len(after.lstrip()) <= inner
    assert asked.sentences


def test_every_measure_names_a_clause_that_is_found() -> None:
    both = beside(TEXT, explain(CONTRACT))
    for entry in entries(CONTRACT):
        asked = asked_of(both, entry.definition.clause)
        assert asked is None or asked.found, entry.definition.clause


@pytest.mark.parametrize("path", ["<script>", "a" * 9_000, "clocks.nothing_such", "'\"", "..", "[", "\x00"])
def test_whatever_is_asked_for_is_answered(path: str, clients: dict[str, Client], clock: service.Hands) -> None:
    service.sign()
    answer = clients["viewer"].get("/contract", {"clause": path})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace("<script src", "")
