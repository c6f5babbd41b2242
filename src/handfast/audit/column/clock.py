"""A time of day, as text: hours in 12 or 24, fractions, an offset or the name of a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handfast.instant import HOUR, MINUTE, SECOND
from handfast.zones import known_zone

_TIME = re.compile(
    r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([ap])?\.?m?\.?\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?|[A-Za-z]+/[A-Za-z_/]+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time token, read: microseconds into the day; the offset or zone if it names one."""

    span: int
    offset: int | None = None  # microseconds east
    zone: str = ""


def read_clock(token: str) -> Clock | None:
    """The time of day that a token names; None when it names none."""
    found = _TIME.fullmatch(token.strip().strip("\u200e\u202f"))
    if found is None:
        return None
    hour, minute, second, fraction, half, zone = found.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.casefold() == "p" else 0)
    if hours > 24 or int(minute) > 59 or int(second or 0) > 60 or (hours == 24 and int(minute) + int(second or 0)):
        return None
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    span = hours * HOUR + int(minute) * MINUTE + int(second or 0) * SECOND + micro
    return _zoned(span, zone or "")


def _zoned(span: int, zone: str) -> Clock | None:
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return Clock(span, 0)
    if zone[:1] in {"+", "-"}:
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = int(digits[:2]) * HOUR + int(digits[2:]) * MINUTE
        return Clock(span, -offset if zone[0] == "-" else offset)
    if zone:
        return Clock(span, zone=zone) if known_zone(zone) else None
    return Clock(span)
