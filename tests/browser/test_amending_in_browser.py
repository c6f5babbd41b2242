"""Two leaders amend the contract in Chromium, from the draft to numbers that are told apart by version."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.support import service
from tests.support.browsing import Opened

from handfast.instant import DAY, HOUR, to_datetime
from handfast.simulate import demo_texts
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Draft, Version
from handfast_server.decide import terms
from handfast_server.now import now
from handfast_server.scoreboard import update
from handfast_server.worker import sweep
from handfast_server.worker.run import run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lives(settings: Any, leaders: dict[str, User]) -> Any:
    """The settings of a service with a team, where one lead came under version 1."""
    service.Crew(terms.current().versions[0].contract).join()
    service.new_lead()
    return settings


def test_an_amendment_is_written_signed_takes_force_and_is_counted_apart(
    opened: Opened, leaders: dict[str, User], lives: Any
) -> None:
    with opened("/contract", leaders["dana"]) as page:
        written(page)
    draft = Draft.objects.get().pk
    for name in ("dana", "omar"):
        with opened(f"/contract/drafts/{draft}", leaders[name]) as page:
            consent(page)
    with opened("/contract", leaders["omar"]) as page:
        expect(page.locator("h1")).to_contain_text("version 1")
        expect(page.locator("main")).to_contain_text("Version 2 is signed and governs from")
        lives.CLOCK_SHIFT += Version.objects.get(pk=2).in_force_from - now() + HOUR  # nobody waits a day
        page.reload()
        expect(page.locator("h1")).to_contain_text("version 2")
        expect(page.locator(".badge.good").first).to_have_text("In force")
    run(once=True, which=sweep.LOOPS)
    service.new_lead()
    update.update()
    with opened("/scoreboard?period=all", leaders["omar"]) as page:
        page.get_by_label("Told apart by").select_option("version")
        page.get_by_role("button", name="Show", exact=True).click()
        rows = page.locator(".tile", has=page.get_by_role("link", name="Delivered to sales")).locator("tbody tr")
        expect(rows).to_have_count(2)
        assert sorted(row.split() for row in rows.all_inner_texts()) == [["Version", "1", "1"], ["Version", "2", "1"]]
        sent, numbers = "/scoreboard" + page.url.partition("/scoreboard")[2], page.locator(".board").inner_text()
    with opened(sent, leaders["dana"]) as page:  # a colleague who is sent the address
        assert page.locator(".board").inner_text() == numbers
        leads_to_its_clause(page)


def written(page: Page) -> None:
    """An amendment that begins in a day, with a slip that is said at its line and mended."""
    begins = to_datetime(now() + DAY, "UTC").replace(microsecond=0).isoformat()
    text = re.sub(r"(?m)^effective_from:.*$", f"effective_from: {begins}", demo_texts()[1])
    page.get_by_role("button", name="Draft an amendment").click()
    page.locator("#text").fill(text.replace("zone: Europe/Berlin", "zone: Europe/Berln", 1))
    expect(page.locator(".problems li")).to_contain_text("Did you mean Europe/Berlin?")
    page.locator(".problems a").click()
    page.keyboard.type("Europe/Berlin")
    told = page.locator("#checked")
    expect(told).to_contain_text("Sound")
    expect(told).to_contain_text("First touch 1 business day → 4 business hours.")
    expect(told.locator(".examples")).to_contain_text("goes to sales with an hour on the clock")
    expect(told).to_contain_text(re.compile(r"all \d+ hold|\d+ holds"))
    page.get_by_role("button", name="Save and ask for signatures").click()
    expect(page.locator(".heading").first).to_contain_text("Waits for signatures")


def consent(page: Page) -> None:
    """Somebody shows who they are, and signs."""
    page.get_by_role("button", name="Show that it is you").click()
    page.get_by_label("Password").fill("a good word")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Sign for").click()
    expect(page.locator(".note.good").first).to_be_visible()


def leads_to_its_clause(page: Page) -> None:
    """From a number to the clause that decides it, on both sides of the contract."""
    tile = page.locator(".tile", has=page.get_by_role("link", name="Speed to first touch, working time", exact=True))
    tile.locator("a.clause").click()
    expect(page.locator("#asked")).to_contain_text("within: {hand_raise: 1 business hours")
    expect(page.locator("#asked")).to_be_in_viewport()
    assert page.locator(".english .marked").count()
    assert page.locator(".text .marked").count()
