"""Writes the generated reference pages again, from the tables that the code itself reads. Tests compare them."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from handfast.audit.reference import page as mapping_page
from handfast.contract.reference import PAGES
from handfast.measure.reference import page
from handfast_server.delivery.reference import page as events_page
from handfast_server.operate.settings_page import page as settings_page
from handfast_server.scoreboard.views import page as views_page

ROOT = Path(__file__).resolve().parent.parent


def of_service(module: str) -> Callable[[], str]:
    """A page that is written in an application of the service, which Django has to know."""

    def page_of() -> str:
        with tempfile.TemporaryDirectory() as home:
            os.environ |= {"HANDFAST_HOME": home, "DJANGO_SETTINGS_MODULE": "handfast_server.settings"}
            import django  # noqa: PLC0415 # nothing else here needs it

            django.setup()
            return str(importlib.import_module(module).page())

    return page_of


def main() -> None:
    """Write each page and say which one changed."""
    pages = {
        **PAGES,
        "docs/reference/measures.md": page,
        "docs/reference/mapping.md": mapping_page,
        "docs/reference/events.md": events_page,
        "docs/operations/settings.md": settings_page,
        "docs/reference/views.md": views_page,
        "docs/reference/permissions.md": of_service("handfast_server.access.page"),
        "docs/reference/api.md": of_service("handfast_server.api.docs"),
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
