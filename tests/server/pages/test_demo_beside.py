"""The demonstration beside an installation: what is handed to it, what never is, and what becomes of its folder."""

from __future__ import annotations

import fcntl
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize

from handfast_server.accounts.models import User
from handfast_server.contracts.models import Version
from handfast_server.demo import beside
from handfast_server.demo.beside import PATIENCE, Stands, State, is_wanted, stands
from handfast_server.pages import through
from handfast_server.pages.through import LOOKS, stays

pytestmark = pytest.mark.django_db


class Other:
    """Something that listens to this machine, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(201)
                for name, value in (
                    ("Content-Type", "text/plain"),
                    ("Set-Cookie", "demo-sessionid=abc; HttpOnly; Path=/; SameSite=Lax"),
                    ("Set-Cookie", "seen=x; Max-Age=5; Path=/"),
                    ("ETag", '"7"'),
                    ("Content-Length", "7"),
                ):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"made up")

            do_GET = do_POST = _answer  # noqa: N815 # called so by the library

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[Other]:
    """A demonstration that is ready."""
    made = Other()
    monkeypatch.setattr(beside, "stands", lambda: Stands(State.READY, port=made.port))
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path / "demonstration"


def looks(client: Client) -> None:
    session: Any = client.session
    session[LOOKS] = True
    session.save()


def test_who_looks_is_answered_by_the_demonstration_which_is_shown_no_cookie_of_ours(
    clients: dict[str, Client], other: Other
) -> None:
    admin = clients["admin"]
    looks(admin)
    admin.cookies["look"] = "dark"
    admin.cookies["messages"] = admin.cookies["csrftoken"] = "of ours"
    told = {"X-Forwarded-For": "9.9.9.9", "HX-Request": "true", "Authorization": "Basic x", "Proxy-Authorization": "x"}
    answer = admin.post("/inbox?a=1", {"b": "ü"}, headers=told)
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (201, b"made up", '"7"')
    assert (answer.cookies["demo-sessionid"]["httponly"], answer.cookies["seen"]["max-age"]) == (True, "5")
    [(method, path, headers, body)] = other.asked
    assert (method, path, headers["hx-request"]) == ("POST", "/inbox?a=1", "true")
    assert "ü".encode() in body
    assert headers["cookie"] == "look=dark"
    assert headers["host"] == "testserver"
    assert headers["x-forwarded-proto"] == "http"
    assert not {"x-forwarded-for", "authorization", "proxy-authorization"} & set(headers)


def test_behind_tls_the_demonstration_is_told_so_by_us_and_by_nobody_else(
    clients: dict[str, Client], other: Other
) -> None:
    looks(clients["admin"])
    clients["admin"].post("/inbox", {"b": "c"}, secure=True, headers={"Origin": "https://testserver"})
    clients["admin"].get("/inbox", headers={"X-Forwarded-Proto": "https"})
    [(_, _, safe, _), (_, _, plain, _)] = other.asked
    assert (safe["x-forwarded-proto"], safe["origin"]) == ("https", "https://testserver")
    assert plain["x-forwarded-proto"] == "http"


def test_sign_out_below_its_band_signs_out_of_the_installation(clients: dict[str, Client], other: Other) -> None:
    admin = clients["admin"]
    looks(admin)
    assert 'action="/account/logout/"' in admin.get("/account/logout/").content.decode()
    assert admin.get("/account/sessions/").status_code == 200
    admin.post("/account/logout/")
    assert "_auth_user_id" not in admin.session
    assert admin.get("/scoreboard").status_code == 302
    assert other.asked == []


def _addresses(of: URLResolver, before: str = "/") -> Iterator[tuple[str, set[str]]]:
    """Every address with something in the place of each of its names, and the names."""
    for each in of.url_patterns:
        [(pattern, names), *_] = normalize(each.pattern.regex.pattern) or [("", [])]
        address = before + pattern % dict.fromkeys(names, "x")
        if isinstance(each, URLResolver):
            yield from _addresses(each, address)
        else:
            yield address, set(names)


LINKS = ("/decide/x", "/first/x", "/invited/x", "/unsubscribe/x", "/account/password/reset/key/x-x/")


def test_links_of_one_use_and_what_programs_ask_for_stay_here(
    clients: dict[str, Client], other: Other, rf: RequestFactory
) -> None:
    looks(clients["admin"])
    programs = ("/f/demo", "/v1/track", "/hooks/stripe", "/healthz", "/readyz", "/metrics")
    for address in (*LINKS, *programs):
        clients["admin"].get(address)
    clients["admin"].get("/api/leads", headers={"Authorization": "Bearer x"})
    assert other.asked == []
    clients["admin"].get("/api/scoreboard.csv")
    clients["admin"].get("/account/reauthenticate/")
    assert [path for _, path, _, _ in other.asked] == ["/api/scoreboard.csv", "/account/reauthenticate/"]
    proofs = {address for address, names in _addresses(get_resolver()) if names & {"token", "key"}}
    pages = {"/tokens/x", "/tokens/x/revoke", "/account/confirm-email/x/"}  # of a row; nothing is confirmed by mail
    carry = {address for address in proofs if not address.startswith("/api/")} - pages
    assert carry >= set(LINKS)
    assert [address for address in carry if not stays(rf.get(address))] == []


def test_while_it_starts_nothing_from_its_pages_is_done_here(
    clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "stands", lambda: Stands(State.STARTING))
    admin = clients["admin"]
    assert admin.get("/inbox").status_code == 200
    looks(admin)
    assert admin.get("/inbox").headers["Location"] == "/start/demonstration"
    part = admin.get("/inbox/cards", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (409, "/start/demonstration")
    answer = admin.post("/people/new", {"email": "mallory@acme.example"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/start/demonstration/leave")
    assert admin.get("/start/demonstration").status_code == 200


def test_nobody_else_reaches_it(
    clients: dict[str, Client], client: Client, other: Other, people: dict[str, User]
) -> None:
    looks(clients["rep"])
    clients["rep"].get("/inbox")
    clients["admin"].get("/scoreboard")
    client.get("/scoreboard", headers={"Cookie": "demo-sessionid=abc"})
    looks(clients["admin"])
    clients["admin"].get("/start/demonstration")
    people["admin"].is_active = False
    people["admin"].save()
    clients["admin"].get("/scoreboard")
    assert other.asked == []


def test_what_was_meant_for_one_that_ended_is_not_done_here(clients: dict[str, Client], home: Path) -> None:
    admin = clients["admin"]
    looks(admin)
    answer = admin.post("/mode/set", {"mode": "shadow"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/start/demonstration/leave")
    part = admin.get("/inbox/cards", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (409, "/start/demonstration/leave")
    assert admin.get("/start/demonstration/leave").headers["Location"] == "/start/demonstration"
    assert admin.get("/scoreboard").status_code == 200
    assert not home.exists()


def test_one_that_answers_no_more_leads_back(
    clients: dict[str, Client], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "stands", lambda: Stands(State.READY, port=1))
    looks(clients["admin"])
    assert clients["admin"].get("/inbox").status_code == 303
    assert through._PATIENCE <= 10  # few threads answer everybody else
    monkeypatch.setattr(through, "_PATIENCE", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(beside, "stands", lambda: Stands(State.READY, port=silent.getsockname()[1]))
        assert clients["admin"].get("/inbox").status_code == 303


def test_it_is_offered_until_a_contract_is_signed(
    clients: dict[str, Client], home: Path, monkeypatch: pytest.MonkeyPatch, signed: object
) -> None:
    begun: list[bool] = []
    monkeypatch.setattr(beside, "begin", lambda: begun.append(True))
    admin = clients["admin"]
    assert admin.post("/start/demonstration/begin", {"do": "begin"}).status_code == 404
    Version.objects.all().delete()
    assert "Look at the demonstration" in admin.get("/start").content.decode()
    assert admin.post("/start/demonstration/begin").status_code == 302
    assert begun == []
    answer = admin.post("/start/demonstration/begin", {"do": "begin"})
    assert (answer.headers["Location"], begun) == ("/start/demonstration", [True])


def _stood(home: Path, *said: str) -> Stands:
    (home / "said").write_text("\n".join(said), encoding="utf-8")
    return stands()


def test_how_it_stands_is_read_from_its_lock_and_what_it_says(home: Path) -> None:
    assert stands() == Stands(State.NONE)
    home.mkdir()
    (home / "wanted").touch()
    assert stands() == Stands(State.FAILED)
    (home / "whole").touch()
    assert stands() == Stands(State.ENDED)
    with (home / "running").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert stands() == Stands(State.STARTING)
        half = '{"said": "x", "step": "Making up a year", "share": 50}'
        assert _stood(home, "Working.", half, '{"sai') == Stands(State.STARTING, "Making up a year", 30)
        told = '{"local": "http://127.0.0.1:8123"}', '{"ready": true}'
        assert _stood(home, half, *told)[::3] == (State.READY, 8123)
        beside.end()
        assert home.exists()  # it takes its folder along when it ends
        assert stands() == Stands(State.NONE)
    beside.end()
    assert not home.exists()


def test_one_that_nobody_looks_at_is_wanted_no_longer(home: Path) -> None:
    home.mkdir()
    assert not is_wanted(home)
    (home / "wanted").touch()
    assert is_wanted(home)
    old = (home / "wanted").stat().st_mtime - PATIENCE
    os.utime(home / "wanted", (old, old))
    assert not is_wanted(home)
    beside.looked_at()
    assert is_wanted(home)


def test_it_is_told_nothing_that_leads_to_data_or_to_people(
    home: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.BASE_URL = "https://handfast.acme.example"
    for name in ("DATABASE_URL", "HANDFAST_SECRET_KEY", "HANDFAST_MAIL_URL", "HANDFAST_OIDC_SECRET_FILE"):
        monkeypatch.setenv(name, "of ours")
    monkeypatch.setenv("HANDFAST_DEMO_PAUSE", "30")
    monkeypatch.setattr(beside, "_started", [])
    started: list[dict[str, str]] = []
    monkeypatch.setattr(beside.subprocess, "Popen", lambda _, env, **__: started.append(env))  # type: ignore[attr-defined] # the library's
    beside.begin()
    [told] = started
    assert "of ours" not in told.values()
    ours = {name: value for name, value in told.items() if name.startswith("HANDFAST_")}
    assert ours["HANDFAST_HOME"] == str(home / "home")
    assert ours["HANDFAST_BASE_URL"] == "https://handfast.acme.example"
    assert ours["HANDFAST_DEMO_PAUSE"] == "30"


def test_a_press_leads_back_and_an_address_alone_only_from_one_that_is_over(
    clients: dict[str, Client], other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, leave = clients["admin"], "/start/demonstration/leave"
    looks(admin)
    assert admin.get(leave).headers["Location"] == "/start/demonstration"
    assert admin.post(leave).status_code == 403
    assert admin.post(leave, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert admin.session[LOOKS]
    assert f'action="{leave}"' in admin.get("/start/demonstration").content.decode()
    browser = Client(enforce_csrf_checks=True)  # the form carries a token of the demonstration
    browser.cookies = admin.cookies
    back = browser.post(leave, {"csrfmiddlewaretoken": "x"}, headers={"Origin": "http://testserver"})
    assert (back.status_code, back.headers["Location"]) == (302, "/start/demonstration")
    assert LOOKS not in admin.session
    assert f'action="{leave}"' not in admin.get("/start/demonstration").content.decode()
    looks(admin)
    monkeypatch.setattr(beside, "stands", lambda: Stands(State.ENDED))
    admin.get(leave)
    assert LOOKS not in admin.session
    assert other.asked == []


def test_what_is_said_once_stands_in_the_session_and_in_no_cookie(clients: dict[str, Client], home: Path) -> None:
    admin = clients["admin"]
    answer = admin.post("/start/demonstration/end")
    assert "messages" not in answer.cookies
    assert "The demonstration is gone" in admin.get("/start").content.decode()
    assert "The demonstration is gone" not in admin.get("/start").content.decode()
