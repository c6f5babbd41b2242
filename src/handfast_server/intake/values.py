"""Values as they came, as the engine takes them: what has a common spelling in it, and what was written kept beside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from handfast.audit.normal import NORMAL
from handfast.condition import Value
from handfast.identity import normal_email, normal_id
from handfast_server.intake.item import ANONYMOUS, EMAIL, Key
from handfast_server.intake.refused import ItemRefused

LONGEST = 10_000
"""Letters of one text, as in a file of facts."""

MOST = 200
"""Values of one item."""

LONGEST_KEY = 320
LARGEST = 10**18

RAW = ".raw"
"""Ends the name under which a value is kept as it was written, where it is judged in another spelling."""

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def clean_values(raw: Mapping[str, object], path: str) -> dict[str, Value | None]:
    """Values of one item; floats exactly as they were written. Raises ItemRefused."""
    if len(raw) > MOST:
        raise ItemRefused("too_many_values", f"An item has at most {MOST} values; this has {len(raw)}.", path)
    return {clean_name(name, path): clean_value(value, f"{path}.{name}") for name, value in raw.items()}


def clean_name(name: str, path: str) -> str:
    """The name of a value. Raises ItemRefused."""
    if not name or len(name) > 100 or _NO_TEXT.search(name):
        raise ItemRefused("bad_name", "A name has 1 to 100 letters.", path)
    return name


def clean_value(raw: object, path: str) -> Value | None:
    """One value. Raises ItemRefused."""
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        return clean_text(raw, path)
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    if isinstance(raw, int | Decimal):
        number = Decimal(raw)
        if not number.is_finite() or abs(number) >= LARGEST or number.as_tuple().exponent < -18:  # type: ignore[operator] # it is finite
            raise ItemRefused("bad_number", "A number is finite, below 10^18, with at most 18 decimals.", path)
        return int(number) if number == number.to_integral_value() else number
    raise ItemRefused("bad_value", "A value is a text, a number, true, false or null.", path)


def clean_text(raw: str, path: str, longest: int = LONGEST) -> str:
    """A text that every database can keep. Raises ItemRefused."""
    if len(raw) > longest:
        raise ItemRefused("too_long", f"A text has at most {longest:,} letters here; this has {len(raw):,}.", path)
    if _NO_TEXT.search(raw):
        raise ItemRefused("bad_text", "A text holds no zero bytes and no halves of a character.", path)
    return raw


def normal_attributes(told: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Attributes in their common spelling; what was written otherwise stands beside it, under its name and ``.raw``."""
    made: dict[str, Value | None] = {}
    for name, value in told.items():
        spelt = NORMAL.get(name)
        if spelt is None or not isinstance(value, str):
            made[name] = value
            continue
        common = _typed(name, spelt(value))
        made[name] = common
        if common != value:
            made[name + RAW] = value
    return made


def _typed(name: str, text: str) -> Value | None:
    if name == "employees":
        return int(text) if text else None
    if name == "customer":
        return text == "true" if text else None
    return text or None


def clean_email(raw: str, path: str) -> str:
    """An address as it is compared; empty when there is none. Raises ItemRefused for what is no address."""
    raw = clean_text(raw, path, LONGEST_KEY).strip()
    found = normal_email(raw)
    if raw and not found:
        raise ItemRefused("bad_email", "This is no e-mail address.", path)
    return found


def keys_of(kind: str, raw: str) -> list[Key]:
    """The key that a text is, as it is compared; none where it is none."""
    try:
        made = {EMAIL: clean_email, ANONYMOUS: clean_text}.get(kind, clean_id)(raw, kind)
    except ItemRefused:
        return []
    return [Key(kind, made)] if made else []


def clean_id(raw: str, path: str) -> str:
    """An id as it is compared. Raises ItemRefused."""
    found = normal_id(clean_text(raw, path, LONGEST_KEY))
    if not found:
        raise ItemRefused("bad_id", "An id is not empty.", path)
    return found
