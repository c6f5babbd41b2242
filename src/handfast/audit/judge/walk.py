"""Leads judged one at a time, instant by instant, by ``handfast.qualify`` itself, where columns would not do.

Needed only under contracts whose hand-raise or disqualifiers read a score that moves: whether they hold can then change
with every activity. Slow, some ten microseconds an activity, and asked only of leads that might qualify at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from handfast.condition import Values, value_of
from handfast.contract.model import Contract
from handfast.instant import NEVER, Instant
from handfast.measure.columns import Instants
from handfast.measure.question import Mask
from handfast.qualify import Asked, LeadThen, judged
from handfast.score import score_at

if TYPE_CHECKING:
    from handfast.audit.judge.bar import Ground


def first_qualified(contract: Contract, ground: Ground, asked: NDArray[np.intp], worth: Mask) -> Instants:
    """The first instant at which each lead of ``worth`` qualifies; NEVER for those that do not, and for the others.

    ``asked`` are the rows of activities of the hand-raise's kind.
    """
    found = np.full(ground.count, NEVER, np.int64)
    raises = _raises(contract, ground, asked)
    for lead in np.flatnonzero(worth).tolist():
        found[lead] = _walk(contract, ground, lead, raises.get(lead, ()))
    return found


def _walk(contract: Contract, ground: Ground, lead: int, raises: tuple[Asked, ...]) -> Instant:
    attributes, fit = _attributes(ground, lead), int(ground.leads.fit[lead])
    instants: list[list[Instant]] = [[] for _ in ground.table.behaviour]
    for at, signals in _moments(ground, lead):
        for signal in signals:
            instants[signal].append(at)
        pending = tuple(each for each in raises if each.happened_at <= at)
        score = score_at(ground.table, fit, instants, at)
        if judged(contract, LeadThen(attributes=attributes, score=score, asked=pending)).qualified:
            return at
    return NEVER


def _moments(ground: Ground, lead: int) -> Iterator[tuple[Instant, list[int]]]:
    """Each instant at which something happened to a lead, and the signals that its activities then match."""
    rows, patterns = ground.history.rows, ground.history.patterns
    begin, end = int(rows.starts[lead]), int(rows.starts[lead + 1])
    while begin < end:
        at, signals = int(rows.at[begin]), list[int]()
        while begin < end and rows.at[begin] == at:
            pattern = rows.pattern[begin]
            signals.extend(patterns.signal[patterns.start[pattern] : patterns.start[pattern + 1]].tolist())
            begin += 1
        yield at, signals


def _attributes(ground: Ground, lead: int) -> Values:
    return {
        name: column.values[column.codes[lead]] for name, column in ground.attributes.items() if column.codes[lead] >= 0
    }


def _raises(contract: Contract, ground: Ground, asked: NDArray[np.intp]) -> Mapping[int, tuple[Asked, ...]]:
    term = contract.definitions.mql.hand_raise
    found: dict[int, tuple[Asked, ...]] = {}
    if term is None:
        return found
    types, activities = contract.activities[term.on].properties, ground.activities
    columns = {name: activities.properties[name] for name in types if name in activities.properties}
    for row in asked.tolist():
        lead = int(activities.lead[row])
        properties = {
            name: value_of(coded.words[coded.codes[row]], types[name].type) if coded.codes[row] >= 0 else None
            for name, coded in columns.items()
        }
        each = Asked(happened_at=int(activities.at[row]), properties=properties)
        found[lead] = (*found.get(lead, ()), each)
    return found
