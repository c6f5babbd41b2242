"""Who gets events besides the people they are for: endpoints, shared channels; and whether anybody gets anything.

They change seldom and are asked in every transaction, so that a process looks for changes every two seconds.
"""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

from handfast_server.delivery.events import wanted
from handfast_server.delivery.models import Channel, Endpoint
from handfast_server.rosters.models import Shadow

_FRESH = 2.0


class Target(NamedTuple):
    """An endpoint (``webhook``) or a shared channel (``chat``), and the events it asked for."""

    channel: str
    id: str
    events: tuple[str, ...]

    def wants(self, event: str) -> bool:
        """Whether it gets an event. A shared channel is read by people, and gets what it names alone."""
        return wanted(event, self.events) and (self.channel == "webhook" or bool(self.events))


class Targets(NamedTuple):
    """``silent``: in shadow mode nothing is sent."""

    each: tuple[Target, ...] = ()
    silent: bool = False


_lock = threading.Lock()
_known: tuple[float, Targets] = (float("-inf"), Targets())


def current() -> Targets:
    """As they were two seconds ago at most."""
    global _known  # noqa: PLW0603 # one value a process, replaced whole
    read_at, targets = _known
    asked_at = time.monotonic()
    if asked_at - read_at > _FRESH:
        targets = _read()
        with _lock:
            _known = asked_at, targets
    return targets


def forget() -> None:
    """Look again at the next question: after a change made here."""
    global _known  # noqa: PLW0603 # as above
    with _lock:
        _known = float("-inf"), Targets()


def _read() -> Targets:
    endpoints = Endpoint.objects.filter(active=True, disabled_at=None).order_by("id").values_list("id", "events")
    channels = Channel.objects.filter(active=True, user=None).order_by("id").values_list("id", "events")
    found = [Target("webhook", name, tuple(events)) for name, events in endpoints]
    found += [Target("chat", name, tuple(events)) for name, events in channels]
    return Targets(tuple(found), Shadow.objects.exclude(value="").exists())
