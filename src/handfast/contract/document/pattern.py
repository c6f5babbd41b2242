"""How values are written, as regular expressions: for reading, and for the published JSON Schema.

They are plain enough to mean the same in Python and in ECMAScript, which JSON Schema speaks.
"""

from __future__ import annotations

import re

_WALL = r"[0-9]{1,9} ?(minutes?|hours?|days?)"
_ANY = r"[0-9]{1,9} ?(business )?(minutes?|hours?|days?)"
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)"
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"

NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
EMAIL = rf"^[^\s@<>()\[\]:;,\\\"]{{1,64}}@({_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]$"
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
NO_OFFSET = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+)?$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
PERIOD = r"^2[01][0-9]{2}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"
REGION = r"^[A-Z]{2}(-[A-Za-z0-9 -]+)?$"
SHARE = r"^[0-9]{1,3}(\.[0-9]{1,4})? ?%$"
WHOLE_SHARE = r"^[0-9]{1,4} ?%$"
WALL = rf"^{_WALL}$"
DURATION = rf"^{_ANY}$"
WINDOW = rf"^({_ANY}|as [a-z_]+)$"
FADES = rf"^[0-9]{{1,3}} ?% every {_WALL}$"
PER = r"^[0-9]{1,15}(\.[0-9]{1,2})? per (month|quarter|year)$"
THEN = rf"^(close|recycle after {_WALL}|recycle on a date given)$"
HELD = rf"^(first )?{_DAY}( of( {_MONTH})+)? [0-9]{{1,2}}:[0-9]{{2}}$"
SPAN = r"^[0-9]{1,2}:[0-9]{2} ?- ?[0-9]{1,2}:[0-9]{2}$"
WEEKDAYS = rf"^{_DAY}(-{_DAY})?$"


def whole(pattern: str) -> re.Pattern[str]:
    """A pattern that must match a text as a whole, a line break at its end included."""
    return re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII)


EMAIL_ADDRESS = whole(EMAIL)
