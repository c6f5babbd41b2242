"""The version is said in one place, and the changelog begins with it."""

from __future__ import annotations

import re
from pathlib import Path

import handfast


def test_the_changelog_begins_with_the_version_of_the_package(root: Path) -> None:
    heads = re.findall(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads[0] == handfast.__version__
