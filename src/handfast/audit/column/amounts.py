"""Numbers as people write them: thousands separators and decimal marks of both conventions, currency signs, bands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

_NUMBER = re.compile(r"[-+(]?\s*\d[\d.,'’\s]*\)?")
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,2}")
_SUFFIX = {"k": 3, "tsd": 3, "m": 6, "mio": 6, "mn": 6, "b": 9, "bn": 9, "mrd": 9}
_SIGN_BEFORE = re.compile(r"(?:^|\s)[-(]\s*[^\w\s]*\s*$")  # before a currency sign, as in -$12
_SPACES = re.compile(r"[\s'’]")
_MOST_DIGITS = 15


class DecimalMark(StrEnum):
    """What stands before the decimals."""

    AUTO = "auto"  # decided by the column
    POINT = "point"  # 1,234.50
    COMMA = "comma"  # 1.234,50


def decide_mark(texts: Iterable[str]) -> tuple[DecimalMark, bool]:
    """The decimal mark the column speaks for, and whether that was proved (False: nothing spoke, point is assumed).

    Proof: a number with both marks ends in its decimals; a mark that occurs twice cuts thousands; one not followed
    by exactly three digits stands before decimals.
    """
    point = comma = 0
    for text in texts:
        last_point, last_comma = text.rfind("."), text.rfind(",")
        if last_point >= 0 and last_comma >= 0:
            point, comma = point + (last_point > last_comma), comma + (last_comma > last_point)
            continue
        mark = "." if last_point >= 0 else ","
        if mark not in text:
            continue
        decimals = text.count(mark) == 1 and len(re.sub(r"\D", "", text.rpartition(mark)[2])) != 3
        if decimals or text.count(mark) > 1:
            is_point = (mark == ".") == decimals
            point, comma = point + is_point, comma + (not is_point)
    if comma > point:
        return DecimalMark.COMMA, True
    return DecimalMark.POINT, point > 0


def read_number(text: str, mark: DecimalMark = DecimalMark.POINT) -> Decimal | None:
    """The number in a text such as ``€ 1.234,50``, ``$1,234``, ``2.5k`` or ``(120)``; None when there is none."""
    plain = text.strip()
    if _SCIENTIFIC.fullmatch(plain):
        return Decimal(plain)
    found = _NUMBER.search(plain)
    if found is None:
        return None
    digits = _SPACES.sub("", found.group())
    negative = digits.startswith(("-", "(")) or bool(_SIGN_BEFORE.search(plain[: found.start()]))
    digits = digits.strip("+-()")
    thousands, decimals = (".", ",") if mark is DecimalMark.COMMA else (",", ".")
    if digits.count(decimals) > 1:
        return None
    digits = digits.replace(thousands, "").replace(decimals, ".").rstrip(".")
    if len(digits) > _MOST_DIGITS:
        return None
    number = Decimal(digits or "0").scaleb(_power(plain[found.end() :]))
    return -number if negative else number


def _power(rest: str) -> int:
    """``k``, ``Mio`` after a number: the power of ten."""
    word = re.match(r"\s*([a-z]+)", rest.casefold())
    return _SUFFIX.get(word.group(1), 0) if word else 0


def hundredths(number: Decimal | None) -> int:
    """Money in hundredths, rounded half to even; 0 when unknown."""
    return 0 if number is None else int((number * 100).to_integral_value())
