"""Leads judged one at a time, instant by instant, by ``handfast.qualify`` itself, where columns would not do.

Needed only under contracts whose hand-raise or disqualifiers read a score that moves: whether they hold can then change
with every activity. Slow, some tens of microseconds an activity, and asked only of leads that might qualify at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from handfast.audit.judge.ground import Ground
from handfast.condition import Value, Values, value_of
from handfast.instant import NEVER, Instant
from handfast.measure.columns import Instants
from handfast.measure.question import Mask
from handfast.qualify import Asked, LeadThen, judged
from handfast.score import score_at


def first_qualified(ground: Ground, asked: NDArray[np.intp], worth: Mask) -> Instants:
    """The first instant at which each lead of ``worth`` qualifies; NEVER for those that do not, and for the others.

    ``asked`` are the rows of activities of the hand-raise's kind.
    """
    found = np.full(ground.count, NEVER, np.int64)
    lead, at = ground.activities.lead, ground.activities.at
    rows = np.flatnonzero((lead >= 0) & (at != NEVER))
    rows = rows[worth[lead[rows]]]
    rows = rows[np.lexsort((at[rows], lead[rows]))]
    acts = _Acts(ground, frozenset(asked.tolist()))
    for who, mine in groupby(rows.tolist(), key=lead.__getitem__):
        found[who] = _walk(ground, int(who), [acts.of(row) for row in mine])
    return found


@dataclass(frozen=True, slots=True)
class _Act:
    """One activity: when, the signals it matches, and itself where it may be a hand-raise."""

    at: Instant
    signals: tuple[int, ...]
    asked: Asked | None


def _walk(ground: Ground, lead: int, acts: list[_Act]) -> Instant:
    attributes, fit = _attributes(ground, lead), int(ground.leads.fit[lead])
    instants: list[list[Instant]] = [[] for _ in ground.table.behaviour]
    pending: list[Asked] = []
    for at, together in groupby(acts, key=attrgetter("at")):
        for act in together:
            pending += [act.asked] if act.asked is not None else []
            for signal in act.signals:
                instants[signal].append(at)
        then = LeadThen(attributes=attributes, score=score_at(ground.table, fit, instants, at), asked=tuple(pending))
        if judged(ground.contract, then).qualified:
            return int(at)
    return NEVER


def _attributes(ground: Ground, lead: int) -> Values:
    return {
        name: column.values[column.codes[lead]] for name, column in ground.attributes.items() if column.codes[lead] >= 0
    }


@dataclass(slots=True)
class _Acts:
    """Activities by row, typed once for each combination of words."""

    ground: Ground
    asked: frozenset[int]
    known: dict[tuple[int, ...], tuple[tuple[int, ...], Values]] = field(default_factory=dict)

    def of(self, row: int) -> _Act:
        """The activity of a row."""
        columns = self.ground.activities.properties
        key = (int(self.ground.activities.kind.codes[row]), *(int(coded.codes[row]) for coded in columns.values()))
        if key not in self.known:
            self.known[key] = self._read(key)
        signals, properties = self.known[key]
        at = int(self.ground.activities.at[row])
        asked = Asked(happened_at=at, properties=properties) if row in self.asked else None
        return _Act(at, signals, asked)

    def _read(self, key: tuple[int, ...]) -> tuple[tuple[int, ...], Values]:
        words = self.ground.activities.kind.words
        name = words[key[0]] if key[0] >= 0 else ""  # the row of an inquiry is no activity
        properties = dict(self._properties(name, key[1:]))
        return self.ground.table.matching(name, properties), properties

    def _properties(self, activity: str, codes: tuple[int, ...]) -> Iterator[tuple[str, Value | None]]:
        contract = self.ground.contract
        types = contract.activities[activity].properties if activity in contract.activities else {}
        for (name, coded), code in zip(self.ground.activities.properties.items(), codes, strict=True):
            if name in types and code >= 0:
                yield name, value_of(coded.words[code], types[name].type)
