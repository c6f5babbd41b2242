"""What could not be taken in: kept with what came, so that it is told again once its cause is mended."""

from __future__ import annotations

import json

from handfast_server.decide.transaction import writing
from handfast_server.intake.item import Item, Outcome, Status
from handfast_server.intake.models import SetAside
from handfast_server.now import now

_LONGEST = 200_000


def do_set_aside(item: Item, what: str, code: str = "broken") -> Outcome:
    """Keep an item that broke something. ``what`` names the error, never its words: those may hold what came."""
    message = f"It could not be taken in ({what}) and is set aside; nothing else of the batch was lost."
    keep(item.name, item.source, code, message, item.came(), [f"{key.kind}:{key.value}" for key in item.keys])
    return Outcome(status=Status.SET_ASIDE, name=item.name, code=code, message=message)


def keep(name: str, source: str, code: str, message: str, body: str, who: list[str]) -> None:
    """Keep what came, under its name; the first of equal ones stays."""
    values = {
        "source": source,
        "at": now(),
        "code": code,
        "message": message,
        "body": json.dumps(body)[:_LONGEST],  # as JSON: no database refuses a letter of it
        "who": [json.dumps(each)[1:-1] for each in who],
    }
    with writing():
        SetAside.objects.get_or_create(name=json.dumps(name)[1:-1][:300], defaults=values)
