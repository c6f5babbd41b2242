"""Which leads can ever be delivered: a bound over columns, so that the engine is not told what cannot matter.

A lead whose behaviour, everything that ever counts counted in full, stays below what its bar needs, and which never
does what can raise a hand, is never qualified under any of the versions: the engine need not hear of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.condition import type_of
from handfast.condition.columns import column_of
from handfast.contract.model import BehaviourSignal, Contract
from handfast.instant import NEVER
from handfast.qualify import properties_of
from handfast.score import compile_table
from handfast.score.columns import arrange, attribute_columns, first_passing, leads_of
from handfast.simulate.acts import PATTERNS, Acts
from handfast.simulate.market import Flags, People

HUNDRED = 100
"""Points are counted in hundredths."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A column of words as codes; -1 is unknown."""

    codes: NDArray[np.int32]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """``may_qualify`` by record; ``matters`` by activity: it counts for a score, or can raise a hand."""

    may_qualify: Flags
    matters: Flags


def screen(contracts: Sequence[Contract], people: People, acts: Acts, known: Iterable[Mapping[str, Words]]) -> Screened:
    """Screen under every version, with everything that is ever known of a lead: before an enrichment and after it.

    Where no activity takes points away, what counts for a lead can only sink between its activities: then the scoring
    kernel says exactly who ever passes the bar. Records that are merged, and other contracts, get the bound.
    """
    columns = tuple(known)
    lead = people.family[acts.record]
    counts = np.zeros((len(PATTERNS), len(people)), dtype=np.int64)
    np.add.at(counts, (acts.pattern, lead), 1)
    may, matters = np.zeros(len(people), dtype=bool), np.zeros(len(acts), dtype=bool)
    for contract in contracts:
        scores, most = _most(contract, counts)
        matters |= scores[acts.pattern]
        most = most[people.family]
        for one in columns:
            may |= _passes(contract, one, most, _Told(people, acts, scores))
            for pattern in np.flatnonzero(_raises(contract)).tolist():
                raises = _can_raise(contract, pattern, one, most)[lead] & (acts.pattern == pattern)
                matters |= raises
                may[acts.record[raises]] = True
    together = np.zeros(len(people), dtype=bool)
    np.logical_or.at(together, people.family, may)
    return Screened(together[people.family], matters)


def _most(contract: Contract, counts: NDArray[np.int64]) -> tuple[Flags, NDArray[np.int64]]:
    """The patterns that count for a score, and by lead the most that they can come to, in hundredths."""
    scores, most = np.zeros(len(PATTERNS), dtype=bool), np.zeros(counts.shape[1], dtype=np.int64)
    for signal in contract.score.behaviour.signals.values():
        counted = np.array([each.kind == signal.on and _holds(contract, signal, each.properties) for each in PATTERNS])
        often = counts[counted].sum(axis=0)
        most += (often if signal.most_recent is None else np.minimum(often, signal.most_recent)) * (
            max(signal.points, 0) * HUNDRED
        )
        scores |= counted
    return scores, most


def _holds(contract: Contract, signal: BehaviourSignal, properties: Mapping[str, object]) -> bool:
    typed = properties_of(contract, signal.on, properties)
    return typed is not None and (signal.when is None or signal.when.holds(typed))


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """The activities that count, as the scoring kernel reads them."""

    people: People
    acts: Acts
    scores: Flags

    def among(self, leads: Flags) -> _Columns:
        """Those of some leads."""
        rows = np.flatnonzero(self.scores[self.acts.pattern] & leads[self.acts.record])
        pattern = self.acts.pattern[rows]
        names = dict.fromkeys(name for each in PATTERNS for name in each.properties)
        return _Columns(
            lead=self.people.family[self.acts.record[rows]].astype(np.int32),
            at=self.acts.happened_at[rows],
            kind=_coded([each.kind for each in PATTERNS], pattern),
            properties={name: _coded([each.properties.get(name) for each in PATTERNS], pattern) for name in names},
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    lead: NDArray[np.int32]
    at: NDArray[np.int64]
    kind: Words
    properties: Mapping[str, Words]


def _coded(values: Sequence[object], pattern: NDArray[np.int64]) -> Words:
    """What each activity's pattern says, as a column of words."""
    words = tuple(dict.fromkeys(str(value) for value in values if value is not None))
    codes = np.array([-1 if value is None else words.index(str(value)) for value in values], dtype=np.int32)
    return Words(codes[pattern], words)


def _passes(contract: Contract, known: Mapping[str, Words], most: NDArray[np.int64], told: _Told) -> Flags:
    """Whether the bar can hold: by the most that behaviour can come to, then by what it really came to."""
    table = compile_table(contract)
    leads = leads_of(table, contract.definitions.mql.when, attribute_columns(table, known), len(most), fast=False)
    found: Flags = most >= leads.needs
    if any(signal.points < 0 for signal in contract.score.behaviour.signals.values()):
        return found
    history = arrange(table, told.among(found), len(most), fast=False)
    passed = first_passing(table, leads, history, fast=False) != NEVER
    alone = np.bincount(told.people.family, minlength=len(most))[told.people.family] == 1
    sure: Flags = found & (passed | (leads.needs <= 0) | ~alone)
    return sure


def _raises(contract: Contract) -> Flags:
    """The patterns of the activity that can be a hand-raise."""
    term = contract.definitions.mql.hand_raise
    return np.array([term is not None and each.kind == term.on for each in PATTERNS])


def _can_raise(contract: Contract, pattern: int, known: Mapping[str, Words], most: NDArray[np.int64]) -> Flags:
    """By lead, whether an activity of a pattern can be a hand-raise of theirs."""
    term = contract.definitions.mql.hand_raise
    if term is None or term.when is None:
        return np.ones(len(most), dtype=bool)
    table, types = compile_table(contract), contract.activities[term.on].properties
    columns = attribute_columns(table, known)
    for name, kind in types.items():  # they hide attributes of the same name
        value = PATTERNS[pattern].properties.get(name)
        codes = np.full(len(most), -1 if value is None else 0, dtype=np.int32)
        columns[name] = column_of(codes, () if value is None else (str(value),), type_of(kind))
    leads = leads_of(table, term.when, columns, len(most), fast=False)
    found: Flags = most >= leads.needs
    return found
