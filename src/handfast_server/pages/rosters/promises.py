"""What is due while somebody is away: the promises of the leads that are theirs now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from handfast.cycle.values import ClockState
from handfast.instant import Instant
from handfast_server.access import Principal, access_cycles
from handfast_server.delivery.digest import name_of
from handfast_server.handoffs.models import Clock
from handfast_server.rosters.models import Absence

SHOWN = 20
"""Promises of one absence that are named; the others are counted."""


class Promise(NamedTuple):
    """A clock that runs, and is due in an absence. What waits is routed again when that begins; the rest stays."""

    due_at: Instant
    clock: str
    lead: str
    name: str
    state: str


class Due(NamedTuple):
    """Of one absence: how many, and the first of them."""

    total: int = 0
    first: tuple[Promise, ...] = ()

    @property
    def more(self) -> int:
        """Those that are only counted."""
        return self.total - len(self.first)


def promises(who: Principal, absences: Sequence[Absence]) -> dict[str, Due]:
    """By absence, of the leads that one sees."""
    if not absences:
        return {}
    begin, end = min(each.starts_at for each in absences), max(each.ends_at for each in absences)
    running = Clock.objects.filter(state=ClockState.RUNNING, due_at__gte=begin, due_at__lt=end)
    theirs = running.filter(cycle__owner__in={each.rep for each in absences}, cycle__in=access_cycles(who))
    rows = list(theirs.select_related("cycle__lead").order_by("due_at", "pk"))
    return {each.id: _due(each, rows) for each in absences}


def _due(absence: Absence, rows: Sequence[Clock]) -> Due:
    found = [
        row
        for row in rows
        if row.cycle.owner == absence.rep and absence.starts_at <= (row.due_at or 0) < absence.ends_at
    ]
    return Due(len(found), tuple(map(_promise, found[:SHOWN])))


def _promise(row: Clock) -> Promise:
    return Promise(row.due_at or 0, row.name, row.cycle.lead_id, name_of(row.cycle.lead), row.cycle.state)
