"""What intake forgets of somebody, and what it knows of them, by the keys that name them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from handfast_server.intake.item import ANONYMOUS
from handfast_server.intake.models import Nameless, SetAside
from handfast_server.leads.models import Key

SHORTEST = 5
"""A shorter key is no proof that a text is about somebody."""


def forget(leads: Sequence[str]) -> None:
    """Drop what waits for a name that is theirs, and what was set aside and names them."""
    Nameless.objects.filter(anonymous__in=_anonymous(leads)).delete()
    SetAside.objects.filter(pk__in=[row.pk for row in _aside(leads)]).delete()


def personal(leads: Sequence[str]) -> dict[str, Any]:
    """The same, to be handed out."""
    held = Nameless.objects.filter(anonymous__in=_anonymous(leads)).order_by("happened_at")
    return {
        "held": [json.loads(line) for line in held.values_list("line", flat=True)],
        "set_aside": [json.loads(row.body) for row in _aside(leads)],
    }


def _anonymous(leads: Sequence[str]) -> list[str]:
    return list(Key.objects.filter(lead__in=leads, kind=ANONYMOUS).values_list("value", flat=True))


def _aside(leads: Sequence[str]) -> Iterator[SetAside]:
    keys = set(Key.objects.filter(lead__in=leads).values_list("kind", "value"))
    named = {f"{kind}:{value}" for kind, value in keys}
    words = [value.casefold() for _, value in keys if len(value) >= SHORTEST]
    for row in SetAside.objects.iterator(chunk_size=500):
        body = str(json.loads(row.body)).casefold() if row.body.endswith('"') else row.body.casefold()
        if not named.isdisjoint(row.who) or any(word in body for word in words):
            yield row
