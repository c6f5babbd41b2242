"""Lists that keep themselves up to date: a lead from its form to the inbox, and a line that is down and comes back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser import test_messages_in_browser as messages
from tests.browser.test_messages_in_browser import lead_of
from tests.support.browsing import Opened, flaws
from tests.support.inbox_seed import PASSWORD
from tests.support.program import Program, running
from tests.support.service import named

from handfast.facts import Accepted, TouchKind, TouchMade
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell

pytestmark = pytest.mark.browser

lena = messages.lena


def waiting() -> str:
    """A lead that waits for Lena."""
    return lead_of("Ada Lovelace", "Analytical Engines", "Please call")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Program]:
    """The whole service, web and worker, with a rep and a form."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("HANDFAST_", "DATABASE", "DJANGO"))}
    home = kept | {"HANDFAST_HOME": str(tmp_path / "home"), "PYTHONPATH": f"{Path.cwd()}:{Path.cwd() / 'src'}"}
    seeded = subprocess.run(
        [sys.executable, "-m", "tests.support.inbox_seed"], env=home, capture_output=True, check=False
    )
    assert seeded.returncode == 0, seeded.stderr.decode()
    with running(home, tmp_path, "serve") as program:
        program.says("Ctrl-C ends.")
        yield program


def test_a_lead_is_in_the_inbox_ten_seconds_after_its_form(browser: Browser, service: Program) -> None:
    address = next(word.rstrip(".") for word in service.said.split() if word.startswith("http://"))
    address = "/".join(address.split("/")[:3])
    rep, visitor = browser.new_page(reduced_motion="reduce"), browser.new_page()
    rep.goto(f"{address}/inbox")
    rep.get_by_label("Email").fill("lena@acme.example")
    rep.get_by_label("Password").fill(PASSWORD)
    rep.get_by_role("button", name="Sign in").click()
    expect(rep.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    visitor.goto(f"{address}/f/ask")
    told = {"First name": "Ada", "Work e-mail": "ada@engines.example", "Company": "Analytical Engines"}
    for label, text in (told | {"Industry": "software", "Employees": "200", "Country": "DE"}).items():
        visitor.get_by_label(label).fill(text)
    visitor.get_by_label("Message").fill("Please call <b>this</b> week")
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("heading", name="Thank you")).to_be_visible()
    sent = time.monotonic()
    expect(rep.locator(".lead")).to_contain_text("Please call <b>this</b> week", timeout=10_000)
    assert time.monotonic() - sent < 10
    expect(rep.locator(".why")).to_contain_text("Asked for a demo")
    rep.keyboard.press("a")
    expect(rep.locator(".note.good", has_text="Accepted: Ada")).to_be_visible()
    expect(rep.get_by_role("heading", name="Today")).to_be_visible()
    expect(rep.locator(".figure", has_text="Accepted")).to_contain_text("1")
    assert flaws(rep) == ""
    for page in (rep, visitor):
        page.context.close()


@pytest.mark.django_db(transaction=True)
def test_my_leads_keep_themselves_up_to_date_and_what_is_typed_stays(opened: Opened, lena: User) -> None:
    first = waiting()
    tell(named(Accepted, lead=first, by="lena"))
    with opened("/mine", lena) as page:
        expect(page.locator(".next")).to_contain_text("Attempt 1 of 6")
        tell(named(TouchMade, lead=first, by="lena", kind=TouchKind.ATTEMPT, human=True))
        expect(page.locator(".next")).to_contain_text("Attempt 2 of 6", timeout=10_000)
        page.get_by_text("Disqualify …").click()
        page.get_by_label("Note").fill("half a sen")
        second = waiting()
        tell(named(Accepted, lead=second, by="lena"))
        expect(page.locator("[data-fresh]")).to_be_visible(timeout=10_000)
        expect(page.get_by_label("Note")).to_have_value("half a sen")
        page.get_by_label("Note").fill("")
        page.get_by_text("Disqualify …").click()
        page.locator("h1").click()
        expect(page.locator(".lead")).to_have_count(2, timeout=10_000)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_never_comes_is_said_and_so_is_one_that_comes_again(opened: Opened, lena: User) -> None:
    first = waiting()
    with opened("/inbox", lena, bears="net::ERR_FAILED|htmx:") as page:
        down = page.locator("[data-offline]")
        page.evaluate("htmx.config.timeout = 200")
        page.route("**/inbox/cards", lambda _route: None)
        page.evaluate("htmx.trigger('#inbox', 'again')")
        expect(down).to_be_visible()
        page.unroute("**/inbox/cards")
        page.evaluate("htmx.config.timeout = 8000")
        waiting()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator(".lead")).to_have_count(2)
        expect(down).to_be_hidden()
        page.route("**/accept", lambda route: route.abort())
        page.locator(f"#lead-{first}").get_by_role("button", name="Accept").click()
        expect(down).to_be_visible()
        page.unroute("**/accept")
        page.locator(f"#lead-{first}").get_by_role("button", name="Accept").click()
        expect(page.locator(".note.good")).to_contain_text("Accepted")
        expect(down).to_be_hidden()
