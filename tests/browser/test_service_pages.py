"""The service's pages in Chromium: by keyboard, on a telephone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer
from tests.support import service
from tests.support.browsing import PHONE, Opened
from tests.support.service import Crew, named

from handfast.facts import Accepted, Reassigned
from handfast_server.accounts.models import User
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell
from handfast_server.demo import story
from handfast_server.handoffs.models import Cycle
from handfast_server.scoreboard import boards, update

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lena() -> User:
    service.sign()
    Crew(versions.current().versions[0].contract).join()
    return User.objects.create_user("lena@acme.example", "a good word", name="Lena", rep="lena", roles=["rep"])


@pytest.fixture
def priya() -> User:
    return User.objects.create_user("priya@acme.example", "a good word", name="Priya", roles=["admin"])


@pytest.fixture
def asked() -> User:
    """Lena under a contract that asks for evidence."""
    service.sign_text(story.texts(1000)[0])
    Crew(versions.current().versions[0].contract).join()
    return User.objects.create_user("lena@acme.example", None, name="Lena", rep="lena", roles=["rep"])


def waiting(**values: Any) -> str:
    """A lead that waits for Lena."""
    lead = service.new_lead(**values)
    tell(named(Reassigned, lead=lead, by="mia", to="lena"))
    return lead


def test_a_rep_answers_by_keyboard_alone(opened: Opened, lena: User) -> None:
    first, second, third = waiting(), waiting(), waiting()
    with opened("/inbox", lena) as page:
        expect(page.locator(".lead")).to_have_count(3)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        expect(page.locator(f"#lead-{first}")).to_be_focused()
        page.keyboard.press("j")
        expect(page.locator(f"#lead-{second}")).to_be_focused()
        page.keyboard.press("a")
        expect(page.locator(".note.good")).to_contain_text("Accepted")
        expect(page.locator(".lead")).to_have_count(2)
        page.keyboard.press("j")
        page.keyboard.press("r")
        page.keyboard.type("A student")
        page.get_by_role("button", name="Junk contact").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".note.good")).to_contain_text("Rejected")
        expect(page.locator(".lead")).to_have_count(1)
    states = {lead: Cycle.objects.get(lead=lead).state for lead in (first, second, third)}
    assert sorted(states.values()) == ["accepted", "rejected", "waiting"]
    assert states[second] == "accepted"


def test_my_leads_are_worked_by_keyboard_alone(opened: Opened, asked: User) -> None:
    lead = waiting()
    tell(named(Accepted, lead=lead, by="lena"))
    with opened("/mine", asked, bears="status of 409", viewport=PHONE) as page:
        expect(page.locator(".next")).to_contain_text("Attempt 1 of 4")
        page.keyboard.press("j")
        page.keyboard.press("t")
        expect(page.get_by_role("button", name="I tried")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".next")).to_contain_text("Attempt 2 of 4")
        page.keyboard.press("q")
        page.keyboard.press("d")
        expect(page.get_by_role("button", name="Unreachable")).to_be_disabled()
        page.get_by_label("There is a budget").press("Space")
        page.get_by_role("button", name="Record as sales-qualified").press("Enter")
        expect(page.get_by_role("alert").filter(has_text="What they want to solve")).to_be_visible()
        assert Cycle.objects.get(lead=lead).state == "accepted"
        page.get_by_label("What they want to solve").fill("Leads that wait for days")
        page.get_by_role("button", name="Record as sales-qualified").press("Enter")
        expect(page.locator(".note.good")).to_contain_text("Sales-qualified")
    assert Cycle.objects.get(lead=lead).state == "sql"


def test_a_manager_moves_what_is_ticked_without_scripts(opened: Opened, lena: User, priya: User) -> None:
    first, second = waiting(), waiting()
    with opened("/team", priya, java_script_enabled=False) as page:
        page.get_by_role("link", name="lena", exact=True).click()
        page.locator(f"input[value={first}]").check()
        page.get_by_label("What becomes of the ticked ones").select_option("sam")
        page.get_by_role("button", name="Move the ticked ones").click()
        assert "1 handoff was moved" in page.locator(".note.good").inner_text()
    assert {lead: Cycle.objects.get(lead=lead).owner for lead in (first, second)} == {first: "sam", second: "lena"}


def test_a_new_lead_appears_by_itself_and_what_is_typed_stays(opened: Opened, lena: User) -> None:
    one = waiting()
    with opened("/inbox", lena) as page:
        expect(page.locator(".lead")).to_have_count(1)
        waiting()
        expect(page.locator(".lead")).to_have_count(2, timeout=10_000)
        page.locator(f"#lead-{one} summary").first.click()
        page.locator(f"#note-{one}").fill("half a sen")
        waiting()
        expect(page.locator("[data-fresh]")).to_be_visible(timeout=10_000)
        assert page.locator(f"#note-{one}").input_value() == "half a sen"
        page.locator(f"#note-{one}").fill("")
        page.locator(f"#lead-{one} summary").first.click()
        expect(page.locator(".lead")).to_have_count(3, timeout=10_000)


def test_a_reason_that_asks_for_a_date_says_so_in_place(opened: Opened, lena: User) -> None:
    lead = waiting()
    with opened("/inbox", lena, bears="status of 409", viewport=PHONE) as page:
        page.locator(f"#lead-{lead} summary").first.click()
        page.locator(f"#note-{lead}").fill("After the fair")
        page.get_by_role("button", name="Bad timing").click()
        expect(page.get_by_role("alert").filter(has_text="date")).to_be_visible()
        assert page.locator(f"#note-{lead}").input_value() == "After the fair"
        page.locator(f"#date-{lead}").fill("2027-03-01")
        page.get_by_role("button", name="Bad timing").click()
        expect(page.locator(".note.good")).to_contain_text("Rejected")


def test_everything_works_without_scripts(opened: Opened, lena: User, live_server: LiveServer) -> None:
    lead = waiting()
    with opened("/inbox", java_script_enabled=False) as page:
        page.get_by_label("Email").fill("lena@acme.example")
        page.get_by_label("Password").fill("a good word")
        page.get_by_role("button", name="Sign in").click()
        assert page.url == f"{live_server.url}/inbox"
        assert "left" in page.locator(".clock").inner_text()
        page.locator(f"#lead-{lead} summary").first.click()
        page.get_by_role("button", name="Junk contact").first.click()
        assert "Rejected" in page.locator(".note.good").inner_text()
        page.get_by_role("button", name="Dark").click()
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert page.url == f"{live_server.url}/inbox"
    assert Cycle.objects.get(lead=lead).state == "rejected"


def test_who_is_signed_out_meanwhile_is_led_to_sign_in(opened: Opened, lena: User) -> None:
    waiting()
    with opened("/inbox", lena, bears="status of 401") as page:
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        page.wait_for_url("**/account/login/**", timeout=10_000)


def test_a_line_that_is_down_is_said(opened: Opened, lena: User) -> None:
    waiting()
    with opened("/inbox", lena) as page:
        page.evaluate("dispatchEvent(new Event('offline'))")
        expect(page.locator("[data-offline]")).to_be_visible()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-offline]")).to_be_hidden()


@pytest.fixture
def measured(lena: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A few handoffs, and a snapshot of them; the first lead."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()
    first, *_others = (waiting(source=source) for source in ("Paid search", "Organic", "Organic"))
    assert update.rebuild()
    yield first
    boards.forget()


def test_a_number_is_followed_to_a_lead_without_scripts(opened: Opened, measured: str, priya: User) -> None:
    with opened("/scoreboard", priya, java_script_enabled=False) as page:
        page.get_by_label("Period").select_option("all")
        page.get_by_label("Told apart by").select_option("source")
        page.get_by_role("button", name="Show").click()
        assert "period=all" in page.url
        page.locator(".tile").get_by_role("link", name="Delivered to sales").click()
        expect(page.get_by_role("heading", name="How is this computed")).to_be_visible()
        page.get_by_role("link", name="Paid search", exact=True).click()
        expect(page.get_by_text("1 to 1 of 1")).to_be_visible()
        assert page.get_by_role("link", name="All of them as CSV").is_visible()
        page.locator(f'a[href="/leads/{measured}"]').click()
        expect(page.get_by_text("Where it stands")).to_be_visible()
