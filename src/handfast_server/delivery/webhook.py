"""Signed webhooks, as Standard Webhooks says: an id that stays, the instant of sending, a signature over both and body.

An endpoint that cannot be reached, or asks for a pause, is left alone for a while that grows, so that it holds up no
other; so is one that refuses several messages in a row. One that refuses a single message has only that tried again
later. After three days without a success it gets nothing any more, and administrators are told. 410 says so at once.
"""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import httpcore
import orjson
from django.db import connection
from standardwebhooks import Webhook

import handfast
from handfast.instant import DAY, HOUR, MINUTE, SECOND, Instant, format_instant, to_datetime
from handfast_server.accounts.models import Role, User
from handfast_server.decide.transaction import writing
from handfast_server.delivery import lease, targets
from handfast_server.delivery.lease import Leased, Outcome, Result
from handfast_server.delivery.models import Endpoint
from handfast_server.delivery.net import AddressRefused, post
from handfast_server.delivery.outbox import PERSON, WEBHOOK, message_id, put_messages
from handfast_server.now import now
from handfast_server.secrets import SecretLost, decrypt

BATCH, AT_ONCE = 32, 8
DISABLED_AFTER = 3 * DAY
SEVERAL = 5
"""So many refusals in a row are the endpoint's fault; fewer may be the messages'."""

_ASKS_FOR_A_PAUSE = frozenset((429, 503))


class _Letter(NamedTuple):
    """Everything that sending takes, so that no database is asked meanwhile."""

    url: str
    secrets: tuple[str, ...]
    id: str
    body: bytes
    sent_at: dt.datetime


def send() -> bool:
    """Send webhooks that are due; whether there may be more."""
    if not lease.anything_due(WEBHOOK):
        return False
    _postpone()
    found = lease.lease(WEBHOOK, BATCH)
    if not found:
        return False
    endpoints = {each.id: each for each in Endpoint.objects.filter(pk__in={message.to for message in found})}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [(message, pool.submit(_try, _letter(message, endpoints.get(message.to)))) for message in found]
        for message, future in waiting:
            result = future.result()
            lease.finish(message, result)
            _note(message, result)
    return True


def _postpone() -> None:
    """What is due to an endpoint that is left alone waits with it."""
    at = now()
    resting = Endpoint.objects.filter(rest_until__gt=at).values_list("id", "rest_until")
    for name, until in list(resting):
        with writing(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_message SET due_at = %s WHERE state = 'ready' AND channel = 'webhook' "
                'AND due_at <= %s AND "to" = %s',
                [until, at, name],
            )


def _letter(message: Leased, endpoint: Endpoint | None) -> _Letter | Result:
    if endpoint is None or not endpoint.active or endpoint.disabled_at is not None:
        return Result(Outcome.DEAD, "endpoint_gone")
    at = now()
    try:
        signing = tuple(secrets_of(endpoint, at))
    except SecretLost:
        return Result(Outcome.AGAIN, "secret_lost")
    return lease.over(message, at) or _Letter(endpoint.url, signing, message.id, body_of(message), to_datetime(at))


def secrets_of(endpoint: Endpoint, at: Instant) -> list[str]:
    """The secrets that sign: the new one, and the one before for a day."""
    kept = [endpoint.secret]
    if endpoint.old_secret and at < endpoint.old_until:
        kept.append(endpoint.old_secret)
    return [decrypt(each) for each in kept]


def body_of(message: Leased) -> bytes:
    """``type``, ``timestamp`` and ``data``; the same bytes however often it is sent."""
    data = orjson.loads(message.payload)
    at = data.pop("at")
    about = {"lead": message.lead, "cycle": message.cycle}
    return orjson.dumps({"type": message.event, "timestamp": format_instant(at), "data": {**about, **data}})


def _try(letter: _Letter | Result) -> Result:
    if isinstance(letter, Result):
        return letter
    try:
        answer = post(letter.url, headers_of(letter), letter.body)
    except AddressRefused:
        return Result(Outcome.AGAIN, "address_refused")
    except (httpcore.TimeoutException, TimeoutError):
        return Result(Outcome.AGAIN, "timeout")
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError, ValueError) as broken:
        return Result(Outcome.AGAIN, type(broken).__name__)
    if 200 <= answer.status < 300:
        return Result(Outcome.SENT, str(answer.status), answered=answer.status)
    pause = min(answer.retry_after * SECOND, HOUR) if answer.status in _ASKS_FOR_A_PAUSE else 0
    return Result(Outcome.AGAIN, str(answer.status), pause, answer.status)


def headers_of(letter: _Letter) -> dict[bytes | str, bytes | str]:
    """What Standard Webhooks asks for."""
    text = letter.body.decode()
    signatures = [Webhook(secret).sign(letter.id, letter.sent_at, text) for secret in letter.secrets]
    return {
        "content-type": "application/json",
        "user-agent": f"Handfast/{handfast.__version__}",
        "webhook-id": letter.id,
        "webhook-timestamp": str(int(letter.sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _note(message: Leased, result: Result) -> None:
    """How the endpoint stands after this."""
    endpoint = Endpoint.objects.filter(pk=message.to).first()
    if endpoint is None:
        return
    if result.outcome is Outcome.SENT:
        _succeeded(endpoint, now())
    elif result.outcome is Outcome.AGAIN and not _known_refusal(message, result):
        _failed(endpoint, result, now())


def _succeeded(endpoint: Endpoint, at: Instant) -> None:
    if endpoint.failures or at - (endpoint.succeeded_at or 0) > MINUTE:
        fresh = {"failures": 0, "failing_since": None, "rest_until": 0, "succeeded_at": at}
        with writing():
            Endpoint.objects.filter(pk=endpoint.pk).update(**fresh)


def _known_refusal(message: Leased, result: Result) -> bool:
    """Whether a message is refused again, which says nothing new of the endpoint."""
    refused = 400 <= result.answered < 500 and result.answered not in _ASKS_FOR_A_PAUSE
    return refused and message.number > 1 and result.answered != _GONE


_GONE = 410


def _failed(endpoint: Endpoint, result: Result, at: Instant) -> None:
    if endpoint.rest_until > at:  # another message of the same round has been counted
        return
    failures, since = endpoint.failures + 1, endpoint.failing_since or at
    at_once = result.answered == 0 or result.answered in _ASKS_FOR_A_PAUSE
    counted = failures if at_once else failures - SEVERAL + 1
    rest = at + max(lease.pause_after(counted), result.pause) if counted > 0 else 0
    with writing():
        Endpoint.objects.filter(pk=endpoint.pk).update(failures=failures, failing_since=since, rest_until=rest)
        if at - since >= DISABLED_AFTER or result.answered == _GONE:
            disable(endpoint, at)


def disable(endpoint: Endpoint, at: Instant) -> None:
    """Send it nothing any more, and tell every administrator."""
    if Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(disabled_at=at, rest_until=0) == 0:
        return
    targets.forget()
    payload = orjson.dumps({"at": at, "endpoint": endpoint.pk}).decode()
    people = User.objects.filter(is_active=True).values_list("email", "roles")
    told = [email for email, roles in people if Role.ADMIN in roles]
    event = "endpoint.disabled"
    names = [message_id(endpoint.pk, event, str(at), email) for email in told]
    put_messages(
        [(name, event, email, PERSON, "", "", payload, None) for name, email in zip(names, told, strict=True)], at
    )
