"""A contract sealed: its canonical content together with all that judging depends on, and the digest over both.

What a calendar needs from data packages, holiday dates and the changes of the clocks, is written into the content,
from five years before ``effective_from`` to ten after; the contents of lists are part of the contract already.
The bytes alone give the contract and its calendars back, on a machine that has other packages or none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from handfast import zones
from handfast.contract.canonical import Plain, canonical_bytes, content, contract_from, from_plain, to_plain
from handfast.contract.model import CalendarTerms, Contract
from handfast.errors import SealBroken
from handfast.instant import DAY, Instant

FORMAT = 1
"""Of the sealed bytes. A change of it is a change of how bytes are read, never of bytes already signed."""

YEARS_BACK = 5
YEARS_AHEAD = 10

Transitions = tuple[tuple[Instant, int], ...]
"""Offsets of a zone: (instant from which, seconds east of UTC); the first entry is in force at the seal's start."""


class Almanac(NamedTuple):
    """Where the world's data come from: the installed packages, unless a test or a server brings its own."""

    transitions: Callable[[str, Instant, Instant], Transitions] = zones.transitions
    holiday_dates: Callable[[str, int, int], tuple[tuple[dt.date, str], ...]] = zones.holiday_dates


PACKAGES = Almanac()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A contract and what it needs of the world between ``first`` and ``last``, as signed.

    ``holidays`` holds local dates by region, ``zones`` the offsets of the contract's zone and of each calendar's.
    ``digest`` is the sha256 of ``content`` in hex.
    """

    contract: Contract
    first: Instant
    last: Instant
    holidays: Mapping[str, tuple[dt.date, ...]]
    zones: Mapping[str, Transitions]
    content: bytes
    digest: str

    def holidays_of(self, calendar: CalendarTerms) -> tuple[dt.date, ...]:
        """The holiday dates of a calendar, none when it names no region."""
        return self.holidays[calendar.holidays] if calendar.holidays else ()


def seal(contract: Contract, *, almanac: Almanac = PACKAGES) -> Sealed:
    """Seal a contract with the world's data as the almanac knows them."""
    first, last = horizon(contract.effective_from)
    calendars = contract.calendars.values()
    holidays = {name: _dates(almanac, name, first, last) for name in {terms.holidays for terms in calendars} - {""}}
    named = {contract.zone} | {terms.zone for terms in calendars}
    offsets = {name: tuple(almanac.transitions(name, first, last)) for name in named}
    return _sealed(contract, (first, last), holidays, offsets)


def unseal(sealed: bytes, digest: str) -> Sealed:
    """Read sealed bytes back; needs no data package.

    Raises SealBroken when the bytes are not those of the digest, or are no sealed contract of a known format.
    """
    if not verify(sealed, digest):
        raise SealBroken(f"The sealed contract was changed: its digest is {digest_of(sealed)}, {digest} was signed.")
    try:
        return _read(sealed)
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise SealBroken(f"These bytes are no sealed contract: {problem}.") from problem


def verify(sealed: bytes, digest: str) -> bool:
    """Whether a digest is that of the bytes."""
    return hmac.compare_digest(digest_of(sealed).encode(), digest.strip().lower().encode())


def digest_of(sealed: bytes) -> str:
    """The sha256 of sealed bytes, in hex."""
    return hashlib.sha256(sealed).hexdigest()


def horizon(effective_from: Instant) -> tuple[Instant, Instant]:
    """From five years before an instant to ten years after it, by the UTC calendar."""
    return _years_from(effective_from, -YEARS_BACK), _years_from(effective_from, YEARS_AHEAD)


def _years_from(instant: Instant, years: int) -> Instant:
    """The same day and time some years away; of 29 February the day before, as no leap year is 5 or 10 from another."""
    day = _utc_date(instant)
    leap_day = (day.month, day.day) == (2, 29)
    then = day.replace(year=day.year + years, day=28 if leap_day else day.day)
    return instant + (then - day).days * DAY


def _utc_date(instant: Instant) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=instant // DAY)


def _dates(almanac: Almanac, region: str, first: Instant, last: Instant) -> tuple[dt.date, ...]:
    """The holidays from a day before the horizon to a day after it: no zone is further from UTC."""
    low, high = _utc_date(first - DAY), _utc_date(last + DAY)
    return tuple(date for date, _ in almanac.holiday_dates(region, low.year, high.year) if low <= date <= high)


_Holidays = Mapping[str, tuple[dt.date, ...]]
_Zones = Mapping[str, Transitions]


def _sealed(contract: Contract, span: tuple[Instant, Instant], holidays: _Holidays, offsets: _Zones) -> Sealed:
    plain: dict[str, Plain] = {
        "handfast_seal": FORMAT,
        "horizon": list(span),
        "contract": content(contract),
        "holidays": to_plain(_Holidays, holidays),
        "zones": to_plain(_Zones, offsets),
    }
    return _as_sealed(contract, span, holidays, offsets, canonical_bytes(plain))


def _read(sealed: bytes) -> Sealed:
    """The values of sealed bytes. The bytes stay what they are, also when the model has gained fields since."""
    plain: Any = json.loads(sealed)
    if plain["handfast_seal"] != FORMAT:
        raise ValueError(f"format {plain['handfast_seal']} is not known, only {FORMAT}")
    if canonical_bytes(plain) != sealed:
        raise ValueError("they are not in canonical form")
    return _as_sealed(
        contract_from(plain["contract"]),
        from_plain(tuple[Instant, Instant], plain["horizon"]),
        from_plain(_Holidays, plain["holidays"]),
        from_plain(_Zones, plain["zones"]),
        sealed,
    )


def _as_sealed(
    contract: Contract, span: tuple[Instant, Instant], holidays: _Holidays, offsets: _Zones, sealed: bytes
) -> Sealed:
    return Sealed(
        contract=contract,
        first=span[0],
        last=span[1],
        holidays=holidays,
        zones=offsets,
        content=sealed,
        digest=digest_of(sealed),
    )
