"""A demonstration made by another version is made anew: nothing in it is anybody's."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import handfast_server

_MARK = "made-by"


def renew(home: Path) -> None:
    """Remove a demonstration whose database this version would not read; only a folder that a demonstration marked."""
    mark, version = home / _MARK, _version()
    if mark.exists() and mark.read_text(encoding="utf-8") != version:
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    if not any(home.iterdir()):
        mark.write_text(version, encoding="utf-8")


def _version() -> str:
    """A digest of every migration: before a first release they are written anew."""
    digest = hashlib.sha256()
    for file in sorted(Path(handfast_server.__file__).parent.glob("*/migrations/*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
