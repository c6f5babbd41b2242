"""Readers of single values: what was written → what it means, or words that say what is wrong and what is allowed.

They raise PydanticCustomError, whose context carries ``message``, ``allowed`` and ``meant``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from handfast.contract import hours, phrase
from handfast.contract.builtin import CURRENCIES
from handfast.contract.document import pattern
from handfast.contract.phrase import PhraseError, shown
from handfast.contract.terms import Duration
from handfast.contract.text.tree import Nothing
from handfast.instant import Instant, from_datetime
from handfast.problem import nearest

T = TypeVar("T")

LONGEST_TEXT = 2_000
"""Characters that any text of a contract may have."""

FIRST_YEAR, LAST_YEAR = 2000, 2199
"""Years in which a date of a contract can lie; everything else is a slip of the pen."""

LARGEST_AMOUNT = 10**15
"""More money than any plan names."""

_DATE, _MOMENT, _NO_OFFSET, _PERIOD = map(
    pattern.whole, (pattern.DATE, pattern.MOMENT, pattern.NO_OFFSET, pattern.PERIOD)
)


def refusal(code: str, message: str, *, allowed: str = "", meant: str = "") -> PydanticCustomError:
    """What a reader raises: words for people, kept apart from the machinery's own."""
    words: dict[str, Any] = {"message": capital(message), "allowed": allowed, "meant": meant}
    return PydanticCustomError(code, "{message}", words)


def what(value: object) -> str:
    """What was found, in a sentence that says it is not what is needed."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, Nothing):
        return "nothing"
    return "a list" if isinstance(value, list) else shown(value)


def capital(sentence: str) -> str:
    """A sentence with its first letter large, which ``str.capitalize`` would do at the cost of all others."""
    return sentence[:1].upper() + sentence[1:]


def text(value: object) -> str:
    """Any text that says something."""
    if not isinstance(value, str):
        meant = f'"{shown(value)}"' if isinstance(value, int | Decimal) else ""
        raise refusal("wrong_type", f"Text is needed here, not {what(value)}.", meant=meant)
    if not value.strip():
        raise refusal("empty_text", "This text is empty.")
    if len(value) > LONGEST_TEXT:
        raise refusal("text_too_long", too_long(value))
    return value.strip()


def too_long(value: str) -> str:
    """The words for a text beyond ``LONGEST_TEXT``."""
    return f"This text has {len(value):,} characters; {LONGEST_TEXT:,} are the most."


def matching(expression: str, code: str, wanted: str, allowed: str) -> Callable[[object], str]:
    """A reader of texts that match a pattern."""
    compiled = pattern.whole(expression)

    def read(value: object) -> str:
        if text(value) != value or compiled.match(value) is None:
            raise refusal(code, f"{what(value)} is not {wanted}.", allowed=allowed)
        return value

    return read


def word_of(words: Iterable[T]) -> Callable[[object], T]:
    """A reader of one of a few fixed words."""
    by_word = {str(word): word for word in words}

    def read(value: object) -> T:
        if not isinstance(value, str) or value not in by_word:
            meant = nearest(value, by_word) if isinstance(value, str) else ""
            raise refusal("unknown_word", f"{what(value)} cannot stand here.", allowed=", ".join(by_word), meant=meant)
        return by_word[value]

    return read


def whole(low: int, high: int) -> Callable[[object], int]:
    """A reader of whole numbers from ``low`` to ``high``."""
    allowed = f"{low} to {high}"

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            meant = value if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value, re.ASCII) else ""
            message = f"A whole number is needed here, not {what(value)}."
            raise refusal("wrong_type", message, allowed=allowed, meant=meant)
        if not low <= value <= high:
            raise refusal("out_of_range", f"{value} is too {'small' if value < low else 'large'}.", allowed=allowed)
        return value

    return read


def points(value: object) -> int | Decimal:
    """An exact number of points, which fading can make a fraction."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        raise refusal("wrong_type", f"A number of points is needed here, not {what(value)}.")
    return value


_FLAGS = {word: flag for flag, words in (("true", "true yes on"), ("false", "false no off")) for word in words.split()}


def flag(value: object) -> bool:
    """``true`` or ``false``."""
    if not isinstance(value, bool):
        meant = _FLAGS.get(value.casefold(), "") if isinstance(value, str) else ""
        message = f"Either true or false is needed here, not {what(value)}."
        raise refusal("wrong_type", message, allowed="true, false, without quotes", meant=meant)
    return value


def money(value: object) -> Decimal:
    """An amount above zero."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        plain = re.sub("[,_' ]", "", value[:40]) if isinstance(value, str) else ""
        meant = plain if re.fullmatch(r"[0-9]{1,15}", plain, re.ASCII) else ""
        message = f"An amount is needed here, not {what(value)}."
        raise refusal("wrong_type", message, allowed="digits alone, such as 2000000", meant=meant)
    if not 0 < value <= LARGEST_AMOUNT:
        raise refusal("out_of_range", f"{shown(value)} is no sensible amount.", allowed="more than 0, at most 10^15")
    return Decimal(value)


def phrased(read: Callable[[str], T]) -> Callable[[object], T]:
    """A reader of phrases: the phrase's own words when it is refused."""

    def reader(value: object) -> T:
        written = value if isinstance(value, str) else shown(value) if _is_number(value) else ""
        try:
            return read(written)
        except PhraseError as error:
            message = str(error) if written else f"{what(value)} cannot stand here."
            raise _refused_phrase(error, message) from None

    return reader


def _refused_phrase(error: PhraseError, message: str) -> PydanticCustomError:
    return refusal("phrase", message, allowed=error.allowed, meant=error.meant)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def share(value: str) -> Decimal:
    """``60%`` as 0.6; not more than all."""
    found = phrase.percent(value)
    if found > 100:
        raise PhraseError(f"{shown(value)} is more than all.", "0% to 100%")
    return found / 100


def step_at(value: str) -> int:
    """``50%`` of a window as 50; at most ten times the window."""
    found = phrase.whole_percent(value)
    if not 1 <= found <= 1000:
        raise PhraseError(f"A step cannot fall at {found}% of the window.", "1% to 1000%")
    return found


def cool_off(value: str) -> Duration:
    """A duration around the clock, or ``0 days`` for none."""
    return phrase.wall_duration(value, zero=True)


def window(value: str) -> Duration | str:
    """A duration, or the name of the clock whose window is the same."""
    return phrase.as_clock(value) or phrase.duration(value)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as written: with the offset that its author gave."""

    instant: Instant
    offset: int  # seconds east of UTC
    text: str


_AN_INSTANT = "an instant with its offset, such as 2027-01-01T00:00:00+01:00"


def moment(value: object) -> Moment:
    """``2027-01-08T14:30:00+01:00``: an RFC 3339 instant with its offset."""
    if not isinstance(value, str):
        raise refusal("wrong_type", f"An instant is needed here, not {what(value)}.", allowed=_AN_INSTANT)
    if _NO_OFFSET.match(value):
        message = f"{shown(value)} does not say its offset from UTC, so it could mean any hour of a day."
        raise refusal("instant", message, allowed=_AN_INSTANT)
    if _MOMENT.match(value) is None:
        raise refusal("instant", f"{shown(value)} is not an instant.", allowed=_AN_INSTANT)
    try:
        read = dt.datetime.fromisoformat(value)
    except ValueError:
        message = f"{shown(value)} does not exist: no calendar or clock shows it."
        raise refusal("instant", message, allowed=_AN_INSTANT) from None
    _check_year(read.year, value)
    offset = read.utcoffset() or dt.timedelta()
    return Moment(from_datetime(read), offset // dt.timedelta(seconds=1), value)


def date(value: object) -> dt.date:
    """``2026-09-20``."""
    allowed = "a date such as 2026-09-20"
    if not isinstance(value, str) or _DATE.match(value) is None:
        raise refusal("date", f"A date is needed here, not {what(value)}.", allowed=allowed)
    try:
        read = dt.date.fromisoformat(value)
    except ValueError:
        raise refusal("date", f"{shown(value)} does not exist: no calendar shows it.", allowed=allowed) from None
    _check_year(read.year, value)
    return read


def _check_year(year: int, written: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = f"{shown(written)} lies outside the time of contracts."
        raise refusal("out_of_range", message, allowed=f"the years {FIRST_YEAR} to {LAST_YEAR}")


def period(value: object) -> str:
    """``2027``, ``2027-Q1``, ``2027-01``: a year, quarter or month of the fiscal year."""
    written = str(value) if isinstance(value, int | str) else ""
    if _PERIOD.match(written) is None:
        message = f"{what(value)} is not a period of the fiscal year."
        raise refusal("period", message, allowed="a year 2027, quarter 2027-Q1 or month 2027-01")
    return written


def day_hours(value: object) -> hours.Hours:
    """A list of spans, a single span, or ``closed``."""
    if value == "closed":
        return ()
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        message = f"A list of hours is needed here, not {what(value)}."
        raise refusal("wrong_type", message, allowed='["09:00-12:30", "13:30-18:00"], or closed')
    try:
        return hours.spans(found)
    except PhraseError as error:
        raise _refused_phrase(error, str(error)) from None


def currency(value: object) -> str:
    """An ISO 4217 code."""
    found = text(value)
    if found != value or found not in CURRENCIES:
        meant = nearest(found.upper(), CURRENCIES)
        allowed = "a code of ISO 4217 such as EUR"
        raise refusal(
            "currency",
            f"{shown(found) if found == value else repr(str(value)[:60])} is not a currency.",
            allowed=allowed,
            meant=meant,
        )
    return found
