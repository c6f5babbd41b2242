"""The values of a contract's keys: each type with its reader, its words when refused, and its JSON Schema."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from handfast.condition import ValueType
from handfast.contract import hours, phrase
from handfast.contract.builtin import CURRENCIES
from handfast.contract.model import ReasonKind, RevenueNumber, ShareBy, SourcedBy, Verb
from handfast.contract.phrase import PhraseError, shown
from handfast.contract.terms import MONTHS, Disposition, Duration, Fading, Held, PerPeriod
from handfast.contract.tree import Nothing
from handfast.instant import Instant, from_datetime
from handfast.problem import nearest

T = TypeVar("T")

NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
EMAIL = r"^[^\s@<>()\[\]:;,\\\"]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$"
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
PERIOD = r"^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"
REGION = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
SHARE = r"^[0-9]{1,3}(\.[0-9]{1,4})? ?%$"
WHOLE_SHARE = r"^[0-9]{1,4} ?%$"
WALL = r"^[0-9]{1,9} ?(minutes?|hours?|days?)$"
DAYS = r"^[0-9]{1,9} ?(minutes?|hours?|days?)$"
DURATION = r"^[0-9]{1,9} ?(business )?(minutes?|hours?|days?)$"
WINDOW = r"^([0-9]{1,9} ?(business )?(minutes?|hours?|days?)|as [a-z_]+)$"
FADES = r"^[0-9]{1,3} ?% every [0-9]{1,9} ?(minutes?|hours?|days?)$"
PER = r"^[0-9]{1,15}(\.[0-9]{1,2})? per (month|quarter|year)$"
THEN = r"^(close|recycle after [0-9]{1,9} ?(minutes?|hours?|days?)|recycle on a date given)$"
HELD = (
    r"^(first )?(mon|tue|wed|thu|fri|sat|sun)"
    r"( of( (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))+)? [0-9]{1,2}:[0-9]{2}$"
)
SPAN = r"^[0-9]{1,2}:[0-9]{2} ?- ?[0-9]{1,2}:[0-9]{2}$"
WEEKDAYS = r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$"

EMAIL_ADDRESS = re.compile(EMAIL.removesuffix("$") + r"\Z", re.ASCII)

LARGEST_POINTS = 100_000
LONGEST_TEXT = 2_000
_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def refusal(code: str, message: str, *, allowed: str = "", meant: str = "") -> PydanticCustomError:
    """What a reader raises: words for people, kept apart from the machinery's own."""
    context: dict[str, Any] = {"message": message, "allowed": allowed, "meant": meant}
    return PydanticCustomError(code, "{message}", context)


def what(value: object) -> str:
    """What was found, in a sentence that says it is not what is needed."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, Nothing):
        return "nothing"
    return "a list" if isinstance(value, list) else shown(value)


def text(value: object) -> str:
    """Any text that says something."""
    if not isinstance(value, str):
        quoted = f'"{value}"' if isinstance(value, int | Decimal) and not isinstance(value, bool) else ""
        raise refusal("wrong_type", f"Text is needed here, not {what(value)}.", meant=quoted)
    if not value.strip():
        raise refusal("empty_text", "This text is empty.")
    if len(value) > LONGEST_TEXT:
        raise refusal("too_long", f"This text has {len(value):,} characters; {LONGEST_TEXT:,} are the most.")
    return value.strip()


def matching(pattern: str, code: str, wanted: str, allowed: str) -> Callable[[object], str]:
    """A reader of texts that match a pattern."""
    compiled = re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII)

    def read(value: object) -> str:
        found = text(value)
        if found != value or compiled.match(found) is None:
            raise refusal(code, f"{shown(found)} is not {wanted}.", allowed=allowed)
        return found

    return read


def word_of(words: Iterable[T], code: str = "unknown_word") -> Callable[[object], T]:
    """A reader of one of a few fixed words."""
    by_word = {str(word): word for word in words}

    def read(value: object) -> T:
        if not isinstance(value, str) or value not in by_word:
            meant = nearest(value, by_word) if isinstance(value, str) else ""
            message = (
                f"{what(value).capitalize() if isinstance(value, dict | list) else what(value)} cannot stand here."
            )
            raise refusal(code, message, allowed=", ".join(by_word), meant=meant)
        return by_word[value]

    return read


def whole(low: int, high: int) -> Callable[[object], int]:
    """A reader of whole numbers from ``low`` to ``high``."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise refusal(
                "wrong_type", f"A whole number is needed here, not {what(value)}.", allowed=f"{low} to {high}"
            )
        if not low <= value <= high:
            raise refusal(
                "out_of_range", f"{value} is too {'small' if value < low else 'large'}.", allowed=f"{low} to {high}"
            )
        return value

    return read


def number(low: int, high: int) -> Callable[[object], int | Decimal]:
    """A reader of exact numbers from ``low`` to ``high``."""

    def read(value: object) -> int | Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not low <= value <= high:
            raise refusal("wrong_type", f"A number is needed here, not {what(value)}.")
        return value

    return read


def plain_text(value: object) -> str:
    """A value as the name it may be; one that no name can be stays recognisable in messages."""
    return value if isinstance(value, str) else what(value)


def flag(value: object) -> bool:
    """``true`` or ``false``."""
    if not isinstance(value, bool):
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(value).casefold(), "")
        raise refusal(
            "wrong_type", f"true or false is needed here, not {what(value)}.", allowed="true, false", meant=meant
        )
    return value


def money(value: object) -> Decimal:
    """An amount above zero."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        plain = str(value).replace(",", "").replace("_", "")
        meant = plain if re.fullmatch(r"[0-9]{1,15}", plain) else ""
        raise refusal(
            "wrong_type", f"An amount is needed here, not {what(value)}.", allowed="digits alone", meant=meant
        )
    if not 0 < value <= 10**15:
        raise refusal("out_of_range", f"{shown(value)} is not a sensible amount.", allowed="more than 0, at most 10^15")
    return Decimal(value)


def phrased(read: Callable[[str], T]) -> Callable[[object], T]:
    """A reader of phrases: the phrase's own words when it is refused."""

    def reader(value: object) -> T:
        if not isinstance(value, str):
            return _not_a_phrase(value, read)
        try:
            return read(value)
        except PhraseError as error:
            raise refusal("phrase", str(error), allowed=error.allowed, meant=error.meant) from None

    return reader


def _not_a_phrase(value: object, read: Callable[[str], T]) -> T:
    """Ask the phrase itself about a bare number, so that ``90`` is told from ``90 days`` in its own words."""
    allowed = meant = ""
    try:
        read(shown(value).strip("'"))
    except PhraseError as error:
        allowed, meant = error.allowed, error.meant
    raise refusal("wrong_type", f"A phrase is needed here, not {what(value)}.", allowed=allowed, meant=meant)


def _share(value: str) -> Decimal:
    found = phrase.percent(value)
    if found > 100:
        raise PhraseError(f"{shown(value)} is more than all.", "0% to 100%")
    return found / 100


def _step(value: str) -> int:
    found = phrase.whole_percent(value)
    if not 1 <= found <= 1000:
        raise PhraseError(f"A step falls between 1% and 1000% of the window, not at {found}%.")
    return found


def _cool_off(value: str) -> Duration:
    return phrase.wall_duration(value, zero=True)


def _window(value: str) -> Duration | str:
    return phrase.as_clock(value) or phrase.duration(value)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as written: with the offset that its author gave."""

    instant: Instant
    offset: int  # seconds east of UTC
    text: str


def moment(value: object) -> Moment:
    """``2027-01-08T14:30:00+01:00``: an RFC 3339 instant with its offset."""
    allowed = "an instant with its offset, such as 2027-01-01T00:00:00+01:00"
    found = text(value) if isinstance(value, str) else ""
    if not found:
        raise refusal("wrong_type", f"An instant is needed here, not {what(value)}.", allowed=allowed)
    if re.fullmatch(MOMENT, found, re.ASCII) is None:
        message = f"{shown(found)} is not an instant."
        if re.fullmatch(r"[0-9-]{10}([T ][0-9:.]+)?", found, re.ASCII):
            message = f"{shown(found)} does not say its offset from UTC, so it could be any of a day's hours."
        raise refusal("instant", message, allowed=allowed)
    try:
        read = dt.datetime.fromisoformat(found)
    except ValueError:
        raise refusal(
            "instant", f"{shown(found)} does not exist: no calendar or clock shows it.", allowed=allowed
        ) from None
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise refusal("out_of_range", f"The year {read.year} is not meant.", allowed=f"{_FIRST_YEAR} to {_LAST_YEAR}")
    offset = read.utcoffset() or dt.timedelta()
    return Moment(from_datetime(read), offset // dt.timedelta(seconds=1), found)


def date(value: object) -> dt.date:
    """``2026-09-20``."""
    allowed = "a date such as 2026-09-20"
    if not isinstance(value, str):
        raise refusal("wrong_type", f"A date is needed here, not {what(value)}.", allowed=allowed)
    try:
        read = dt.date.fromisoformat(value) if re.fullmatch(DATE, value, re.ASCII) else None
    except ValueError:
        read = None
    if read is None or not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise refusal("date", f"{shown(value)} is not a date.", allowed=allowed)
    return read


def period(value: object) -> str:
    """``2027``, ``2027-Q1``, ``2027-01``: a year, quarter or month of the fiscal year."""
    written = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if re.fullmatch(PERIOD, written, re.ASCII) is None or not _FIRST_YEAR <= int(written[:4]) <= _LAST_YEAR:
        raise refusal("period", f"{what(value)} is not a period.".capitalize() if isinstance(value, dict | list) else
                      f"{what(value)} is not a period.", allowed="2027, 2027-Q1, 2027-01")  # fmt: skip
    return written


def day_hours(value: object) -> hours.Hours:
    """A list of spans, a single span, or ``closed``."""
    if value == "closed":
        return ()
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise refusal("wrong_type", f"A list of hours is needed here, not {what(value)}.",
                      allowed='["09:00-12:30", "13:30-18:00"], or closed')  # fmt: skip
    return phrased(lambda _: hours.spans(found))("")


def currency(value: object) -> str:
    """An ISO 4217 code."""
    found = text(value)
    if found not in CURRENCIES:
        meant = found.upper() if found.upper() in CURRENCIES else ""
        raise refusal(
            "currency", f"{shown(found)} is not a currency.", allowed="a code of ISO 4217 such as EUR", meant=meant
        )
    return found


def _json(kind: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


def _pattern(pattern: str, *examples: str) -> WithJsonSchema:
    return _json("string", pattern=pattern, examples=list(examples))


_NAME_ALLOWED = "letters, digits, _ and -, beginning with a letter, at most 64"

Text = Annotated[str, PlainValidator(text), _json("string", minLength=1, maxLength=LONGEST_TEXT)]
Name = Annotated[str, PlainValidator(matching(NAME, "name", "a name", _NAME_ALLOWED)), _pattern(NAME)]
Email = Annotated[
    str, PlainValidator(matching(EMAIL, "email", "an e-mail address", "such as dana@acme.example")), _pattern(EMAIL)
]
Region = Annotated[
    str,
    PlainValidator(
        matching(
            REGION, "unknown_region", "a holiday region", "a country such as DE, or one of its parts such as DE-BE"
        )
    ),
    _pattern(REGION, "DE-BE", "US"),
]
Flag = Annotated[bool, PlainValidator(flag), _json("boolean")]
Points = Annotated[int, PlainValidator(whole(-LARGEST_POINTS, LARGEST_POINTS)),
                   _json("integer", minimum=-LARGEST_POINTS, maximum=LARGEST_POINTS)]  # fmt: skip
Version = Annotated[int, PlainValidator(whole(1, 1_000_000)), _json("integer", minimum=1, maximum=1_000_000)]
Recent = Annotated[int, PlainValidator(whole(1, 100)), _json("integer", minimum=1, maximum=100)]
Count = Annotated[int, PlainValidator(whole(1, 1_000)), _json("integer", minimum=1, maximum=1_000)]
Leads = Annotated[int, PlainValidator(whole(1, 100_000_000)), _json("integer", minimum=1, maximum=100_000_000)]
Money = Annotated[Decimal, PlainValidator(money), _json("number", exclusiveMinimum=0, maximum=10**15)]
Share = Annotated[Decimal, PlainValidator(phrased(_share)), _pattern(SHARE, "90%")]
StepAt = Annotated[int, PlainValidator(phrased(_step)), _pattern(WHOLE_SHARE, "50%")]
WallDuration = Annotated[Duration, PlainValidator(phrased(phrase.wall_duration)), _pattern(WALL, "90 days")]
WholeDays = Annotated[Duration, PlainValidator(phrased(phrase.whole_days)), _pattern(DAYS, "60 days")]
CoolOff = Annotated[Duration, PlainValidator(phrased(_cool_off)), _pattern(WALL, "30 days", "0 days")]
AnyDuration = Annotated[
    Duration, PlainValidator(phrased(phrase.duration)), _pattern(DURATION, "30 business minutes", "10 business days")
]
Window = Annotated[
    Duration | str, PlainValidator(phrased(_window)), _pattern(WINDOW, "4 business hours", "as first_touch")
]
Fades = Annotated[Fading, PlainValidator(phrased(phrase.fading)), _pattern(FADES, "25% every 14 days")]
AmountPer = Annotated[PerPeriod, PlainValidator(phrased(phrase.per_period)), _pattern(PER, "1400000 per quarter")]
Then = Annotated[
    Disposition, PlainValidator(phrased(phrase.disposition)), _pattern(THEN, "close", "recycle after 90 days")
]
HeldAt = Annotated[Held, PlainValidator(phrased(phrase.held)), _pattern(HELD, "mon 10:00", "first tue 14:00")]
At = Annotated[Moment, PlainValidator(moment), _pattern(MOMENT, "2027-01-01T00:00:00+01:00")]
Date = Annotated[dt.date, PlainValidator(date), _pattern(DATE, "2026-09-20")]
RevenuePeriod = Annotated[
    str,
    PlainValidator(period),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 2000, "maximum": 2199}, {"type": "string", "pattern": PERIOD}]}
    ),
]
Days = Annotated[tuple[int, ...], PlainValidator(phrased(hours.weekdays)), _pattern(WEEKDAYS, "mon-thu", "fri")]
DayHours = Annotated[
    hours.Hours,
    PlainValidator(day_hours),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string", "pattern": SPAN}},
                {"type": "string", "pattern": SPAN},
                {"const": "closed"},
            ]
        }
    ),
]
Currency = Annotated[str, PlainValidator(currency), WithJsonSchema({"type": "string", "enum": sorted(CURRENCIES)})]


def _word(words: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"enum": [str(word) for word in words]})


Month = Annotated[str, PlainValidator(word_of(MONTHS)), _word(MONTHS)]
Kind = Annotated[ValueType, PlainValidator(word_of(ValueType)), _word(ValueType)]
ShareWord = Annotated[ShareBy, PlainValidator(word_of(ShareBy)), _word(ShareBy)]
VerbWord = Annotated[Verb, PlainValidator(word_of(Verb)), _word(Verb)]
ReasonKindWord = Annotated[ReasonKind, PlainValidator(word_of(ReasonKind)), _word(ReasonKind)]
NumberWord = Annotated[RevenueNumber, PlainValidator(word_of(RevenueNumber)), _word(RevenueNumber)]
SourcedWord = Annotated[SourcedBy, PlainValidator(word_of(SourcedBy)), _word(SourcedBy)]
