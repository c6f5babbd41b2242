"""The small phrases of a contract: text → terms. The canonical spelling of each is ``str`` of what it becomes.

Source of the rules: the grammar table of docs/reference/contract.md.
"""

from __future__ import annotations

import re
from decimal import Decimal

from handfast.contract.terms import (
    MONTHS,
    WEEKDAYS,
    Disposition,
    DispositionKind,
    Duration,
    DurationUnit,
    Fading,
    Held,
    Per,
    PerPeriod,
    counted,
)
from handfast.instant import DAY, HOUR, MINUTE, Span
from handfast.problem import nearest

LONGEST: Span = 3_660 * DAY
"""Ten years: the longest duration, and as far ahead as calendars are sealed."""

_MOST_BUSINESS_DAYS = 2_610
_LONGEST_PHRASE = 100

_UNITS: dict[str, tuple[DurationUnit, int]] = {
    "minute": (DurationUnit.WALL, MINUTE),
    "hour": (DurationUnit.WALL, HOUR),
    "day": (DurationUnit.WALL, DAY),
    "business minute": (DurationUnit.BUSINESS_TIME, MINUTE),
    "business hour": (DurationUnit.BUSINESS_TIME, HOUR),
    "business day": (DurationUnit.BUSINESS_DAYS, 1),
}
_LONGER = {"week": (7, "day"), "month": (30, "day"), "quarter": (90, "day"), "year": (365, "day"),
           "business week": (5, "business day"), "working day": (1, "business day")}  # fmt: skip
_SHORT = {"m": "minute", "min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour", "d": "day"}
_UNIT_WORDS = tuple(word for unit in _UNITS for word in (unit, unit + "s"))

DURATIONS = "N minutes, N hours, N days, N business minutes, N business hours, N business days"
WALL_DURATIONS = "N minutes, N hours, N days"
DISPOSITIONS = "close, recycle after N days, recycle on a date given"
MEETINGS = "mon 10:00, first tue 14:00, first wed of jan apr jul oct 14:00"

_DURATION = re.compile(r"(?P<amount>[0-9]{1,9}) ?(?P<unit>[a-z]+(?: [a-z]+)?)\Z")
_AS = re.compile(r"as (?P<clock>[a-z_]+)\Z")
_PERCENT = re.compile(r"(?P<amount>[0-9]{1,6}(?:\.[0-9]{1,4})?) ?%\Z")
_FADING = re.compile(r"(?P<share>[0-9.]{1,8} ?%) every (?P<every>.+)\Z")
_PER = re.compile(r"(?P<amount>[0-9]{1,15}(?:\.[0-9]{1,2})?) per (?P<per>[a-z]+)\Z")
_TIME = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})\Z")


class PhraseError(ValueError):
    """A text is not the phrase it should be: why, what is allowed, and what was probably meant."""

    def __init__(self, message: str, allowed: str = "", meant: str = "") -> None:
        super().__init__(message)
        self.allowed = allowed
        self.meant = meant


def shown(value: object) -> str:
    """A found value as a message quotes it: short, on one line; text in quotes, all else without."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = " ".join(text[:200].split())
    text = text if len(text) <= 60 else text[:57] + "…"
    return repr(text) if isinstance(value, str) else text


def tidy(text: str) -> str:
    """The text itself, when its words are parted by single spaces and it is no longer than any phrase."""
    if len(text) > _LONGEST_PHRASE:
        raise PhraseError(f"{shown(text)} is too long for a phrase.")
    if " ".join(text.split()) != text:
        raise PhraseError(f"{text!r} has spaces where none belong.", "single spaces between words, none at the ends")
    return text


def duration(text: str, *, zero: bool = False, allowed: str = DURATIONS) -> Duration:
    """``4 business hours``: a duration of at least one minute, or of none where ``zero`` allows it."""
    clean = tidy(text)
    found = _DURATION.match(clean)
    unit = _unit(found["unit"]) if found else ""
    if found is None or not unit:
        meant = _meant_duration(clean)
        fits = allowed == DURATIONS or "business" not in meant
        raise PhraseError(f"{shown(text)} is not a duration.", allowed, meant if fits else "")
    amount = int(found["amount"])
    if amount == 0 and not zero:
        raise PhraseError(f"{shown(text)} leaves no time at all.", allowed)
    kind, size = _UNITS[unit]
    if amount * size > (_MOST_BUSINESS_DAYS if kind is DurationUnit.BUSINESS_DAYS else LONGEST):
        raise PhraseError(f"{shown(text)} is more than ten years.")
    return Duration(kind, amount * size, counted(amount, unit))


def _unit(word: str) -> str:
    if word in _UNITS:
        return word
    return word[:-1] if word.endswith("s") and word[:-1] in _UNITS else ""


def _meant_duration(clean: str) -> str:
    found = re.match(r"(?P<amount>[0-9]{1,6})(?P<part>\.5)? ?(?P<unit>[a-z]+(?: [a-z]+)?)\Z", clean.casefold())
    if found is None:
        return ""
    amount, word = int(found["amount"]), found["unit"]
    if found["part"]:
        return counted(amount * 60 + 30, "minute") if _unit(word) == "hour" else ""
    for longer in (word, word.removesuffix("s")):
        if longer in _LONGER:
            times, unit = _LONGER[longer]
            return counted(amount * times, unit)
    word = _unit(_SHORT.get(word, nearest(word, _UNIT_WORDS)))
    return counted(amount, word) if word else ""


def wall_duration(text: str, *, zero: bool = False, allowed: str = WALL_DURATIONS) -> Duration:
    """A duration around the clock; business time is refused."""
    found = duration(text, zero=zero, allowed=allowed)
    if found.unit is not DurationUnit.WALL:
        raise PhraseError(f"{shown(text)} counts business time; this runs around the clock.", allowed)
    return found


def whole_days(text: str) -> Duration:
    """A wall duration of whole days."""
    found = wall_duration(text, allowed="N days")
    if found.amount % DAY:
        raise PhraseError(f"{shown(text)} is not a whole number of days.", "N days")
    return found


def as_clock(text: str) -> str:
    """The clock that ``as first_touch`` names; empty when the text is no such phrase."""
    found = _AS.match(tidy(text))
    return found["clock"] if found else ""


def percent(text: str) -> Decimal:
    """``22.5%`` as 22.5."""
    clean = tidy(text)
    found = _PERCENT.match(clean)
    if found is None:
        raise PhraseError(f"{shown(text)} is not a share.", "N%", _meant_percent(clean))
    return Decimal(found["amount"])


def _meant_percent(clean: str) -> str:
    """``0.9`` means 90%, ``90`` means 90%; a bare 1 could be either."""
    if _PERCENT.match(f"{clean}%") is None or Decimal(clean) == 1:
        return ""
    share = Decimal(clean) * (100 if Decimal(clean) < 1 else 1)
    return f"{share.normalize():f}%"


def whole_percent(text: str) -> int:
    """``50%`` as 50."""
    try:
        share = percent(text)
    except PhraseError as error:
        raise PhraseError(str(error), error.allowed, "" if "." in error.meant else error.meant) from None
    if share != share.to_integral_value():
        raise PhraseError(f"{shown(text)} is not a whole per cent.", "N%")
    return int(share)


def fading(text: str) -> Fading:
    """``25% every 14 days``."""
    found = _FADING.match(tidy(text))
    if found is None:
        raise PhraseError(f"{shown(text)} is not a fading.", "N% every DURATION, such as 25% every 14 days")
    share = whole_percent(found["share"])
    if not 1 <= share <= 100:
        raise PhraseError(f"A signal fades by 1% to 100% at a time, not by {share}%.")
    return Fading(share, wall_duration(found["every"]).amount)


def per_period(text: str) -> PerPeriod:
    """``1400000 per quarter``."""
    clean = tidy(text)
    found = _PER.match(clean)
    if found is None or found["per"] not in tuple(Per):
        plain = re.sub(r"(?<=[0-9])[,_' ](?=[0-9]{3})", "", clean)
        meant = plain if plain != clean and _PER.match(plain) else _meant_per(found)
        allowed = "AMOUNT per month, AMOUNT per quarter, AMOUNT per year"
        raise PhraseError(f"{shown(text)} is not an amount per period.", allowed, meant)
    return PerPeriod(Decimal(found["amount"]), Per(found["per"]))


def _meant_per(found: re.Match[str] | None) -> str:
    word = nearest(found["per"], tuple(Per)) if found else ""
    return f"{found['amount']} per {word}" if found and word else ""


def disposition(text: str) -> Disposition:
    """``close``, ``recycle after 90 days``, ``recycle on a date given``."""
    clean = tidy(text)
    if clean == "close":
        return Disposition(DispositionKind.CLOSE)
    if clean == "recycle on a date given":
        return Disposition(DispositionKind.RECYCLE_ON_DATE)
    if clean.startswith("recycle after "):
        return _recycle_after(clean.removeprefix("recycle after "))
    meant = nearest(clean, ("close", "recycle on a date given"))
    raise PhraseError(f"{shown(text)} is not what can become of a lead.", DISPOSITIONS, meant)


def _recycle_after(text: str) -> Disposition:
    try:
        return Disposition(DispositionKind.RECYCLE_AFTER, whole_days(text))
    except PhraseError as error:
        meant = f"recycle after {error.meant}" if error.meant else ""
        raise PhraseError(str(error), DISPOSITIONS, meant) from None


def minute_of_day(text: str) -> int:
    """``14:30`` as minutes since midnight; ``24:00`` is 1440."""
    found = _TIME.match(text)
    minute = int(found["hour"]) * 60 + int(found["minute"]) if found else -1
    if found is None or int(found["minute"]) > 59 or minute > 1440:
        raise PhraseError(f"{shown(text)} is not a time of day.", "00:00 to 24:00")
    return minute


def held(text: str) -> Held:
    """``mon 10:00``, ``first tue 14:00``, ``first wed of jan apr jul oct 14:00``."""
    words = tidy(text).split()
    first = words[:1] == ["first"]
    middle = words[1 if first else 0 : -1]
    day, months = middle[:1], middle[2:]
    if not _TIME.match(words[-1] if words else "") or not _is_day(middle, first=first):
        raise PhraseError(f"{shown(text)} does not say when a meeting is held.", MEETINGS)
    minute = minute_of_day(words[-1])
    if minute == 1440:
        raise PhraseError("24:00 is the next day; name that day and write 00:00.", MEETINGS)
    return Held(_position(day[0], WEEKDAYS, "a weekday"), minute, first, _months(months))


def _is_day(middle: list[str], *, first: bool) -> bool:
    """Whether the words between ``first`` and the time have the form of a day: ``wed``, ``wed of jan apr``."""
    return len(middle) == 1 or (first and len(middle) > 2 and middle[1] == "of")


def _months(words: list[str]) -> tuple[int, ...]:
    months = tuple(_position(word, MONTHS, "a month") + 1 for word in words)
    if len(set(months)) < len(months):
        raise PhraseError("A month is named twice.")
    return tuple(sorted(months))


def _position(word: str, words: tuple[str, ...], what: str) -> int:
    if word not in words:
        raise PhraseError(f"{shown(word)} is not {what}.", ", ".join(words), nearest(word[:3], words))
    return words.index(word)
