"""History and shadow mode in Chromium, without scripts as well: given, corrected, taken in; compared on a telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.support import service
from tests.support.service import Crew, named

from handfast.facts import Stage, StageStamped
from handfast_server.accounts.models import User
from handfast_server.decide import team as teams
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell
from handfast_server.intake import taking
from handfast_server.intake.loops import LOOPS
from handfast_server.leads.models import Lead
from handfast_server.shadow.mode import Mode, do_set_mode
from handfast_server.worker.run import run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
HEAD = "Record ID,Email,First Name,Company Name,Country/Region,Create Date,Became a Marketing Qualified Lead Date\n"
ROWS = (
    "1,pia@buyer.example,<script>alert(1)</script>,Buyer,Germany,2026-10-01 09:00,2026-10-01 10:00\n"
    "2,omar@buyer.example,محمد بن عبد الرحمن,=SUM(A1),Germany,2026-10-02 09:00,2026-10-02 10:00\n"
    f"3,lang@buyer.example,{'Donaudampfschifffahrtsgesellschaft' * 3},Buyer,Germany,2026-10-03 09:00,\n"
)
FILE: FilePayload = {"name": "contacts.csv", "mimeType": "text/csv", "buffer": (HEAD + ROWS).encode()}


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    teams.forget()
    taking.forget()
    yield
    teams.forget()
    taking.forget()


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """``opened(path)``: a page of the administrator that complains of nothing."""
    service.sign()
    Crew(versions.current().versions[0].contract).join()
    priya = User.objects.create_user("priya@acme.example", "a good word", name="Priya", roles=["admin"])
    client = Client()
    client.force_login(priya, backend=settings.AUTHENTICATION_BACKENDS[0])
    name, made, said = settings.SESSION_COOKIE_NAME, list[Any](), list[str]()

    def open_(path: str, **how: Any) -> Page:
        context = browser.new_context(viewport=how.pop("viewport", DESK), **how)
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        made.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if _complains(message) else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_
    for context in made:
        context.close()
    assert said == []


def _complains(message: ConsoleMessage) -> bool:
    """That files were refused is told to the browser by a status; the page says so itself."""
    return message.type == "error" and "status of 422" not in message.text


def looked_at(page: Page) -> None:
    results = Axe().run(page)
    assert not results.violations_count, (page.url, results.generate_report())
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), page.url


def work() -> None:
    run(once=True, which=[loop for loop in LOOPS if loop.name == "intake.uploads"])


def test_files_are_given_corrected_and_taken_in_without_scripts(opened: Callable[..., Page]) -> None:
    page = opened("/import", java_script_enabled=False)
    page.get_by_label("Files of an export").set_input_files(FILE)
    page.get_by_role("button", name="Look at it").click()
    row = page.locator("tbody tr", has_text="pia@buyer.example")
    assert "Buyer" in row.inner_text()
    page.get_by_label("Company Name", exact=True).select_option("campaign")
    page.get_by_role("button", name="Read it so").click()
    assert "Buyer" not in page.locator("tbody tr", has_text="pia@buyer.example").inner_text()
    page.get_by_role("button", name="Take it in").click()
    assert "0 of 3 rows" in page.locator("#progress").inner_text()
    work()
    page.get_by_role("link", name="Look again").click()
    assert "Done" in page.locator("#progress .big").inner_text()
    assert Lead.objects.filter(company="").count() == 3


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"])
def test_each_state_of_an_import_is_looked_at(
    opened: Callable[..., Page], scheme: str, viewport: dict[str, int]
) -> None:
    page = opened("/import", color_scheme=scheme, viewport=viewport)
    looked_at(page)
    page.get_by_label("Files of an export").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"\x00\x01\x02"}
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("alert").filter(has_text="cannot be read")).to_be_visible()
    looked_at(page)
    page.goto(page.url)
    page.get_by_label("Files of an export").set_input_files(FILE)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".ready .big")).to_contain_text("3 people")
    looked_at(page)
    page.get_by_role("button", name="Take it in").click()
    looked_at(page)
    page.get_by_role("button", name="Stop").click()
    looked_at(page)
    page.get_by_role("button", name="Go on").click()
    work()
    expect(page.locator("#progress .big")).to_contain_text("Done")
    looked_at(page)


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"])
def test_shadow_mode_is_compared_and_ended(opened: Callable[..., Page], scheme: str, viewport: dict[str, int]) -> None:
    page = opened("/mode", color_scheme=scheme, viewport=viewport)
    looked_at(page)
    do_set_mode(Mode.SHADOW, "begin")
    lead = service.new_lead()
    tell(named(StageStamped, lead=lead, handoff="h1", stage=Stage.QUALIFIED, owner="lena"))
    page.reload()
    for summary in page.locator(".found summary").all():
        summary.click()
    looked_at(page)
    page.get_by_role("button", name="See what would be taken over").click()
    expect(page.locator(".plan")).to_contain_text("lena")
    looked_at(page)
    page.get_by_role("button", name="Go live so").click()
    expect(page.locator(".heading .badge")).to_have_text("Live")
