"""What is true of a simulated year and no CRM shows: who is good, who is the same human, what every delay came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from handfast.instant import Instant


class DelayCause(StrEnum):
    """What made the larger part of the way from qualified to the first touch."""

    OWN_SPEED = "own_speed"  # the rep took that long
    QUEUE = "queue"  # other leads stood before it
    OUT_OF_HOURS = "out_of_hours"  # it came when nobody works
    IDLE_DAY = "idle_day"  # the rep does not look at leads on that weekday
    FORGOTTEN = "forgotten"  # nobody looked until somebody was reminded, or it was routed again
    UNTOUCHED = "untouched"  # nobody ever called


@dataclass(slots=True, kw_only=True, eq=False)
class Handoff:
    """One delivered cycle, as it truly went."""

    cycle: str
    record: int
    qualified_at: Instant
    rep: str = ""  # the last owner
    owners: int = 0
    looked_at: Instant | None = None
    touched_at: Instant | None = None
    cause: DelayCause = DelayCause.UNTOUCHED
    forgotten_by: list[str] = field(default_factory=list)
    logged_late: bool = False  # the first touch was entered hours after it was made
    seen_through: bool = False  # declined because it is truly not right
