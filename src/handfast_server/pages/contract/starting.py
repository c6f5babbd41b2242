"""Texts to begin with: one of three contracts under other names, or the signed one as its own successor.

A text is changed where it names its leaders, its number and its beginning, and stays otherwise as somebody wrote it,
comments included. What comes out is checked as any other text is.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from handfast.contract.model import PartyName
from handfast.contract.sign import Signed
from handfast.instant import Instant, parse_instant, to_datetime

STARTS = ("small-inbound", "acme-inbound", "enterprise-territories")
"""From the shortest to the longest; the same as in the folder of examples."""

Person = tuple[str, str]
"""Name and address."""


@cache
def starting_text(start: str) -> str:
    """One of the three as it stands in the package."""
    return files("handfast_server.pages.contract").joinpath("starting", f"{start}.yaml").read_text(encoding="utf-8")


def begun(start: str, name: str, leaders: dict[PartyName, Person], at: Instant) -> str:
    """A first version for these leaders, which governs as soon as both have signed."""
    text = starting_text(start)
    zone = re.search(r"(?m)^zone: *(\S+)", text)
    today = to_datetime(at, zone[1] if zone else "UTC").replace(hour=0, minute=0, second=0, microsecond=0)
    text = _with(text, "contract", _quoted(name))
    text = _with(text, "version", "1")
    text = _with(text, "effective_from", today.isoformat())
    for party, leader in leaders.items():
        text = _led(text, party, leader)
    return text


def amended(text: str, base: Signed | None) -> str:
    """The text as the draft that follows a version: the next number; a beginning that lies before it is moved on."""
    if base is None:
        return text
    text = _with(text, "version", str(base.sealed.contract.version + 1))
    found = re.search(r"(?m)^effective_from: *(\S+)", text)
    if found is not None and _instant(found[1]) < base.in_force_from:
        text = _with(text, "effective_from", _next_day(base).isoformat())
    return text


def _led(text: str, party: PartyName, leader: Person) -> str:
    """Another leader of a party, who has no deputies yet."""
    name, email = map(_quoted, leader)
    told = f"{{name: {name}, email: {email}}}"
    return re.sub(rf"(?m)^(  {party.value}: +)\{{name: .*\}}", lambda found: found[1] + told, text, count=1)


def _next_day(base: Signed) -> dt.datetime:
    """The first midnight after a version took force, by the clocks of its zone."""
    zone = base.sealed.contract.zone
    day = to_datetime(base.in_force_from, zone).date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(zone))


def _instant(text: str) -> Instant:
    """An instant as written; one that cannot be read is left for the checks to say so."""
    try:
        return parse_instant(text)
    except ValueError:
        return 2**62


def _with(text: str, key: str, value: str) -> str:
    """Another value for a key of the outermost level; comments after it stay."""
    return re.sub(rf"(?m)^({key}: *)\S+", lambda found: found[1] + value, text, count=1)


def _quoted(text: str) -> str:
    """As a YAML string in quotes, whatever it holds: no name can change the structure of the file."""
    return json.dumps(text, ensure_ascii=False)
