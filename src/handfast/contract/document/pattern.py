"""How values are written, as regular expressions: for reading, and for the published JSON Schema.

They are plain enough to mean the same in Python and in ECMAScript, which JSON Schema speaks.
"""

from __future__ import annotations

import re

_SOME = r"0*[1-9][0-9]{0,8}"
_WALL = rf"{_SOME} ?(minutes?|hours?|days?)"
_ANY = rf"{_SOME} ?(business )?(minutes?|hours?|days?)"
_TIME = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)"
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"

NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
EMAIL = rf"^[^\s@<>()\[\]:;,\\\"]{{1,64}}@({_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]$"
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
NO_OFFSET = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+)?$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
PERIOD = r"^2[01][0-9]{2}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"
REGION = r"^\s*[A-Z]{2}(-[A-Za-z0-9 -]+)?\s*$"
SHARE = r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?) ?%$"
STEP = r"^(1000|[1-9][0-9]{0,2}) ?%$"
WALL = rf"^{_WALL}$"
WALL_OR_NONE = r"^[0-9]{1,9} ?(minutes?|hours?|days?)$"
DURATION = rf"^{_ANY}$"
WINDOW = rf"^({_ANY}|as [a-z_]+)$"
FADES = rf"^(100|[1-9][0-9]?) ?% every {_WALL}$"
PER = r"^[0-9]{1,15}(\.[0-9]{1,2})? per (month|quarter|year)$"
THEN = rf"^(close|recycle after {_WALL}|recycle on a date given)$"
HELD = rf"^(first )?{_DAY}( of( {_MONTH})+)? {_TIME}$"
SPAN = rf"^{_TIME} ?- ?({_TIME}|24:00)$"
WEEKDAYS = rf"^{_DAY}(-{_DAY})?$"


def whole(pattern: str) -> re.Pattern[str]:
    """A pattern that must match a text as a whole, a line break at its end included."""
    return re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII)


EMAIL_ADDRESS = whole(EMAIL)
