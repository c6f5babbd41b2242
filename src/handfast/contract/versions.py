"""The signed versions of one contract, in order: which governs at an instant, and how many days of a period each has.

A version governs from ``in_force_from`` until the next one does. Two that start at the same instant are no gap and no
overlap: the earlier one never governs. A day belongs to the newest version that was in force when the day began, in
that version's own zone, so that a promise never changes inside a day; days before the first version belong to none.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from handfast.contract.canonical import content
from handfast.contract.english.values import day as day_words
from handfast.contract.english.values import moment
from handfast.contract.model import Contract
from handfast.contract.seal import Sealed, Transitions, unseal
from handfast.contract.sign import SETTLING, Signed, appoint, conclude, propose, with_signature
from handfast.contract.terms import Per, PerPeriod
from handfast.errors import OutsideCalendar, SealBroken, SignatureRefused
from handfast.instant import DAY, SECOND, Instant

_EPOCH = dt.date(1970, 1, 1)
_MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


@dataclass(frozen=True, slots=True)
class History:
    """Signed versions without gap or double, oldest first; made by ``history`` and ``append``."""

    versions: tuple[Signed, ...] = ()

    def governing(self, at: Instant) -> Signed | None:
        """The version in force at an instant, None before the first."""
        return next((signed for signed in reversed(self.versions) if signed.in_force_from <= at), None)


def history(signed: Iterable[Signed]) -> History:
    """The versions in the order given, each proved again from its bytes and its signatures.

    Raises SealBroken and SignatureRefused, see ``append``.
    """
    found = History()
    for version in signed:
        found = append(found, version)
    return found


def append(found: History, signed: Signed) -> History:
    """The history with one version more.

    Raises SealBroken for a text changed by a byte; SignatureRefused for a version that was signed already, for
    one that leaves a gap, and for consents that do not follow the rules of ``sign``.
    """
    base = found.versions[-1] if found.versions else None
    number = signed.sealed.contract.version
    if base is not None and number <= base.sealed.contract.version:
        raise SignatureRefused(_taken(found, number, signed.sealed.digest))
    _prove(signed, base)
    return History((*found.versions, signed))


def _taken(found: History, number: int, digest: str) -> str:
    """Why a number cannot be used again: of two drafts signed at once, the first recorded stands."""
    latest = found.versions[-1].sealed.contract
    known = next((other for other in found.versions if other.sealed.contract.version == number), None)
    if known is None:
        return f"Version {number} is older than the first version signed here."
    if known.sealed.digest == digest:
        return f"Version {number} is signed already."
    when = moment(known.signatures[-1].at, latest.zone)
    return (
        f"Another text of version {number} was signed on {when} (digest {known.sealed.digest[:12]}…); "
        f"this one ({digest[:12]}…) must become version {latest.version + 1}."
    )


def _prove(signed: Signed, base: Signed | None) -> None:
    """Go through the signing again, and compare."""
    if content(unseal(signed.sealed.content, signed.sealed.digest).contract) != content(signed.sealed.contract):
        raise SealBroken(f"Version {signed.sealed.contract.version} is not what its sealed bytes say.")
    draft = propose(signed.sealed, base, at=signed.proposed_at)
    for signature in signed.signatures:
        draft = with_signature(draft, signature)
    proved = conclude(draft)
    for succession in signed.successions:
        proved = appoint(proved, succession)
    if not _settled(signed, proved.in_force_from):
        zone = signed.sealed.contract.zone
        raise SignatureRefused(
            f"Version {signed.sealed.contract.version} is recorded in force from {moment(signed.in_force_from, zone)}; "
            f"by its text and signatures it is {moment(proved.in_force_from, zone)}."
        )


def _settled(signed: Signed, proved: Instant) -> bool:
    """Whether a version is in force from when its text and signatures say, or from when its last signature settled."""
    last = signed.signatures[-1].at
    return signed.in_force_from == proved or proved < signed.in_force_from <= last + SETTLING


# Days, periods and what is owed.


@dataclass(frozen=True, slots=True)
class Part:
    """The days of a period, from ``first`` up to and without ``last``, that one version governs."""

    version: int
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days


def parts(found: History, first: dt.date, last: dt.date) -> tuple[Part, ...]:
    """Which version has which days from ``first`` up to and without ``last``; days of no version are left out.

    Raises OutsideCalendar for days after the end of a version's seal.
    """
    runs: list[Part] = []
    for date, signed in _days(found, first, last):
        number, after = signed.sealed.contract.version, date + dt.timedelta(days=1)
        if runs and runs[-1].version == number:
            runs[-1] = Part(number, runs[-1].first, after)
        else:
            runs.append(Part(number, date, after))
    return tuple(runs)


def owed(
    found: History, amount: Callable[[Contract], PerPeriod | None], first: dt.date, last: dt.date
) -> Fraction | None:
    """What is promised from ``first`` up to and without ``last``, exact: each version pro rata by its days.

    A day of a version that promises 90 a month counts 90 ÷ the days of that month; quarters and years are fiscal.
    None when no version of these days promises anything. Rule: contract.md, "per period".
    """
    shares: Counter[tuple[PerPeriod, int]] = Counter()
    for date, signed in _days(found, first, last):
        promise = amount(signed.sealed.contract)
        if promise is not None:
            start, end = period_around(date, promise.per, signed.sealed.contract.fiscal_year_starts)
            shares[promise, (end - start).days] += 1
    if not shares:
        return None
    return sum((Fraction(promise.amount) * days / length for (promise, length), days in shares.items()), Fraction())


def period_around(date: dt.date, per: Per, fiscal_year_starts: int) -> tuple[dt.date, dt.date]:
    """The first day of the month, fiscal quarter or fiscal year around a date, and the day after its last."""
    length = _MONTHS[per]
    month = date.year * 12 + date.month - 1
    start = month - (month - (fiscal_year_starts - 1)) % length
    return _first_of(start), _first_of(start + length)


def _first_of(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)


def _days(found: History, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, Signed]]:
    """Each day that has a version, with it."""
    for place in range((last - first).days):
        date = first + dt.timedelta(days=place)
        for signed in reversed(found.versions):
            if signed.in_force_from <= start_of_day(date, signed.sealed):
                yield date, signed
                break


def start_of_day(date: dt.date, sealed: Sealed) -> Instant:
    """The first instant of a local day in the contract's zone, from sealed offsets alone.

    Raises OutsideCalendar after the end of the seal.
    """
    start = midnight(date, sealed.zones[sealed.contract.zone])
    if start > sealed.last:
        raise OutsideCalendar(
            f"{day_words(date)} lies after the end of version {sealed.contract.version}'s seal "
            f"({moment(sealed.last, sealed.contract.zone)})."
        )
    return start


def midnight(date: dt.date, offsets: Transitions) -> Instant:
    """The first instant at which the local clock reads 00:00 of a date or later: a gap ends at its change."""
    local = (date - _EPOCH).days * DAY
    for (begin, seconds), (end, _) in pairwise(offsets):
        if local - seconds * SECOND < end:
            return max(begin, local - seconds * SECOND)
    begin, seconds = offsets[-1]
    return max(begin, local - seconds * SECOND)
