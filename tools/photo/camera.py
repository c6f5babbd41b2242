"""A browser that photographs pages, in light and dark, on a desk and a telephone, and says what went wrong on each."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Error
from playwright.sync_api import Page as Tab

DESK, TELEPHONE = 1440, 390
WIDTHS = {DESK: 900, TELEPHONE: 844}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOKS = tuple(f"{scheme}-{width}" for width in WIDTHS for scheme in SCHEMES)
TALLEST = 12_000
"""A page of 5,000 rows is cut off: nobody looks at all of it."""


@dataclass
class Seen:
    """What was found on one page; ``pictures`` by look."""

    name: str
    status: int = 0
    wrong: list[str] = field(default_factory=list)
    pictures: dict[str, Path] = field(default_factory=dict)


class Camera:
    """One browser context a person, at one service; each has one tab, in which page follows page."""

    def __init__(self, browser: Browser, base: str, people: Mapping[str, str | None]) -> None:
        self._browser, self._base, self._people = browser, base, people
        self._tabs: dict[str, Tab] = {}
        self._page: Mapping[str, Any] = {}
        self._seen = Seen("")

    def look(self, page: Mapping[str, Any], where: Callable[[str], Path]) -> Seen:
        """Open a page and photograph it in every look; ``where`` gives the file of a look."""
        with self.opened(page) as (tab, seen):
            for width, height in WIDTHS.items():
                tab.set_viewport_size({"width": width, "height": height})
                for scheme in SCHEMES:
                    tab.emulate_media(color_scheme=scheme)
                    _shoot(tab, seen, f"{scheme}-{width}", where)
                if (wide := tab.evaluate("document.documentElement.scrollWidth")) > width:
                    seen.wrong.append(f"is {wide} px wide on {width}")
        return seen

    @contextmanager
    def opened(self, page: Mapping[str, Any]) -> Iterator[tuple[Tab, Seen]]:
        """A page on a desk, before whoever looks at it; what it fails in is found on it meanwhile."""
        self._page, self._seen = page, Seen(page["name"])
        try:
            tab = self._tab(page["who"])
            tab.set_viewport_size({"width": DESK, "height": WIDTHS[DESK]})
            self._load(tab)
            yield tab, self._seen
        except Error as broken:
            self._seen.wrong.append(broken.message.partition("\n")[0])
            if broken_tab := self._tabs.pop(page["who"], None):
                broken_tab.context.close()

    def close(self) -> None:
        """Everybody leaves."""
        for tab in self._tabs.values():
            tab.context.close()

    def _tab(self, who: str) -> Tab:
        if who not in self._tabs:
            context = self._browser.new_context(timezone_id="Europe/Berlin", locale="en-GB", reduced_motion="reduce")
            context.set_default_timeout(60_000)
            if session := self._people.get(who):
                context.add_cookies([{"name": "sessionid", "value": session, "url": self._base}])
            seen = ".".join(self._people)
            context.add_cookies([{"name": "seen", "value": seen, "url": self._base}])
            self._tabs[who] = context.new_page()
            self._listen(self._tabs[who])
        return self._tabs[who]

    def _listen(self, tab: Tab) -> None:
        def said(message: ConsoleMessage) -> None:
            asked = {self._base + self._page["address"], tab.url}
            of_itself = message.location.get("url", "").split("#")[0] in asked and "Failed to load" in message.text
            if message.type == "error" and not of_itself:
                self._seen.wrong.append(f"the console says: {message.text[:200]}")

        tab.on("console", said)
        tab.on("pageerror", lambda error: self._seen.wrong.append(f"a script failed: {str(error)[:200]}"))

    def _load(self, tab: Tab) -> None:
        answer = tab.goto(self._base + self._page["address"], wait_until="load")
        self._seen.status = 0 if answer is None else answer.status
        if self._seen.status not in self._page["answers"]:
            self._seen.wrong.append(f"answers {self._seen.status}")


def _shoot(tab: Tab, seen: Seen, look: str, where: Callable[[str], Path]) -> None:
    file = where(look)
    file.parent.mkdir(parents=True, exist_ok=True)
    tall = tab.evaluate("document.documentElement.scrollHeight")
    if tall > TALLEST:
        width = tab.viewport_size["width"] if tab.viewport_size else DESK
        tab.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": TALLEST})
    else:
        tab.screenshot(path=file, full_page=True, animations="disabled", caret="hide")
    seen.pictures[look] = file


def shoot_part(tab: Tab, file: Path, box: Sequence[int]) -> None:
    """The upper part of a page, written small; ``box`` is its width and height."""
    width, height = box
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    file.write_bytes(smaller(tab.screenshot(clip=clip, animations="disabled", caret="hide")))  # type: ignore[arg-type] # a box


def smaller(png: bytes) -> bytes:
    """The same picture with its pixels compressed as far as it goes; what else is said of it stays out."""
    parts = list(_parts(png))
    pixels = zlib.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"))
    head = next(body for kind, body in parts if kind == b"IHDR")
    kept = ((b"IHDR", head), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return png[:8] + b"".join(_part(kind, body) for kind, body in kept)


def _parts(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
