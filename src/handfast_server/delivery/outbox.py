"""Messages are written in the transaction that decided them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.db import connection

from handfast.engine.effects import Alerted, StepFell
from handfast.instant import Instant
from handfast_server.decide.rows import add
from handfast_server.decide.taken import Taken
from handfast_server.delivery.models import Message

_COLUMNS = tuple("id event to channel lead cycle payload state created_at due_at leased_until attempts error".split())


def write_messages(taken: Iterable[Taken], at: Instant) -> None:
    """One row for each message that somebody is to get."""
    rows = [(*row, "ready", at, at, 0, 0, "") for each in taken for row in _messages(each)]
    with connection.cursor() as cursor:
        add(cursor, Message, _COLUMNS, rows)


def _messages(taken: Taken) -> Iterator[tuple[Any, ...]]:
    for effect in taken.step.effects:
        if isinstance(effect, StepFell):
            said = {"clock": effect.clock, "percent": effect.percent, "at": effect.at}
            for to in effect.told:
                payload = orjson.dumps(said).decode()
                yield f"{effect.id}:{to}", "clock.step", to, "person", effect.lead, effect.cycle, payload
        if isinstance(effect, Alerted):
            payload = orjson.dumps({"what": effect.what}).decode()
            yield effect.id, "alert", effect.to, "person", effect.lead, effect.cycle, payload
