"""Every page, opened by every role: the permission table alone decides. What goes wrong is said on a page, too."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from handfast_server.access import PAGES, Principal, allowed, of_user
from handfast_server.accounts.models import Role, User
from handfast_server.observe import status
from handfast_server.pages.places import PLACES
from handfast_server.pages.wrong import broken

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"status", "api_docs"}
"""Whoever may not see the details sees the page without them."""

OF_ONE_S_OWN = {"home", "look", "account_home"}
"""Nothing of the team's stands on them."""

OF_THE_DEMONSTRATION = {"demo", "demo_switch", "demo_seen"}
"""Nothing is there anywhere else: test_demo_switch."""


def _addresses() -> Iterator[tuple[str, str, str]]:
    """Name, address and action of each page of the table."""
    for name, action in PAGES.items():
        needs = {key for _, keys in get_resolver().reverse_dict.getlist(name)[0][0] for key in keys}
        yield name, reverse(name, kwargs=dict.fromkeys(needs, "1")), action


def _method(client: Client, address: str) -> int:
    answer = client.get(address)
    return client.post(address).status_code if answer.status_code == 405 else answer.status_code


@pytest.mark.parametrize("part", [*Role.values, "charlie"])
def test_a_page_opens_for_the_roles_of_the_table_and_nobody_else(part: str, clients: dict[str, Client]) -> None:
    who = Principal(id="", name="", roles=frozenset() if part == "charlie" else frozenset((part,)))
    for name, address, action in _addresses():
        status_code = _method(clients[part], address)
        if name in OPEN_TO_ALL:
            assert status_code == 200, (part, name)
        else:
            assert (status_code == 403) is not allowed(who, action), (part, name, status_code)


def test_nobody_at_all_is_led_to_sign_in_and_back(client: Client) -> None:
    for name, address, _ in _addresses():
        if name in OPEN_TO_ALL:
            continue
        answer = client.get(address)
        answer = client.post(address) if answer.status_code == 405 else answer
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/account/login/?next=/"), name
    part = client.get(reverse("inbox_cards"), headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/account/login/")


def test_every_page_of_ours_stands_in_the_table() -> None:
    ours = {str(name) for name in get_resolver("handfast_server.pages.urls").reverse_dict if isinstance(name, str)}
    assert ours - PAGES.keys() == OF_ONE_S_OWN - {"account_home"} | OF_THE_DEMONSTRATION
    assert {place.name for place in PLACES} <= PAGES.keys()


def test_the_navigation_offers_what_one_may_open(clients: dict[str, Client], people: dict[str, User]) -> None:
    shown = {}
    for part, client in clients.items():
        who = of_user(people[part])
        offered = [place.key for place in PLACES if place.key and allowed(who, PAGES[place.name])]
        shown[part] = re.findall(r'data-go="(.)"', client.get("/", follow=True).content.decode())
        assert shown[part] == offered, part
    assert {"i", "s"} <= set(shown["admin"])
    assert "i" in shown["rep"]
    assert "s" not in shown["rep"]
    assert shown["charlie"] == []
    keys = [place.key for place in PLACES if place.key]
    assert len(set(keys)) == len(keys)


def test_everybody_lands_where_they_work(clients: dict[str, Client]) -> None:
    assert clients["rep"].get("/").headers["Location"] == "/inbox"
    assert "Waiting for sales" in clients["manager"].get("/").content.decode()
    nothing = clients["charlie"].get("/").content.decode()
    assert "You have no role yet" in nothing
    assert "Waiting for sales" not in nothing


def test_nothing_that_names_somebody_is_kept(clients: dict[str, Client]) -> None:
    of_oneself = ("/", "/account/", "/account/sessions/", "/account/2fa/totp/activate/", "/account/reauthenticate/")
    programs = ("/api/people/me", "/api/people", "/api/nowhere")
    asked = [("admin", address) for _, address, _ in _addresses()]
    asked += [("admin", address) for address in (*of_oneself, *programs, "/nowhere")]
    for part, address in (*asked, ("charlie", "/gallery"), ("charlie", "/inbox")):
        kept = clients[part].get(address).headers.get("Cache-Control", "")
        assert "no-store" in kept, (part, address, kept)
        assert "private" in kept, (part, address, kept)


def test_a_role_that_is_dropped_closes_the_page_at_once(clients: dict[str, Client], people: dict[str, User]) -> None:
    assert clients["admin"].get("/gallery").status_code == 200
    User.objects.filter(pk=people["admin"].pk).update(roles=["viewer"])
    assert clients["admin"].get("/gallery").status_code == 403
    User.objects.filter(pk=people["admin"].pk).update(is_active=False)
    assert clients["admin"].get("/gallery").status_code == 302


# what goes wrong


def test_signing_in_offers_no_signing_up(client: Client) -> None:
    page = client.get("/account/login/").content.decode()
    assert "invited" in page
    assert "signup" not in page
    assert "sign up" not in page.lower()
    assert "Ask an administrator" in client.get("/account/signup/").content.decode().replace("ask", "Ask")


@pytest.mark.parametrize("address", ["/first/wrong", "/invited/wrong"])
def test_a_link_that_is_over_says_what_to_do(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "This link is over" in answer.content.decode()
    assert "/account/login/" in answer.content.decode()


def test_what_is_not_there_not_allowed_or_out_of_date_says_so_in_our_looks(clients: dict[str, Client]) -> None:
    strict = Client(enforce_csrf_checks=True)
    told = {
        "There is nothing here": clients["rep"].get("/nowhere"),
        "This is not open to you": clients["rep"].get("/gallery"),
        "This form is out of date": strict.post("/account/login/", {"login": "x", "password": "y"}),
    }
    for sentence, answer in told.items():
        page = answer.content.decode()
        assert f"<h1>{sentence}</h1>" in page
        assert "pages/app." in page
        assert answer["X-Request-ID"] in page


def test_a_request_that_cannot_be_understood_says_so(client: Client, settings: object) -> None:
    answer = client.get("/account/login/", headers={"host": "not a host"})
    assert answer.status_code == 400
    assert "cannot be understood" in answer.content.decode()


def test_what_is_broken_is_said_without_asking_anybody(django_assert_num_queries: object) -> None:
    request = RequestFactory().get("/inbox")
    request.request_id = "0123456789abcdef"  # type: ignore[attr-defined] # ours
    with connection.execute_wrapper(_no_database):
        answer = broken(request)
    assert answer.status_code == 500
    assert "0123456789abcdef" in answer.content.decode()


def _no_database(*_: object) -> object:
    raise DatabaseError("gone")


def test_the_status_says_that_the_database_does_not_answer(
    clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> object:
        raise DatabaseError("gone")

    monkeypatch.setattr(status, "status", gone)
    admin = clients["admin"]  # signs in
    with connection.execute_wrapper(_no_database):
        answer = admin.get("/status", headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert "The database does not answer" in answer.content.decode()


def test_the_status_is_a_sentence_and_figures_for_who_may_see_them(clients: dict[str, Client]) -> None:
    as_page = {"accept": "text/html"}
    shown = clients["admin"].get("/status", headers=as_page).content.decode()
    assert "No contract is in force" in shown
    assert "Messages given up" in shown
    hidden = clients["rep"].get("/status", headers=as_page).content.decode()
    assert "Something needs attention" in hidden
    assert "Messages given up" not in hidden


# looks


def test_the_switch_is_kept_and_leads_nowhere_else(client: Client) -> None:
    answer = client.post("/look", {"look": "dark", "next": "/account/login/?next=/inbox"})
    assert answer.headers["Location"] == "/account/login/?next=/inbox"
    assert '<html lang="en" data-theme="dark">' in client.get("/account/login/").content.decode()
    client.post("/look", {"look": "", "next": "/"})
    assert '<html lang="en">' in client.get("/account/login/").content.decode()
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert client.post("/look", {"look": "dark", "next": elsewhere}).headers["Location"] == "/"
    client.cookies["look"] = '"><script>'
    assert "<script>" not in client.get("/account/login/").content.decode()


def test_language_and_zone_are_the_readers(clients: dict[str, Client], people: dict[str, User]) -> None:
    told = {"language": "de", "zone": "America/New_York"}
    assert clients["viewer"].post("/account/", told).status_code == 302
    page = clients["viewer"].get("/").content.decode()
    assert '<html lang="de"' in page
    assert "America/New_York" in page
    assert clients["viewer"].post("/account/", {**told, "zone": "Nowhere/Atall"}).status_code == 200
    assert User.objects.get(pk=people["viewer"].pk).zone == "America/New_York"
    assert (
        '<html lang="de"'
        in Client(headers={"accept-language": "de-AT,de;q=0.9"}).get("/account/login/").content.decode()
    )


def test_programs_are_answered_in_english(clients: dict[str, Client], people: dict[str, User]) -> None:
    User.objects.update(language="de")
    answer = clients["admin"].get("/api/people/me", headers={"accept-language": "de"})
    assert "Content-Language" not in answer.headers


# files


def _vendored() -> Path:
    return Path(str(finders.find("pages/vendor/VENDORED.md")))


def test_files_of_others_are_what_their_list_says() -> None:
    listed = re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", _vendored().read_text(encoding="utf-8"), re.MULTILINE)
    folder = _vendored().parent
    assert {name for name, _ in listed} == {path.name for path in folder.glob("*.min.*")}
    for name, digest in listed:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
        assert (folder / f"{name.partition('.')[0]}.LICENSE").exists()


def test_a_page_weighs_little_and_its_files_are_kept_for_good(clients: dict[str, Client]) -> None:
    page = clients["rep"].get("/inbox").content.decode()
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(linked) == 5
    weight = len(gzip.compress(page.encode()))
    for address in linked:
        answer = clients["rep"].get(address, headers={"accept-encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "max-age=31536000, public, immutable", address
        body = b"".join(answer.streaming_content)  # type: ignore[attr-defined] # files stream
        answer.close()
        assert answer.headers.get("Content-Encoding") == "gzip", address
        assert gzip.decompress(body)
        weight += len(body)
    assert weight < 60_000


def test_a_file_under_an_old_hash_is_served_and_not_kept(client: Client) -> None:
    answer = client.get("/static/pages/app.000000000000.css")
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]
    assert client.get("/static/pages/nothing.000000000000.css").status_code == 404
    unpacked = client.get("/static/pages/app.css")
    unpacked.close()
    answer.close()
    assert "Content-Encoding" not in unpacked.headers
    assert settings.STORAGES["staticfiles"]["BACKEND"].endswith("HashedNames")
