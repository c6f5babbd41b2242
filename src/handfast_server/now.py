"""The clock of the service; the only place that reads it."""

from __future__ import annotations

import time

from django.conf import settings

from handfast.instant import Instant


def now() -> Instant:
    """This instant, in microseconds UTC. ``HANDFAST_CLOCK_SHIFT`` moves it for rehearsals of an outage."""
    shift: int = settings.CLOCK_SHIFT
    return time.time_ns() // 1000 + shift
