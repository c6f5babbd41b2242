"""What stands beside the cycles: clocks, assignments, touches, activities, changes of deals, the roster, spend.

Each is optional and one row a thing; a measure that needs one that is not given is not measurable. ``cycle``, ``deal``
and ``lead`` are rows of the columns (codes of ``lead``), -1 where unknown. Whoever reads these tables does so through
columns that stand as of an instant (``columns.as_of``): rows of later things are gone then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from handfast.instant import NEVER, Instant
from handfast.measure.coded import Coded, Codes, Instants

Mask = NDArray[np.bool_]


@dataclass(slots=True, kw_only=True)
class Clocks:
    """Promises in time, one row a started clock. A suspended or paused clock has no due, and is in no denominator."""

    key: Sequence[str]
    cycle: Codes
    name: Coded  # first_touch, response, decision, working, contest
    owner: Coded  # who had the cycle when it was due; for a contest nobody
    pool: Coded
    cause: Coded  # of a breach, as confirmed, else as proposed
    started_at: Instants
    due_at: Instants
    stopped_at: Instants  # when what was promised happened, in time or not
    cancelled_at: Instants  # its assignment or cycle ended first
    excused: Mask

    def __len__(self) -> int:
        """Number of clocks."""
        return len(self.key)

    def as_of(self, at: Instant) -> Clocks:
        """What stopped later has not stopped; what started later has no due, and is in no denominator."""
        started = self.started_at
        if all(_all_by(one, at) for one in (started, self.stopped_at, self.cancelled_at)):
            return self
        due = self.due_at if _all_by(started, at) else np.where(started > at, NEVER, self.due_at)
        return replace(self, due_at=due, stopped_at=by(self.stopped_at, at), cancelled_at=by(self.cancelled_at, at))


@dataclass(slots=True, kw_only=True)
class Assignments:
    """One row an owner's turn with a handoff."""

    cycle: Codes
    owner: Coded
    pool: Coded
    at: Instants
    ended_at: Instants

    def as_of(self, at: Instant) -> Assignments:
        """Turns begun by then; what ended later has not ended."""
        if _all_by(self.at, at) and _all_by(self.ended_at, at):
            return self
        return replace(self, at=by(self.at, at), ended_at=by(self.ended_at, at))


@dataclass(slots=True, kw_only=True)
class Touches:
    """Outreach by humans of sales, one row a touch: ``contact`` is two-way, else an attempt."""

    cycle: Codes
    at: Instants
    contact: Mask

    def as_of(self, at: Instant) -> Touches:
        """Those that happened later have not."""
        return self if _all_by(self.at, at) else replace(self, at=by(self.at, at))


@dataclass(slots=True, kw_only=True)
class Activities:
    """Things leads did, for attribution: one row an activity, of ``lead`` as ``CycleColumns.lead`` codes it."""

    lead: Codes
    at: Instants
    kind: Coded
    campaign: Coded

    def as_of(self, at: Instant) -> Activities:
        """Those that happened later have not."""
        return self if _all_by(self.at, at) else replace(self, at=by(self.at, at))


@dataclass(slots=True, kw_only=True)
class Signals:
    """Which signals counted when a cycle was delivered, ``fit.right_size``: one row each, of cycles with a band."""

    cycle: Codes
    signal: Coded


@dataclass(slots=True, kw_only=True)
class DealLeads:
    """Who is on which deal; where nobody is, the leads of its account. Left out: the lead of the deal's cycle."""

    deal: Codes
    lead: Codes


@dataclass(slots=True, kw_only=True)
class DealChanges:
    """Every change of a deal, in time order per deal; a deal may be won, un-won and won again.

    ``amount`` is what the deal is worth from then on, in hundredths of the contract's currency at the rate of that day.
    """

    deal: Codes
    at: Instants
    state: NDArray[np.int8]  # from then on: 1 won, 0 lost, -1 open
    amount: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of changes."""
        return len(self.deal)

    def before(self) -> NDArray[np.intp]:
        """Of each change the one of its deal before it; -1 for a deal's first."""
        order = np.argsort(self.deal, kind="stable")
        mine = self.deal[order]
        first = np.append(True, mine[1:] != mine[:-1])[: len(mine)]
        found = np.full(len(order), -1, np.intp)
        found[order[1:]] = order[:-1]
        found[order[first]] = -1
        return found

    def begins(self) -> NDArray[np.intp]:
        """The changes that brought a deal into another state than before: a mere new amount is none of them."""
        before = self.before()
        return np.flatnonzero((before < 0) | (self.state != self.state[before]))

    def revenue(self) -> NDArray[np.int64]:
        """What each change adds to revenue won: an un-won deal takes away what it had brought."""
        before, worth = self.before(), np.where(self.state == 1, self.amount, 0)
        found: NDArray[np.int64] = worth - np.where(before < 0, 0, worth[before])
        return found

    def as_of(self, at: Instant) -> DealChanges:
        """Those that happened by then."""
        if _all_by(self.at, at):
            return self
        rows = self.at <= at
        return DealChanges(deal=self.deal[rows], at=self.at[rows], state=self.state[rows], amount=self.amount[rows])


@dataclass(slots=True, kw_only=True)
class Roster:
    """Who works leads: one row a member of a pool. The names are those of ``CycleColumns.owner``."""

    owner: Coded
    pool: Coded
    per_day: NDArray[np.int32]  # at most so many new handoffs a working day; -1 without a cap
    at_most_open: NDArray[np.int32]  # at most so many waiting and accepted; -1 without a cap


@dataclass(slots=True, kw_only=True)
class Spend:
    """What marketing spent: one row an entry, in hundredths of the contract's currency at the rate of its day."""

    key: Sequence[str]
    at: Instants
    amount: NDArray[np.int64]
    source: Coded
    campaign: Coded

    def __len__(self) -> int:
        """Number of entries."""
        return len(self.key)

    def as_of(self, at: Instant) -> Spend:
        """Entries by then: later ones count nothing."""
        if _all_by(self.at, at):
            return self
        return replace(self, amount=np.where(self.at <= at, self.amount, 0), at=by(self.at, at))


def by(at: Instants, instant: Instant) -> Instants:
    """Instants later than one have not come."""
    later = np.flatnonzero(at > instant)
    if not len(later):
        return at
    found = at.copy()
    found[later] = NEVER
    return found


def _all_by(at: Instants, instant: Instant) -> bool:
    return not len(at) or int(at.max()) <= instant
