"""Who manages a pool, from its row alone."""

from __future__ import annotations

from handfast.route.team import Roster
from handfast_server.bridge.plain import Codecs, read_any

_ROSTER = Codecs().of(Roster)


def manager_of(value: str) -> str | None:
    """The manager in the text of a pool's row; None where nobody was named."""
    roster: Roster = _ROSTER.read(read_any(value))
    return roster.manager
