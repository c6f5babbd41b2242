"""Messages to read: which ones, how many, and what one says without what may be personal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from django.db.models import Count, QuerySet

from handfast.instant import DAY, Instant
from handfast_server.delivery.models import Channel, Endpoint, Message

MAY_BE_PERSONAL = frozenset(("source", "reason", "deal", "handoff"))
"""What of an event somebody may have typed, such as why a deal was lost, and names of another system's records."""


class Wanted(NamedTuple):
    """Which messages; what is empty narrows nothing."""

    state: str = ""
    channel: str = ""
    event: str = ""
    to: str = ""
    lead: str | None = None


def messages(wanted: Wanted) -> QuerySet[Message]:
    """Those, in no order."""
    told = {"state": wanted.state, "channel": wanted.channel, "event": wanted.event, "to": wanted.to}
    found = Message.objects.filter(**{name: value for name, value in told.items() if value})
    return found if wanted.lead is None else found.filter(lead=wanted.lead)


def counts(at: Instant) -> dict[str, int]:
    """What waits, what was given up, and what was sent within a day."""
    ready = Message.objects.filter(state=Message.State.READY)
    return {
        "ready": ready.count(),
        "late": ready.filter(due_at__lt=at).count(),
        "dead": Message.objects.filter(state=Message.State.DEAD).count(),
        "sent": Message.objects.filter(state=Message.State.SENT, ended_at__gte=at - DAY).count(),
    }


def of_endpoints(at: Instant) -> dict[str, dict[str, int]]:
    """By endpoint or chat: what was given up, and what arrived within a day."""
    found: dict[str, dict[str, int]] = {}
    rows = Message.objects.filter(channel__in=("webhook", "chat"))
    for name, some in (
        ("dead", rows.filter(state=Message.State.DEAD)),
        ("sent", rows.filter(state=Message.State.SENT, ended_at__gte=at - DAY)),
    ):
        for to, count in some.order_by().values_list("to").annotate(n=Count("pk")):
            found.setdefault(to, {})[name] = count
    return found


def receivers(names: Iterable[str]) -> dict[str, str]:
    """What the ids of endpoints and chats are called."""
    wanted = set(names)
    found = {row.pk: row.about or row.url for row in Endpoint.objects.filter(pk__in=wanted)}
    return found | {row.pk: row.name for row in Channel.objects.filter(pk__in=wanted)}


def content(message: Message, *, whole: bool) -> dict[str, Any]:
    """What a message was made from; without the right to see the lead what somebody may have typed is left out."""
    told: dict[str, Any] = orjson.loads(message.payload)
    told.pop("token", None)  # of an invitation: encrypted, and still nobody's to read
    return {name: value for name, value in told.items() if whole or name not in MAY_BE_PERSONAL}
