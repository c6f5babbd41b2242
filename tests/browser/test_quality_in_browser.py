"""Quality in Chromium: numbers followed to records, contests settled, drafts opened, spend stated; no scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.support import service
from tests.support.browsing import PHONE
from tests.support.service import Crew, named

from handfast.facts import Accepted, Fact, Reassigned, Rejected
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Draft
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell_all
from handfast_server.handoffs.models import Cycle
from handfast_server.leads.models import Lead
from handfast_server.scoreboard import boards, update

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "\u202bمصدر طويل\u202c " + "verylongsourcenamewithoutspaces" * 5

Visit = Callable[..., Page]


@pytest.fixture
def dan() -> User:
    """Somebody of marketing, and the leads of two sources: the ones are accepted, the others are too small."""
    service.sign()
    Crew(versions.current().versions[0].contract).join()
    handed(24, 21, "no_budget", source="organic", employees=200)
    handed(16, 2, "too_small", source="<b>webinar", employees=20)
    handed(1, 0, "too_small", source=LONG, employees=200)
    service.new_lead(customer=True)
    assert update.rebuild()
    return User.objects.create_user("dan@acme.example", "a good word", name="Dan", roles=["marketing"])


def handed(count: int, accepted: int, reason: str, **known: Any) -> None:
    """So many leads for Lena, of whom she takes some; she declines the others for a reason."""
    names = [f"lead-{known['employees']}-{len(known['source'])}-{place}" for place in range(count)]
    service.take_in([fact for name in names for fact in service.came(name, **known)])
    Lead.objects.filter(pk__in=names).update(name="Ada Lovelace")
    told: list[Fact] = [named(Reassigned, lead=name, by="mia", to="lena") for name in names]
    told += [named(Accepted, lead=name, by="lena") for name in names[:accepted]]
    told += [named(Rejected, lead=name, by="lena", reason=reason, note="Asked") for name in names[accepted:]]
    tell_all(told)


def test_a_reason_is_followed_to_its_records_without_scripts(visit: Visit, dan: User) -> None:
    page = visit("/quality", dan, java_script_enabled=False)
    page.get_by_label("Period").select_option("all")
    page.get_by_label("Told apart by").select_option("source")
    page.get_by_role("button", name="Show").click()
    row = page.get_by_role("row").filter(has_text="<b>webinar")
    row.get_by_role("link", name="14", exact=True).last.click()
    expect(page.get_by_text("1 to 14 of 14")).to_be_visible()
    with page.expect_download() as kept:
        page.get_by_role("link", name="All of them as CSV").click()
    assert len(kept.value.path().read_text().splitlines()) == 15
    page.get_by_role("link", name="Ada Lovelace").first.click()
    expect(page.get_by_text("Where it stands")).to_be_visible()


def test_a_contest_is_settled_by_keyboard(visit: Visit, dan: User) -> None:
    page = visit("/quality/contests", dan, viewport=PHONE)
    card = page.locator(".lead")
    expect(card).to_contain_text("employees: 200")
    expect(card).to_contain_text("lena says")
    card.get_by_label("Note").fill("They are two hundred")
    card.get_by_label("Note").press("Tab")
    expect(card.get_by_role("button", name="Overturn")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".note.good")).to_contain_text("Overturned")
    expect(page.get_by_text("Nothing is contested")).to_be_visible()
    assert Cycle.objects.filter(source=LONG).get().state == "waiting"


def test_what_the_numbers_bear_becomes_a_draft(visit: Visit, dan: User) -> None:
    page = visit("/quality/signals?period=all", dan)
    row = page.get_by_role("row").filter(has_text="50 to 1,000 people")
    expect(row).to_contain_text("More often")
    suggestion = page.get_by_role("article").filter(has_text="Hand over only leads with")
    expect(suggestion).to_contain_text("Too small")
    suggestion.get_by_role("button", name="Open a draft").click()
    expect(page.locator(".note.good")).to_contain_text("A draft with this change is open")
    assert "not_right_size" in page.locator("#text").input_value()
    assert Draft.objects.get().made_by == f"user:{dan.pk}"


def test_spend_is_stated_and_costs_follow(visit: Visit, dan: User, tmp_path: Path) -> None:
    page = visit("/quality/sources?period=all", dan, bears="status of 422", java_script_enabled=False)
    page.get_by_role("link", name="State what was spent").click()
    page.get_by_label("Day").fill("2026-01-02")
    page.get_by_label("Source").fill("organic")
    page.get_by_label("Amount").fill("480")
    page.get_by_role("button", name="State it").click()
    expect(page.locator(".note.good")).to_contain_text("1 line said something new")
    file = tmp_path / "spend.csv"
    file.write_text("day,source,amount\n2026-01-02,<b>webinar,x\n")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2:")
    update.update()
    boards.forget()  # one that took long to make is handed out a little longer
    page.get_by_role("link", name="Sources and cost").click()
    page.get_by_label("Period").select_option("all")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row").filter(has_text="organic")).to_contain_text("20\xa0EUR")
