"""A rep's calendar file: each event is an absence. What an earlier file said and this one does not is cancelled."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr  # type: ignore[import-untyped] # it brings no types
from icalendar import Calendar

from handfast.facts import AbsenceCancelled, AbsenceSet, TeamFact
from handfast.instant import DAY, Instant, from_datetime, to_datetime
from handfast.route.team import Absence
from handfast_server.intake.refused import ItemRefused

LONGEST = 2_000_000
"""Bytes of one file."""

MOST = 2_000
"""Absences of one file."""

AHEAD = 730 * DAY
"""So far ahead is what repeats written out."""


class Away(NamedTuple):
    """One absence of a file."""

    id: str
    starts: Instant
    ends: Instant


def absences(text: bytes, *, rep: str, zone: str, now: Instant) -> list[Away]:
    """The absences of a file that are not over yet; whole days are days of ``zone``. Raises ItemRefused."""
    if len(text) > LONGEST:
        raise ItemRefused("too_long", f"A calendar file has at most {LONGEST:,} bytes.", "body")
    try:
        calendar = Calendar.from_ical(text)
        found = [each for event in calendar.walk("VEVENT") for each in _of(event, rep, ZoneInfo(zone), now)]
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError, IndexError) as broken:
        raise ItemRefused("not_a_calendar", "This is no calendar file (iCalendar, RFC 5545).", "body") from broken
    if len(found) > MOST:
        raise ItemRefused("too_many", f"A calendar file has at most {MOST:,} absences.", "body")
    return sorted(set(found), key=lambda away: away.starts)


def _of(event: Any, rep: str, zone: ZoneInfo, now: Instant) -> Iterator[Away]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return
    begin, end = event.decoded("DTSTART"), _end(event)
    length = _aware(end, zone) - _aware(begin, zone)
    uid = str(event.get("UID", ""))
    for start in _starts(event, begin, zone, now):
        starts = from_datetime(start)
        ends = starts + length // dt.timedelta(microseconds=1)
        if isinstance(begin, dt.date) and not isinstance(begin, dt.datetime):  # whole days, also when clocks change
            days = end - begin
            ends = from_datetime(_aware(start.date() + days, zone))
        if ends > max(now, starts):
            name = hashlib.sha256(f"{uid}\n{starts}".encode()).hexdigest()[:16]
            yield Away(f"ical:{rep}:{name}", starts, ends)


def _end(event: Any) -> Any:
    begin = event.decoded("DTSTART")
    if "DTEND" in event:
        return event.decoded("DTEND")
    if "DURATION" in event:
        return begin + event.decoded("DURATION")
    return begin if isinstance(begin, dt.datetime) else begin + dt.timedelta(days=1)


def _aware(moment: Any, zone: ZoneInfo) -> dt.datetime:
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, dt.time(), zone)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _starts(event: Any, begin: Any, zone: ZoneInfo, now: Instant) -> Iterable[dt.datetime]:
    first = _aware(begin, zone)
    if "RRULE" not in event:
        return [first]
    until = to_datetime(now + AHEAD).replace(tzinfo=None)
    local = first.replace(tzinfo=None)
    rules = rruleset()
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=local, ignoretz=True)
    rules.rrule(rule)
    for out in _listed(event.get("EXDATE")):
        rules.exdate(_aware(out, zone).astimezone(first.tzinfo).replace(tzinfo=None))
    earliest = to_datetime(now - 60 * DAY).replace(tzinfo=None)
    times = rules.xafter(earliest, count=MOST, inc=True)
    return [each.replace(tzinfo=first.tzinfo) for each in times if each <= until]


def _listed(value: Any) -> Iterator[Any]:
    for each in value if isinstance(value, list) else [value] if value is not None else []:
        yield from (one.dt for one in each.dts)


def facts_of(found: Sequence[Away], known: Iterable[Absence], *, rep: str, by: str, now: Instant) -> list[TeamFact]:
    """What has to be told so that the absences of a rep's calendar are these."""
    before = {each.id: each for each in known if each.rep == rep and each.id.startswith(f"ical:{rep}:")}
    told: list[TeamFact] = []
    for away in found:
        was = before.pop(away.id, None)
        if was is None or (was.starts, was.ends) != (away.starts, away.ends):
            told.append(
                AbsenceSet(
                    **_base(away.id, away.ends, now, by), absence=away.id, rep=rep, starts=away.starts, ends=away.ends
                )
            )
    gone = (each for each in before.values() if each.ends > now)
    told += [AbsenceCancelled(**_base(each.id, 0, now, by), absence=each.id, rep=rep) for each in gone]
    return told


def _base(absence: str, ends: Instant, now: Instant, by: str) -> dict[str, Any]:
    return {"id": f"{absence}:{ends}:{now}", "happened_at": now, "recorded_at": now, "by": by}
