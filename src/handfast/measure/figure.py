"""Figures: numbers with the records behind them. Nothing here computes one.

Every number keeps its records as a mask over rows, so that a page or a report can open it. Figures are exact integers;
a ratio of nothing is None; what a source cannot tell is ``NotMeasurable`` with the reason, never 0. Rounding belongs to
whoever displays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from handfast.instant import Span
from handfast.measure.columns import CycleColumns, Opportunities
from handfast.measure.tables import Clocks, Spend
from handfast.stats import Survival, wilson


class Unit(StrEnum):
    """What a figure counts."""

    CYCLES = "cycles"
    OPPORTUNITIES = "opportunities"
    SHARE = "share"  # 0..1 of cycles or of opportunities
    MONEY = "money"  # hundredths of the contract's currency
    WALL = "wall"  # microseconds around the clock
    BUSINESS = "business"  # microseconds of a calendar's working time
    DAYS = "days"  # microseconds, but an end is known only to the day
    CLOCKS = "clocks"  # started promises in time
    PER_DAY = "per_day"  # cycles a working day
    MONEY_PER_DAY = "money_per_day"  # hundredths of the contract's currency a day


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


class Kind(StrEnum):
    """What the rows of a mask are."""

    CYCLE = "cycle"
    DEAL = "deal"  # of ``columns.opportunities``
    CLOCK = "clock"  # of ``columns.clocks``
    SPEND = "spend"  # of ``columns.spend``
    ASSIGNMENT = "assignment"  # of ``columns.assignments``; named by its cycle


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The records behind a number: which cycles (or opportunities), and how many.

    Kept as a mask shared with the whole figure, and for a part of it the code that tells the part apart, so that a
    board of thousands of parts costs counts only; the row numbers are found when somebody opens the number. Where the
    mask itself is known by its count alone, ``among`` is how to make it.
    """

    among: NDArray[np.bool_] | Callable[[], NDArray[np.bool_]]
    count: int
    codes: NDArray[np.int32] | None = None
    code: int = 0
    kind: Kind = Kind.CYCLE

    @property
    def of_deals(self) -> bool:
        """Whether the records are deals rather than cycles."""
        return self.kind is Kind.DEAL

    @property
    def mask(self) -> NDArray[np.bool_]:
        """True at each row that counts."""
        among = self.among() if callable(self.among) else self.among
        return among if self.codes is None else among & (self.codes == self.code)

    def indices(self) -> NDArray[np.intp]:
        """The row numbers, ascending."""
        return np.flatnonzero(self.mask)

    def keys(self, columns: CycleColumns, limit: int | None = None) -> list[str]:
        """The names of the records, the first ``limit`` of them."""
        indices = self.indices()[:limit]
        if self.kind is Kind.ASSIGNMENT and columns.assignments is not None:
            indices = columns.assignments.cycle[indices].astype(np.intp)
        keys = _keys_of(self.kind, columns)
        return [keys[index] for index in indices]


def _keys_of(kind: Kind, columns: CycleColumns) -> Sequence[str]:
    """The names of all rows of a kind; of none where the columns do not have them."""
    table: CycleColumns | Opportunities | Clocks | Spend | None = columns
    if kind is Kind.DEAL:
        table = columns.opportunities
    elif kind in {Kind.CLOCK, Kind.SPEND}:
        table = columns.clocks if kind is Kind.CLOCK else columns.spend
    return [] if table is None else table.key


def rows(mask: NDArray[np.bool_], kind: Kind = Kind.CYCLE) -> Rows:
    """All rows of a mask, counted."""
    return Rows(mask, int(np.count_nonzero(mask)), kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Count:
    """How many; ``unique_leads`` beside it where a lead may stand behind several."""

    records: Rows
    unique_leads: int | None = None

    @property
    def value(self) -> int:
        """The number."""
        return self.records.count


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratio:
    """Numerator over denominator, both as records. The numerator's records are among the denominator's.

    ``still_open`` are those of the denominator that may yet enter the numerator: an immature cohort shows here.
    """

    numerator: Rows
    denominator: Rows
    still_open: Rows | None = None

    @property
    def records(self) -> Rows:
        """All that the share is of."""
        return self.denominator

    @property
    def value(self) -> Fraction | None:
        """The exact share; None of nothing."""
        return Fraction(self.numerator.count, self.denominator.count) if self.denominator.count else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of the share."""
        found = wilson(self.numerator.count, self.denominator.count)
        return None if found is None else Interval(*found)

    @property
    def settled(self) -> Fraction | None:
        """The share among those whose outcome is known; None where none is."""
        waiting = 0 if self.still_open is None else self.still_open.count
        known = self.denominator.count - waiting
        return Fraction(self.numerator.count, known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Amount:
    """Money in hundredths, and the records it was summed over."""

    value: int
    records: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """The span by which a share ``at`` had ended; None where so many have not ended yet."""

    at: Fraction
    value: Span | None
    low: Span | None
    high: Span | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Within:
    """The share that ended within a span: of all watched, those not finished counted as censored."""

    span: Span
    label: str
    share: float | None
    interval: Interval | None
    records: Rows  # those that did end within it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Durations:
    """How long something took. ``records`` are all that were watched; ``ended`` those that ended.

    The rest are censored: at the end of their cycle, or at the as-of instant. ``negative`` ended before they began in
    the data; they are kept, counted as they stand, and shown. ``curve`` is None when nothing was watched.
    """

    unit: Unit
    records: Rows
    ended: Rows
    negative: Rows
    quantiles: Mapping[str, Quantile]  # "median", "p90", "p95"
    within: tuple[Within, ...]
    curve: Survival | None
    censoring: bool  # False: only what ended is in it, quantiles are exact, linear between neighbours

    @property
    def never(self) -> int:
        """How many of those watched had not ended."""
        return self.records.count - self.ended.count


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Counts by two words. ``counts[i][j]`` is row i, column j; the word "" stands for unknown."""

    row_title: str
    column_title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    of: tuple[Rows, ...]  # the denominator of each column: all that could have been counted in it
    records: Rows
    codes: tuple[NDArray[np.int32], NDArray[np.int32]]  # of every record of the source: its row and column, -1 unknown

    def cell(self, row: int, column: int) -> Rows:
        """The records of one cell."""
        rows, columns = self.codes
        code = row if self.rows[row] else -1
        across = Rows(self.records.mask & (rows == code), self.counts[row][column])
        return Rows(across.among, across.count, columns, column if self.columns[column] else -1)

    def share(self, row: int, column: int) -> Ratio:
        """One cell as a share of its column's denominator."""
        return Ratio(numerator=self.cell(row, column), denominator=self.of[column])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Balance:
    """The conservation line: delivered, each group counted on its own, and what they do not explain."""

    delivered: Rows
    groups: Mapping[str, Rows]  # waiting, contested, accepted, rejected, withdrawn
    in_none: Rows  # delivered, in no group
    in_several: Rows  # delivered, in more than one
    unaccounted: int  # delivered less the sum of the groups

    @property
    def records(self) -> Rows:
        """All that was delivered."""
        return self.delivered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived:
    """A number worked out of others: a cost, a velocity, a share of money. ``parts`` are what it is worked out of.

    ``value`` is exact, in the measure's unit; None where there is nothing to divide by. ``low`` and ``high`` are a
    95 % range where there is one.
    """

    value: Fraction | None
    records: Rows
    parts: Mapping[str, Figure | Fraction | None]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasurable:
    """What the source does not allow, and why. A value like any other: shown, never taken for 0."""

    reason: str


Figure = Count | Ratio | Amount | Durations | Table | Balance | Derived | NotMeasurable
