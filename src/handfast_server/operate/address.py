"""The address that ``serve`` found for itself, kept in the home for commands that print links to it."""

from __future__ import annotations

import os

from handfast_server import config

_FILE = "address"
_SETTINGS = frozenset(("HANDFAST_BASE_URL", "HANDFAST_BASE_URL_FILE"))


def given() -> bool:
    """Whether the environment says at which address people reach the service."""
    return bool(_SETTINGS & os.environ.keys())


def keep(address: str) -> None:
    """Keep the address; an empty one when the environment names it, so that nobody goes by an older one."""
    file = config.read().home / _FILE
    if address:
        file.write_text(address, encoding="utf-8")
    else:
        file.unlink(missing_ok=True)


def use() -> None:
    """Go by the address that was kept, where the environment names none. Raises ConfigRefused."""
    file = config.read().home / _FILE
    if not given() and file.exists():
        os.environ["HANDFAST_BASE_URL"] = file.read_text(encoding="utf-8").strip()
