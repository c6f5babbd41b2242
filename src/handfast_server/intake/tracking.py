"""Segment's messages as items: identify, track, page, screen, group and alias.

Properties that are nested are named with dots between; lists, addresses of networks and what is too long are left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from handfast.condition import Value
from handfast.facts import ActivityHappened
from handfast.instant import Instant, parse_instant
from handfast_server.intake.bots import RULES
from handfast_server.intake.item import ANONYMOUS, EMAIL, USER, Item, Key
from handfast_server.intake.models import EventRule, Source
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.values import (
    LARGEST,
    LONGEST_KEY,
    clean_email,
    clean_text,
    clean_value,
    keys_of,
    normal_attributes,
)

TRAITS: Mapping[str, str] = {
    "email": "email",
    "firstName": "first_name",
    "lastName": "last_name",
    "name": "name",
    "phone": "phone",
    "title": "title",
    "company": "company",
    "company.name": "company",
    "company.industry": "industry",
    "company.employee_count": "employees",
    "company.employees": "employees",
    "industry": "industry",
    "employees": "employees",
    "website": "company_domain",
    "address.country": "country",
    "address.state": "region",
    "address.postalCode": "postcode",
    "locale": "language",
}
"""Segment's names of traits and the contract's; a source's mapping can say otherwise."""

CAMPAIGN: Mapping[str, str] = {"source": "source", "medium": "medium", "name": "campaign"}
"""What of a campaign says where a lead came from: told only where nothing is known yet."""

_DEEPEST = 3
_LONGEST = 1_000
_MOST = 100
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_WORDS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source's messages are read by. ``shift``: the sender's clock is so much behind ours."""

    source: str
    received: Instant
    sent: Instant | None = None
    agent: str = ""
    traits: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source, received: Instant, sent: Instant | None, agent: str) -> Reading:
        """By the rows of a source."""
        rules = EventRule.objects.filter(source=source).values_list("event", "kind", "properties")
        traits = {**TRAITS, **source.mapping.get("traits", {})}
        events = {plain(event): (kind, properties) for event, kind, properties in rules}
        return cls(source.name, received, sent, agent, traits, events)


def item_of(message: object, reading: Reading) -> Item:
    """The item of one message. Raises ItemRefused."""
    if not isinstance(message, dict):
        raise ItemRefused("malformed", "A message is an object.")
    call = message.get("type")
    make = _CALLS.get(call) if isinstance(call, str) else None
    if make is None:
        raise ItemRefused("unknown_type", f"A message is one of {', '.join(_CALLS)}.", "type")
    return make(message, _common(message, reading), reading)


def _common(message: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """Name, instant, keys and where it came from."""
    context = _object(message.get("context"))
    known = {**_object(context.get("traits")), **_object(message.get("traits"))}
    user, anonymous = _id(message, "userId"), _id(message, "anonymousId")
    email = _email(known.get("email")) or (_email(user) if "@" in user else "")
    ids = {USER: user} if user else {}
    if not (user or anonymous or email):
        raise ItemRefused("no_identity", "A message has a userId or an anonymousId.", "userId")
    campaign = _flat(_object(context.get("campaign")))
    return {
        "name": f"{reading.source}:{_key(message)}",
        "source": reading.source,
        "happened_at": _when(message, reading),
        "email": email,
        "ids": ids,
        "anonymous": anonymous,
        "first": {CAMPAIGN[name]: value for name, value in campaign.items() if name in CAMPAIGN},
    }


def whose(message: object) -> Iterator[Key]:
    """Who is named in a message that cannot be taken in, as far as that can be read."""
    said = _object(message)
    traits = {**_object(_object(said.get("context")).get("traits")), **_object(said.get("traits"))}
    named = ((USER, said.get("userId")), (ANONYMOUS, said.get("anonymousId")), (EMAIL, traits.get("email")))
    for kind, value in named:
        if isinstance(value, str | int):
            yield from keys_of(kind, str(value))


def _key(message: dict[str, Any]) -> str:
    given = message.get("messageId")
    if isinstance(given, str) and given:
        return clean_text(given, "messageId", 200)
    same = {name: value for name, value in message.items() if name not in {"sentAt", "receivedAt"}}
    return hashlib.sha256(orjson.dumps(same, option=orjson.OPT_SORT_KEYS)).hexdigest()[:40]


def _id(message: dict[str, Any], name: str) -> str:
    raw = message.get(name)
    if raw is None or raw == "":
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise ItemRefused("bad_id", f"{name} is a text or a number.", name)
    return clean_text(str(raw), name, LONGEST_KEY).strip()


def _email(raw: object) -> str:
    try:
        return clean_email(raw, EMAIL) if isinstance(raw, str) else ""
    except ItemRefused:
        return ""


def _when(message: dict[str, Any], reading: Reading) -> Instant:
    """When it happened, by our own clock: as long before it was sent as the sender's clock says."""
    said = _instant(message.get("originalTimestamp") or message.get("timestamp"))
    if said is None:
        return reading.received
    sent = reading.sent if reading.sent is not None else _instant(message.get("sentAt"))
    return min(said if sent is None else reading.received - max(0, sent - said), reading.received)


def _instant(raw: object) -> Instant | None:
    try:
        return parse_instant(raw) if isinstance(raw, str) else None
    except (ValueError, OverflowError):
        return None


def sent_at(body: Mapping[str, Any]) -> Instant | None:
    """When a batch was sent, by the sender's clock."""
    return _instant(body.get("sentAt"))


def _identify(message: dict[str, Any], common: dict[str, Any], reading: Reading) -> Item:
    told = _traits(_object(message.get("traits")), reading)
    return Item(**common, attributes=told, states=True)


def _track(message: dict[str, Any], common: dict[str, Any], reading: Reading) -> Item:
    event = message.get("event")
    if not isinstance(event, str) or not event.strip():
        raise ItemRefused("no_event", "A track message names its event.", "event")
    properties = _flat(_object(message.get("properties")))
    kind, named = reading.events.get(plain(event), ("", {}))
    if named:
        properties = {**properties, **{name: properties[path] for name, path in named.items() if path in properties}}
    kind = kind or plain(event)[:100] or "unnamed"
    page = _flat(_object(_object(message.get("context")).get("page")))
    if "page" not in properties and "path" in page:
        properties["page"] = page["path"]
    return _did(message, common, reading, kind, properties)


def _page(message: dict[str, Any], common: dict[str, Any], reading: Reading) -> Item:
    page = _flat(_object(_object(message.get("context")).get("page")))
    properties = {**page, **_flat(_object(message.get("properties")))}
    if isinstance(message.get("name"), str):
        properties.setdefault("title", message["name"][:_LONGEST])
    kind, _ = reading.events.get(str(message["type"]), ("page_viewed", {}))
    return _did(message, common, reading, kind, properties)


def _did(
    message: dict[str, Any], common: dict[str, Any], reading: Reading, kind: str, properties: Mapping[str, Value]
) -> Item:
    context = _object(message.get("context"))
    at, agent = common["happened_at"], context.get("userAgent")
    campaign = _flat(_object(context.get("campaign"))).get("name")
    if campaign is not None and "campaign" not in properties:
        properties = {**properties, "campaign": campaign}
    fact = ActivityHappened(
        id=f"{common['name']}:did",
        happened_at=at,
        recorded_at=at,
        lead="",
        kind=kind,
        properties=properties,
        by_bot=RULES.is_bot(kind, at, agent=agent if isinstance(agent, str) else reading.agent),
    )
    known = _traits(_object(context.get("traits")), reading)
    return Item(**common, attributes=known, facts=(fact,))


def _group(message: dict[str, Any], common: dict[str, Any], reading: Reading) -> Item:
    """A lead's company: what Segment's group says of itself."""
    said = {f"company.{name}": value for name, value in _flat(_object(message.get("traits"))).items()}
    named = {"company.website": "company_domain", "company.phone": "company_phone", **reading.traits}
    told = {named[name]: value for name, value in said.items() if name in named}
    return Item(**{**common, "email": ""}, attributes=normal_attributes(told), states=bool(told))


def _alias(message: dict[str, Any], common: dict[str, Any], _: Reading) -> Item:
    """A visitor is a user: what one did the other did, and two leads become one."""
    before = _id(message, "previousId")
    if not before:
        raise ItemRefused("no_identity", "An alias says which id it was before.", "previousId")
    return Item(**{**common, "anonymous": before, "first": {}}, also=(Key(USER, before),))


_CALLS = {
    "identify": _identify,
    "track": _track,
    "page": _page,
    "screen": _page,
    "group": _group,
    "alias": _alias,
}


def _traits(raw: dict[str, Any], reading: Reading) -> dict[str, Value | None]:
    told: dict[str, Value | None] = {}
    for name, value in _flat(raw).items():
        told.setdefault(reading.traits.get(name, plain(name)), value)
    return normal_attributes(told)


def plain(name: str) -> str:
    """``Form Submitted`` and ``formSubmitted`` are ``form_submitted``."""
    return _WORDS.sub("_", _CAMEL.sub("_", name.strip()).lower()).strip("_")


def _object(raw: object) -> dict[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _flat(raw: dict[str, Any]) -> dict[str, Value]:
    """Values by their paths, without what no value can be."""
    return dict(list(_walk(raw, "", 1))[:_MOST])


def _walk(raw: dict[str, Any], before: str, depth: int) -> Iterator[tuple[str, Value]]:
    for name, value in raw.items():
        path = f"{before}{name}"
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _walk(value, f"{path}.", depth + 1)
        elif isinstance(value, str):
            yield path[:100], _NO_TEXT.sub("", value)[:_LONGEST]
        elif isinstance(value, bool | int | float) and abs(value) < LARGEST:
            found = clean_value(float(f"{value:.12g}") if isinstance(value, float) else value, path)
            if found is not None:
                yield path[:100], found
