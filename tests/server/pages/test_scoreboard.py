"""The scoreboard shows what the interface for programs answers, and every number opens to its records."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from tests.support import service
from tests.support.scoreboard import worked

from handfast.instant import DAY
from handfast.measure.scoreboard import entries
from handfast.simulate import demo_contracts, demo_texts
from handfast_server.accounts.models import User
from handfast_server.pages.scoreboard_apart import by_number
from handfast_server.pages.scoreboard_charts import reach, spark
from handfast_server.pages.scoreboard_figures import money, percent
from handfast_server.pages.scoreboard_words import TITLES
from handfast_server.scoreboard import boards, update

pytestmark = pytest.mark.django_db

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.fixture(autouse=True)
def _files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()


@pytest.fixture
def lived(clock: service.Hands, team: service.Crew, lead: Callable[..., str]) -> list[str]:
    """Some days of leads, worked by chance, and a snapshot of them; one source would like to be a script."""
    return worked(5, 6, clock, lead, sources=("organic", "<script>"))


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def asked(client: Client, path: str, **values: Any) -> Any:
    answer = client.get(f"/api/measures{path}", values)
    assert answer.status_code == 200, answer.content
    return answer.json()


def words(text: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def tile(text: str, name: str) -> str:
    """The words of a tile."""
    found = re.search(rf'<li class="tile">(?:(?!</li>).)*/scoreboard/{name}[?"].*?</li>', text, re.DOTALL)
    assert found, name
    return words(found[0])


def test_the_page_says_what_programs_are_answered(lived: list[str], clients: dict[str, Client]) -> None:
    client = clients["viewer"]
    text = page(client, "/scoreboard?period=2026-Q4")
    measures = {each["name"]: each for each in asked(client, "", period="2026-Q4")["measures"]}
    delivered, rate = measures["delivered"]["figure"]["count"], measures["acceptance_rate"]["figure"]
    assert f"Delivered to sales {delivered}" in tile(text, "delivered")
    assert percent(rate["value"]).replace("\xa0", " ") in tile(text, "acceptance_rate")
    assert f"{rate['numerator']['count']} of {rate['denominator']['count']}" in tile(text, "acceptance_rate")
    groups = measures["conservation"]["figure"]["groups"]
    said = " + ".join(
        f"{groups[name]['count']} {word}"
        for name, word in (
            ("waiting", "on a clock"),
            ("contested", "contested"),
            ("accepted", "accepted"),
            ("rejected", "rejected"),
            ("withdrawn", "withdrawn"),
        )
    )
    assert f"{delivered} delivered = {said}; unaccounted 0" in words(text)


def test_the_title_of_each_drawing_says_what_it_shows(lived: list[str], clients: dict[str, Client]) -> None:
    text = page(clients["viewer"], "/scoreboard?period=all")
    titles = {name: words(title).strip() for name, title in re.findall(r'<h2 id="(\w+)">(.*?)</h2>', text)}
    within = asked(clients["viewer"], "/speed_to_first_touch")["measure"]["figure"]["within"]
    half = next((each for each in within if (each["share"] or 0) >= 0.5), within[-1])
    assert percent(half["share"]).replace("\xa0", " ") in titles["speed"]
    assert "may still get there" in titles["funnel"]
    funnel = text[text.index('id="funnel"') : text.index("</ol>", text.index('id="funnel"'))]
    assert re.findall(r"Target (\d+\.\d)\xa0%</text>", html.unescape(funnel)) == ["75.0", "30.0", "25.0"]
    assert funnel.count('class="mark"') == 3
    assert funnel.count('class="whisker"') == 4
    assert "dashed: the target" in tile(text, "follow_up_compliance")
    assert "dashed: the target" not in tile(text, "delivered")
    for name in ("heat", "breaches"):
        assert name not in titles or "most often “" in titles[name]
    assert "From delivered to won:" not in page(clients["viewer"], "/scoreboard?period=2019")


def test_twelve_months_are_titled_by_the_last_two_that_are_over(
    clock: service.Hands, lived: list[str], lead: Callable[..., str], clients: dict[str, Client]
) -> None:
    for days in (25, 40):
        clock.move(days * DAY)
        lead()
    update.update()
    text = page(clients["viewer"], "/scoreboard/delivered?period=all")
    [title] = re.findall(r'<h2 id="months">(.*?)</h2>', text)
    assert re.fullmatch(r"Twelve months: Dec \d+, after \d+ in Nov", words(title).strip())


def test_both_columns_say_what_both_sides_promised(lived: list[str], clients: dict[str, Client]) -> None:
    client = clients["viewer"]
    text = words(page(client, "/scoreboard?period=2026-11"))
    told = asked(client, "/commitments/2026-11")["standings"]
    assert {each["party"] for each in told} == {"marketing", "sales"}
    assert text.index("Marketing owes") < text.index("Leads delivered") < text.index("Sales owes")
    for each in told:
        assert each["clause"] in text
    mql = next(each for each in told if each["name"] == "mql")
    assert f"{mql['actual']} of {mql['promised']}" in text
    number = asked(client, "/the_number")["measure"]["figure"]
    revenue = demo_contracts()[0].revenue
    assert revenue
    assert f"The number · revenue of {revenue.period} {percent(number['value'])}".replace("\xa0", " ") in text
    everything = page(client, "/scoreboard?period=all")
    assert "Marketing owes" not in everything
    assert "Choose a quarter" in everything


@pytest.mark.parametrize("address", ["?period=all", "?period=2026-Q4&view=activity", "?period=2026-11&split=source"])
def test_every_number_opens_and_nothing_is_a_script(lived: list[str], clients: dict[str, Client], address: str) -> None:
    text = page(clients["admin"], f"/scoreboard{address}")
    assert "<script>" not in text.replace("<script src=", "")
    links = {html.unescape(link) for link in re.findall(r'href="(/scoreboard[^"]+)"', text)}
    assert len(links) > 50
    for link in sorted(links)[::4]:
        opened = page(clients["admin"], link)
        assert "How is this computed" in opened or link.startswith("/scoreboard?")
        assert "<script>" not in opened.replace("<script src=", "")


def test_records_are_those_that_programs_are_given(lived: list[str], clients: dict[str, Client]) -> None:
    marketing = clients["marketing"]
    for part in ("numerator", "denominator"):
        items = asked(marketing, "/acceptance_rate/records", part=part, limit=1000)["items"]
        text = page(marketing, f"/scoreboard/acceptance_rate?period=all&part={part}")
        assert set(re.findall(r"/leads/([^\"]+)\"", text)) == {item["lead"] for item in items}
        assert f"1 to {len(items)} of {len(items)}" in words(text)
    word = page(marketing, "/scoreboard/delivered?period=all&split=source&of=word&word=%3Cscript%3E")
    wanted = asked(marketing, "/delivered/records", split="source", word="<script>", limit=1000)["count"]
    assert f"of {wanted} " in words(word)


def test_records_go_to_a_file_for_who_may_take_them_out(lived: list[str], clients: dict[str, Client]) -> None:
    text = page(clients["marketing"], "/scoreboard/delivered?period=2026-11")
    link = re.search(r'href="([^"]+records\.csv[^"]*)"', text)
    assert link
    lines = b"".join(clients["marketing"].get(html.unescape(link[1]))).decode().splitlines()
    count = asked(clients["marketing"], "/delivered", period="2026-11")["measure"]["figure"]["count"]
    assert len(lines) == count + 1
    assert "records.csv" not in page(clients["viewer"], "/scoreboard/delivered?period=2026-11")


def test_a_list_goes_on_page_by_page(
    lived: list[str], clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handfast_server.pages.scoreboard_measure.LIMIT", 4)
    address, seen = "/scoreboard/delivered?period=all", set[str]()
    while address:
        text = page(clients["viewer"], address)
        fresh = set(re.findall(r"<code>(\S+)</code></td>", text))
        assert fresh
        assert not fresh & seen
        seen |= fresh
        following = re.search(r'href="([^"]+)" rel="next"', text)
        address = f"/scoreboard/delivered{html.unescape(following[1])}" if following else ""
    assert len(seen) == asked(clients["viewer"], "/delivered")["measure"]["figure"]["count"]
    assert "No records" in page(clients["viewer"], "/scoreboard/delivered?period=all&begin=999999")


def test_a_rep_sees_their_own_numbers_and_nobody_elses(lived: list[str], clients: dict[str, Client]) -> None:
    text = page(clients["rep"], "/scoreboard?period=all")
    own = asked(clients["rep"], "/delivered")["measure"]["figure"]["count"]
    whole = asked(clients["admin"], "/delivered")["measure"]["figure"]["count"]
    assert 0 < own < whole
    assert f"Delivered to sales {own}" in tile(text, "delivered")
    assert "your own" in text
    for everybodys in ("Marketing owes", "Sales owes", 'id="the-number"', "Choose a quarter"):
        assert everybodys not in text
    records = page(clients["rep"], "/scoreboard/delivered?period=all&split=owner")
    assert "sam" not in words(records)
    assert clients["charlie"].get("/scoreboard").status_code == 403


def test_what_is_not_understood_is_told_and_the_rest_shown(lived: list[str], clients: dict[str, Client]) -> None:
    viewer = clients["viewer"]
    for wrong in ("period=2026-13", "period=tomorrow", "as_of=2100-01-01T00:00:00Z", "as_of=never"):
        text = page(viewer, f"/scoreboard?{wrong}", status=422)
        assert 'class="note soon"' in text
        assert "Delivered to sales" in text
    assert viewer.get("/scoreboard/nothing_such").status_code == 404
    assert viewer.get("/scoreboard/delivered?part=nobody").status_code == 404
    assert page(viewer, "/scoreboard?view=sideways&stream=upwards&split=nothing")
    empty = page(viewer, "/scoreboard?period=2019-02")
    assert "unaccounted" in words(empty)


def test_an_address_for_exactly_these_numbers_stays_with_them(
    lived: list[str], clients: dict[str, Client], clock: service.Hands, lead: Callable[..., str]
) -> None:
    viewer = clients["viewer"]
    before = page(viewer, "/scoreboard?period=all")
    frozen = html.unescape(re.findall(r'href="(\?[^"]*as_of[^"]*)"', before)[0])
    clock.move(DAY)
    lead()
    update.update()
    boards.forget()
    assert tile(page(clients["marketing"], f"/scoreboard{frozen}"), "delivered") == tile(before, "delivered")
    assert tile(page(viewer, "/scoreboard?period=all"), "delivered") != tile(before, "delivered")


def test_nothing_to_measure_says_what_to_do(clients: dict[str, Client]) -> None:
    for address in ("/scoreboard", "/scoreboard/delivered"):
        assert "No contract is in force" in page(clients["viewer"], address)
    service.sign()
    for address in ("/scoreboard", "/scoreboard/delivered"):
        assert "Nothing is measured yet" in page(clients["viewer"], address)


def test_leaders_land_on_it(lived: list[str], clients: dict[str, Client]) -> None:
    for leader in ("marketing_leader", "sales_leader"):
        assert clients[leader].get("/").headers["Location"] == "/scoreboard"
        assert "Scoreboard" in page(clients[leader], "/scoreboard")


def test_it_is_read_in_the_readers_language(lived: list[str], clients: dict[str, Client]) -> None:
    User.objects.update(language="de")
    text = page(clients["viewer"], "/scoreboard?period=2026-11")
    assert "Das Marketing schuldet" in text
    assert "November 2026" in text
    assert re.search(r"\d,\d\xa0%", text)
    assert "Wie das berechnet ist" in page(clients["viewer"], "/scoreboard/acceptance_rate?period=all&split=owner")
    for drawn in re.findall(r'points="([^"]+)"', text):
        assert re.fullmatch(r"[\d.]+,[\d.]+( [\d.]+,[\d.]+)*", drawn)


def test_parts_are_ordered_and_called_as_people_do(lived: list[str], clients: dict[str, Client]) -> None:
    client = clients["viewer"]
    counts = {each["word"]: each["figure"]["count"] for each in parts(client, "delivered", "weekday")}
    text = page(client, "/scoreboard?period=all&split=weekday")
    in_order = " ".join(f"{day} {counts[day.lower()]}" for day in DAYS if day.lower() in counts)
    assert in_order in tile(text, "delivered")
    assert len(counts) > 1
    assert not any(day in tile(text, "lead_to_mql") for day in DAYS), (
        "nobody knows on which day the others did not come"
    )
    computed = page(client, "/scoreboard/delivered?period=all&split=version")
    assert "Version 1" in words(computed[computed.index("Told apart") : computed.index("Twelve months")])
    assert "split=version" not in page(client, "/scoreboard/lead_to_mql?period=all").partition("Records")[2]
    assert sorted(["3", "", "10", "2"], key=by_number) == ["2", "3", "10", ""]


def parts(client: Client, name: str, split: str) -> Any:
    return asked(client, f"/{name}", split=split)["measure"]["splits"][split]


def test_a_number_whose_period_is_to_come_is_not_judged(clock: service.Hands, clients: dict[str, Client]) -> None:
    service.sign_text(demo_texts()[0].replace("period: 2025,", "period: 2030,"))
    service.take_in(service.came("ada"))
    update.update()
    text = words(page(clients["viewer"], "/scoreboard"))
    assert "revenue of 2030" in text
    assert "A forecast stands here once the period has begun. Not begun yet" in text
    assert "Out of reach" not in text


def test_every_measure_has_its_words() -> None:
    assert {entry.definition.title for entry in entries()} == set(TITLES)
    with translation.override("de"):
        assert percent(Fraction(1234, 10000)) == "12,3\xa0%"
        assert money(123456700, "EUR") == "1.234.567\xa0EUR"
    assert money(1250, "EUR") == "12.50\xa0EUR"
    assert money(None, "EUR") == percent(None) == "–"


def test_a_line_breaks_where_nothing_is_known() -> None:
    drawn = spark([1.0, 2.0, None, 3.0, None, 4.0, 5.0], 2.0)
    assert drawn
    assert (len(drawn.lines), len(drawn.alone)) == (2, 1)
    assert spark([None, None], 1.0) is None
    flat = spark([2.0, 2.0], None)
    assert flat
    assert flat.last == (235.0, 22.0)
    assert reach(0.5, 2, 1) == ("50.00%", "50.00%")
    assert reach(1, 1, 0) == ("0%", "0%")
