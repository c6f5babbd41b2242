"""Which leads changed: whatever changes a lead is a fact, and facts are found by when they were recorded.

``recorded_at`` is taken before the commit, so that a transaction may be seen later than one that began after it.
Facts are therefore read again from the beginning of the oldest transaction that still writes, and what was taken in
already is passed over by its ``told_at``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import connection

from handfast.facts import LeadsMerged
from handfast.history import read_line
from handfast.instant import SECOND, Instant, from_datetime
from handfast_server.contracts.rates import Touched
from handfast_server.now import now
from handfast_server.scoreboard.models import DealChange

MARGIN = 10 * SECOND
"""By how much clocks of several machines, and a lead's told_at that ran ahead of them, may differ."""


def horizon() -> Instant:
    """Every fact recorded before it is visible, now and for good."""
    return now() - _oldest_writer() - MARGIN


def _oldest_writer() -> int:
    """How long the oldest transaction has been writing, in microseconds; on SQLite one writes at a time."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        (age,) = cursor.fetchone()
    return int(age * SECOND)


_OLDEST = (
    "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
)


def changed_since(since: Instant) -> dict[str, Instant]:
    """The leads about which something was recorded since, each with the latest ``recorded_at``."""
    found: dict[str, Instant] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [since])
        found.update(cursor.fetchall())
        cursor.execute(_MERGED, [since, LeadsMerged.__name__])
        for line, at in cursor.fetchall():
            found.update({name: max(at, found.get(name, at)) for name in _absorbed(line)})
    return found


def bearing_on(rates: Iterable[Touched]) -> list[str]:
    """The leads of deals whose amounts count otherwise by rates that were stated since."""
    found: set[str] = set()
    for each in rates:
        # Days are of the contract's zone: one more on either side is enough for every zone.
        first, last = (_midnight(day) for day in (each.first - _DAY, each.last + _DAY))
        rows = DealChange.objects.filter(currency=each.currency, at__gte=first, at__lt=last)
        found.update(rows.values_list("lead", flat=True).distinct())
    return sorted(found)


_DAY = dt.timedelta(days=1)


def _midnight(day: dt.date) -> Instant:
    return from_datetime(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))


def _absorbed(line: str) -> Iterator[str]:
    fact = read_line(line)
    if isinstance(fact, LeadsMerged):
        yield fact.absorbed


_CHANGED = "SELECT lead, max(recorded_at) FROM facts_fact WHERE recorded_at >= %s AND lead <> '' GROUP BY lead"
_MERGED = "SELECT line, recorded_at FROM facts_fact WHERE recorded_at >= %s AND kind = %s"


def everybody(batch: int) -> Iterator[list[str]]:
    """The ids of all leads, in parts."""
    last = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM leads_lead WHERE id > %s ORDER BY id LIMIT %s", [last, batch])
            names = [name for (name,) in cursor.fetchall()]
        if not names:
            return
        last = names[-1]
        yield names
