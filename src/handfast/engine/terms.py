"""The signed versions of a contract as the evaluator reads them: compiled once, asked by instant or by number."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypedDict, Unpack

from handfast.clock import Calendars, calendars_between, calendars_sealed
from handfast.condition import Value, Values
from handfast.contract.model import Contract
from handfast.contract.seal import Transitions, horizon
from handfast.contract.sign import Signed
from handfast.contract.versions import midnight
from handfast.instant import DAY, HOUR, MINUTE, SECOND, Instant, Span
from handfast.qualify import attributes_of, properties_of
from handfast.score import ScoreTable, compile_table
from handfast.verdict import Edges
from handfast.zones import transitions

_EPOCH = dt.date(1970, 1, 1)

CUTOFF: Span = 30 * MINUTE
BACKDATING: Span = 24 * HOUR
LONGEST_PAUSE: Span = 30 * DAY

PropertiesOf = Callable[[str, Mapping[str, Value]], Values | None]
"""An activity's properties as a version types them, by its kind; None for a kind that it does not know."""


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version, compiled: what every judgement under it reads. ``since`` is when it takes force."""

    number: int
    contract: Contract
    calendars: Calendars
    table: ScoreTable
    offsets: Transitions  # of the contract's zone
    since: Instant
    digest: str = ""
    edges: Edges = field(init=False, repr=False)  # of the scores, for whatever is judged
    asks_on: str = field(init=False, repr=False)  # the kind of activity that can raise a hand; empty when none can
    properties_of: PropertiesOf = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Find what every step reads."""
        term = self.contract.definitions.mql.hand_raise
        object.__setattr__(self, "edges", Edges.of(self.contract))
        object.__setattr__(self, "asks_on", "" if term is None else term.on)
        object.__setattr__(self, "properties_of", partial(properties_of, self.contract))

    def values_of(self, known: Mapping[str, Value | None]) -> Values:
        """A lead's attributes as this version types them; those that it does not declare are left out."""
        return attributes_of(self.contract, known)

    def date_of(self, at: Instant) -> dt.date:
        """The date that an instant falls on in the contract's zone."""
        place = bisect_right(self.offsets, at, key=_begins) - 1
        return _EPOCH + dt.timedelta(days=(at + self.offsets[max(place, 0)][1] * SECOND) // DAY)

    def midnight(self, date: dt.date) -> Instant:
        """The first instant of a date in the contract's zone."""
        return midnight(date, self.offsets)


def _begins(change: tuple[Instant, int]) -> Instant:
    return change[0]


class Settings(TypedDict, total=False):
    """What needs no signature: see ``Terms``. What is left out is as usual."""

    cutoff: Span
    backdating: Span
    longest_pause: Span


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Every version so far, oldest first, and the settings that no signature is needed for.

    ``cutoff``: a message found later than this after it was due is recorded and not sent; ``backdating``: so far may
    what reps report of themselves lie back; ``longest_pause`` of a clock (semantics.md, Facts and time, Clocks).
    """

    versions: tuple[Version, ...]
    cutoff: Span = CUTOFF
    backdating: Span = BACKDATING
    longest_pause: Span = LONGEST_PAUSE
    _numbered: dict[int, Version] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the versions."""
        object.__setattr__(self, "_numbered", {version.number: version for version in self.versions})

    @classmethod
    def of_signed(cls, signed: Iterable[Signed], **settings: Unpack[Settings]) -> Terms:
        """Terms from signed versions, in order; calendars come from the sealed bytes alone."""
        return cls(tuple(_from_signed(each) for each in signed), **settings)

    @classmethod
    def of_contracts(cls, contracts: Iterable[Contract], **settings: Unpack[Settings]) -> Terms:
        """Terms from plain contracts, each in force from its ``effective_from``: for drafts, examples and tests."""
        return cls(tuple(_from_contract(each) for each in contracts), **settings)

    def in_force(self, at: Instant) -> Version | None:
        """The version that governs at an instant; None before the first."""
        for version in reversed(self.versions):
            if version.since <= at:
                return version
        return None

    def of(self, version: int) -> Version:
        """The version of that number, to which a cycle is pinned. Raises KeyError when there is none."""
        return self._numbered[version]


def _from_signed(signed: Signed) -> Version:
    sealed = signed.sealed
    return Version(
        number=sealed.contract.version,
        contract=sealed.contract,
        calendars=calendars_sealed(sealed),
        table=compile_table(sealed.contract),
        offsets=sealed.zones[sealed.contract.zone],
        since=signed.in_force_from,
        digest=sealed.digest,
    )


def _from_contract(contract: Contract) -> Version:
    first, last = horizon(contract.effective_from)
    return Version(
        number=contract.version,
        contract=contract,
        calendars=calendars_between(contract, first, last),
        table=compile_table(contract),
        offsets=tuple(transitions(contract.zone, first, last)),
        since=contract.effective_from,
    )
