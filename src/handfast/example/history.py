"""The lead of an example: what was known of it at each instant of its small history."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from handfast.condition import Value, values_of
from handfast.contract.model import Act, Contract, Example
from handfast.instant import Instant
from handfast.qualify import Asked, LeadThen, Weighed, attributes_of, weighed
from handfast.score import Explanation, ScoreTable, explain, fit_of, score_at


class History:
    """An example's attributes, known from its first instant on, and its activities, each from its own.

    What happened at one instant is judged together, in whatever order it is written.
    """

    def __init__(self, contract: Contract, example: Example, table: ScoreTable) -> None:
        """Read an example with the types of a contract, whose score terms ``table`` holds."""
        self._contract = contract
        self._example = example
        self._table = table

    @cached_property
    def moments(self) -> tuple[Instant, ...]:
        """The instants at which something happened; with no activity the lead became known at the example's own."""
        return tuple(sorted({act.at for act in self._acts})) or (self._example.at,)

    def at(self, moment: Instant) -> LeadThen:
        """What was known at an instant."""
        return LeadThen(
            attributes=self._attributes,
            score=score_at(self._table, self._fit, self._instants, moment),
            asked=tuple(asked for asked in self._asked if asked.happened_at <= moment),
            known_since=dict.fromkeys(self._attributes, self.moments[0]),
        )

    @property
    def explanation(self) -> Explanation:
        """The score as of the example's instant, line by line."""
        return explain(self._table, self._attributes, self._instants, self._example.at)

    @property
    def weighed(self) -> tuple[Weighed, ...]:
        """Every clause of the judgement as of the example's instant."""
        return weighed(self._contract, self.at(self._example.at))

    @cached_property
    def _fit(self) -> int:
        return fit_of(self._table, self._attributes)

    @cached_property
    def _acts(self) -> tuple[Act, ...]:
        return tuple(act for act in self._example.did if act.at <= self._example.at)

    @cached_property
    def _attributes(self) -> Mapping[str, Value | None]:
        return attributes_of(self._contract, self._example.given)

    @cached_property
    def _instants(self) -> tuple[list[Instant], ...]:
        """For each behaviour signal, when the activities that match it happened."""
        found: tuple[list[Instant], ...] = tuple([] for _ in self._table.behaviour)
        for act in self._acts:
            for signal in self._table.matching(act.on, self._properties(act)):
                found[signal].append(act.at)
        return found

    @cached_property
    def _asked(self) -> tuple[Asked, ...]:
        """The activities of the kind that can be a hand-raise."""
        term = self._contract.definitions.mql.hand_raise
        return tuple(
            Asked(happened_at=act.at, properties=self._properties(act))
            for act in self._acts
            if term is not None and act.on == term.on
        )

    def _properties(self, act: Act) -> dict[str, Value | None]:
        return values_of(act.properties, self._contract.activities[act.on].properties)
