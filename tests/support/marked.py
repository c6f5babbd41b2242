"""German with every letter of the catalogues marked: what is on a page unmarked is data, or never went through gettext.

``marked()`` is the language while it lasts; ``unmarked(page)`` what a page then says in plain letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.utils.translation import trans_real

_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MARKED = "ÂƁĈĎÊƑĜĤÎĴĶĹṀŃÔƤɊŘŜŦÛṼŴẊŶŽâƀĉďêƒĝĥîĵķĺṁńôƥɋřŝŧûṽŵẋŷž"
_MARKING = str.maketrans(_PLAIN, _MARKED)

_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]*>|&\w+;)")
"""What stands in a text and is no word of it."""

_FORMATS = re.compile(r"[A-Za-z](?:[^A-Za-z]+[A-Za-z])+\\.?")
"""Texts that say how a date is written."""


def _mark(text: str) -> str:
    if _FORMATS.fullmatch(text):
        return text
    return "".join(part if at % 2 else part.translate(_MARKING) for at, part in enumerate(_KEPT.split(text)))


class _Marking:
    """A catalogue whose answers are marked."""

    def __init__(self, catalogue: Any) -> None:
        self._catalogue = catalogue

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    def gettext(self, text: str) -> str:
        """The German, marked; as it is where there is none."""
        found: str = self._catalogue.gettext(text)
        return text if found == text and text not in vars(self._catalogue)["_catalog"] else _mark(found)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """One of two."""
        found: str = self._catalogue.ngettext(one, many, number)
        return found if found in {one, many} else _mark(found)


@contextmanager
def marked() -> Iterator[None]:
    """German is marked until the end."""
    german = trans_real.translation("de")
    with patch.dict(vars(trans_real)["_translations"], {"de": _Marking(german)}):
        yield


_SILENT = {"style", "script", "code", "pre", "kbd", "textarea"}
"""What is not shown, and what is a file's, a program's or a key's."""


class _Seen(HTMLParser):
    """What somebody reads, or is read to them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that are read."""
        held = dict(attrs)
        if tag not in {"br", "img", "input", "meta", "link", "hr", "col", "path"}:
            self._open.append(tag)
        for name, value in attrs:
            read = name in {"title", "aria-label", "placeholder", "alt", "aria-description", "aria-valuetext"}
            words = name.startswith("data-") and " " in (value or "")
            button = name == "value" and tag == "input" and held.get("type") in {"submit", "button"}
            if value and (read or words or button):
                self.texts.append((f"{tag} {name}", value))

    def handle_endtag(self, tag: str) -> None:
        """Back to what is around."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Text."""
        where = " ".join(self._open[-3:])
        if data.strip() and not _SILENT & set(self._open):
            self.texts.append((where, " ".join(data.split())))


_WORDS = re.compile(f"[^{_MARKED}]+")


def bare(text: str) -> str:
    """Without what stands around words."""
    return text.strip(" .,:;()–—·→„“\"'?!…%+-0123456789")


CUT = "…"
"""What stands at the end of a word that was cut off."""


def unmarked(page: str) -> list[tuple[str, str]]:
    """Runs of plain letters, with the elements around them; one that was cut off ends as such."""
    seen = _Seen()
    seen.feed(page)
    return [
        (where, bare(run) + CUT * bool(re.search(rf"\w{CUT}\s*$", run)))
        for where, text in seen.texts
        for run in _WORDS.findall(text)
        if re.search("[A-Za-z]{2}", run)
    ]
