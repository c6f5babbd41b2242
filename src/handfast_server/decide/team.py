"""The team in this process: a value that is brought up to date under the team's lock, from rows that are newer."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection

from handfast.instant import Instant
from handfast.route.team import Team
from handfast_server.bridge.team import Rows, differences, updated
from handfast_server.decide.rows import put
from handfast_server.decide.sql import fetch, run
from handfast_server.rosters.models import Absence, AccountOwner, Member, Opportunity, Pool, Rep, Shadow, Turn

_lock = threading.Lock()
_known: tuple[str, int, Team] = ("", 0, Team())


def known() -> Team:
    """The team as this process last saw it: good enough for whoever does not decide by it."""
    return _known[2]


def read() -> Team:
    """The team as its rows stand, without any lock: for whoever only shows it."""
    return updated(Team(), _newer(0), None)


def forget() -> None:
    """Read everything anew at the next lock: for tests."""
    _publish("", 0, Team())


def life() -> str:
    """Which life of the database this is; empty before there is a team."""
    return Turn.objects.filter(pk=1).values_list("life", flat=True).first() or ""


def stored() -> Team:
    """The team as its rows stand, for whoever does not decide by it."""
    next_due = Turn.objects.filter(pk=1).values_list("next_due_at", flat=True).first()
    return updated(Team(), _newer(0), next_due)


_TURN = "SELECT life, number, whole_from, last_at, next_due_at FROM rosters_turn WHERE id = 1"


class TeamTurn:
    """The team's lock, held until the transaction ends."""

    def __init__(self) -> None:
        """Wait for the lock, and read what others changed."""
        locking = f"{_TURN} FOR UPDATE" if connection.vendor == "postgresql" else _TURN
        turn = fetch(locking)
        if not turn:
            Turn.objects.get_or_create(pk=1)
            turn = fetch(locking)
        self.life, self.number, whole_from, self.last_at, next_due = turn[0]
        life, number, team = _known
        if life != self.life or not whole_from <= number <= self.number:  # of another database, undone, or forgotten
            number, team = 0, Team()
        if number < self.number:
            team = updated(team, _newer(number), next_due)
            _publish(self.life, self.number, team)
        self.before = team

    def write(self, after: Team, at: Instant) -> None:
        """Write what changed. The process keeps it when the transaction is committed."""
        if after is self.before:
            run("UPDATE rosters_turn SET last_at = %s WHERE id = 1", [at])
            return
        number = self.number + 1
        rows = differences(self.before, after)
        put(Rep, ("name", "value", "changed"), [(*row, number) for row in rows.reps])
        put(Pool, ("name", "value", "changed"), [(*row, number) for row in rows.pools])
        put(
            Member,
            ("pool", "rep", "place", "value", "changed"),
            [(*row, number) for row in rows.members],
            by=("pool", "rep"),
        )
        absences = [(*row, number) for row in rows.absences]
        put(Absence, ("id", "rep", "starts_at", "ends_at", "gone", "changed"), absences)
        put(AccountOwner, ("account", "owner", "changed"), [(*row, number) for row in rows.owners])
        put(Opportunity, ("id", "value", "changed"), [(*row, number) for row in rows.opportunities])
        put(Shadow, ("id", "value", "changed"), [(*row, number) for row in rows.shadow])
        values = [number, at, after.next_due]
        run("UPDATE rosters_turn SET number = %s, last_at = %s, next_due_at = %s WHERE id = 1", values)
        self.number = number

    def keep(self, after: Team) -> None:
        """After the commit: other transactions of this process begin with this team."""
        _publish(self.life, self.number, after)


def _newer(number: int) -> Rows:
    def rows(model: Any, *columns: str) -> list[Any]:
        return list(model.objects.filter(changed__gt=number).order_by("changed").values_list(*columns))

    return Rows(
        reps=rows(Rep, "name", "value"),
        pools=rows(Pool, "name", "value"),
        members=rows(Member, "pool", "rep", "place", "value"),
        absences=rows(Absence, "id", "rep", "starts_at", "ends_at", "gone"),
        owners=rows(AccountOwner, "account", "owner"),
        opportunities=rows(Opportunity, "id", "value"),
        shadow=rows(Shadow, "id", "value"),
    )


def _publish(life: str, number: int, team: Team) -> None:
    global _known  # noqa: PLW0603 # one value a process, replaced whole
    with _lock:
        if life != _known[0] or number >= _known[1]:
            _known = life, number, team
