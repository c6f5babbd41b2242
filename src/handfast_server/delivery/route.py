"""A message for somebody becomes messages to their mailbox and channels, in one transaction, by what they wish."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import connection

from handfast.instant import Instant
from handfast_server import fault
from handfast_server.decide.rows import add
from handfast_server.decide.transaction import writing
from handfast_server.delivery import lease
from handfast_server.delivery.models import Channel, Message
from handfast_server.delivery.outbox import CHAT, COLUMNS, MAIL, PERSON, message_id
from handfast_server.delivery.people import Person, find, quiet_until
from handfast_server.handoffs.models import Assignment
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.observe.log import get_logger

log = get_logger("delivery")

BATCH = 50
_CHOSEN = ("digest", "endpoint.disabled", "endpoint.test")
"""Not to be muted one by one: they have a switch of their own, or must be seen."""


class Waiting(NamedTuple):
    """A message for a person, as its row says."""

    id: str
    event: str
    to: str
    lead: str
    cycle: str
    payload: str
    created_at: Instant
    position: int
    not_after: Instant | None
    attempts: int


class Plan(NamedTuple):
    """What becomes of it: a state and why, or wait until ``due_at``; and the messages that it becomes."""

    state: str
    error: str = ""
    due_at: Instant | None = None
    becomes: tuple[tuple[str, str], ...] = ()  # channel, receiver
    user: int | None = None


_READY, _SENT = Message.State.READY.value, Message.State.SENT.value
_LATE, _SKIPPED, _DEAD = Message.State.LATE.value, Message.State.SKIPPED.value, Message.State.DEAD.value

_DUE = (
    'SELECT m.id, m.event, m."to", m.lead, m.cycle, m.payload, m.created_at, m.position, m.not_after, m.attempts '
    "FROM delivery_message m WHERE m.state = 'ready' AND m.channel = 'person' AND m.due_at <= %s AND NOT (m.lead <> '' "
    "AND EXISTS (SELECT 1 FROM delivery_message e WHERE e.lead = m.lead AND e.channel = 'person' "
    'AND e."to" = m."to" AND e.state = \'ready\' AND e.due_at <= %s AND (e.created_at < m.created_at '
    "OR (e.created_at = m.created_at AND e.position < m.position)))) "
    "ORDER BY m.due_at, m.created_at, m.position LIMIT %s"
)
"""The earliest of each lead and person; those that wait for a morning hold up nothing that may go now."""


def route() -> bool:
    """Pass on what is due to people; whether there may be more."""
    if not lease.anything_due(PERSON):
        return False
    with writing(), connection.cursor() as cursor:
        at = now()
        skip = " FOR UPDATE OF m SKIP LOCKED" if connection.vendor == "postgresql" else ""
        cursor.execute(_DUE + skip, [at, at, BATCH])
        found = [Waiting(*row) for row in cursor.fetchall()]
        for message in found:
            _carry_out(cursor, message, _guarded(message, at), at)
        if found:
            fault.point("delivery.route.before_commit")
    return bool(found)


def _guarded(message: Waiting, at: Instant) -> Plan:
    """The plan; one that cannot be made is tried again, and in the end given up, and holds up no other."""
    try:
        return plan(message, at)
    except (LookupError, TypeError, ValueError) as broken:
        log.exception("not_routed", message=message.id)
        error = type(broken).__name__
        if message.attempts + 1 >= lease.ATTEMPTS:
            return Plan(_DEAD, error)
        return Plan(_READY, error, at + lease.pause_after(message.attempts + 1))


def plan(message: Waiting, at: Instant) -> Plan:
    """What becomes of a message for somebody."""
    if message.not_after is not None and message.not_after < at:
        return Plan(_LATE, "past_its_cutoff")
    over = _is_over(message)
    if over:
        return Plan(_SKIPPED, over)
    person = find(message.to)
    if person is None:
        return Plan(_SKIPPED, "nobody_of_that_name")
    if message.event in person.wish.muted and message.event not in _CHOSEN:
        return Plan(_SKIPPED, "muted")
    quiet = None if _urgent(message) else quiet_until(person, at)
    if quiet is not None:
        too_late = message.not_after is not None and quiet > message.not_after
        return Plan(_LATE, "quiet_hours") if too_late else Plan(_READY, "quiet_hours", quiet)
    ways = tuple(_ways(person, message.event))
    user = None if person.user is None else person.user.pk
    return Plan(_SENT, becomes=ways, user=user) if ways else Plan(_SKIPPED, "no_way_to_them")


def _is_over(message: Waiting) -> str:
    """Why nobody has to be told any more: the lead was erased, or somebody else has it by now."""
    if message.lead and Lead.objects.filter(pk=message.lead, erased=True).exists():
        return "erased"
    if message.event in {"lead.assigned", "lead.reassigned"}:
        turn = str(orjson.loads(message.payload).get("assignment"))
        if Assignment.objects.filter(pk=turn, ended_at__isnull=False).exists():
            return "over"
    return ""


def _urgent(message: Waiting) -> bool:
    """What does not wait for a morning: a clock that is over, and what has to be seen by administrators."""
    if message.event == "clock.step":
        return int(orjson.loads(message.payload)["percent"]) >= 100
    return message.event in _CHOSEN


def _ways(person: Person, event: str) -> list[tuple[str, str]]:
    wish = person.wish
    found: list[tuple[str, str]] = []
    if (wish.mail or event in _CHOSEN) and settings.MAIL_URL:
        found.append((MAIL, person.address))
    if wish.chat and person.user is not None:
        channels = Channel.objects.filter(user=person.user, active=True).order_by("id")
        found += [(CHAT, name) for name in channels.values_list("id", flat=True)]
    return found


def _carry_out(cursor: Any, message: Waiting, made: Plan, at: Instant) -> None:
    rows = [_row(message, made, channel, to, at) for channel, to in made.becomes]
    add(Message, COLUMNS, rows)
    ready = made.state == _READY
    failed = ready and made.error != "quiet_hours"
    cursor.execute(
        "UPDATE delivery_message SET state = %s, error = %s, due_at = %s, ended_at = %s, attempts = attempts + %s "
        "WHERE id = %s",
        [made.state, made.error, made.due_at or at, None if ready else at, int(failed), message.id],
    )


def _row(message: Waiting, made: Plan, channel: str, to: str, at: Instant) -> tuple[Any, ...]:
    payload = orjson.loads(message.payload)
    if made.user is not None:
        payload["user"] = made.user
    name = message_id(message.id, channel, to)
    return (
        *(name, message.event, to, channel, message.lead, message.cycle, orjson.dumps(payload).decode(), _READY),
        *(message.created_at, message.position, at, message.not_after, 0, 0, ""),
    )
