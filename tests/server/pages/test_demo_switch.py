"""The switch of the demonstration: one press where everybody is made up, and nothing at all anywhere else."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from tests.support import service

from handfast_server.accounts.models import User
from handfast_server.config import DEMONSTRATION, read
from handfast_server.contracts.models import Version
from handfast_server.demo.cast import CAST, PASSWORD
from handfast_server.demo.load import write_cast
from handfast_server.pages.demo_guide import guides

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: LazySettings) -> None:
    """The rows and the setting of a demonstration."""
    service.sign()
    write_cast("Europe/Berlin")
    settings.DEMO = True


ADDRESSES = [(method, address) for method in ("get", "post") for address in ("/demo", "/demo/as", "/demo/seen")]


def press(client: Client, part: str) -> str:
    """Where somebody lands."""
    answer = client.post("/demo/as", {"part": part})
    return str(answer.headers.get("Location", answer.status_code))


def test_one_press_and_one_is_somebody(demo: None, client: Client) -> None:
    for member in CAST:
        assert press(client, member.key) == reverse(member.lands)
        user = User.objects.get(pk=client.session["_auth_user_id"])
        assert (user.email, set(user.roles)) == (member.email, set(member.roles))
        page = client.get(reverse(member.lands)).content.decode()
        assert re.search(rf'value="{member.key}" title="[^"]+" aria-pressed="true"', page)
        assert page.count('aria-pressed="true"') == 1
        assert user.check_password(PASSWORD)


def test_whoever_looks_reads_in_the_language_of_their_browser(demo: None) -> None:
    for asked, lang in (("de-DE,de;q=0.8", "de"), ("fr,en;q=0.5", "en")):
        client = Client(headers={"accept-language": asked})
        assert f'<html lang="{lang}"' in client.get(press(client, "rep")).content.decode()


def test_the_printed_page_says_what_each_should_look_at_and_every_place_opens(demo: None, client: Client) -> None:
    page = client.get("/demo?as=revops").content.decode()
    assert 'data-part="revops"' in page
    assert "pages/demo." in page
    for guide in guides():
        assert guide.member.name in page
        press(client, guide.member.key)
        for sight in guide.sights:
            assert client.get(sight.address.partition("#")[0]).status_code == 200, sight.address


def test_the_panel_is_shown_where_one_lands_until_it_is_closed(demo: None, client: Client) -> None:
    press(client, "rep")
    assert "What to look at" in client.get("/inbox").content.decode()
    assert "What to look at" not in client.get("/mine").content.decode()
    assert client.post("/demo/seen", {"part": "rep"}).headers["Location"] == "/inbox"
    assert "What to look at" not in client.get("/inbox").content.decode()
    press(client, "sales")
    assert "What to look at" in client.get("/scoreboard").content.decode()
    client.post("/demo/seen", {"part": "<script>"})
    assert client.cookies["seen"].value == "rep"


def test_it_is_pressed_with_the_token_of_a_page(demo: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demo/as", {"part": "revops"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get("/demo").content.decode())
    assert token is not None
    told = {"part": "revops", "csrfmiddlewaretoken": token[1]}
    assert strict.post("/demo/as", told).status_code == 302
    assert strict.get("/demo/as").status_code == 405


@pytest.mark.parametrize("part", ["", "admin", "priya@acme.example", "charlie"])
def test_nobody_else_can_be_taken(demo: None, client: Client, part: str) -> None:
    assert press(client, part) == "404"
    assert "_auth_user_id" not in client.session


def test_who_was_deactivated_is_nobody(demo: None, client: Client) -> None:
    User.objects.filter(email=CAST[0].email).update(is_active=False)
    assert press(client, CAST[0].key) == "404"


def test_without_the_setting_nothing_is_there(demo: None, settings: LazySettings, client: Client) -> None:
    settings.DEMO = False
    nothing_is_there(client)


def test_with_the_setting_a_real_database_is_not_opened(demo: None, client: Client) -> None:
    """Whoever sets by hand what only ``serve --demo`` sets: the rows are somebody's."""
    version = Version.objects.get(number=1)
    Version.objects.filter(number=1).update(text=version.text.replace("contract: acme-demo", "contract: real"))
    nothing_is_there(client)


def nothing_is_there(client: Client) -> None:
    for method, address in ADDRESSES:
        assert getattr(client, method)(address, {"part": "revops"}).status_code == 404, address
    assert "_auth_user_id" not in client.session


def test_no_page_speaks_of_it_anywhere_else(clients: dict[str, Client]) -> None:
    for address in ("/account/login/", "/", "/status"):
        page = clients["admin"].get(address, follow=True, headers={"accept": "text/html"}).content.decode()
        assert '"/demo' not in page
        assert "demo.css" not in page


def test_only_the_process_that_serves_a_demonstration_has_the_setting(settings: LazySettings) -> None:
    assert settings.DEMO is False
    assert read({}).demo is False
    assert read({DEMONSTRATION: "yes"}).demo is True
    assert not [each for each in run_checks(include_deployment_checks=True) if "DEMO" in each.msg]
