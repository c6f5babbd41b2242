"""The generated pages say what the loader does today."""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.contract.reference import PAGES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == PAGES[path](), "run `make generated`"
