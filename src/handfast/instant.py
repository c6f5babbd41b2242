"""Instants: whole microseconds since 1970-01-01T00:00:00Z, as plain integers.

An integer cannot carry a zone by mistake, subtracts exactly across every change of the clocks, and stands
unchanged in numpy columns. Zones appear only where a person reads or writes: here, and in calendars.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Instant = int
"""Microseconds since the epoch, UTC."""

Span = int
"""A length of time in microseconds."""

MICROSECOND: Span = 1
SECOND: Span = 1_000_000
MINUTE: Span = 60 * SECOND
HOUR: Span = 60 * MINUTE
DAY: Span = 24 * HOUR

NEVER: Instant = -(2**63)
"""The empty cell of an instant column (numpy's NaT). Never a value in scalar code, where ``None`` stands for it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_datetime(moment: datetime) -> Instant:
    """The instant of an aware datetime.

    Raises ValueError for a naive one: an instant without an offset is a guess.
    """
    if moment.tzinfo is None:
        message = "a datetime without an offset is not an instant"
        raise ValueError(message)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_datetime(instant: Instant, zone: str = "UTC") -> datetime:
    """The aware datetime of an instant in a named zone."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(ZoneInfo(zone))


def parse_instant(text: str) -> Instant:
    """Read an RFC 3339 instant such as ``2027-01-08T14:30:00+01:00``.

    Raises ValueError when the text is not one or has no offset.
    """
    return from_datetime(datetime.fromisoformat(text.strip()))


def format_instant(instant: Instant, zone: str = "UTC") -> str:
    """Write an instant as RFC 3339 with the offset that the zone has then."""
    return to_datetime(instant, zone).isoformat()
