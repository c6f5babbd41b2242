"""What could not be taken in: kept whole with what came, so that it is told again once its cause is mended."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from handfast_server.decide.transaction import writing
from handfast_server.intake.item import Item, Key, Outcome, Status
from handfast_server.intake.models import SetAside
from handfast_server.now import now

_LONGEST_NAME = 300
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 100
"""What is nested deeper is shown as text: answers are written out only so deep."""

_log = logging.getLogger("handfast.intake")


def do_set_aside(item: Item, what: str, code: str = "broken") -> Outcome:
    """Keep an item that broke something. ``what`` names the error, never its words: those may hold what came."""
    message = f"It could not be taken in ({what}) and is set aside; nothing else of the batch was lost."
    keep(item.name, item.source, code, message, item.came(), item.keys)
    return Outcome(status=Status.SET_ASIDE, name=item.name, code=code, message=message)


def keep(name: str, source: str, code: str, message: str, body: str, who: Iterable[Key]) -> None:
    """Keep what came, under its name; the first of equal ones stays. Bodies are bounded where they come in."""
    values = {
        "source": source,
        "at": now(),
        "code": code,
        "message": message,
        "body": json.dumps(body),  # as JSON: no database refuses a letter of it
        "who": [f"{key.kind}:{key.value}" for key in who if not _NO_TEXT.search(key.value)],
    }
    with writing():
        SetAside.objects.get_or_create(name=_kept_name(name, source), defaults=values)


def _kept_name(name: str, source: str) -> str:
    """The item's own, under which it is told again; one of its own where a database would not keep that."""
    if len(name) <= _LONGEST_NAME and not _NO_TEXT.search(name):
        return name
    return f"{source}:{hashlib.sha256(json.dumps(name).encode()).hexdigest()[:40]}"


def came(row: SetAside) -> str:
    """What came, as it was written. What cannot be read of a row is named in the log, and stands as it was kept."""
    try:
        text = json.loads(row.body)
    except ValueError:
        text = None
    if isinstance(text, str):
        return text
    _log.warning("set aside row cannot be read", extra={"aside": row.pk})
    return row.body


def shown(row: SetAside) -> Any:
    """What came as values, to be handed out; as text where it is no JSON, or nested too deep to be written out."""
    text = came(row)
    try:
        raw = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return text if any(depth > _DEEPEST for depth, _ in _parts(raw)) else raw


def texts(row: SetAside) -> Iterator[str]:
    """Every text in what came: names and values; and the whole as it was written."""
    text = came(row)
    yield text
    try:
        raw = orjson.loads(text)
    except orjson.JSONDecodeError:
        return
    yield from (part for _, part in _parts(raw) if isinstance(part, str))


def _parts(raw: Any) -> Iterator[tuple[int, Any]]:
    """Everything in a value, and how deep it stands, without recursion: what came may be nested as deep as it likes."""
    waiting = [(0, raw)]
    while waiting:
        depth, each = waiting.pop()
        yield depth, each
        if isinstance(each, dict):
            waiting += ((depth + 1, part) for pair in each.items() for part in pair)
        elif isinstance(each, list):
            waiting += ((depth + 1, part) for part in each)
