"""What a step takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from handfast.cycle.values import Lead
from handfast.engine.effects import Effect, Refused
from handfast.route.team import Team
from handfast.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One lead (None: never heard of) and the team. ``other`` is the lead that a merge absorbs, for that fact alone."""

    lead: Lead | None
    team: Team
    other: Lead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a fact brought about: the state after it, everything decided on the way, and why."""

    state: State
    effects: tuple[Effect, ...] = ()
    trace: Trace = field(default_factory=Trace)

    @property
    def refused(self) -> Refused | None:
        """The refusal, if the fact was refused."""
        return next((effect for effect in self.effects if isinstance(effect, Refused)), None)
