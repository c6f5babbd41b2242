"""A fact that was taken in, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from handfast.engine.state import State, Step
from handfast.facts import Fact
from handfast.route.team import Team


@dataclass(frozen=True, slots=True)
class Taken:
    """``position`` is its place among the facts of its transaction; a ``repeat`` was taken in before."""

    fact: Fact
    step: Step
    position: int
    repeat: bool = False

    @classmethod
    def again(cls, fact: Fact, team: Team) -> Taken:
        """A fact that was taken in before: nothing comes of it."""
        return cls(fact, Step(state=State(lead=None, team=team)), -1, repeat=True)
