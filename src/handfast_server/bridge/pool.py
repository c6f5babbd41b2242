"""Who manages a pool, from its row alone."""

from __future__ import annotations

import orjson

from handfast.route.team import Roster
from handfast_server.bridge.plain import Codecs

_ROSTER = Codecs().of(Roster)


def manager_of(value: str) -> str | None:
    """The manager in the text of a pool's row; None where nobody was named."""
    roster: Roster = _ROSTER.read(orjson.loads(value))
    return roster.manager
