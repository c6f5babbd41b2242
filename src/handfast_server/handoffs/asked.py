"""What is asked of a handoff, by whom: the part that every verb has in common."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from handfast.instant import HOUR, Instant
from handfast_server.access import Principal
from handfast_server.decide import terms as versions
from handfast_server.refused import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``by`` is who decides; ``own_word``: the instant is that person's own word, not that of a system.

    ``name`` becomes the name of the fact, so that the same request twice is one fact. ``cycle``, where it is given, is
    the one that the caller looked at: if another is open by now, nothing is decided. ``at`` is when it happened.
    """

    lead: str
    by: str
    own_word: bool
    name: str
    cycle: str = ""
    at: Instant | None = None

    @property
    def basis(self) -> dict[str, Any]:
        """What every decision carries."""
        return {"lead": self.lead, **self.of_fact, "by": self.by, "self_reported": self.own_word}

    @property
    def of_fact(self) -> dict[str, Any]:
        """What every fact carries; the session says when it was recorded."""
        return {"id": self.name, "happened_at": AS_RECORDED if self.at is None else self.at, "recorded_at": 0}


AS_RECORDED: Instant = 2**62
"""It happens as it is recorded: what lies ahead is set to that instant, which is only known under the locks."""


def too_long_ago(at: Instant, now: Instant) -> bool:
    """Whether something happened longer ago than anybody's own word goes back."""
    return now - at > versions.current().backdating


def own_word_refused(by: str) -> str:
    """The sentence for whoever tells of it all the same."""
    return (
        f"{by} reports what happened more than {versions.current().backdating // HOUR} hours ago, and so far nobody's "
        "own word goes back. Record it from the system in which it happened."
    )


def name_of(principal: Principal, key: str) -> str:
    """The name of a fact: from the key that the caller gave, which is theirs alone, else one of its own."""
    return f"{principal.id}:{key}" if key else f"{principal.id}:{uuid.uuid4().hex}"


def check_speaker(principal: Principal, by: str) -> str:
    """Who decides. Raises Refused where a person speaks for somebody else, or a program for nobody."""
    if principal.scopes is None:
        if by not in {"", principal.name}:
            raise Refused(
                "not_yourself",
                f"You are {principal.name}, and decide as yourself; only a program says for whom it speaks. Leave `by` "
                "out.",
                status=403,
                path="by",
            )
        return principal.name
    if not by:
        raise Refused(
            "speaker_missing",
            "A program decides nothing itself: say in `by` whose decision this is, by the name in the roster, or by "
            "the address of somebody who is no rep.",
            status=422,
            path="by",
        )
    return by
