"""A browser for the tests of pages: Chromium of the system, without a network of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

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
