"""The six pictures of README and docs: which page, who looks, in which look, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser

from photo.camera import shoot_part

LARGEST = 200_000
"""Bytes of a picture that a reader of README has to load."""


class Picture(NamedTuple):
    """One of them; ``page`` is a name of the list of pages."""

    name: str
    page: str
    scheme: str
    width: int
    height: int


PICTURES = (
    Picture("scoreboard", "scoreboard", "light", 1200, 900),
    Picture("inbox", "inbox", "light", 1200, 800),
    Picture("inbox-phone", "inbox", "dark", 390, 800),
    Picture("contract", "contract", "light", 1200, 800),
    Picture("team", "team", "dark", 1200, 800),
    Picture("versions", "scoreboard-by-version", "dark", 1200, 900),
)


def pictures(browser: Browser, base: str, told: Mapping[str, Any], into: Path) -> None:
    """Make them. Raises SystemExit for one that is larger than a reader should have to load."""
    by_name = {page["name"]: page for page in told["pages"]}
    for each in PICTURES:
        page = by_name[each.page]
        size = {"width": each.width, "height": each.height}
        context = browser.new_context(viewport=size, color_scheme=each.scheme, timezone_id="Europe/Berlin")  # type: ignore[arg-type] # a size, a scheme
        context.add_cookies(
            [
                {"name": "sessionid", "value": told["people"][page["who"]], "url": base},
                {"name": "seen", "value": ".".join(told["people"]), "url": base},
            ]
        )
        tab = context.new_page()
        tab.goto(base + page["address"], wait_until="load")
        file = into / f"{each.name}.png"
        shoot_part(tab, file, (each.width, each.height))
        context.close()
        if file.stat().st_size > LARGEST:
            raise SystemExit(f"{file.name} has {file.stat().st_size:,} bytes; more than {LARGEST:,} are too many.")
