"""What a measure is: its definition, its figure, its target and verdict, its splits. Nothing here computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from handfast.instant import Instant
from handfast.measure.figure import (
    Amount,
    Balance,
    Count,
    Derived,
    Durations,
    Figure,
    Interval,
    Kind,
    NotMeasurable,
    Quantile,
    Ratio,
    Rows,
    Table,
    Unit,
    Within,
    rows,
)

__all__ = [
    "Amount",
    "Balance",
    "Count",
    "Definition",
    "Derived",
    "Durations",
    "Figure",
    "Flow",
    "Interval",
    "Kind",
    "Measure",
    "NotMeasurable",
    "OnDemand",
    "Part",
    "Period",
    "Quantile",
    "Ratio",
    "Rows",
    "Split",
    "Table",
    "Target",
    "Unit",
    "Verdict",
    "View",
    "Within",
    "rows",
]


class View(StrEnum):
    """Which cycles belong to a period."""

    COHORT = "cohort"  # those that entered the denominator's stage in it
    ACTIVITY = "activity"  # events in it over events in it: a flow
    SNAPSHOT = "snapshot"  # all there are at the as-of instant


class Verdict(StrEnum):
    """A figure against its target."""

    MET = "met"  # the whole interval is on the right side
    MISSED = "missed"  # the whole interval is on the wrong side
    UNCERTAIN = "uncertain"  # the interval, or what is still open, leaves both possible
    NONE = "none"  # no target, or nothing to compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was agreed: a share, a number or a span, and the clause that says so."""

    value: Decimal | int
    at_least: bool  # False: at most
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One line of a split: the word (None: unknown) and its figure."""

    word: str | None
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """A measure told apart by something: ``source``, ``owner``, ``month``. Parts without any record are left out."""

    by: str
    parts: tuple[Part, ...]

    def __iter__(self) -> Iterator[Part]:
        """Months in time order; words by size of the denominator, the unknown last."""
        return iter(self.parts)


class OnDemand(Mapping[str, Split]):
    """Splits that are worked out when somebody opens them, once: a page shows one of many at a time."""

    def __init__(self, names: Iterable[str], make: Callable[[str], Split]) -> None:
        self._names = tuple(names)
        self._make = make
        self._made: dict[str, Split] = {}

    def __getitem__(self, name: str) -> Split:
        """The split of that name. Raises KeyError for a name that is none."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the splits."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many splits there are."""
        return len(self._names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The activity view: events in the period over events in the period. No interval: the two are not one sample."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        """The quotient; None of nothing; it may exceed 1."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The published definition of a measure: what stands beside the number, in the product and in the docs."""

    name: str
    family: str
    title: str
    formula: str
    unit: Unit
    records: str  # whose records numerator and denominator are
    clause: str = ""  # the clause that defines or promises it
    target: str = ""  # what it is held against, in words
    view: View = View.COHORT
    dated_by: str = "qualified"  # the instant that places a cycle in a period
    needs: tuple[str, ...] = ()  # what the source must be able to tell


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measure:
    """A definition with its figure for one period, as of one instant."""

    definition: Definition
    figure: Figure
    target: Target | None = None
    verdict: Verdict = Verdict.NONE
    splits: Mapping[str, Split] = field(default_factory=dict)  # worked out when opened
    months: Mapping[str, Split] = field(default_factory=dict)  # the same, under "month"
    flow: Flow | None = None
    notes: tuple[str, ...] = ()

    @property
    def trend(self) -> Split | None:
        """The measure month by month, in the contract's zone; None where it has no months."""
        return self.months.get("month")

    @property
    def name(self) -> str:
        """The stable name, ``acceptance_rate``."""
        return self.definition.name

    @property
    def measurable(self) -> bool:
        """False where the source does not allow it."""
        return not isinstance(self.figure, NotMeasurable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A half-open span [first, last) cut in the contract's zone; ``label`` is how it is called."""

    label: str
    first: Instant
    last: Instant
