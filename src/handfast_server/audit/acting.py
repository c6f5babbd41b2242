"""On whose behalf this thread works: set at the edge, by the interface, a page or a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

_who: ContextVar[str] = ContextVar("handfast_acting", default="")

ENGINE = "engine"
"""Who acts when nobody asked."""


@contextmanager
def acting(who: str) -> Iterator[None]:
    """Whatever is done inside is done by ``who``: ``user:7``, ``token:3``, ``command:restore``."""
    token = _who.set(who)
    try:
        yield
    finally:
        _who.reset(token)


def actor() -> str:
    """Who acts."""
    return _who.get() or ENGINE


def request_id() -> str:
    """The id of the request that is answered; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
