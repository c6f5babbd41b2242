"""Under whose name something is told: a source that the caller may speak for, and the key of an item there."""

from __future__ import annotations

from typing import Annotated

from ninja import Header

from handfast_server.access import Principal
from handfast_server.refused import Refused

SOURCE = r"^[a-z0-9][a-z0-9._-]{0,59}$"

Source = Annotated[
    str,
    Header(
        alias="X-Source",
        pattern=SOURCE,
        description="The system that speaks: with an item's key it makes the item one. If left out, the token's own; "
        "any other is granted to the token by an administrator.",
    ),
]
Once = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The key of an item that has none of its own: sent again, it is the same item.",
    ),
]


def source_of(principal: Principal, named: str) -> str:
    """The source that something is told under. Raises Refused for one that is another's to speak for."""
    source = named or principal.own_source
    if principal.may_speak_for(source):
        return source
    theirs = ", ".join(sorted({principal.own_source, *principal.sources}))
    raise Refused(
        "source_not_granted",
        f"You may speak for {theirs}, not for {source}: an administrator grants a token further sources.",
        status=403,
        path="X-Source",
    )
