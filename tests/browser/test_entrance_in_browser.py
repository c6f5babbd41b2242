"""Ways in, in Chromium: invitations, codes, forgotten passwords, and pages of what went wrong, all looked at by axe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import LazySettings
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.support.browsing import flaws

from handfast_server.accounts.invitations import do_invite
from handfast_server.accounts.models import Role, User
from handfast_server.intake.models import Source
from handfast_server.now import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "seven grey herons"  # noqa: S105 # of nobody


class Visitor:
    """Somebody with a browser, who looks at each page that they come to: on a desk, and in the dark on a telephone."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._address = address
        self.page: Page = browser.new_page(reduced_motion="reduce")  # colours that still change are nobody's

    def at(self, path: str) -> Page:
        self.page.goto(self._address + path)
        self.look()
        return self.page

    def look(self) -> None:
        assert (self.page.url, flaws(self.page)) == (self.page.url, "")

    def comes_to(self, path: str) -> None:
        self.page.wait_for_url(f"**{path}")
        self.look()

    def gives(self, name: str, value: str) -> None:
        self.page.locator(f"input[name={name}]").fill(value)
        self.page.locator(f"input[name={name}]").press("Enter")

    def signs_in(self, user: User) -> None:
        self.page.goto(f"{self._address}/account/login/")
        self.page.get_by_label("Email").fill(user.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/login/" not in url)


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer) -> Iterator[Visitor]:
    """Nobody yet."""
    made = Visitor(browser, live_server.url)
    yield made
    made.page.close()


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera@acme.example", PASSWORD, name="Vera", roles=["viewer"])


def code_of(secret: str, place: int) -> str:
    """One of the 21 codes, each of half a minute, that are good now; nobody is let in by the same one twice."""
    return str(format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[place])))


def test_an_invitation_is_accepted_once(visitor: Visitor) -> None:
    _, link = do_invite("new@acme.example", [Role.VIEWER], name="Noa", rep="", by="user:1")
    path = link[link.index("/invited/") :]
    page = visitor.at(path)
    visitor.gives("password", "123")
    expect(page.locator(".has-error")).to_be_visible()
    visitor.look()
    visitor.gives("password", PASSWORD)
    visitor.page.wait_for_url(lambda url: "/invited/" not in url)
    visitor.look()
    visitor.at(path)
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for(visitor: Visitor, vera: User, settings: LazySettings) -> None:
    settings.MFA_TOTP_TOLERANCE = 10  # no machine is so slow that a code is over before it is given
    visitor.signs_in(vera)
    page = visitor.at("/account/2fa/totp/activate/")
    visitor.gives("password", PASSWORD)
    visitor.comes_to("/account/2fa/totp/activate/")
    visitor.gives("code", "1")
    expect(page.locator(".wrong")).to_be_visible()
    visitor.look()
    secret = page.get_by_label("Authenticator secret").input_value()
    visitor.gives("code", code_of(secret, 15))
    visitor.comes_to("/account/2fa/recovery-codes/")
    recovery = page.get_by_label("Unused codes").input_value().split()
    assert recovery == Authenticator.objects.get(user=vera, type="recovery_codes").wrap().get_unused_codes()
    for path in ("", "recovery-codes/generate/", "totp/deactivate/"):
        visitor.at(f"/account/2fa/{path}")
    for refused, taken in (("1", recovery[0]), (recovery[0], code_of(secret, 5))):
        page.context.clear_cookies()
        visitor.signs_in(vera)
        page.wait_for_url("**/account/2fa/authenticate/")
        visitor.gives("code", refused)
        expect(page.locator(".wrong")).to_be_visible()
        visitor.look()
        visitor.gives("code", taken)
        page.wait_for_url(lambda url: "/account/" not in url)
        expect(page.get_by_role("heading", name="Good to see you, Vera")).to_be_visible()


def test_a_forgotten_password_is_set_anew(visitor: Visitor, vera: User, settings: LazySettings) -> None:
    settings.MAIL_URL = "smtp://of.tests"
    page = visitor.at("/account/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    visitor.comes_to("/account/password/reset/")
    visitor.gives("email", vera.email)
    visitor.comes_to("/reset/done/")
    [path] = re.findall(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    visitor.at(path)
    page.locator("input[name=password1]").fill("eight white storks")
    visitor.gives("password2", "eight white storks")
    visitor.comes_to("/reset/key/done/")
    visitor.at(path)
    page.get_by_role("button", name="Send another link").click()
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()
    vera.refresh_from_db()
    assert vera.check_password("eight white storks")


def test_a_form_and_what_went_wrong_have_pages_of_our_own(visitor: Visitor, vera: User) -> None:
    Source.objects.create(name="demo", kind="form", made_at=now())
    for path in ("/f/demo", "/f/demo/thanks", "/nothing/here", "/invited/none", "/first/none", "/decide/none"):
        visitor.at(path)
    visitor.signs_in(vera)
    page = visitor.at("/gallery")
    expect(page.get_by_role("heading", name="This is not open to you")).to_be_visible()
    visitor.at("/leads/none")
    visitor.at("/account/logout/")
    page.context.clear_cookies()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="This form is out of date")).to_be_visible()
    visitor.look()
