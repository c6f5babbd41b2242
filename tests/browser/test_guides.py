"""Every numbered step of the guides is done in Chromium as its role, as the guide says it; a step that lies fails."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError
from pytest_django.live_server_helper import LiveServer
from tests.support.browsing import page_of
from tests.support.guide_world import furnished
from tests.support.guides import PASSWORD, NotUnderstood, Walk, steps_of, understood

pytestmark = [pytest.mark.browser]

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"

WALKED = {
    "rep": "lena",
    "manager": "mia",
    "marketing": "dan",
    "leaders": "dana",
    "finance": "vera",
    "revops": "priya",
}
"""Each guide, and who walks it."""

TYPED = {"engineer"}
"""Guides of commands, which ``tests/docs/test_console_blocks.py`` types."""


def test_every_guide_is_walked_or_typed() -> None:
    assert {path.stem for path in GUIDES.glob("*.md")} == set(WALKED) | TYPED
    assert "```console" in (GUIDES / "engineer.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("guide", WALKED)
def test_a_guide_is_one_page_of_steps_that_are_understood(guide: str) -> None:
    text = (GUIDES / f"{guide}.md").read_text(encoding="utf-8")
    steps = steps_of(text, WALKED[guide])
    numbers = [int(found) for found in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(steps) + 1))
    assert len(text.splitlines()) <= 60
    for step in steps:
        for sentence in step.sentences:
            understood(sentence)
    for picture in re.findall(r"\]\((\.\./images/\S+)\)", text):
        assert (GUIDES / picture).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guide", WALKED)
def test_what_a_guide_says_is_what_happens(guide: str, browser: Browser, live_server: LiveServer) -> None:
    people = furnished(PASSWORD, statement=guide == "finance")
    walks: dict[str, Walk] = {}
    with ExitStack() as stack:
        for step in steps_of((GUIDES / f"{guide}.md").read_text(encoding="utf-8"), WALKED[guide]):
            if step.who not in walks:
                page = stack.enter_context(page_of(browser, live_server, "/", people[step.who]))
                walks[step.who] = Walk(page)
            done(walks[step.who], step.text, step.sentences)


def done(walk: Walk, text: str, sentences: tuple[str, ...]) -> None:
    """Do a step; what goes wrong is told with the step, and with what the page says then."""
    for sentence in sentences:
        try:
            walk.do(sentence)
        except (AssertionError, BrowserError) as wrong:
            there = walk.page.locator("main").inner_text()[:2_000]
            raise AssertionError(f"{sentence}\n in: {text}\n{walk.page.url}\n{there}") from wrong


@pytest.mark.parametrize(
    "sentence",
    [
        "Look at **Inbox**.",
        "Open Inbox.",
        "Press **Accept**: then **Reject**.",
        "You see nothing.",
        "Press **a** twice.",
    ],
)
def test_a_sentence_of_another_kind_is_not_understood(sentence: str) -> None:
    with pytest.raises(NotUnderstood):
        understood(sentence)


def test_a_step_that_ends_in_nothing_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        steps_of("1. Open **Inbox**. And so on", "lena")


LIES = (
    "Open **Nowhere**.",
    "Press **Open**.",
    "Press **Away** at “two”.",
    "Choose **red** in **Colour**.",
    "Write “x” into **Namn**.",
    "Tick **Hidden**.",
    "Replace “a” by “b” in **Name**.",
    "You see “unseen”.",
    "The file says “x”.",
    "Download **There**.",
)


def test_a_step_that_lies_is_found_out(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<main><a href='#x'>There</a><button>Opens</button><p hidden>unseen</p><label>Name <input value='aa'></label>"
        "<article>one <button>Away</button></article><article>two</article><label hidden><input type=checkbox> Hidden"
        "</label><label>Colour <select><option>blue</option></select></label></main>"
    )
    walk = Walk(page, timeout=200)
    for sentence in LIES:
        with pytest.raises((AssertionError, BrowserError)):
            walk.do(sentence)
    page.close()


def test_names_are_whole_and_may_have_a_key_behind_them(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<main><details><summary>Reject … <kbd>r</kbd></summary><label>Note <i>(optional)</i><textarea></textarea>"
        "</label></details><button>Save and send</button>"
        "<button onclick='this.textContent=`Saved`'>Save <kbd>s</kbd></button></main>"
    )
    walk = Walk(page, timeout=2_000)
    for sentence in ("Press **Reject …**.", "Write “x” into **Note**.", "Press **Save**.", "You see “Saved”."):
        walk.do(sentence)
    page.close()
