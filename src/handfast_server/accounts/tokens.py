"""Tokens of programs: shown once, kept as a hash, revocable."""

from __future__ import annotations

import hashlib
import secrets

from handfast_server.access.principal import Principal
from handfast_server.accounts.models import ApiToken, Role, User

PREFIX = "hf_"


def make_token(name: str, roles: list[Role], scopes: list[str], by: User | None) -> tuple[ApiToken, str]:
    """A token and its text, which nobody can read again."""
    text = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        name=name, digest=_digest(text), start=text[:7], roles=[*map(str, roles)], scopes=scopes, made_by=by
    )
    return made, text


def principal_of(text: str) -> Principal | None:
    """Which program a token is of; None for one that is unknown or revoked."""
    token = ApiToken.objects.filter(digest=_digest(text), revoked_at__isnull=True).first()
    if token is None:
        return None
    roles, scopes = frozenset(token.roles), frozenset(token.scopes)
    return Principal(id=f"token:{token.pk}", name=token.name, roles=roles, scopes=scopes)


def _digest(text: str) -> str:
    """What is kept. A token is long and random, so that one round is enough."""
    return hashlib.sha256(text.encode()).hexdigest()
