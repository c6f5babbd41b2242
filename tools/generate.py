"""Writes the generated reference pages again, from the tables that the code itself reads. Tests compare them."""

from __future__ import annotations

import sys
from pathlib import Path

from handfast.audit.reference import page as mapping_page
from handfast.contract.reference import PAGES
from handfast.measure.reference import page
from handfast_server.operate.settings_page import page as settings_page
from handfast_server.scoreboard.views import page as views_page

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write each page and say which one changed."""
    pages = {
        **PAGES,
        "docs/reference/measures.md": page,
        "docs/reference/mapping.md": mapping_page,
        "docs/operations/settings.md": settings_page,
        "docs/reference/views.md": views_page,
    }
    for name, write in pages.items():
        path = ROOT / name
        text = write()
        changed = not path.exists() or path.read_text(encoding="utf-8") != text
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}: {'written' if changed else 'as it was'}\n")


if __name__ == "__main__":
    main()
