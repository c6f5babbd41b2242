"""Sources: how what speaks without a person's token is known again."""

from __future__ import annotations

import hashlib
import secrets

from handfast_server.intake.models import Source, SourceKind

PREFIX = "hfw_"


def new_key() -> tuple[str, str]:
    """A write key and what is kept of it. A key is long and random, so that one round is enough."""
    text = PREFIX + secrets.token_urlsafe(24)
    return text, digest(text)


def digest(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def source_of_key(text: str) -> Source | None:
    """The tracking source of a write key."""
    if not text:
        return None
    return Source.objects.filter(digest=digest(text), kind=SourceKind.TRACKING, active=True).first()


def source_named(name: str, kind: SourceKind) -> Source | None:
    """An active source."""
    return Source.objects.filter(name=name, kind=kind, active=True).first()
