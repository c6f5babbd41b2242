"""The trace of a step: what it saw, made when somebody asks, and the same in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from handfast.engine.explain import node_of
from handfast.engine.seen import Seen
from handfast.engine.terms import Terms
from handfast.trace import Node

Part = Callable[[], Seen]
"""A function of the frozen values that a decision saw: it finds what the decision found, whenever it is called."""


class Trace(NamedTuple):
    """What one step decided, in order."""

    parts: tuple[Part, ...] = ()
    terms: Terms = Terms(())

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Every part as a value to keep."""
        return tuple([part() for part in self.parts])

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every part in words."""
        return tuple([node_of(each, self.terms) for each in self.seen])

    def plain(self) -> list[dict[str, object]]:
        """The words as data for JSON."""
        return [node.plain() for node in self.nodes]
