"""What the worker does for delivery, each in a loop of its own: slow mail holds up no webhook."""

from __future__ import annotations

from django.db import connection

from handfast.instant import DAY, Span
from handfast_server.decide.transaction import writing
from handfast_server.delivery import chat, digest, mail, route, webhook
from handfast_server.now import now
from handfast_server.worker.loops import Loop

KEPT: Span = 90 * DAY
"""So long is it known what was sent; what was given up stays until somebody has it sent again or a year is over."""

_OLD = (
    "SELECT id FROM delivery_message WHERE (state <> 'ready' AND state <> 'dead' AND ended_at < %s) "
    "OR (state = 'dead' AND ended_at < %s) LIMIT 1000"
)


def tidy() -> bool:
    """Forget what was sent long ago, a thousand at a time."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(_OLD, [at - KEPT, at - 4 * KEPT])
        names = [(name,) for (name,) in cursor.fetchall()]
    if names:
        with writing(), connection.cursor() as cursor:
            cursor.executemany("DELETE FROM delivery_attempt WHERE message_id = %s", names)
            cursor.executemany("DELETE FROM delivery_message WHERE id = %s", names)
    return len(names) == 1000


LOOPS = (
    Loop("route", route.route),
    Loop("mail", mail.send),
    Loop("chat", chat.send),
    Loop("webhook", webhook.send),
    Loop("digest", digest.write_digests, rest=30.0),
    Loop("tidy", tidy, rest=600.0),
)
