"""``/hooks/…``: whatever another system posts, signed, and read by the mapping of its source."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse

from handfast.condition import Value
from handfast.facts import ActivityHappened
from handfast.instant import SECOND, Instant, from_datetime
from handfast_server.intake.aside import keep
from handfast_server.intake.item import ANONYMOUS, EMAIL, USER, Item, Key
from handfast_server.intake.models import Source, SourceKind
from handfast_server.intake.paths import is_path, value_at, values_at
from handfast_server.intake.public import PublicRefused, body_of, check_rate, json_of, public
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.signatures import STANDARD, Scheme, check
from handfast_server.intake.sources import source_named
from handfast_server.intake.take import take_in
from handfast_server.intake.values import clean_email, clean_id, clean_text, clean_value, keys_of, normal_attributes
from handfast_server.intake.wire import MOST, clean_system, with_body
from handfast_server.now import now
from handfast_server.secrets import decrypt

PER_MINUTE = 1_200

_PATHS = frozenset(("items", "key", "happened_at", "email", "user_id", "anonymous_id"))
_TABLES = frozenset(("ids", "attributes"))


@public
def hook(request: HttpRequest, name: str) -> HttpResponse:
    """Take in a delivery. What of it cannot be read is set aside and answered as taken: sent again it is no better."""
    source = source_named(name, SourceKind.WEBHOOK)
    if source is None:
        raise PublicRefused(404, "not_found", "There is no such webhook.")
    if request.method != "POST":
        raise PublicRefused(405, "method_not_allowed", "Webhooks are posted.")
    check_rate(request, source, PER_MINUTE)
    body = body_of(request, 5_000_000)
    _check_signed(request, source, body)
    return JsonResponse(_take(source, body))


def _check_signed(request: HttpRequest, source: Source, body: bytes) -> None:
    try:
        check(scheme_of(source.settings), decrypt(source.secret), request.headers, body, now())
    except ItemRefused as refused:
        raise PublicRefused(401, refused.code, str(refused)) from refused


def scheme_of(settings: Mapping[str, Any]) -> Scheme:
    """How a source signs. Raises ItemRefused when that cannot be."""
    given = settings.get("signature", "standard")
    if given == "standard":
        return STANDARD
    try:
        scheme = Scheme(**given)
    except TypeError:
        raise ItemRefused("bad_scheme", "signature is standard, or an object of its parts.", "signature") from None
    if problem := scheme.problem():
        raise ItemRefused("bad_scheme", problem, "signature")
    return scheme


def _take(source: Source, body: bytes) -> dict[str, int]:
    raw = json_of(body)
    path = source.mapping.get("items")
    parts = list(values_at(raw, path)) if path else [raw]
    if len(parts) > MOST:
        raise PublicRefused(413, "too_long", f"A delivery has at most {MOST:,} items.")
    items: list[Item] = []
    aside: list[tuple[Any, str, ItemRefused]] = []
    for part in parts:
        text = orjson.dumps(part).decode()
        try:
            items.append(with_body(item_of(part, source.name, source.mapping), text))
        except ItemRefused as refused:
            aside.append((part, text, refused))
    taken = take_in(items)  # first: when nothing can be decided nothing is kept, and all of it is sent again
    for part, text, why in aside:
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        who = _whose(part, source.mapping)
        keep(f"{source.name}:{digest}", source.name, why.code, str(why), text, who)
    counts = {"set_aside": len(aside)}
    for each in taken:
        counts[each.status.value] = counts.get(each.status.value, 0) + 1
    return counts


def item_of(raw: Any, source: str, mapping: Mapping[str, Any]) -> Item:
    """One part of a delivery by a mapping. Raises ItemRefused."""

    def text(name: str) -> str:
        value = value_at(raw, mapping[name]) if name in mapping else None
        return "" if value is None or isinstance(value, dict | list) else str(value)

    key = text("key") or hashlib.sha256(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)).hexdigest()[:40]
    name = f"{source}:{clean_text(key, 'key', 200)}"
    at = instant(value_at(raw, mapping["happened_at"]), "happened_at") if "happened_at" in mapping else now()
    ids = {clean_system(each): _value(raw, path, each) for each, path in mapping.get("ids", {}).items()}
    known = {each: _value(raw, path, each) for each, path in mapping.get("attributes", {}).items()}
    user = {"user": clean_id(text("user_id"), "user_id")} if text("user_id") else {}
    item = Item(
        name=name,
        source=source,
        happened_at=at,
        email=clean_email(text("email"), "email"),
        ids={**user, **{each: clean_id(str(value), each) for each, value in ids.items() if value not in (None, "")}},
        anonymous=clean_text(text("anonymous_id"), "anonymous_id", 320),
        attributes=normal_attributes({each: value for each, value in known.items() if value is not None}),
        first={"email": text("email")} if text("email") else {},
        facts=_activity(raw, name, at, mapping.get("activity")),
        states=bool(known),
    )
    if not item.keys:
        raise ItemRefused("no_identity", "Nothing in this delivery says whose it is.", "email")
    return item


def _whose(raw: Any, mapping: Mapping[str, Any]) -> Iterator[Key]:
    """Who is named in a part that cannot be taken in, as far as that can be read."""
    paths = {EMAIL: "email", USER: "user_id", ANONYMOUS: "anonymous_id"}
    named = {kind: mapping[name] for kind, name in paths.items() if name in mapping}
    for kind, path in {**mapping.get("ids", {}), **named}.items():
        value = value_at(raw, path)
        if isinstance(value, str | int):
            yield from keys_of(kind, str(value))


def _activity(raw: Any, name: str, at: Instant, mapping: Mapping[str, Any] | None) -> tuple[ActivityHappened, ...]:
    if not mapping:
        return ()
    kind = mapping.get("kind") or value_at(raw, mapping["kind_at"])
    if not isinstance(kind, str) or not kind:
        return ()
    kind = mapping.get("kinds", {}).get(kind, kind)
    said = {each: _value(raw, path, each) for each, path in mapping.get("properties", {}).items()}
    properties = {each: value for each, value in said.items() if value is not None}
    fact = ActivityHappened(
        id=f"{name}:did", happened_at=at, recorded_at=at, lead="", kind=kind[:100], properties=properties
    )
    return (fact,)


def _value(raw: Any, path: str, name: str) -> Value | None:
    found = value_at(raw, path)
    return None if isinstance(found, dict | list) else clean_value(found, name)


def instant(raw: object, path: str) -> Instant:
    """An instant as a text with an offset, or as seconds or milliseconds since 1970. Raises ItemRefused."""
    try:
        if isinstance(raw, str) and not raw.isdigit():
            return from_datetime(dt.datetime.fromisoformat(raw))
        number = int(str(raw))
        return number * SECOND if abs(number) < 10**11 else number * 1_000
    except (ValueError, TypeError, OverflowError):
        raise ItemRefused("bad_instant", "No instant stands there.", path) from None


def mapping_problem(mapping: Mapping[str, Any]) -> str:
    """What cannot be in a mapping, in a sentence; empty when all is well."""
    for name, value in mapping.items():
        if name in _PATHS:
            if not isinstance(value, str) or not is_path(value):
                return f"{name} is a path, such as properties.email."
        elif name in _TABLES:
            if not isinstance(value, dict) or not all(
                isinstance(each, str) and is_path(each) for each in value.values()
            ):
                return f"{name} is an object of names and paths."
        elif name == "activity":
            if problem := _activity_problem(value):
                return problem
        else:
            return f"A mapping has no {name[:40]}."
    return ""


def _activity_problem(value: object) -> str:
    if not isinstance(value, dict) or not (value.get("kind") or value.get("kind_at")):
        return "activity names its kind, or kind_at, the path of it."
    if "kind_at" in value and not is_path(str(value["kind_at"])):
        return "activity.kind_at is a path."
    properties = value.get("properties", {})
    if not isinstance(properties, dict) or not all(is_path(str(each)) for each in properties.values()):
        return "activity.properties is an object of names and paths."
    return (
        ""
        if set(value) <= {"kind", "kind_at", "kinds", "properties"}
        else "activity has kind, kind_at, kinds and properties."
    )
