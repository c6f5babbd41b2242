"""Places at which a process can be made to die, so that tests see what is left of its work.

``HANDFAST_FAULT=intake.before_commit:3`` kills the process the third time that it comes to that place, as ``kill -9``
does; several stand with commas between them, and ``:1`` may be left out. Without the setting nothing happens.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

_lock = threading.Lock()


def read(text: str) -> dict[str, int]:
    """Names of places, each with the pass at which it is deadly. Raises ValueError."""
    named = (each.strip().partition(":") for each in text.split(",") if each.strip())
    return {name: int(pass_ or 1) for name, _, pass_ in named}


_left: dict[str, int] = {}


def arm(text: str) -> None:
    """Be deadly at these places from now on, and at no others."""
    global _left  # noqa: PLW0603 # one value a process, replaced whole
    _left = read(text)


def _die(_name: str) -> None:
    """As ``kill -9`` kills."""
    os.kill(os.getpid(), signal.SIGKILL)


end: Callable[[str], None] = _die
"""How one dies at a place; tests have it told first."""


def point(name: str) -> None:
    """A named place."""
    if not _left or name not in _left:
        return
    with _lock:
        _left[name] -= 1
        if _left[name] == 0:
            end(name)


arm(os.environ.get("HANDFAST_FAULT", ""))
