"""The rows that columns are made of: every cycle of a world with its lead, instants and words as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from handfast.cycle.values import Cycle, Lead
from handfast.instant import NEVER, Instant
from handfast.measure.coded import Coded, Instants


class Rows:
    """The cycles of leads, a row each."""

    def __init__(self, leads: Iterable[Lead], elsewhere: Mapping[str, tuple[Cycle, ...]]) -> None:
        """Every cycle, by lead in the order in which leads were first heard of; after its own those ``elsewhere``."""
        self.leads = [lead for lead in leads if lead.merged_into is None]
        pairs = [
            (place, cycle)
            for place, lead in enumerate(self.leads)
            for cycle in (*_cycles(lead), *elsewhere.get(lead.id, ()))
        ]
        self.history = {cycle.id for cycles in elsewhere.values() for cycle in cycles}
        self.lead_of = [place for place, _ in pairs]
        self.cycles = [cycle for _, cycle in pairs]
        self.row = {cycle.id: row for row, cycle in enumerate(self.cycles)}
        self.place = {lead.id: place for place, lead in enumerate(self.leads)}

    def lead(self, row: int) -> Lead:
        """Whose cycle it is."""
        return self.leads[self.lead_of[row]]


def _cycles(lead: Lead) -> Iterable[Cycle]:
    return (*lead.ended, *(() if lead.cycle is None else (lead.cycle,)))


def instants(values: Iterable[Instant | None]) -> Instants:
    """A column of instants; None is NEVER."""
    return np.array([NEVER if value is None else value for value in values], np.int64)


def coded(words: Iterable[str]) -> Coded:
    """Words as codes, in the order in which they first come; an empty one is unknown."""
    table: dict[str, int] = {}
    codes = [table.setdefault(word, len(table)) if word else -1 for word in words]
    return Coded(codes=np.array(codes, np.int32), words=tuple(table))
