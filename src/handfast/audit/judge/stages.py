"""Which stages each lead reached, when, and how that is known: stated, stated without an instant, or inferred.

What is inferred from a later stage carries that stage's instant, which is the latest it can have been: it places a
lead in a stage and a month, and is never used to measure time (decision 0071).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from handfast.audit.export import Export
from handfast.audit.stage import Stage
from handfast.instant import NEVER
from handfast.measure.columns import Codes, Instants
from handfast.measure.question import Mask, earliest

COLUMN = {
    Stage.INQUIRY: "inquiry",
    Stage.MQL: "qualified",
    Stage.ACCEPTED: "accepted",
    Stage.REJECTED: "rejected",
    Stage.SQL: "sql",
    Stage.OPPORTUNITY: "opportunity",
    Stage.WON: "won",
    Stage.LOST: "lost",
    Stage.DISQUALIFIED: "disqualified",
    Stage.WITHDRAWN: "withdrawn",
}
"""The name that a stage of an export has in ``CycleColumns``."""

ENDS = ("rejected", "disqualified", "won", "lost", "withdrawn")

SAID = {
    "qualified": "delivered to sales",
    "accepted": "accepted by sales",
    "rejected": "rejected by sales",
    "sql": "qualified by sales",
    "opportunity": "turned into an opportunity",
    "won": "won",
    "lost": "lost",
    "disqualified": "disqualified by sales",
    "withdrawn": "withdrawn",
}


@dataclass(slots=True)
class Stages:
    """Stages under way. ``stated`` are those the export states for anybody, before anything was inferred."""

    at: dict[str, Instants]
    undated: dict[str, Mask]
    inferred: dict[str, Mask]
    stated: set[str] = field(default_factory=set)
    by_day: dict[str, Mask] = field(default_factory=dict)  # single leads of a stage that is else timed

    def happened(self, stage: str) -> Mask:
        """Where a stage was reached, with or without an instant."""
        found: Mask = (self.at[stage] != NEVER) | self.undated[stage]
        return found

    def stamp(self, stage: str, rows: Mask, at: Instants) -> None:
        """Say of rows that they reached a stage at these instants, or (NEVER) at an unknown one."""
        self.at[stage] = np.where(rows, at, self.at[stage])
        self.undated[stage] = np.where(rows, at == NEVER, self.undated[stage])

    def move(self, stage: str, to: str, rows: Mask) -> None:
        """Say of rows that what was taken for one stage was another."""
        self.at[to] = np.where(rows, self.at[stage], self.at[to])
        self.undated[to] = np.where(rows, self.undated[stage], self.undated[to])
        self.at[stage] = np.where(rows, NEVER, self.at[stage])
        self.undated[stage] &= ~rows

        if stage in self.by_day:
            self.by_day[to] = np.where(rows, self.by_day[stage], self.by_day.get(to, False))
            self.by_day[stage] = self.by_day[stage] & ~rows

    def infer(self, stage: str, later: tuple[str, ...], among: Mask) -> None:
        """Stamp a stage that was skipped, or has no instant, with the earliest of later ones.

        What is stated without an instant stays marked as such: unlike what was skipped, it happened some time before.
        """
        at = earliest(*(self.at[one] for one in later))
        reached = np.logical_or.reduce([self.happened(one) for one in later])
        lacking = among & (self.at[stage] == NEVER) & reached
        dated = lacking & (at != NEVER)
        self.at[stage] = np.where(dated, at, self.at[stage])
        self.inferred[stage] |= dated | (lacking & ~self.undated[stage])
        self.undated[stage] |= lacking & ~dated


def stated(export: Export) -> Stages:
    """What the export itself says, the deals of each lead among it."""
    count = len(export)
    found = Stages(at={}, undated={}, inferred={})
    for stage, name in COLUMN.items():
        at = export.stage_at[stage].copy()
        found.at[name] = at
        found.undated[name] = export.reached[stage] & (at == NEVER)
        found.inferred[name] = np.zeros(count, np.bool_)
    _open_with_first_act(found, export)
    _deals(found, export)
    found.stated = {name for name in COLUMN.values() if found.happened(name).any()}
    return found


def _open_with_first_act(found: Stages, export: Export) -> None:
    """A cycle opens when a lead is created or acts, whichever came first (semantics.md, The life of a cycle)."""
    first = first_of(export.activities.lead, export.activities.at, len(export))
    found.at["inquiry"] = earliest(found.at["inquiry"], first)
    found.undated["inquiry"] &= first == NEVER


def _deals(found: Stages, export: Export) -> None:
    """A lead's opportunity is its first deal; it is won when one is, lost when all are."""
    deals, count = export.deals, len(export)
    if not len(deals.lead):
        return
    opened = first_of(deals.lead, deals.opened_at, count)
    _add(found, "opportunity", opened, _any(deals.lead, np.ones(len(deals.lead), np.bool_), count))
    won = deals.won == 1
    _add(found, "won", first_of(deals.lead[won], deals.closed_at[won], count), _any(deals.lead, won, count))
    lost, alive = deals.won == 0, _any(deals.lead, deals.won != 0, count)
    all_lost = _any(deals.lead, lost, count) & ~alive
    ended = last_of(deals.lead[lost], deals.closed_at[lost], count)
    found.stamp("lost", alive, np.where(alive, NEVER, found.at["lost"]))
    found.undated["lost"] &= ~alive
    _add(found, "lost", np.where(all_lost, ended, NEVER), all_lost)


def _add(found: Stages, stage: str, at: Instants, reached: Mask) -> None:
    found.at[stage] = earliest(found.at[stage], at)
    found.undated[stage] = (found.undated[stage] | reached) & (found.at[stage] == NEVER)


def _any(lead: Codes, flags: Mask, count: int) -> Mask:
    found = np.zeros(count, np.bool_)
    found[lead[flags & (lead >= 0)]] = True
    return found


def first_of(lead: Codes, at: Instants, count: int) -> Instants:
    """The earliest instant of each lead; NEVER without one."""
    found = np.full(count, np.iinfo(np.int64).max, np.int64)
    rows = (lead >= 0) & (at != NEVER)
    np.minimum.at(found, lead[rows], at[rows])
    return np.where(found == np.iinfo(np.int64).max, NEVER, found)


def last_of(lead: Codes, at: Instants, count: int) -> Instants:
    """The latest instant of each lead; NEVER without one."""
    found = np.full(count, NEVER, np.int64)
    rows = lead >= 0
    np.maximum.at(found, lead[rows], at[rows])
    return found
