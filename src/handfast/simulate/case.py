"""A handoff on somebody's desk: what is true of it, how its chances come up, why its first call came when it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handfast.condition import Value
from handfast.cycle.life import CycleState
from handfast.instant import Instant
from handfast.simulate import answer
from handfast.simulate.roster import Worker
from handfast.simulate.truth import DelayCause, Handoff

DRAWS = 40
"""Draws a lead has for everything that is decided about it in one cycle."""


@dataclass(slots=True, kw_only=True, eq=False)
class Case:
    """A handoff on somebody's desk."""

    lead: str
    cycle: str
    right: bool
    claims: bool
    true: Mapping[str, Value]  # what is true of the lead, as attributes
    draws: list[int]
    handoff: Handoff
    state: CycleState = CycleState.WAITING
    assignment: str = ""
    rep: str = ""
    given_at: Instant = 0
    ready_at: Instant = 0  # when the rep would look, were nothing else there
    reminded: bool = False
    attempts: int = 0
    reached: bool = False
    forgotten: bool = False
    drawn: int = 0

    def draw(self) -> int:
        """The next of its draws."""
        self.drawn += 1
        return self.draws[self.drawn % len(self.draws)]

    def happens(self, permille: int) -> bool:
        """Whether a chance of so many in a thousand came up."""
        return answer.chance(self.draw(), permille)


Opener = Callable[[str, str, Instant], Case]
"""Makes the case of a lead's cycle that was qualified."""


def cause_of(case: Case, worker: Worker, called: Instant) -> DelayCause:
    """What made the larger part of the way from the handoff to the first call."""
    if case.forgotten:
        return DelayCause.FORGOTTEN
    begin = case.handoff.qualified_at
    closed = worker.usual.next_open(begin) - begin
    idle = worker.usual.between(begin, called) - worker.hours.between(begin, called)
    queue = worker.hours.between(case.ready_at, called)
    own = worker.hours.between(case.given_at, case.ready_at)
    parts = {
        DelayCause.OWN_SPEED: own,
        DelayCause.QUEUE: queue,
        DelayCause.IDLE_DAY: idle,
        DelayCause.OUT_OF_HOURS: closed,
    }
    return max(parts, key=lambda cause: parts[cause])


def shaped(quantiles: tuple[int, ...], draw: int) -> int:
    """One draw from a shape, as ``stream.quantile`` does it for columns."""
    place, rest = divmod(draw * (len(quantiles) - 1), answer.ROUND)
    low = quantiles[place]
    return low + (quantiles[min(place + 1, len(quantiles) - 1)] - low) * rest // answer.ROUND
