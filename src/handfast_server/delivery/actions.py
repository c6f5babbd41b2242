"""Endpoints, channels, wishes, and messages that are to be sent again."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from typing import Any

import orjson

from handfast.instant import DAY
from handfast_server.audit.record import record
from handfast_server.decide.transaction import writing
from handfast_server.delivery import targets
from handfast_server.delivery.chat import plugin_of
from handfast_server.delivery.events import known_filter
from handfast_server.delivery.models import Channel, Endpoint, Message, Wish
from handfast_server.delivery.net import AddressRefused, check_url
from handfast_server.delivery.outbox import CHAT, MAIL, PERSON, WEBHOOK, message_id, put_messages
from handfast_server.delivery.queries import MAY_BE_PERSONAL
from handfast_server.now import now
from handfast_server.refused import Refused
from handfast_server.secrets import encrypt

_AGAIN = (Message.State.DEAD, Message.State.SKIPPED, Message.State.LATE)


def check_events(events: Sequence[str]) -> None:
    """Raises Refused for a name that no event has or begins with."""
    for place, name in enumerate(events):
        if not known_filter(name):
            raise Refused(
                "unknown_event",
                f"There is no event {name!r}, and none begins so; docs/reference/events.md lists them.",
                status=422,
                path=f"events.{place}",
            )


def check_address(url: str) -> None:
    """Raises Refused for an address to which no webhook may go."""
    try:
        check_url(url)
    except AddressRefused as refused:
        raise Refused("address_refused", str(refused), status=422, path="url") from None


def do_make_endpoint(url: str, about: str, events: Sequence[str]) -> tuple[Endpoint, str]:
    """A new endpoint, and its secret, which is shown this once. Raises Refused."""
    check_address(url)
    check_events(events)
    secret = _new_secret()
    with writing():
        made = Endpoint.objects.create(
            id=f"ep_{secrets.token_hex(12)}",
            url=url,
            about=about,
            events=list(events),
            secret=encrypt(secret),
            made_at=now(),
        )
        record("delivery.endpoint_made", f"endpoint:{made.pk}", details={"events": list(events)})
    targets.forget()
    return made, secret


def do_change_endpoint(name: str, **given: Any) -> Endpoint:
    """Change what is given; switching one on forgets that it failed. Raises Refused, Endpoint.DoesNotExist."""
    if "url" in given:
        check_address(given["url"])
    if "events" in given:
        check_events(given["events"])
    if given.get("active"):
        given |= {"disabled_at": None, "failing_since": None, "failures": 0, "rest_until": 0}
    with writing():
        endpoint = Endpoint.objects.get(pk=name)
        Endpoint.objects.filter(pk=name).update(**given)
        record("delivery.endpoint_changed", f"endpoint:{name}", details={"changed": sorted(given)})
        endpoint.refresh_from_db()
    targets.forget()
    return endpoint


def do_rotate_secret(name: str) -> str:
    """A new secret, shown this once; the one before signs beside it for a day. Raises Endpoint.DoesNotExist."""
    secret = _new_secret()
    with writing():
        endpoint = Endpoint.objects.get(pk=name)
        fresh = {"secret": encrypt(secret), "old_secret": endpoint.secret, "old_until": now() + DAY}
        Endpoint.objects.filter(pk=name).update(**fresh)
        record("delivery.secret_rotated", f"endpoint:{name}")
    return secret


def do_remove_endpoint(name: str) -> None:
    """What is still to be sent to it is given up. Raises Endpoint.DoesNotExist."""
    with writing():
        Endpoint.objects.get(pk=name).delete()
        record("delivery.endpoint_removed", f"endpoint:{name}")
    targets.forget()


def do_try_endpoint(name: str) -> str:
    """Send a message to see whether it arrives; its id. Raises Endpoint.DoesNotExist."""
    with writing():
        Endpoint.objects.get(pk=name)
        return _tried(name, WEBHOOK)


def do_try_channel(name: str) -> str:
    """Send a message to a chat to see whether it arrives; its id. Raises Channel.DoesNotExist."""
    with writing():
        Channel.objects.get(pk=name)
        return _tried(name, CHAT)


def _tried(name: str, channel: str) -> str:
    at = now()
    message = message_id(name, "endpoint.test", str(at))
    payload = orjson.dumps({"at": at}).decode()
    put_messages([(message, "endpoint.test", name, channel, "", "", payload, None)], at)
    return message


def do_make_channel(name: str, address: str, events: Sequence[str], user: int | None) -> Channel:
    """A chat that Apprise reaches: somebody's own, or a shared one that names its events. Raises Refused."""
    check_events(events)
    if user is None and not events:
        raise Refused("events_missing", "A shared channel names the events that it gets.", status=422, path="events")
    try:
        plugin_of(address)
    except AddressRefused as refused:
        raise Refused("address_refused", str(refused), status=422, path="address") from None
    with writing():
        made = Channel.objects.create(
            id=f"ch_{secrets.token_hex(12)}",
            name=name,
            address=encrypt(address),
            events=list(events),
            user_id=user,
            made_at=now(),
        )
        record("delivery.channel_made", f"channel:{made.pk}")
    targets.forget()
    return made


def do_remove_channel(name: str) -> None:
    """Raises Channel.DoesNotExist."""
    with writing():
        Channel.objects.get(pk=name).delete()
        record("delivery.channel_removed", f"channel:{name}")
    targets.forget()


def do_wish(user: int, **given: Any) -> Wish:
    """Change what somebody wants to be told, and when. Raises Refused."""
    check_events(given.get("muted", ()))
    with writing():
        wish, _ = Wish.objects.update_or_create(user_id=user, defaults=given)
    return wish


def do_send_again(names: Sequence[str] | None = None, *, endpoint: str = "") -> int:
    """Send what was given up, skipped or too late: these, or everything given up (of one endpoint); how many.

    What was too late is sent all the same: somebody asked for it.
    """
    with writing():
        found = Message.objects.filter(state__in=_AGAIN, pk__in=names) if names is not None else _dead(endpoint)
        at = now()
        count = found.update(
            state=Message.State.READY, due_at=at, leased_until=0, not_after=None, ended_at=None, error=""
        )
        record("delivery.sent_again", f"endpoint:{endpoint}" if endpoint else "messages", details={"count": count})
    return count


def _dead(endpoint: str) -> Any:
    found = Message.objects.filter(state=Message.State.DEAD)
    return found.filter(channel=WEBHOOK, to=endpoint) if endpoint else found


def forget(leads: Sequence[str]) -> None:
    """Of leads that are erased nobody of the team is told any more; endpoints are, to erase them as well."""
    waiting = Message.objects.filter(lead__in=leads, state=Message.State.READY, channel__in=(PERSON, MAIL, CHAT))
    waiting.update(state=Message.State.SKIPPED, error="erased", ended_at=now())
    for name, payload in Message.objects.filter(lead__in=leads).values_list("id", "payload"):
        kept = {key: value for key, value in _payload(payload).items() if key not in MAY_BE_PERSONAL}
        Message.objects.filter(pk=name).update(payload=orjson.dumps(kept).decode())


def _payload(text: str) -> dict[str, Any]:
    """What a message tells; nothing where that cannot be read."""
    try:
        told = orjson.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
