"""Messages are written in the transaction that decided them: one row for each event and whom it is for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from handfast.engine.terms import CUTOFF
from handfast.instant import Instant
from handfast_server.decide.rows import add
from handfast_server.decide.taken import Taken
from handfast_server.delivery import targets
from handfast_server.delivery.compose import Changed, Happened, for_everybody, for_people
from handfast_server.delivery.models import Message
from handfast_server.now import now

PERSON, MAIL, CHAT, WEBHOOK = "person", "mail", "chat", "webhook"

COLUMNS = tuple(
    (
        "id event to channel lead cycle payload state created_at position due_at not_after leased_until attempts error"
    ).split()
)


def write_messages(taken: Iterable[Taken], at: Instant, changed: Changed = (), *, silent: bool | None = None) -> None:
    """One row for each message that somebody is to get; ``changed`` are the leads as they were and as they are.

    ``silent``: whether the team is in shadow mode, where nothing is sent; None: as this process last saw it.
    """
    known = targets.current()
    if known.silent if silent is None else silent:
        return
    events = for_everybody(taken, changed, at) if known.each else for_people(taken)
    put_messages([row for each in events for row in _rows(each, known.each)], at)


def put_messages(rows: Sequence[tuple[Any, ...]], at: Instant) -> None:
    """Write rows of ``row``, in this order; those that are there stay as they are."""
    if not rows:
        return
    due = min(at, now())  # instants of one lead grow, also while the clock stands still
    whole = [(*row[:7], Message.State.READY.value, at, place, due, row[7], 0, 0, "") for place, row in enumerate(rows)]
    add(Message, COLUMNS, whole)


def row(it: Happened, channel: str, to: str, payload: str, not_after: Instant | None = None) -> tuple[Any, ...]:
    """What a message says, and to whom."""
    return message_id(it.cause, it.event, channel, to), it.event, to, channel, it.lead, it.cycle, payload, not_after


def message_id(*parts: str) -> str:
    """A name made from what caused the message and whom it is for: the same again for the same."""
    return "msg_" + hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def payload_of(it: Happened) -> str:
    """What happened, in one document."""
    return orjson.dumps({"at": it.at, **it.data}).decode()


def _rows(it: Happened, others: Iterable[targets.Target]) -> Iterator[tuple[Any, ...]]:
    payload = payload_of(it)
    late = it.at + CUTOFF if it.event == "clock.step" else None
    for to in it.people:
        yield row(it, PERSON, to, payload, late)
    for target in others:
        if target.wants(it.event):
            yield row(it, target.channel, target.id, payload, late if target.channel == CHAT else None)
