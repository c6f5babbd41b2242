"""A fact that was taken in, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from handfast.engine.state import State, Step
from handfast.facts import Fact
from handfast.route.team import Team


@dataclass(frozen=True, slots=True)
class Taken:
    """``position`` is its place among the facts of its transaction; a ``repeat`` was taken in before.

    ``alone``: decided without the team, and without its lock.
    """

    fact: Fact
    step: Step
    position: int
    repeat: bool = False
    alone: bool = False

    @classmethod
    def again(cls, fact: Fact, team: Team) -> Taken:
        """A fact that was taken in before: nothing comes of it."""
        return cls(fact, Step(state=State(lead=None, team=team)), -1, repeat=True)
