"""What a rule of findings looks at, and how it asks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from handfast.audit.english import words
from handfast.audit.findings.finding import SHOWN, Records
from handfast.contract.model import Contract
from handfast.measure.columns import SPLITS, CycleColumns
from handfast.measure.scoreboard import Board
from handfast.measure.value import Count, Durations, Figure, Measure, Ratio, Rows, Split, Table, Verdict

NEGLIGIBLE = 0.02
"""A share of leads below which nobody changes how they work."""


@dataclass(frozen=True, slots=True)
class Case:
    """The contract and the board of an export."""

    contract: Contract
    board: Board

    def measure(self, name: str) -> Measure | None:
        """The measure of that name when the export allows it and anything was counted."""
        found = next((measure for measure in self.board if measure.name == name), None)
        return None if found is None or not _counted(found.figure) else found

    def ratio(self, name: str) -> Ratio | None:
        """Its figure when that is a share of something."""
        found = self.measure(name)
        return found.figure if found is not None and isinstance(found.figure, Ratio) else None

    def durations(self, name: str) -> Durations | None:
        """Its figure when that is a distribution of spans."""
        found = self.measure(name)
        return found.figure if found is not None and isinstance(found.figure, Durations) else None

    def table(self, name: str) -> Table | None:
        """Its figure when that is a table."""
        found = self.measure(name)
        return found.figure if found is not None and isinstance(found.figure, Table) else None

    def count(self, name: str) -> int | None:
        """Its figure when that is a count."""
        found = self.measure(name)
        return found.figure.value if found is not None and isinstance(found.figure, Count) else None

    def split(self, name: str, by: str) -> Split | None:
        """A measure told apart by something, when the export knows it."""
        found = self.measure(name)
        if found is None or by not in found.splits or (by in SPLITS and not self.broad(by)):
            return None
        return found.splits[by]

    def broad(self, by: str) -> bool:
        """Whether the word of a split is known of leads that went no further about as often as of those that did.

        Where it is not, the export writes it down only for leads that went on, and telling anything by it would only
        tell them from the others.
        """
        columns = self.board.columns
        coded = getattr(columns, by)
        went_on = np.logical_or.reduce([columns.happened(stage) for stage in ("accepted", "sql", "opportunity", "won")])
        delivered, known = columns.happened("qualified"), coded.codes >= 0
        on, stayed = (_rate(known, delivered & group) for group in (went_on, ~went_on))
        return stayed >= on / 2

    def judged(self, name: str, verdict: Verdict) -> tuple[Measure, Ratio, float] | None:
        """A share with its target, when the verdict against it is the one asked for."""
        found = self.measure(name)
        if found is None or found.verdict is not verdict or not isinstance(found.figure, Ratio):
            return None
        return None if found.target is None else (found, found.figure, float(found.target.value))

    def records(self, rows: Rows, label: str) -> Records:
        """The records behind a number, the first of them by name."""
        return Records(label=label, count=rows.count, first=shown_keys(rows, self.board.columns), rows=rows)


def _rate(top: NDArray[np.bool_], bottom: NDArray[np.bool_]) -> float:
    """The share of rows; of no rows, all: nothing speaks against it."""
    count = np.count_nonzero(bottom)
    return float(np.count_nonzero(top & bottom)) / count if count else 1.0


def shown_keys(rows: Rows, columns: CycleColumns) -> tuple[str, ...]:
    """The first records by name, as they may be shown."""
    return tuple(words.name(key, 60) for key in rows.keys(columns, SHOWN))


def _counted(figure: Figure) -> bool:
    match figure:
        case Ratio():
            return figure.denominator.count > 0
        case Durations() | Table() | Count():
            return figure.records.count > 0
    return True


def low(ratio: Ratio) -> float:
    """The lower end of a share's interval; 0 for a share of nothing."""
    return 0.0 if ratio.interval is None else ratio.interval.low


def high(ratio: Ratio) -> float:
    """The upper end of a share's interval; 1 for a share of nothing."""
    return 1.0 if ratio.interval is None else ratio.interval.high


def shortfall(ratio: Ratio, target: float | Decimal) -> float:
    """How many records more it would have taken to reach the target."""
    return max(0.0, float(target) * ratio.denominator.count - ratio.numerator.count)


def largest(split: Split | None, most: int = 3) -> tuple[tuple[str, int], ...]:
    """The words with the most records in the numerator, the unknown among them as an empty word."""
    if split is None:
        return ()
    found = [(part.word or "", part.figure.numerator.count) for part in split if isinstance(part.figure, Ratio)]
    return tuple(sorted((one for one in found if one[1]), key=lambda one: -one[1])[:most])
