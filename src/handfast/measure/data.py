"""Measures as plain values, for JSON and for anything that is not Python."""

from __future__ import annotations

from fractions import Fraction

from handfast.measure.columns import CycleColumns
from handfast.measure.value import (
    Amount,
    Balance,
    Count,
    Derived,
    Durations,
    Figure,
    Flow,
    Interval,
    Measure,
    NotMeasurable,
    Quantile,
    Ratio,
    Rows,
    Split,
    Table,
    Target,
)

Data = dict[str, object]


class Plain:
    """Writes figures with up to ``records`` keys behind each number."""

    def __init__(self, columns: CycleColumns, records: int) -> None:
        self.columns = columns
        self.records = records

    def measure(self, one: Measure) -> Data:
        """A measure with its definition, its target and everything it is told apart by."""
        definition = one.definition
        return {
            "name": definition.name,
            "family": definition.family,
            "title": definition.title,
            "formula": definition.formula,
            "unit": definition.unit.value,
            "view": definition.view.value,
            "dated_by": definition.dated_by,
            "clause": definition.clause,
            "records_of": definition.records,
            "figure": self.figure(one.figure),
            "target": _target(one.target),
            "verdict": one.verdict.value,
            "flow": _flow(one.flow),
            "trend": None if one.trend is None else self.split(one.trend),
            "splits": {by: self.split(split) for by, split in one.splits.items()},
            "notes": list(one.notes),
        }

    def split(self, split: Split) -> list[Data]:
        """Its parts, each with its word."""
        return [{"word": part.word, "figure": self.figure(part.figure)} for part in split]

    def rows(self, of: Rows) -> Data:
        """A count, and the first records when they are asked for."""
        found: Data = {"count": of.count}
        return found | {"records": of.keys(self.columns, self.records)} if self.records else found

    def figure(self, figure: Figure) -> Data:
        """Any figure; ``kind`` tells which."""
        found: Data
        match figure:
            case NotMeasurable():
                found = {"kind": "not_measurable", "reason": figure.reason}
            case Count():
                found = {"kind": "count", "unique_leads": figure.unique_leads, **self.rows(figure.records)}
            case Amount():
                found = {"kind": "amount", "value": figure.value, **self.rows(figure.records)}
            case Ratio():
                found = self.ratio(figure)
            case Durations():
                found = self.durations(figure)
            case Table():
                found = self.table(figure)
            case Balance():
                found = self.balance(figure)
            case Derived():
                found = self.derived(figure)
        return found

    def ratio(self, figure: Ratio) -> Data:
        """Counts exactly, the share and its interval as floats."""
        return {
            "kind": "ratio",
            "numerator": self.rows(figure.numerator),
            "denominator": self.rows(figure.denominator),
            "value": _float(figure.value),
            "interval": _interval(figure.interval),
            "still_open": None if figure.still_open is None else self.rows(figure.still_open),
            "settled": _float(figure.settled),
        }

    def durations(self, figure: Durations) -> Data:
        """Quantiles and shares; the curve itself is left to those who hold the object."""
        return {
            "kind": "durations",
            "unit": figure.unit.value,
            "watched": self.rows(figure.records),
            "ended": self.rows(figure.ended),
            "never": figure.never,
            "negative": self.rows(figure.negative),
            "censoring": figure.censoring,
            "quantiles": {name: _quantile(one) for name, one in figure.quantiles.items()},
            "within": [
                {"span": one.span, "label": one.label, "share": one.share, "interval": _interval(one.interval)}
                | self.rows(one.records)
                for one in figure.within
            ],
        }

    def table(self, figure: Table) -> Data:
        """Counts by two words."""
        return {
            "kind": "table",
            "row_title": figure.row_title,
            "column_title": figure.column_title,
            "rows": list(figure.rows),
            "columns": list(figure.columns),
            "counts": [list(line) for line in figure.counts],
            "of": [self.rows(one) for one in figure.of],
            "records": self.rows(figure.records),
        }

    def derived(self, figure: Derived) -> Data:
        """The number, its range, and what it is worked out of."""
        parts: Data = {}
        for name, part in figure.parts.items():
            plain = part is None or isinstance(part, Fraction)
            parts[name] = _float(part) if plain else self.figure(part)  # type: ignore[arg-type]  # as ``plain`` says
        return {
            "kind": "derived",
            "value": _float(figure.value),
            "low": figure.low,
            "high": figure.high,
            "records": self.rows(figure.records),
            "parts": parts,
        }

    def balance(self, figure: Balance) -> Data:
        """Delivered, the groups, and the difference."""
        return {
            "kind": "balance",
            "delivered": self.rows(figure.delivered),
            "groups": {name: self.rows(group) for name, group in figure.groups.items()},
            "in_none": self.rows(figure.in_none),
            "in_several": self.rows(figure.in_several),
            "unaccounted": figure.unaccounted,
        }


def measure_data(one: Measure, columns: CycleColumns, records: int = 0) -> Data:
    """A measure as plain values with up to ``records`` keys behind each number."""
    return Plain(columns, records).measure(one)


def _float(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _quantile(one: Quantile) -> Data:
    return {"at": float(one.at), "value": one.value, "low": one.low, "high": one.high}


def _target(target: Target | None) -> Data | None:
    if target is None:
        return None
    value = target.value if isinstance(target.value, int) else float(target.value)
    return {"value": value, "at_least": target.at_least, "clause": target.clause}


def _flow(flow: Flow | None) -> Data | None:
    if flow is None:
        return None
    return {"numerator": flow.numerator, "denominator": flow.denominator, "value": _float(flow.value)}
