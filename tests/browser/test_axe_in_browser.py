"""Every page there is, as axe sees it: light on a desk and dark on a telephone; dark where there is nothing yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from itertools import chain

import pytest
from django.conf import LazySettings
from photo import hostile, made
from photo.camera import Camera
from photo.examples import address
from photo.pages import Page as Shown
from photo.pages import pages
from photo.staged import sessions
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer
from tests.support.browsing import LOOKS, Looks, flaws, wide

from handfast.engine.terms import Terms
from handfast_server.access import PAGES
from handfast_server.decide import terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = 400
"""Leads: with fewer, the contract's own sums are refused."""

LIGHT = 150_000
"""Bytes that a page and its files may have on the line."""

_UNFOLD = """() => { const seen = {};
for (const rows of document.querySelectorAll("main :is(tbody, .leads)"))
  for (const row of [...rows.children].slice(6)) row.remove();
for (const fold of document.querySelectorAll("main details")) {
  const kind = `${fold.parentElement.className} ${fold.className}`;
  seen[kind] = (seen[kind] || 0) + 1;
  if (seen[kind] <= 2) fold.open = true;
} }"""
"""Six rows of a list, two folds of a kind: the others are made alike, and axe looks at every element that shows."""

_CAME = """() => performance.getEntries().filter(each => "encodedBodySize" in each).map(
each => [new URL(each.name).pathname, each.encodedBodySize])"""


def a_year() -> None:
    """With one of everything that people make, names that never end, and a row that nobody can read."""
    made.year(YEAR)
    made.by_people()
    hostile.hostile()
    assert [name for name in PAGES if address(name) is None] == [], "nobody looks at these"


@pytest.mark.parametrize(
    ("make", "demo", "looks"), [(a_year, True, LOOKS), (made.empty, False, LOOKS[1:])], ids=["year", "empty"]
)
def test_axe_finds_nothing_and_nothing_is_too_wide_or_too_heavy(
    browser: Browser,
    live_server: LiveServer,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[], None],
    demo: bool,
    looks: Looks,
) -> None:
    settings.DEMO = demo
    make()
    wrong = dict[str, list[str]]()
    with closing(Camera(browser, live_server.url, sessions())) as camera:
        for page in chain(pages(closed=False, demo=demo), closed(monkeypatch, demo=demo)):
            if not demo and page.name not in PAGES:
                continue  # the same as with a year
            with camera.opened(asdict(page)) as (tab, seen):
                seen.wrong += looked_at(tab, looks)
            if seen.wrong:
                wrong[f"{page.name} {page.address}"] = seen.wrong
    assert wrong == {}


def closed(monkeypatch: pytest.MonkeyPatch, *, demo: bool) -> Iterator[Shown]:
    """The two pages of a contract that is not what was signed, at the end: to whom mends it, and to others."""
    if demo:
        hostile.closed()
        monkeypatch.setattr(terms, "_known", ((), Terms(())))  # as a process that starts now
        yield from (Shown(f"closed-{who}", "/contract", who, (503,)) for who in ("revops", "rep"))


def looked_at(tab: Page, looks: Looks) -> Iterator[str]:
    """What is wrong with a page."""
    came = tab.evaluate(_CAME)
    if sum(weight for _, weight in came) > LIGHT:
        yield f"is heavy: {came}"
    yield from (f"{path} has no hash" for path, _ in came if not re.search(r"\.[0-9a-f]{12}\.\w+$|^(?!/static/)", path))
    yield from (f"{scheme}: its rows are wider than its window" for scheme, size in looks if too_wide(tab, size))
    tab.evaluate(_UNFOLD)
    if tab.url.endswith("/gallery"):
        tab.locator(".who summary").click()
        tab.keyboard.press("?")
    if said := flaws(tab, looks):
        yield said


def too_wide(tab: Page, size: ViewportSize) -> bool:
    tab.set_viewport_size(size)
    return wide(tab)
