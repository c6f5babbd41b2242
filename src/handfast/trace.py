"""A decision in words: a tree of clauses, what was asked of each and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


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


class Node(NamedTuple):
    """One line of a trace. ``clause`` is a dotted path of the contract, or empty; ``values`` are plain."""

    topic: Topic
    asked: str
    found: str
    clause: str = ""
    values: Mapping[str, object] = MappingProxyType({})
    parts: tuple[Node, ...] = ()

    def plain(self) -> dict[str, object]:
        """The same as data for JSON: what is empty is left out."""
        topic, asked, found, clause, values, parts = self
        told: dict[str, object] = {"topic": str(topic), "asked": asked, "found": found}
        if clause:
            told["clause"] = clause
        if values:
            told["values"] = dict(values)
        if parts:
            told["parts"] = [part.plain() for part in parts]
        return told
