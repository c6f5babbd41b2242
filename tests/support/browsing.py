"""A page of the service in Chromium, opened as somebody who is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Literal

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from handfast_server.accounts.models import User

DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)

Opened = Callable[..., AbstractContextManager[Page]]
"""``opened(path, user)``, as the fixture of that name does it."""


@contextmanager
def page_of(
    browser: Browser, live_server: LiveServer, path: str, user: User | None = None, **context: Any
) -> Iterator[Page]:
    """The page, which complains of nothing and asks nobody else."""
    with watched(browser, live_server.url, **context) as page:
        if user is not None:
            client = Client()
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            name = settings.SESSION_COOKIE_NAME
            page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page.goto(live_server.url + path)
        yield page


@contextmanager
def watched(browser: Browser, address: str, bears: str = "", **context: Any) -> Iterator[Page]:
    """An empty page that complains of nothing but what its test ``bears``, and asks only the service at an address.

    A refusal is a complaint, too, though the page says it itself: a test that is refused on purpose names the status.
    """
    made = browser.new_context(**{"viewport": DESK} | context)
    try:
        page, asked, said = made.new_page(), list[str](), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
    finally:
        made.close()
    assert {url for url in asked if not url.startswith((address, "data:"))} == set()
    assert [each for each in said if not bears or not re.search(bears, each)] == [], said


def wide(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


_AXE = Axe().axe_script
_RUN = "axe.run({ resultTypes: ['violations'] })"


def found(page: Page) -> str:
    """What axe finds on a page."""
    page.evaluate(_AXE)
    return _found(page)


def _found(page: Page) -> str:
    results = AxeResults(page.evaluate(_RUN))
    return str(results.generate_report()) if results.violations_count else ""


Looks = tuple[tuple[Literal["light", "dark"], ViewportSize], ...]
LOOKS: Looks = (("light", DESK), ("dark", PHONE))


def flaws(page: Page, looks: Looks = LOOKS) -> str:
    """What is wrong with a page, in light on a desk and in the dark on a telephone.

    The page is best opened with reduced motion: a colour on its way to another is none of either look.
    """
    page.evaluate(_AXE)  # half a megabyte: once a page
    for scheme, size in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        said = "wider than its window" if wide(page) else _found(page)
        if said:
            return f"{scheme}: {said}"
    return ""
