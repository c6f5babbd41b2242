"""Plain YAML scalars as the core schema of YAML 1.2 reads them, exactly: no binary fractions, no dates, no ``yes``.

Source of the rules: YAML 1.2.2, section 10.3.2 "Tag Resolution".
"""

from __future__ import annotations

import re
from decimal import Decimal

from handfast.contract.text.tree import Scalar

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_INTEGER = re.compile(r"[-+]?[0-9]+\Z", re.ASCII)
_OTHER_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z", re.ASCII)
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE](?P<power>[-+]?[0-9]+))?\Z", re.ASCII)
_NOT_A_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z", re.ASCII)

LONGEST_NUMBER = 30
"""Digits a number may have: more than any amount of money, few enough to be cheap and exact."""

_STARTS = frozenset("-+.0123456789~nNtTfF")


class NotRead(ValueError):
    """A scalar that the core schema knows but a contract has no use for; the message says why."""


def scalar(text: str) -> Scalar:
    """The value of a plain scalar.

    Raises NotRead for infinities, not-a-number and numbers too long to be meant.
    """
    if not text or text[0] not in _STARTS:
        return text or None
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return _number(text)


def _number(text: str) -> Scalar:
    if _INTEGER.match(text):
        return int(_short(text))
    if _OTHER_BASE.match(text):
        return int(_short(text), 0)
    if _NOT_A_NUMBER.match(text):
        raise NotRead(f"{text} is not a number that a contract can hold.")
    found = _FRACTION.match(text)
    if found is None:
        return text
    if len((found["power"] or "").lstrip("+-0")) > 2 or abs(int(found["power"] or 0)) > LONGEST_NUMBER:
        raise NotRead("This number is too large or too small to be meant.")
    return Decimal(_short(text))


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER + 5:
        raise NotRead(f"This number has {len(text)} characters; a contract holds at most {LONGEST_NUMBER} digits.")
    return text
