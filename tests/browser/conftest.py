"""A browser for the tests of pages: Chromium of the system, without a network of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.support import service
from tests.support.browsing import Opened, page_of

from handfast.contract.model import PartyName
from handfast_server.accounts.models import User
from handfast_server.decide import team as teams
from handfast_server.decide import terms
from handfast_server.intake import taking
from handfast_server.scoreboard import boards

PASSWORD = "a good word"  # noqa: S105 # of nobody

QUIET = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as `make test` found it, else as the path has it."""
    path = os.environ.get("HANDFAST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "no Chromium found: run `make test`, or name it in HANDFAST_CHROMIUM"
    expect.set_options(timeout=15_000)  # five seconds are little where as many workers as cores each have a browser
    # Playwright's loop counts as running in this thread as long as the browser lives, though it stands still while a
    # test asks the database: Django, here and in every later test of this process, would take that for a mistake.
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        launched = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The service on a port, which serves its files itself: Django's own server for tests knows no hashed names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda application: application)
        server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def people() -> dict[str, User]:
    roles = {"dana": "marketing_leader", "omar": "sales_leader", "priya": "admin"}
    return {
        name: User.objects.create_user(f"{name}@acme.example", PASSWORD, name=name.title(), roles=[role])
        for name, role in roles.items()
    }


@pytest.fixture
def leaders(people: dict[str, User]) -> dict[str, User]:
    """Version 1 is in force, and names Dana and Omar."""
    signed = service.sign()
    for party, name in ((PartyName.MARKETING, "dana"), (PartyName.SALES, "omar")):
        email = terms.current().of(signed.number).contract.parties[party].email
        User.objects.filter(pk=people[name].pk).update(email=email)
    return {name: User.objects.get(pk=user.pk) for name, user in people.items()}


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The team, the snapshot and the uploads that a process knows are of another test's database."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    _forget()
    yield
    _forget()


def _forget() -> None:
    teams.forget()
    boards.forget()
    taking.forget()


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer) -> Opened:
    """``opened(path, user)``: the page, which complains of nothing and asks nobody else."""
    return partial(page_of, browser, live_server)


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """``visit(path, user)``: such a page, open until the test is over."""
    with ExitStack() as pages:
        yield lambda *told, **context: pages.enter_context(page_of(browser, live_server, *told, **context))
