"""What a step takes and gives."""

from __future__ import annotations

from typing import NamedTuple

from handfast.cycle.values import Lead
from handfast.engine.effects import Effect, Refused
from handfast.engine.trace import Trace
from handfast.route.team import Team


class State(NamedTuple):
    """One lead (None: never heard of) and the team. ``other`` is the lead that a merge absorbs, for that fact alone."""

    lead: Lead | None
    team: Team
    other: Lead | None = None


class Step(NamedTuple):
    """What a fact brought about: the state after it, everything decided on the way, and why."""

    state: State
    effects: tuple[Effect, ...] = ()
    trace: Trace = Trace()

    @property
    def refused(self) -> Refused | None:
        """The refusal, if the fact was refused."""
        return next((effect for effect in self.effects if isinstance(effect, Refused)), None)
