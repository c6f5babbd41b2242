"""Pages for administrators in Chromium: rights after showing who one is, keys shown once, sending again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.support.browsing import Opened

from handfast_server.accounts.models import User
from handfast_server.delivery.models import Attempt, Endpoint, Message
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.secrets import encrypt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a good word"  # noqa: S105 # of nobody


def furnished() -> None:
    """A webhook that fails, and two messages to it in every state."""
    at = now()
    hook = {"about": "The warehouse", "secret": encrypt("x"), "made_at": at, "failures": 3, "failing_since": at}
    Endpoint.objects.create(id="ep_1", url="https://203.0.113.7/hook", **hook)
    told: dict[str, Any] = {"event": "lead.assigned", "channel": "webhook", "to": "ep_1", "payload": '{"rep": "lena"}'}
    for number, state in enumerate(Message.State.values * 2):
        ended = None if state == "ready" else at
        row = Message(id=f"msg_{number}", state=state, created_at=at + number, due_at=at, ended_at=ended, **told)
        row.save()
        Attempt.objects.create(message=row, number=1, started_at=at, ended_at=at, result="again", detail="500")


def show_who_one_is(page: Page) -> None:
    page.get_by_role("link", name="Show who you are").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_somebody_is_invited_and_joins(opened: Opened, live_server: LiveServer, people: dict[str, User]) -> None:
    with opened("/people", people["priya"]) as page:
        page.get_by_role("button", name="Invite somebody").click()
        show_who_one_is(page)
        page.get_by_label("Address").fill("nora@acme.example")
        page.get_by_role("textbox", name="Name (optional)").fill("Nora")
        page.get_by_label("Viewer").check()
        page.get_by_role("button", name="Make the link").click()
        link = page.get_by_label("Link", exact=True).input_value()
        page.get_by_role("button", name="Back to people").click()
        expect(page.get_by_role("region", name="Invited, and not here yet")).to_contain_text("nora@acme.example")
        page.context.clear_cookies()
        page.goto(live_server.url + link[link.index("/invited/") :])
        expect(page.get_by_label("Name")).to_have_value("Nora")
        page.get_by_label("Password").fill("another good word")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("heading", name="Good to see you, Nora")).to_be_visible()
    assert User.objects.get(email="nora@acme.example").roles == ["viewer"]


def test_a_token_is_made_copied_used_and_revoked(
    opened: Opened, live_server: LiveServer, people: dict[str, User]
) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with opened("/tokens/new", people["priya"], permissions=allowed) as page:
        show_who_one_is(page)
        page.get_by_label("What it is for").fill("Warehouse")
        page.get_by_label("Viewer").check()
        page.get_by_label("Read leads, cycles").check()
        page.get_by_role("button", name="Make it").click()
        text = page.get_by_label("Token", exact=True).input_value()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == text
        me, headers = f"{live_server.url}/api/people/me", {"authorization": f"Bearer {text}"}
        assert httpx.get(me, headers=headers).json()["name"] == "Warehouse"
        page.get_by_role("button", name="Back to tokens").click()
        page.get_by_role("button", name="Revoke Warehouse").click()
        expect(page.get_by_text("Warehouse is let in no more")).to_be_visible()
        assert httpx.get(me, headers=headers).status_code == 401


def test_what_was_given_up_is_ticked_and_sent_again(
    opened: Opened, live_server: LiveServer, people: dict[str, User]
) -> None:
    furnished()
    with opened("/deliveries?state=dead", people["priya"]) as page:
        expect(page.get_by_role("row")).to_have_count(3)
        page.get_by_label("All of this page").check()
        page.get_by_role("button", name="Send the ticked ones again").click()
        expect(page.get_by_text("2 messages are sent again.")).to_be_visible()
        assert not Message.objects.filter(state="dead").exists()
        page.goto(live_server.url + "/connections")
        page.get_by_role("button", name="Send a test The warehouse").click()
        expect(page.get_by_role("heading", name="endpoint.test")).to_be_visible()


def test_a_form_is_added_without_scripts_and_sent(
    opened: Opened, live_server: LiveServer, people: dict[str, User], settings: LazySettings
) -> None:
    settings.BASE_URL = live_server.url
    with opened("/connections", people["priya"], java_script_enabled=False) as page:
        page.get_by_role("button", name="Add a source").click()
        page.get_by_role("link", name="A form on a web site").click()
        page.get_by_label("Name", exact=True).fill("demo")
        page.get_by_role("button", name="Add it").click()
        assert page.get_by_role("heading", name="demo").is_visible()
        page.goto(f"{live_server.url}/f/demo")
        page.get_by_label("Work e-mail").fill("ann@buyer.example")
        page.get_by_role("button", name="Send").click()
        assert page.get_by_role("heading", name="Thank you").is_visible()
    assert Lead.objects.get().email == "ann@buyer.example"


def test_a_session_elsewhere_is_ended_from_here(
    opened: Opened, browser: Browser, live_server: LiveServer, people: dict[str, User]
) -> None:
    elsewhere = browser.new_page()
    elsewhere.goto(live_server.url + "/account/login/")
    elsewhere.get_by_label("Email").fill(people["dana"].email)
    elsewhere.get_by_label("Password").fill(PASSWORD)
    elsewhere.get_by_role("button", name="Sign in").click()
    elsewhere.wait_for_url("**/scoreboard")
    with opened("/account/", people["dana"]) as page:
        page.get_by_role("link", name="Sessions").click()
        expect(page.get_by_text("this one")).to_have_count(1)
        page.get_by_role("button", name="End the other one").click()
        expect(page.get_by_text("1 session ended.")).to_be_visible()
        expect(page.get_by_role("row")).to_have_count(2)
    elsewhere.goto(live_server.url + "/account/")
    expect(elsewhere.get_by_role("button", name="Sign in")).to_be_visible()
    elsewhere.close()
