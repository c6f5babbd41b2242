"""How fast one caller may ask: a bucket of requests each, in the memory of this process, filled at a steady rate.

Whoever comes here is known, and can be turned away for good; what anybody may reach counts in the database, for all
processes (``intake.bucket``, and allauth's cache for passwords). Decision 0225 says what that would cost here.
"""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from handfast_server.api.auth import caller


class Rate(NamedTuple):
    """Requests a second in the long run, and at once."""

    each_second: float
    at_once: float


PEOPLE, PROGRAMS = Rate(50, 200), Rate(1_000, 2_000)
"""A page polls; a program brings a burst of leads. Neither keeps the others waiting."""

_MOST = 10_000
"""Callers remembered; beyond them those who were away longest begin anew."""


class PerCaller(BaseThrottle):
    """Refuses with 429 whoever asks faster than their rate; each process of several counts for itself."""

    def __init__(self, people: Rate = PEOPLE, programs: Rate = PROGRAMS) -> None:
        self._people, self._programs = people, programs
        self._left: dict[str, tuple[float, float]] = {}  # caller: requests left, as of when
        self._lock = threading.Lock()

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether the caller's bucket holds another request."""
        if not getattr(request, "auth", None):
            return True  # what is open to everybody has limits of its own
        who = caller(request)
        rate = self._people if who.scopes is None else self._programs
        now = time.monotonic()
        with self._lock:
            left, since = self._left.pop(who.id, (rate.at_once, now))
            left = min(rate.at_once, left + (now - since) * rate.each_second)
            allowed = left >= 1
            self._left[who.id] = (left - allowed, now)
            if len(self._left) > _MOST:
                del self._left[next(iter(self._left))]
        return allowed

    def wait(self) -> float | None:
        """How many seconds to wait: one is always enough."""
        return 1.0
