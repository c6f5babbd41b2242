"""The switch of the demonstration in Chromium: the printed address signs in, one press changes who one is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer
from tests.support import service
from tests.support.browsing import Opened, flaws

from handfast_server.decide import team as teams
from handfast_server.demo.load import write_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demo(settings: LazySettings) -> Iterator[None]:
    """The rows and the setting of a demonstration."""
    teams.forget()
    service.sign()
    write_cast("Europe/Berlin")
    settings.DEMO = True
    yield
    teams.forget()


def test_the_printed_address_signs_in_and_one_press_is_somebody_else(
    demo: None, opened: Opened, live_server: LiveServer
) -> None:
    with opened("/demo?as=revops", reduced_motion="reduce") as page:
        page.wait_for_url("**/scoreboard")
        expect(page.locator(".who summary")).to_have_text("Priya Nair")
        expect(page.get_by_role("heading", name="You are Priya Nair, RevOps. What to look at:")).to_be_visible()
        page.get_by_role("button", name="Rep", exact=True).click()
        page.wait_for_url("**/inbox")
        expect(page.locator(".who summary")).to_have_text("Lena Vogt")
        expect(page.get_by_role("button", name="Rep", exact=True)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".tour")).to_be_visible()
        assert flaws(page) == ""
        page.get_by_role("button", name="Close", exact=True).first.click()
        expect(page.locator(".tour")).to_have_count(0)
        page.goto(f"{live_server.url}/demo")
        page.get_by_role("button", name="Look as Dana Reyes").click()
        page.wait_for_url("**/scoreboard")
        expect(page.locator(".who summary")).to_have_text("Dana Reyes")


def test_without_scripts_there_are_four_buttons(demo: None, opened: Opened, live_server: LiveServer) -> None:
    with opened("/demo?as=revops", java_script_enabled=False) as page:
        assert page.get_by_role("button", name="Look as").count() == 4
        page.get_by_role("button", name="Look as Omar Haddad").click()
        assert page.url == f"{live_server.url}/scoreboard"
