"""Which leads can ever be delivered: a bound over columns, so that the engine is not told what cannot matter.

A lead whose behaviour, everything that ever counts counted in full, stays below what its bar needs, and which never
does what can raise a hand, is never qualified under any of the versions: the engine need not hear of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.contract.model import BehaviourSignal, Contract
from handfast.qualify import properties_of
from handfast.score import compile_table
from handfast.score.columns import attribute_columns, leads_of
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
    """``may_qualify`` by record; ``matters`` by pattern: it counts for a score or can raise a hand."""

    may_qualify: Flags
    matters: Flags


def screen(contracts: Sequence[Contract], people: People, acts: Acts, known: Iterable[Mapping[str, Words]]) -> Screened:
    """Screen under every version, with everything that is ever known of a lead: before an enrichment and after it."""
    columns = tuple(known)
    lead = people.family[acts.record]
    counts = np.zeros((len(PATTERNS), len(people)), dtype=np.int64)
    np.add.at(counts, (acts.pattern, lead), 1)
    may, matters = np.zeros(len(people), dtype=bool), np.zeros(len(PATTERNS), dtype=bool)
    for contract in contracts:
        raises = _raises(contract)
        matters |= raises
        may |= counts[raises].sum(axis=0) > 0
        most = np.zeros(len(people), dtype=np.int64)
        for signal in contract.score.behaviour.signals.values():
            counted = _counts_for(contract, signal)
            matters |= counted
            often = counts[counted].sum(axis=0)
            most += np.minimum(often, signal.most_recent or len(acts)) * max(signal.points, 0) * HUNDRED
        may |= _reaches(contract, columns, most[people.family])
    np.logical_or.at(may, people.family, may.copy())
    return Screened(may[people.family], matters)


def _reaches(contract: Contract, known: Iterable[Mapping[str, Words]], most: NDArray[np.int64]) -> Flags:
    """Whether the most that behaviour can come to is enough for the bar."""
    table, found = compile_table(contract), np.zeros(len(most), dtype=bool)
    for columns in known:
        leads = leads_of(table, contract.definitions.mql.when, attribute_columns(table, columns), len(most), fast=False)
        found |= most >= leads.needs
    return found


def _raises(contract: Contract) -> Flags:
    """The patterns of the activity that can be a hand-raise, whatever its properties."""
    term = contract.definitions.mql.hand_raise
    return np.array([term is not None and each.kind == term.on for each in PATTERNS])


def _counts_for(contract: Contract, signal: BehaviourSignal) -> Flags:
    """The patterns that a signal counts."""
    return np.array([each.kind == signal.on and _holds(contract, signal, each.properties) for each in PATTERNS])


def _holds(contract: Contract, signal: BehaviourSignal, properties: Mapping[str, object]) -> bool:
    typed = properties_of(contract, signal.on, properties)
    return typed is not None and (signal.when is None or signal.when.holds(typed))
