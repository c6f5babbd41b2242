"""The scoreboard as a value: every measure for one period, as of one instant, under one contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from handfast.calendar import Calendar
from handfast.contract.model import Contract
from handfast.instant import Instant
from handfast.measure import (
    acceptance,
    attempts,
    attribution,
    breach,
    conservation,
    conversion,
    cost,
    handoff,
    length,
    load,
    number,
    promise,
    reasons,
    recycle,
    response,
    signals,
    sourcing,
    speed,
    velocity,
    volume,
)
from handfast.measure.build import Entry, answer
from handfast.measure.columns import CycleColumns
from handfast.measure.columns import as_of as standing
from handfast.measure.data import measure_data
from handfast.measure.question import Question, Stream
from handfast.measure.value import Measure, Period

FAMILIES = (
    volume,
    speed,
    promise,
    attempts,
    breach,
    response,
    acceptance,
    reasons,
    signals,
    recycle,
    conversion,
    sourcing,
    attribution,
    number,
    velocity,
    cost,
    length,
    load,
    handoff,
    conservation,
)
"""One module each, in the order a reader asks: how many, how fast, what was said, what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Board:
    """Every measure, with the columns its records point into."""

    contract: str
    version: int
    zone: str
    currency: str
    period: Period | None  # None: everything there is
    as_of: Instant
    columns: CycleColumns
    measures: tuple[Measure, ...]
    stream: Stream = Stream.BOTH

    @property
    def live(self) -> int:
        """How many of the cycles counted are live; the rest are history, under virtual clocks."""
        return 0 if self.stream is Stream.HISTORY else int((~self.columns.history).sum())

    @property
    def mixed(self) -> bool:
        """Whether live cycles and history stand in the same figures: whoever shows them says so."""
        return self.stream is Stream.BOTH and 0 < self.live < len(self.columns)

    def __iter__(self) -> Iterator[Measure]:
        """In the order of the families."""
        return iter(self.measures)

    def __getitem__(self, name: str) -> Measure:
        """The measure of that name. Raises KeyError for a name that is none."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise KeyError(name)

    def to_data(self, *, records: int = 0) -> dict[str, object]:
        """Plain values for JSON: instants and spans in microseconds, shares as floats beside their exact counts.

        ``records`` is how many record keys to give with each number; 0 gives counts alone.
        """
        return {
            "contract": self.contract,
            "version": self.version,
            "zone": self.zone,
            "currency": self.currency,
            "period": None if self.period is None else asdict(self.period),
            "as_of": self.as_of,
            "cycles": len(self.columns),
            "stream": self.stream.value,
            "mixed": self.mixed,
            "measures": [measure_data(measure, self.columns, records) for measure in self.measures],
        }


def entries(contract: Contract | None = None) -> tuple[Entry, ...]:
    """The catalogue: every measure there is; with a contract, those of its own stage chain too."""
    chains = {conversion: conversion.entries(contract.stages)} if contract else {}
    return tuple(entry for family in FAMILIES for entry in chains.get(family, family.MEASURES))


def board(
    columns: CycleColumns,
    contract: Contract,
    period: Period | None,
    as_of: Instant,
    *,
    calendars: Mapping[str, Calendar] | None = None,
    stream: Stream = Stream.BOTH,
) -> Board:
    """Every measure of the cycles, for a period (None: all of them), as of an instant.

    ``calendars`` are the contract's, compiled for the span of the data; without them figures in working time are
    reported as not measurable. ``stream`` counts live cycles or history alone.
    """
    question = Question(
        columns=standing(columns, as_of),
        contract=contract,
        as_of=as_of,
        period=period,
        stream=stream,
        calendars=calendars or {},
    )
    return Board(
        contract=contract.name,
        version=contract.version,
        zone=contract.zone,
        currency=contract.currency,
        period=period,
        as_of=as_of,
        columns=question.columns,
        measures=tuple(answer(question, entry) for entry in entries(contract)),
        stream=stream,
    )
