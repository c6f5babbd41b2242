"""What protects the service and who uses it: each guard has a test that fails without it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from tests.support.asking import get, post, program

from handfast_server.accounts.models import Role, User
from handfast_server.api.limits import PerCaller, Rate
from handfast_server.config import read
from handfast_server.protection import LARGEST_BODY, protection_settings

pytestmark = pytest.mark.django_db

Clients = dict[str, Client]


def signed_in(user: User, **values: bool) -> Client:
    client = Client(**values)  # type: ignore[arg-type]
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


# CSRF


def test_a_session_changes_nothing_without_the_token_of_its_page(people: dict[str, User]) -> None:
    strict = signed_in(people["admin"], enforce_csrf_checks=True)
    answer = post(strict, "/handoffs/nobody/accept", {})
    assert (answer.status, answer.code) == (403, "csrf_failed")
    strict.get("/account/")  # a page with a form sets the cookie
    token = strict.cookies["csrftoken"].value if "csrftoken" in strict.cookies else "x" * 32
    strict.cookies["csrftoken"] = token
    assert post(strict, "/handoffs/nobody/accept", {}, **{"X-CSRFToken": token}).status == 404
    assert post(strict, "/handoffs/nobody/accept", {}, **{"X-CSRFToken": "y" * 32}).code == "csrf_failed"


def test_a_program_needs_none() -> None:
    crm = program(Role.ADMIN)
    crm.handler.enforce_csrf_checks = True
    assert post(crm, "/handoffs/nobody/accept", {"by": "lena"}).status == 404


# headers

_PAGES = ("/account/login/", "/status", "/api/docs", "/api/openapi.json", "/healthz", "/nowhere")


@pytest.mark.parametrize("path", _PAGES)
def test_every_answer_says_what_a_browser_may_do_with_it(db: None, path: str) -> None:
    answer = Client().get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";") if part.strip())
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


_INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)


def test_no_page_has_what_the_policy_would_stop(clients: Clients) -> None:
    for path in _addresses():
        for client in (Client(), clients["admin"]):
            answer = client.get(path, follow=True)
            if answer.headers.get("Content-Type", "").startswith("text/html") and answer.status_code == 200:
                text = answer.content.decode()
                assert not _INLINE.search(text), (path, _INLINE.search(text))
                assert not _ELSEWHERE.search(text), path


def _addresses() -> Iterator[str]:
    """Every page of ours and of allauth that needs no parameter."""
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    for name in sorted(names):
        try:
            path = reverse(name)
        except Exception:  # noqa: BLE001, S112 # one that needs a parameter
            continue
        if "logout" not in path:
            yield path
    yield from _PAGES


def environment(**values: str) -> dict[str, str]:
    return {"HANDFAST_SECRET_KEY": "k" * 25 + "abcdefghijklmnopqrstuvwxyz", **values}


def test_under_https_everything_stays_in_tls() -> None:
    made = protection_settings(read(environment(HANDFAST_BASE_URL="https://handfast.example")))
    assert made["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert made["SECURE_SSL_REDIRECT"] is True
    assert "SECURE_HSTS_SECONDS" not in protection_settings(read(environment()))


def test_the_companys_own_sign_in_may_follow_a_form() -> None:
    config = read(environment(HANDFAST_OIDC_URL="https://login.acme.example/realm", HANDFAST_OIDC_CLIENT="handfast"))
    policy = protection_settings(config)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["form-action"] == ["'self'", "https://login.acme.example"]


_ASK = """
import django; django.setup()
from django.test import Client
for headers in ({}, {"X-Forwarded-Proto": "https"}):
    answer = Client(headers=headers).get("/api/openapi.json", HTTP_HOST="handfast.example")
    print(answer.status_code, answer.get("Location", ""), answer.get("Strict-Transport-Security", ""))
print(Client().get("/healthz", HTTP_HOST="handfast.example").status_code)
from django.conf import settings
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)
"""


def production(tmp_path: Path) -> dict[str, str]:
    ours = ("HANDFAST_", "DATABASE_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    made = environment(HANDFAST_BASE_URL="https://handfast.example", HANDFAST_HOME=str(tmp_path))
    return {**kept, **made, "DJANGO_SETTINGS_MODULE": "handfast_server.settings"}


def test_a_service_under_https_sends_everybody_there_and_says_so_for_a_year(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", _ASK]
    done = subprocess.run(asked, env=production(tmp_path), capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if not line.startswith("{")]
    assert lines == [
        "301 https://handfast.example/api/openapi.json ",
        "200  max-age=31536000",
        "200",
        "True True True",
    ]


def test_djangos_own_checks_find_nothing_in_production(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(asked, env=production(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    bare = {**production(tmp_path), "HANDFAST_BASE_URL": "http://handfast.example"}
    assert subprocess.run(asked, env=bare, capture_output=True, text=True, check=False).returncode == 1


# limits


def test_a_body_is_so_large_at_most() -> None:
    crm = program(Role.ADMIN)
    text = '{"by": "' + "x" * LARGEST_BODY + '"}'
    answer = crm.post("/api/handoffs/nobody/accept", text, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("body", ["{", "\xff\xfe", "[1, 2", "{'by': 1}"])
def test_what_is_no_json_is_refused_in_the_one_shape(body: str) -> None:
    answer = program(Role.ADMIN).post(
        "/api/handoffs/nobody/accept", body.encode("latin-1"), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_who_asks_too_fast_is_told_to_wait(monkeypatch: pytest.MonkeyPatch, rf: object) -> None:
    class Asking:
        def __init__(self, who: str, *, program: bool) -> None:
            from handfast_server.access import Principal

            scopes = frozenset({"read"}) if program else None
            self.auth = Principal(id=who, name=who, roles=frozenset(), scopes=scopes)

    at = [100.0]
    monkeypatch.setattr("handfast_server.api.limits.time.monotonic", lambda: at[0])
    throttle = PerCaller(people=Rate(1, 2), programs=Rate(10, 5))
    sue, crm = Asking("user:1", program=False), Asking("token:1", program=True)
    assert [throttle.allow_request(sue) for _ in range(3)] == [True, True, False]  # type: ignore[arg-type]
    assert [throttle.allow_request(crm) for _ in range(6)] == [True] * 5 + [False]  # type: ignore[arg-type]
    at[0] += 1
    assert [throttle.allow_request(sue) for _ in range(2)] == [True, False]  # type: ignore[arg-type]
    assert throttle.allow_request(Asking("user:2", program=False))  # type: ignore[arg-type]


def test_too_many_requests_are_answered_in_the_one_shape(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PerCaller, "allow_request", lambda *_: False)
    answer = clients["admin"].get("/api/cycles")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")


# what is compared is compared in constant time


def test_secrets_are_compared_whole(root: Path) -> None:
    """A secret is looked up by its hash, or compared by a function that takes the same time whatever differs."""
    suspicious = re.compile(r"(secret|token|signature|digest|hmac|mac)\w*\s*(==|!=)\s", re.IGNORECASE)
    found = [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in (root / "src" / "handfast_server").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if suspicious.search(line.split("#")[0]) and not _PUBLIC.search(line)
    ]
    assert found == []


_PUBLIC = re.compile(r"digest|_known\[0\]")
"""Digests are of contracts, and public."""


# a lead's name cannot become a script


def test_a_name_is_shown_as_text(lead: Callable[..., str], clients: Clients) -> None:
    from handfast_server.leads.models import Lead

    name = lead()
    Lead.objects.filter(pk=name).update(name="<script>alert(1)</script>")
    answer = clients["admin"].get(f"/api/leads/{name}")
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.json()["name"] == "<script>alert(1)</script>"


# unknown addresses


@pytest.mark.parametrize("path", ["/leads/nobody", "/handoffs", "/nothing/there"])
def test_what_is_not_there_is_answered_in_the_one_shape(clients: Clients, path: str) -> None:
    answer = get(clients["admin"], path)
    assert (answer.status, answer.code) == (404, "not_found")


def test_another_method_is_refused_in_the_one_shape(clients: Clients) -> None:
    answer = clients["admin"].delete("/api/cycles")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer["Allow"]
