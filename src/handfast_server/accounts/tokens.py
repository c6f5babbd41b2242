"""Tokens of programs: shown once, kept as a hash, revocable."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

import orjson
from django.db.models import Q
from django.utils import timezone

from handfast.instant import Instant
from handfast_server.access.principal import Principal
from handfast_server.accounts.models import ApiToken, Role, User
from handfast_server.audit.record import record
from handfast_server.decide.sql import fetch
from handfast_server.decide.transaction import in_transaction
from handfast_server.now import now

PREFIX = "hf_"

_NOTED_EVERY = dt.timedelta(minutes=1)
"""When a token was last used is known to the minute: a row written at every call would make callers wait in turn."""


_noted: dict[str, dt.datetime] = {}  # when this process last looked to it, by digest


def make_token(
    name: str,
    roles: list[Role],
    scopes: list[str],
    by: User | None,
    sources: Sequence[str] = (),
    expires_at: Instant | None = None,
) -> tuple[ApiToken, str]:
    """A token and its text, which nobody can read again."""
    text = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        name=name,
        digest=_digest(text),
        start=text[:7],
        roles=[*map(str, roles)],
        scopes=scopes,
        sources=_sorted(sources),
        made_by=by,
        expires_at=expires_at,
    )
    return made, text


_LIVE = (
    "SELECT id, name, roles, scopes, sources FROM accounts_apitoken WHERE digest = %s AND revoked_at IS NULL "
    "AND (expires_at IS NULL OR expires_at > %s)"
)


def principal_of(text: str) -> Principal | None:
    """Which program a token is of; None for one that is unknown, revoked or over."""
    digest = _digest(text)
    found = fetch(_LIVE, [digest, now()])
    if not found:
        return None
    token, name, *lists = found[0]
    _note_use(token, digest)
    roles, scopes, sources = (frozenset(orjson.loads(each)) for each in lists)
    return Principal(id=f"token:{token}", name=name, roles=roles, scopes=scopes, sources=sources)


def do_make_token(
    name: str,
    roles: list[Role],
    scopes: list[str],
    by: User | None,
    sources: Sequence[str] = (),
    expires_at: Instant | None = None,
) -> tuple[ApiToken, str]:
    """A token that somebody asked for, and its text."""

    def work() -> tuple[ApiToken, str]:
        made, text = make_token(name, roles, scopes, by, sources, expires_at)
        said = {"roles": made.roles, "scopes": made.scopes, "sources": made.sources, "expires_at": expires_at}
        record("accounts.token_made", f"token:{made.pk}", details=said)
        return made, text

    return in_transaction(work)


def do_grant_sources(token_id: int, sources: Sequence[str]) -> ApiToken:
    """The sources, besides its own, whose words a token may pass on from now on."""

    def work() -> ApiToken:
        found = ApiToken.objects.select_for_update().get(pk=token_id)
        found.sources = _sorted(sources)
        found.save(update_fields=["sources"])
        record("accounts.token_sources", f"token:{found.pk}", details={"sources": found.sources})
        return found

    return in_transaction(work)


def do_revoke_token(token_id: int) -> ApiToken:
    """From now on the token is worth nothing; its row stays, so that it is known who called."""

    def work() -> ApiToken:
        found = ApiToken.objects.select_for_update().get(pk=token_id)
        found.revoked_at = found.revoked_at or timezone.now()
        found.save(update_fields=["revoked_at"])
        record("accounts.token_revoked", f"token:{found.pk}")
        return found

    return in_transaction(work)


def _sorted(sources: Sequence[str]) -> list[str]:
    return sorted(set(sources))


def _note_use(token: int, digest: str) -> None:
    at = timezone.now()
    if digest in _noted and dt.timedelta() <= at - _noted[digest] < _NOTED_EVERY:
        return
    _noted[digest] = at
    due = Q(used_at=None) | Q(used_at__lte=at - _NOTED_EVERY)
    ApiToken.objects.filter(due, pk=token).update(used_at=at)


def _digest(text: str) -> str:
    """What is kept. A token is long and random, so that one round is enough."""
    return hashlib.sha256(text.encode()).hexdigest()
