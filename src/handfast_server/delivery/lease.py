"""Messages taken to be sent, and what came of it.

1. Lease: the earliest message of each lead and receiver that is due, for two minutes, and the attempt is written.
2. Send, under the message's id.
3. Finish: what came of it. Who dies between 1 and 3 leaves an attempt without an end, and the message is due again
   when the lease is over: it is sent at least once, and whoever receives it twice sees the same id.

A message waits while an earlier one of the same lead to the same receiver is ready, so that nobody hears of a breach
before the assignment. One that was given up holds up nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection

from handfast.instant import HOUR, MINUTE, SECOND, Instant, Span
from handfast_server import fault
from handfast_server.decide.rows import add
from handfast_server.decide.transaction import writing
from handfast_server.delivery.models import Attempt, Message
from handfast_server.now import now

LEASE: Span = 2 * MINUTE
SPARE: Span = 30 * SECOND
"""With less than this left of a lease nothing more is begun: the next worker may have it already."""

ATTEMPTS = 15
"""After so many, over about two days, a message is given up; sent again by hand, it is tried as often again."""

_FIRST, _LONGEST = 5 * SECOND, 6 * HOUR


class Outcome(StrEnum):
    """What came of an attempt, and so of the message."""

    SENT = "sent"
    AGAIN = "again"  # it stays ready, and is due after a pause
    DEAD = "dead"  # it cannot arrive, or was tried often enough
    LATE = "late"
    SKIPPED = "skipped"
    RELEASED = "released"  # not tried after all


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A message that is ours until ``until``; ``number`` counts its attempts."""

    id: str
    event: str
    to: str
    channel: str
    lead: str
    cycle: str
    payload: str
    created_at: Instant
    not_after: Instant | None
    number: int
    until: Instant


@dataclass(frozen=True, slots=True)
class Result:
    """``detail`` names what happened without anything personal; ``pause`` is the least until the next attempt.

    ``answered`` is the status with which a web receiver answered; 0 where none did.
    """

    outcome: Outcome
    detail: str = ""
    pause: Span = 0
    answered: int = 0


_WAITS_ITS_TURN = (
    "m.lead <> '' AND EXISTS (SELECT 1 FROM delivery_message e WHERE e.lead = m.lead AND e.channel = m.channel "
    'AND e."to" = m."to" AND e.state = \'ready\' AND (e.created_at < m.created_at '
    "OR (e.created_at = m.created_at AND e.position < m.position)))"
)

_DUE = (
    'SELECT m.id, m.event, m."to", m.channel, m.lead, m.cycle, m.payload, m.created_at, m.not_after, m.attempts '  # noqa: S608 # our own words
    "FROM delivery_message m WHERE m.state = 'ready' AND m.channel = %s AND m.due_at <= %s "
    f"AND NOT ({_WAITS_ITS_TURN}) ORDER BY m.due_at, m.created_at, m.position LIMIT %s"
)


def anything_due(channel: str) -> bool:
    """Whether a look under the lock is worth it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM delivery_message WHERE state = 'ready' AND channel = %s AND due_at <= %s LIMIT 1",
            [channel, now()],
        )
        return cursor.fetchone() is not None


def lease(channel: str, limit: int) -> list[Leased]:
    """Messages of a channel that are due, taken for a while; each attempt is on record when this returns."""
    if not anything_due(channel):
        return []
    with writing(), connection.cursor() as cursor:
        at = now()
        until = at + LEASE
        skip = " FOR UPDATE OF m SKIP LOCKED" if connection.vendor == "postgresql" else ""
        cursor.execute(_DUE + skip, [channel, at, limit])
        found = [_leased(row, until) for row in cursor.fetchall()]
        cursor.executemany(
            "UPDATE delivery_message SET due_at = %s, leased_until = %s, attempts = %s WHERE id = %s",
            [(until, until, each.number, each.id) for each in found],
        )
        columns = ("message", "number", "started_at", "ended_at", "result", "detail")
        add(Attempt, columns, [(each.id, each.number, at, None, "", "") for each in found])
    if found:
        fault.point(f"delivery.{channel}.after_lease")
    return found


def _leased(row: tuple[Any, ...], until: Instant) -> Leased:
    names = ("id", "event", "to", "channel", "lead", "cycle", "payload", "created_at", "not_after")
    return Leased(**dict(zip(names, row, strict=False)), number=row[-1] + 1, until=until)


def finish(message: Leased, result: Result) -> None:
    """Write what came of an attempt; nothing, where the lease was over and somebody else has the message."""
    finish_all([(message, result)])


def finish_all(done: Iterable[tuple[Leased, Result]]) -> None:
    """Write what came of attempts."""
    done = list(done)
    for channel in {message.channel for message, _ in done}:
        fault.point(f"delivery.{channel}.after_send")
    at = now()
    with writing(), connection.cursor() as cursor:
        for message, result in done:
            if result.outcome is Outcome.RELEASED:
                _release(cursor, message, at + result.pause)
                continue
            again = result.outcome is Outcome.AGAIN and message.number % ATTEMPTS != 0
            given_up = result.outcome is Outcome.AGAIN and not again
            ended = Outcome.DEAD.value if given_up else result.outcome.value
            state = Message.State.READY.value if again else ended
            due = at + max(pause_after(message.number), result.pause) if again else at
            cursor.execute(
                "UPDATE delivery_message SET state = %s, due_at = %s, leased_until = 0, ended_at = %s, error = %s "
                "WHERE id = %s AND attempts = %s AND state = 'ready'",
                [state, due, None if again else at, result.detail[:200], message.id, message.number],
            )
            cursor.execute(
                "UPDATE delivery_attempt SET ended_at = %s, result = %s, detail = %s "
                "WHERE message_id = %s AND number = %s",
                [at, result.outcome.value, result.detail[:200], message.id, message.number],
            )


def _release(cursor: Any, message: Leased, due_at: Instant) -> None:
    cursor.execute(
        "UPDATE delivery_message SET due_at = %s, leased_until = 0, attempts = attempts - 1 "
        "WHERE id = %s AND attempts = %s AND state = 'ready'",
        [due_at, message.id, message.number],
    )
    cursor.execute("DELETE FROM delivery_attempt WHERE message_id = %s AND number = %s", [message.id, message.number])


def pause_after(attempts: int) -> Span:
    """How long to wait after so many attempts: thrice as long each time, a fifth more or less by chance."""
    span: Span = min(_FIRST * 3 ** ((attempts - 1) % ATTEMPTS), _LONGEST)
    return span - span // 5 + secrets.randbelow(2 * span // 5)


def over(message: Leased, at: Instant) -> Result | None:
    """What is not to be sent any more, or not by us."""
    if message.not_after is not None and message.not_after < at:
        return Result(Outcome.LATE, "past_its_cutoff")
    if message.until - at < SPARE:
        return Result(Outcome.RELEASED)
    return None
