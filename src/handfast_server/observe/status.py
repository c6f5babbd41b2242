"""How the service is: whether it can answer, what waits, how late it is, and whether every promise about rows holds.

The checks are queries over indexes, so that a look costs little with a million cycles; what is asked of every row
is the worker's (``invariants``), and the status shows what it found last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Count, Min

import handfast
from handfast.instant import SECOND, Instant, format_instant
from handfast_server.contracts.models import Version
from handfast_server.decide.terms import unsealed
from handfast_server.delivery.models import Message
from handfast_server.handoffs.models import Cycle
from handfast_server.invariants.models import Checked
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.rosters.models import Freed, Leaving
from handfast_server.worker.models import Problem

LATE = 60 * SECOND
"""Past this lag the service says that it is late."""


UNSEALED = "The text of version"
"""How the sentence about one begins that is not what was signed."""


class Coming(NamedTuple):
    """A version that is signed, and when it takes force."""

    number: int
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One look. ``lag`` is how long ago the most overdue lead was due, ``send_lag`` the same of messages."""

    at: Instant
    version: int | None  # of the contract
    coming: Coming | None  # signed, and not in force yet
    unsealed: tuple[int, ...]  # versions that are not what was signed
    lag: int
    due: int
    send_lag: int
    to_send: int
    dead: int
    leaving: int
    freed: int
    waiting: int
    contested: int
    held: int
    problems: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def trouble(self) -> tuple[str, ...]:
        """What somebody should look at, in sentences."""
        return tuple(self._trouble())

    def _trouble(self) -> Iterator[str]:
        if self.version is None and self.coming is None:
            yield "No contract is in force: leads are kept, and nothing is judged."
        for number in self.unsealed:
            yield f"{UNSEALED} {number} is not the one that was signed: nothing is judged until it is restored."
        if self.lag > LATE:
            yield f"What is due is {self.lag // SECOND} s late: is a worker running?"
        if self.send_lag > LATE:
            yield f"Messages are {self.send_lag // SECOND} s late: is a worker running?"
        if self.dead == 1:
            yield "1 message could not be sent; look at it and send it again."
        elif self.dead:
            yield f"{self.dead} messages could not be sent; look at them and send them again."
        if self.problems:
            yield f"{len(self.problems)} pieces of work failed and will be tried again."
        yield from self.broken

    @property
    def notes(self) -> tuple[str, ...]:
        """What is as it should be, and good to know, in sentences."""
        if self.coming is None:
            return ()
        says = f"Version {self.coming.number} is signed and takes force at {format_instant(self.coming.at)}"
        until = ": leads are kept until then, and nothing is judged" if self.version is None else ""
        return (f"{says}{until}.",)

    def numbers(self) -> Iterator[tuple[str, str, float]]:
        """Name, meaning and value of what a scraper is told."""
        yield "lag_seconds", "How long ago the most overdue lead was due", self.lag / SECOND
        yield "due_leads", "Leads with something due", self.due
        yield "send_lag_seconds", "How long ago the oldest message should have been sent", self.send_lag / SECOND
        yield "messages_to_send", "Messages that are due to be sent", self.to_send
        yield "messages_dead", "Messages given up", self.dead
        yield "handoffs_waiting", "Handoffs that wait for a decision", self.waiting
        yield "handoffs_contested", "Rejections under contest", self.contested
        yield "handoffs_held", "Handoffs nobody can take now", self.held
        yield "work_failed", "Pieces of work that failed and will be tried again", len(self.problems)
        yield "invariants_broken", "Promises about the rows that do not hold", len(self.broken)

    def plain(self) -> dict[str, Any]:
        """The details, as JSON."""
        return {
            "handfast": handfast.__version__,
            "database": connection.vendor,
            "contract": self.version,
            "coming": None if self.coming is None else self.coming.number,
            "trouble": list(self.trouble),
            "notes": list(self.notes),
            "problems": list(self.problems),
            "broken": list(self.broken),
            **{name: value for name, _, value in self.numbers()},
        }


def reachable() -> str:
    """Why requests cannot be answered; empty when they can."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        waiting, newer = unapplied(executor), unknown(executor)
    except DatabaseError as broken:
        return f"the database does not answer ({type(broken).__name__})"
    if newer:
        return newer_says(newer)
    return f"{len(waiting)} migrations are to be applied: handfast migrate" if waiting else ""


def unapplied(executor: MigrationExecutor | None = None) -> list[str]:
    """Migrations of this version that the database has not seen."""
    executor = executor or MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown(executor: MigrationExecutor | None = None) -> list[str]:
    """Migrations that the database has seen, and this version does not know."""
    loader = (executor or MigrationExecutor(connection)).loader
    known = {app for app, _ in loader.disk_migrations}
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in known and not _is_known(loader, app, name)
    )


def _is_known(loader: MigrationLoader, app: str, name: str) -> bool:
    return (app, name) in loader.disk_migrations or any(
        (app, name) in each.replaces for each in loader.disk_migrations.values()
    )


def newer_says(newer: list[str]) -> str:
    """What to do about it."""
    return (
        f"a newer version of Handfast wrote this database ({newer[0]}), and this one, {handfast.__version__}, does not "
        "know how: start that version"
    )


def status() -> Status:
    """Look now."""
    at = now()
    due = Lead.objects.filter(due_at__lte=at).aggregate(first=Min("due_at"), many=Count("pk"))
    sent = _sending(at)
    return Status(
        at=at,
        version=_in_force(at),
        coming=_coming(at),
        unsealed=unsealed(),
        lag=0 if due["first"] is None else at - due["first"],
        due=due["many"],
        leaving=Leaving.objects.count(),
        freed=Freed.objects.count(),
        problems=_problems(),
        broken=_broken(),
        waiting=Cycle.objects.filter(state="waiting").count(),
        contested=Cycle.objects.filter(state="contested").count(),
        held=Cycle.objects.exclude(hold_pool="").count(),
        **sent,
    )


def _sending(at: Instant) -> dict[str, int]:
    ready = Message.objects.filter(state=Message.State.READY, due_at__lte=at)
    found = ready.aggregate(first=Min("due_at"), many=Count("pk"))
    dead = Message.objects.filter(state=Message.State.DEAD).count()
    return {"send_lag": 0 if found["first"] is None else at - found["first"], "to_send": found["many"], "dead": dead}


def _in_force(at: Instant) -> int | None:
    rows = Version.objects.filter(in_force_from__lte=at).order_by("-number")
    return rows.values_list("number", flat=True).first()


def _coming(at: Instant) -> Coming | None:
    """The next of the signed versions; a last signature settles for some seconds before its version governs."""
    rows = Version.objects.filter(in_force_from__gt=at).order_by("number")
    found = rows.values_list("number", "in_force_from").first()
    return None if found is None else Coming(*found)


def _problems() -> tuple[str, ...]:
    """What failed, the latest first: which work, how, where; never the message, which may quote a row."""
    rows = Problem.objects.order_by("-last_at").values_list("name", "error", "place", "count")[:100]
    return tuple(f"{name}: {error} at {place}, {count} times" for name, error, place, count in rows)


def _broken() -> tuple[str, ...]:
    """What the worker found broken when it looked last: which promise, how many rows, and ids of some."""
    rows = Checked.objects.filter(broken__gt=0).order_by("rule").values_list("says", "broken", "examples")
    return tuple(f"Broken: {says} {broken} rows: {' '.join(examples.split()[:5])}" for says, broken, examples in rows)
