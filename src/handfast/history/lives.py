"""What columns of cycles are made of: leads as the engine left them, and what was noted on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handfast.cycle.values import Cycle, Lead
from handfast.history.record import Notes, Recorder
from handfast.history.replay import Replayed
from handfast.instant import Instant
from handfast.route.team import Team


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lives:
    """Some leads, or all of them, as of ``at``. Nothing here is of a replay: a store may hand over what it kept.

    ``leads`` are in the order in which they were first heard of; those merged into another have no cycles of their own
    and are passed over. ``notes`` may hold more than these leads: what is of none of them is passed over. Leads that
    share a deal belong together: a deal is counted once, on the first of them. ``elsewhere`` are another system's
    handoffs, by lead, in the shape of cycles: they are counted as history.
    """

    leads: Sequence[Lead]
    notes: Notes
    team: Team
    at: Instant
    elsewhere: Mapping[str, tuple[Cycle, ...]] = field(default_factory=dict)

    @staticmethod
    def of(replayed: Replayed, recorder: Recorder) -> Lives:
        """Everybody of a replay."""
        world = replayed.world
        return Lives(leads=tuple(world.leads.values()), notes=recorder.notes, team=world.team, at=replayed.at)
