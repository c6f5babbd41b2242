"""``/v1/…``: the tracking interface that Segment's libraries speak, with a write key as the name of basic auth."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse

from handfast_server.intake.aside import keep
from handfast_server.intake.item import Item
from handfast_server.intake.models import Source
from handfast_server.intake.public import (
    PublicRefused,
    body_of,
    check_origin,
    check_rate,
    json_of,
    preflight,
    public,
    with_cors,
)
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.sources import source_of_key
from handfast_server.intake.take import take_in
from handfast_server.intake.tracking import Reading, item_of, sent_at, whose
from handfast_server.intake.wire import MOST, with_body
from handfast_server.now import now

CALLS = frozenset(("identify", "track", "page", "screen", "group", "alias", "batch"))
PER_MINUTE = 1_200


@public
def track(request: HttpRequest, call: str) -> HttpResponse:
    """Take in one message, or a batch. What is wrong with one is set aside, and spoils no other."""
    if call not in CALLS:
        raise PublicRefused(404, "not_found", f"There is no /v1/{call[:40]}.")
    if request.method == "OPTIONS":
        return preflight(request, _source(_basic_key(request) or request.GET.get("writeKey", "")))
    if request.method != "POST":
        raise PublicRefused(405, "method_not_allowed", "Messages are posted.")
    key = _basic_key(request)
    body = _object(body_of(request)) if not key else None
    source = _source(key or str((body or {}).get("writeKey", "")))
    origin = check_origin(request, source)
    check_rate(request, source, PER_MINUTE)
    body = _object(body_of(request)) if body is None else body
    take(source, _messages(body, call), body, request.headers.get("User-Agent", "") if origin else "")
    return with_cors(JsonResponse({"success": True}), origin)


def _basic_key(request: HttpRequest) -> str:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _source(key: str) -> Source:
    source = source_of_key(key)
    if source is None:
        raise PublicRefused(401, "unknown_write_key", "Send the write key of a source as the name of basic auth.")
    return source


def _object(body: bytes) -> dict[str, Any]:
    found = json_of(body)
    if not isinstance(found, dict):
        raise PublicRefused(400, "malformed", "The body is an object.")
    return found


def _messages(body: dict[str, Any], call: str) -> list[Any]:
    if call != "batch":
        return [{**body, "type": call}]
    messages = body.get("batch")
    if not isinstance(messages, list) or len(messages) > MOST:
        raise PublicRefused(400, "malformed", f"A batch is a list of at most {MOST:,} messages.")
    outer = {name: body[name] for name in ("context",) if name in body}
    return [{**outer, **each} if isinstance(each, dict) else each for each in messages]


def take(source: Source, messages: list[Any], body: dict[str, Any], agent: str) -> None:
    """Take messages in; set aside what is none."""
    received = now()
    reading = Reading.of(source, received, sent_at(body), agent)
    items: list[Item] = []
    aside: list[tuple[int, str, ItemRefused]] = []
    for place, message in enumerate(messages):
        text = orjson.dumps(message).decode()
        try:
            items.append(with_body(item_of(message, reading), text))
        except ItemRefused as refused:
            aside.append((place, text, refused))
    take_in(items)  # first: when nothing can be decided nothing is kept, and all of it is sent again
    for place, text, why in aside:
        who = whose(messages[place])
        keep(f"{source.name}:{received}:{place}", source.name, why.code, str(why), text, who)
