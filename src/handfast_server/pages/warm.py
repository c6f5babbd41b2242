"""What the first visitor of a process would wait for, done while it starts: it takes no requests before."""

from __future__ import annotations

import pyarrow as pa
from django.template.loader import get_template

_OPENED_FIRST = ("inbox.html", "mine.html", "team.html", "scoreboard/board.html", "scoreboard/numbers.html")


def warm() -> None:
    """Read the pages that people begin with, and let Arrow load what it loads with its first number.

    That is pandas, wherever somebody has installed it: half a second of the first look at the scoreboard.
    """
    pa.array([0]).to_numpy()
    for name in _OPENED_FIRST:
        get_template(f"pages/{name}")
