"""Every text of the pages goes through gettext, and German has them all."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

from tests.support.said import said_in, worded_in

import handfast
import handfast_server.pages

PAGES = Path(handfast_server.pages.__file__).parent
OURS = (PAGES, PAGES.parent / "accounts", PAGES.parent / "observe", PAGES.parent / "intake")

CORE = Path(handfast.__file__).parent

_SET = re.compile(r"%%?s|%\(\w+\)s|\{\w+\}")


def german() -> dict[str, str]:
    """What stands in the compiled file; a context is written before its text."""
    with (PAGES / "locale" / "de" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined] # there is no other way to list it
    return {key[0] if isinstance(key, tuple) else key: text for key, text in catalog.items()}


def test_german_has_every_text_and_none_that_is_said_no_more() -> None:
    texts = {text for folder in OURS for text in said_in(folder)} | worded_in(CORE)
    said = {f"{context}\x04{text}" if context else text for context, text, _ in texts}
    assert len(said) > 200
    assert said == german().keys() - {""}


def test_what_is_set_into_a_text_is_set_into_its_translation() -> None:
    texts = {text for folder in OURS for text in said_in(folder)} | worded_in(CORE)
    plurals = {f"{context}\x04{text}" if context else text: plural for context, text, plural in texts if plural}
    for text, translated in german().items():  # of a plural the last is kept
        assert set(_SET.findall(plurals.get(text, text))) == set(_SET.findall(translated)), text


_TEXT = re.compile(r">([^<>{}]*[A-Za-z]{3}[^<>{}]*)<")
_TAGS = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def test_no_template_says_anything_by_itself() -> None:
    for folder in OURS:
        for path in (folder / "templates").rglob("*.html"):
            bare = _TAGS.sub("", path.read_text(encoding="utf-8"))
            found = {text.strip(" ·") for text in _TEXT.findall(bare)} - {"Handfast", "Esc"}
            assert found == set(), path
