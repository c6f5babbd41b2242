"""A rep's other answers on a telephone, a manager's word on broken promises, and an address that shows two people one
thing: what is not pressed elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Page, expect
from tests.support import service
from tests.support.browsing import PHONE, Opened, found
from tests.support.service import Crew, named

from handfast.facts import Reassigned
from handfast.instant import DAY, SECOND
from handfast_server.accounts.models import User
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Breach, Cycle
from handfast_server.now import now
from handfast_server.scoreboard import boards, update
from handfast_server.worker.sweep import sweep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people() -> dict[str, User]:
    """Lena, Mia who manages her, and Omar who leads them; a contract in force for ten days and more."""
    service.sign()
    told = {"lena": "rep", "mia": "manager", "omar": "sales_leader", "dana": "marketing_leader"}
    return {
        name: User.objects.create_user(
            f"{name}@acme.example", None, name=name.title(), rep=name if name in {"lena", "mia"} else "", roles=[role]
        )
        for name, role in told.items()
    }


def waiting(**values: Any) -> str:
    """A lead that waits for Lena."""
    lead = service.new_lead(**values)
    tell(named(Reassigned, lead=lead, by="mia", to="lena"))
    return lead


def crew() -> None:
    Crew(versions.current().versions[0].contract).join()


def test_a_touch_stops_the_clock_and_a_lead_is_returned_on_a_telephone(opened: Opened, people: dict[str, User]) -> None:
    crew()
    lead = waiting()
    with opened("/inbox", people["lena"], viewport=PHONE) as page:
        card = page.locator(f"#lead-{lead}")
        expect(card.locator(".due")).to_contain_text("First touch due")
        page.keyboard.press("j")
        page.keyboard.press("t")
        expect(page.get_by_role("button", name="I tried: no answer yet")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".note.good")).to_contain_text("Noted")
        expect(card.locator(".due")).not_to_contain_text("First touch due")
        card.get_by_role("link").first.click()
        page.locator("summary", has_text="Clocks").click()
        expect(page.get_by_role("row", name="First touch due kept in time")).to_be_visible()
        page.go_back()
        page.keyboard.press("j")
        page.keyboard.press("r")
        page.get_by_role("button", name="Not mine").click()
        expect(page.locator(".note.good")).to_contain_text("Returned")
        expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    assert Cycle.objects.get(lead=lead).owner != "lena"


def test_a_reason_that_the_contract_does_not_allow_is_refused_in_place(opened: Opened, people: dict[str, User]) -> None:
    crew()
    lead = waiting()
    with opened("/inbox", people["lena"], bears="status of 409") as page:
        page.locator(f"#lead-{lead} summary").first.click()
        assert page.get_by_role("button", name="Unreachable").count() == 0, "it is for leads that were taken on"
        page.locator(f"#note-{lead}").fill("Never picks up")
        page.get_by_role("button", name="Junk contact").evaluate("each => { each.value = 'unreachable' }")
        page.get_by_role("button", name="Junk contact").click()
        expect(page.get_by_role("alert").filter(has_text=re.compile("nreachable"))).to_be_visible()
        assert page.locator(f"#note-{lead}").input_value() == "Never picks up"
    assert Cycle.objects.get(lead=lead).state == "waiting"


def test_a_broken_promise_gets_its_cause_and_another_is_excused(opened: Opened, people: dict[str, User]) -> None:
    with time_machine.travel((now() - 10 * DAY) / SECOND):
        crew()
        leads = [waiting(), waiting()]
    while sweep():
        pass
    first, second = (Breach.objects.filter(cycle__lead=lead, cause="").order_by("clock")[0] for lead in leads)
    with opened("/team", people["mia"]) as page:
        many = Breach.objects.filter(cause="", excused="").count()
        expect(page.locator("select[name=cause]")).to_have_count(many)
        chosen = _of(page, first)
        chosen.locator("select[name=cause]").select_option("no_capacity")
        chosen.get_by_role("button", name="Confirm").click()
        expect(page.locator(".note.good")).to_contain_text("Noted")
        expect(page.locator("select[name=cause]")).to_have_count(many - 1)
        excused = _of(page, second)
        excused.locator("summary").click()
        assert found(page) == ""
        excused.get_by_label("Why it is excused").fill("The office was flooded")
        excused.get_by_role("button", name="Excuse", exact=True).click()
        expect(page.locator("select[name=cause]")).to_have_count(many - 2)
    assert Breach.objects.get(pk=first.pk).cause == "no_capacity"
    assert Breach.objects.get(pk=second.pk).excused == "The office was flooded"


def _of(page: Page, breach: Breach) -> Any:
    return page.locator("article", has=page.locator(f"input[name=breach][value='{breach.clock}']"))


def test_an_address_shows_two_people_the_same_numbers_and_its_records_as_a_file(
    opened: Opened, people: dict[str, User], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()
    crew()
    for source in ("=cmd|' /C calc'!A0", "Organic", "Organic"):
        waiting(source=source)
    assert update.rebuild()
    with opened("/scoreboard", people["omar"]) as page:
        page.get_by_label("Period").select_option("all")
        page.get_by_label("Told apart by").select_option("source")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="An address for exactly these numbers").click()
        address, numbers = page.url.partition("/scoreboard")[2], page.locator(".tiles").all_inner_texts()
        page.emulate_media(media="print")
        expect(page.locator("header.top")).to_be_hidden()
        expect(page.locator(".only-print")).to_contain_text(page.url)
    with opened(f"/scoreboard{address}", people["dana"]) as page:
        assert page.locator(".tiles").all_inner_texts() == numbers
        page.locator(".tile").get_by_role("link", name="Delivered to sales").click()
        with page.expect_download() as coming:
            page.get_by_role("link", name="All of them as CSV").click()
        assert len(coming.value.path().read_text(encoding="utf-8").splitlines()) == 4
        sources = page.request.get(page.url.partition("/scoreboard")[0] + "/quality/sources.csv?period=all").text()
        assert "\n'=cmd|" in sources.replace("\r", "").replace('"', ""), "no cell is a formula"
    boards.forget()
