"""Opening hours as written: days and spans of time → minutes of the local day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from handfast.contract.phrase import PhraseError, minute_of_day, shown, tidy
from handfast.contract.terms import WEEKDAYS
from handfast.problem import nearest

Hours = tuple[tuple[int, int], ...]
"""The spans of one day, in order: (open, close) in minutes since its midnight; close may run to 2880."""

_DAY = 1_440
_WEEK = 7 * _DAY
_SPAN = re.compile(r"(?P<open>[0-9]+:[0-9]+) ?- ?(?P<close>[0-9]+:[0-9]+)\Z", re.ASCII)

DAYS = "mon, tue, wed, thu, fri, sat, sun, or a range such as mon-thu"
SPANS = "times such as 09:00-12:30; 22:00-06:00 runs past midnight; 24:00 is the end of the day"


def weekdays(text: str) -> tuple[int, ...]:
    """``mon-thu`` as (0, 1, 2, 3); a range may run over the weekend: ``sat-mon``."""
    parts = tidy(text).split("-")
    if len(parts) > len(set(parts)) or len(parts) > 2 or not all(part in WEEKDAYS for part in parts):
        meant = (
            "-".join(nearest(part.strip()[:3], WEEKDAYS) for part in dict.fromkeys(parts)) if len(parts) <= 2 else ""
        )
        raise PhraseError(f"{shown(text)} is not a day of the week.", DAYS, meant.strip("-"))
    first, last = WEEKDAYS.index(parts[0]), WEEKDAYS.index(parts[-1])
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def span(text: str) -> tuple[int, int]:
    """``09:00-12:30`` as (540, 750); ``22:00-06:00`` as (1320, 1800)."""
    found = _SPAN.match(tidy(text))
    if found is None:
        plain = text.replace("\N{EN DASH}", "-")
        meant = plain if _SPAN.match(plain) else _meant_span(plain)
        raise PhraseError(f"{shown(text)} is not a span of time.", SPANS, meant)
    opens, closes = minute_of_day(found["open"]), minute_of_day(found["close"])
    if opens == _DAY:
        raise PhraseError(f"{shown(text)} opens at the end of the day; write 00:00 of the next day.")
    if opens == closes:
        raise PhraseError(f"{shown(text)} opens and closes at the same time; around the clock is 00:00-24:00.")
    return opens, closes if closes > opens else closes + _DAY


def _meant_span(text: str) -> str:
    """``9-17`` means 09:00-17:00."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]) ?- ?([01]?[0-9]|2[0-4])", tidy(text), re.ASCII)
    return f"{int(found[1]):02}:00-{int(found[2]):02}:00" if found else ""


def spans(texts: Sequence[str]) -> Hours:
    """The spans of a day in order of opening; overlapping ones are refused."""
    found = tuple(sorted(span(text) for text in texts))
    for (_, closes), (opens, _) in pairwise(found):
        if opens < closes:
            first, second = clock_time(opens), clock_time(closes)
            raise PhraseError(f"These hours overlap: one span opens at {first}, before another closes at {second}.")
    return found


def clock_time(minute: int) -> str:
    """A minute of the day as people write it; past midnight it begins again."""
    return f"{minute // 60 % 24 if minute != _DAY else 24:02}:{minute % 60:02}"


def overlap(week: Sequence[Hours]) -> tuple[int, int] | None:
    """The first two days (0 = Monday) whose hours overlap because one runs past midnight; None when none do."""
    laid = sorted(_laid(week))
    following = [*laid[1:], (laid[0][0] + _WEEK, 0, laid[0][2])] if laid else []
    for (_, closes, day), (opens, _, other) in zip(laid, following, strict=True):
        if opens < closes:
            return day, other
    return None


def overlap_on(spans_of: Callable[[dt.date], Hours], dates: Iterable[dt.date]) -> tuple[dt.date, dt.date] | None:
    """The first two days in a row whose hours overlap, one of them among ``dates``; None when none do."""
    eve = dt.timedelta(days=1)
    for date in sorted(dates):
        for first, second in ((date - eve, date), (date, date + eve)):
            closes = max((span[1] for span in spans_of(first)), default=0)
            opens = min((span[0] for span in spans_of(second)), default=_DAY)
            if closes > _DAY + opens:
                return first, second
    return None


def _laid(week: Sequence[Hours]) -> Iterable[tuple[int, int, int]]:
    return ((day * _DAY + opens, day * _DAY + closes, day) for day, hours in enumerate(week) for opens, closes in hours)
