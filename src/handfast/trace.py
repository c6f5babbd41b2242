"""The trace of a decision: a tree of clauses, what was asked of each and what was found, written while deciding.

Where writing it would cost more than deciding, a part is a function of the frozen values that the decision saw; it is
called when somebody reads, and finds what the decision found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Topic(StrEnum):
    """What a node speaks of, for whoever puts it into words."""

    SCORE = "score"
    SIGNAL = "signal"  # one line of a score
    JUDGEMENT = "judgement"
    CLAUSE = "clause"  # the bar, the hand-raise or a disqualifier
    CONDITION = "condition"
    CHOICE = "choice"  # who gets a handoff
    RULE = "rule"
    CANDIDATE = "candidate"
    CLOCK = "clock"
    STEP = "step"  # of a clock
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Node:
    """One line of a trace. ``clause`` is a dotted path of the contract, or empty; ``values`` are plain."""

    topic: Topic
    asked: str
    found: str
    clause: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    parts: tuple[Node, ...] = ()

    def plain(self) -> dict[str, object]:
        """The same as data for JSON: what is empty is left out."""
        told: dict[str, object] = {"topic": self.topic.value, "asked": self.asked, "found": self.found}
        if self.clause:
            told["clause"] = self.clause
        if self.values:
            told["values"] = dict(self.values)
        if self.parts:
            told["parts"] = [part.plain() for part in self.parts]
        return told


Part = Node | Callable[[], Node]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What one step decided, in order."""

    parts: tuple[Part, ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every part, written out."""
        return tuple(part if isinstance(part, Node) else part() for part in self.parts)

    def plain(self) -> list[dict[str, object]]:
        """The same as data for JSON."""
        return [node.plain() for node in self.nodes]
