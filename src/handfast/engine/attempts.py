"""Attempts to reach a lead: what a reason asks for before it may be given, and when the next one falls due."""

from __future__ import annotations

from typing import NamedTuple

from handfast.clock import due_at, step_at
from handfast.contract.model import ClockName
from handfast.contract.terms import Attempts
from handfast.cycle.values import Cycle
from handfast.engine.terms import Version
from handfast.instant import Instant


class Lacking(NamedTuple):
    """What a reason still asks for: so many were ``made``; ``apart``: there are enough, and too close together."""

    made: int
    apart: bool


def lacking(version: Version, cycle: Cycle, needs: Attempts) -> Lacking | None:
    """What is missing of so many human attempts, the first and the last so far apart; None when nothing is.

    Rule: contract.md, "attempts" of a reason; in the calendar of whoever owns the cycle.
    """
    made, owner = cycle.attempts, cycle.owner
    name = version.calendars.name_for(ClockName.WORKING, None if owner is None else owner.pool)
    spanned = bool(made) and due_at(needs.span, made[0], version.calendars[name]) <= made[-1]
    if len(made) >= needs.count and spanned:
        return None
    return Lacking(len(made), len(made) >= needs.count)


class Next(NamedTuple):
    """Of the attempts that sales committed to: how many were made since acceptance, of how many, the next one's due."""

    made: int
    promised: int
    due_at: Instant

    @property
    def number(self) -> int:
        """Which one it is, from 1."""
        return self.made + 1


def next_attempt(version: Version, cycle: Cycle) -> Next | None:
    """When the next of the attempts of ``commitments.sales.attempts`` falls due; None when none is owed.

    None is owed before acceptance, after contact, once it became a deal, and when all were made. The k-th of n is due
    when k of n parts of the promised window are over; only the end of it is a promise, the others keep pace with it.
    """
    terms, accepted = version.contract.sales.attempts, cycle.accepted_at
    over = (cycle.contact_at, cycle.opportunity_at, cycle.ended_at)
    if terms is None or accepted is None or any(at is not None for at in over):
        return None
    calendar = version.calendars[version.calendars.name_for(ClockName.WORKING, cycle.pool)]
    end = due_at(terms.span, accepted, calendar)
    made = sum(accepted <= at <= end for at in cycle.attempts)
    if made >= terms.count:
        return None
    return Next(made, terms.count, step_at(terms.span, accepted, end, 100 * (made + 1) // terms.count, calendar))
