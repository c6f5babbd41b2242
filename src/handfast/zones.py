"""What the world decides about time: when named zones change their clocks, which dates a region keeps free.

Both come from data packages (`tzdata`, `holidays`), never from the machine's own zone files or its language
settings, so that the same installed versions give the same answer everywhere. A signed contract seals these
answers; this module is asked when a draft is sealed, not when a lead is judged.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handfast.instant import DAY, SECOND, Instant
from handfast.problem import nearest

if TYPE_CHECKING:
    from types import ModuleType

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_PROBE = 3 * DAY  # no zone ever kept an offset for less than six days (a test asks all of them)


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Every zone name that a calendar may use, sorted."""
    return tuple(sorted(resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()))


def known_zone(name: str) -> bool:
    """Whether ``name`` is a zone of the IANA database, spelt exactly."""
    return name in zone_names()


def nearest_zone(name: str) -> str:
    """The zone likely meant by ``name``: by its city (``Berlin``), else by spelling; empty when none is close."""
    folded = name.strip().casefold().replace(" ", "_")
    by_city = (zone for zone in zone_names() if zone.casefold().rpartition("/")[2] == folded)
    return next(by_city, "") or nearest(folded, zone_names())


@lru_cache(maxsize=64)
def zone_info(name: str) -> ZoneInfo:
    """The rules of a named zone, from the `tzdata` package.

    Raises ValueError for a name that is not in the database.
    """
    if not known_zone(name):
        raise ValueError(f"{name!r} is not a zone of the IANA database")
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@lru_cache(maxsize=64)
def transitions(zone: str, first: Instant, last: Instant) -> tuple[tuple[Instant, int], ...]:
    """The offsets of a zone over ``first`` ≤ t ≤ ``last``: (instant from which, seconds east of UTC), in order.

    The first entry is the offset in force at ``first``; each later one is the exact instant of a change. Changes
    of name alone, such as a zone renamed at the same offset, are none. Raises ValueError for an unknown zone and
    for a span that ends before it begins.
    """
    if last < first:
        raise ValueError("the span ends before it begins")
    info = zone_info(zone)
    found = [(first, _offset(info, first))]
    low = first
    while low < last:
        high = min(low + _PROBE, last)
        if _offset(info, high) != found[-1][1]:
            found.append(_change(info, low, high))
        low = high
    return tuple(found)


def _offset(info: ZoneInfo, instant: Instant) -> int:
    """Seconds east of UTC at an instant."""
    local = info.fromutc((_EPOCH + dt.timedelta(microseconds=instant)).replace(tzinfo=info))
    return (local.utcoffset() or dt.timedelta()) // dt.timedelta(seconds=1)


def _change(info: ZoneInfo, low: Instant, high: Instant) -> tuple[Instant, int]:
    """The one change in low < t ≤ high, by bisection; zones change on whole seconds."""
    before, after = _offset(info, low), _offset(info, high)
    old, new = low // SECOND, high // SECOND
    while new - old > 1:
        middle = (old + new) // 2
        if _offset(info, middle * SECOND) == before:
            old = middle
        else:
            new = middle
    return new * SECOND, after


def _library() -> ModuleType:
    """The `holidays` library: 0.13 s of import, so nobody pays for it before a region is named."""
    import holidays  # noqa: PLC0415 the import is the cost being put off

    return holidays


def known_region(name: str) -> bool:
    """Whether holidays are known for ``name``; looks at its one country, since listing all of them reads them all."""
    country, _, part = name.partition("-")
    codes = {names[1] for names in _library().registry.COUNTRIES.values()}
    if country not in codes:
        return False
    return name == country or part in getattr(_library(), country).subdivisions


def nearest_region(name: str) -> str:
    """The region likely meant by ``name``: ``uk``, ``DEU`` and ``DE-Berlin`` too; empty when none is close."""
    codes = _country_codes()
    country, _, part = name.strip().replace("_", "-").partition("-")
    code = codes.get(_squeezed(name)) or codes.get(_squeezed(country)) or codes.get(nearest(country, codes), "")
    if not part or not code:
        return code
    parts = _subdivision_codes(code)
    return parts.get(nearest(part, parts), code)


def holiday_doubts(region: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """What is not known about the holidays of those years, a sentence each; empty when all of them are known.

    ``holiday_dates`` names no holiday where none is known, which is not the same as there being none. Raises
    ValueError for an unknown region.
    """
    country, _ = _country_and_part(region)
    entity = getattr(_library(), country)
    doubts = []
    if first_year < entity.start_year or last_year > entity.end_year:
        doubts.append(f"The holidays of {country} are known from {entity.start_year} to {entity.end_year} only.")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        _kept(region, range(first_year, last_year + 1))
    # The library repeats itself for every year that it does not know.
    return (*doubts, *dict.fromkeys(f"About {country}: {warning.message}" for warning in said))


@lru_cache(maxsize=64)
def holiday_dates(region: str, first_year: int, last_year: int) -> tuple[tuple[dt.date, str], ...]:
    """The public holidays of a region, both years included: (date, name), in order of date.

    A holiday kept on another day than its own is there with both. Names are English where the library has them,
    for people to read; the dates are what a calendar is compiled from. What the library does not know is told by
    ``holiday_doubts``. Raises ValueError for an unknown region.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kept = _kept(region, range(first_year, last_year + 1))
    return tuple(sorted(kept.items()))


def _kept(region: str, years: range) -> Mapping[dt.date, str]:
    """The library's answer, in English: left to itself it would speak the language of the environment."""
    country, part = _country_and_part(region)
    kept: Mapping[dt.date, str] = _library().country_holidays(
        country, part or None, years=years, expand=False, language="en_US"
    )
    return kept


def _country_and_part(region: str) -> tuple[str, str]:
    """``DE-BE`` as its country and its subdivision, which may be empty."""
    if not known_region(region):
        raise ValueError(f"{region!r} is not a region whose holidays are known")
    country, _, part = region.partition("-")
    return country, part


@lru_cache(maxsize=1)
def _country_codes() -> dict[str, str]:
    """Names and codes of countries, squeezed, to the code that regions begin with."""
    countries: Iterable[tuple[str, ...]] = _library().registry.COUNTRIES.values()
    return {_squeezed(name): names[1] for names in countries for name in names}


def _subdivision_codes(country: str) -> dict[str, str]:
    """Names and codes of a country's subdivisions, to their regions."""
    entity = getattr(_library(), country)
    codes = {part: part for part in entity.subdivisions} | entity.subdivisions_aliases
    return {name: f"{country}-{part}" for name, part in codes.items()}


def _squeezed(name: str) -> str:
    """A name without case, spaces and the like."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
