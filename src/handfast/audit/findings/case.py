"""What a rule of findings looks at, and how it asks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from handfast.audit.english import words
from handfast.audit.findings.finding import SHOWN, Records
from handfast.contract.model import Contract
from handfast.measure.columns import CycleColumns
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
        return None if found is None or by not in found.splits else found.splits[by]

    def judged(self, name: str, verdict: Verdict) -> tuple[Measure, Ratio, float] | None:
        """A share with its target, when the verdict against it is the one asked for."""
        found = self.measure(name)
        if found is None or found.verdict is not verdict or not isinstance(found.figure, Ratio):
            return None
        return None if found.target is None else (found, found.figure, float(found.target.value))

    def records(self, rows: Rows, label: str) -> Records:
        """The first records behind a number."""
        return Records(label=label, count=rows.count, first=shown_keys(rows, self.board.columns))


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
