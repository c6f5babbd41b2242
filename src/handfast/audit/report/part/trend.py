"""Month by month: small charts on one axis of time, and one table behind them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handfast.audit.english import charts as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.findings.compare import ENOUGH, Share, difference
from handfast.audit.findings.owed import full_months
from handfast.audit.report import chart
from handfast.audit.report.document import Cell, Column, Grid, Multiples, Small
from handfast.measure.value import Count, Durations, Figure, Measure, Part, Ratio, Unit

_SHOWN = (
    "delivered",
    "lead_to_mql",
    "follow_up_compliance",
    "never_touched",
    "acceptance_rate",
    "declined",
    "speed_to_first_touch",
    "mql_to_opportunity",
    "CHAIN",
)
_MONTHS = 24
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A measure's months as points, by month."""

    measure: Measure
    points: dict[str, chart.Point]

    @property
    def title(self) -> str:
        """What stands over its chart and its column."""
        return say.short(self.measure.definition)


def trend(case: Case) -> Multiples | None:
    """Up to 24 months of each measure; None of fewer than three months."""
    rows = list(_rows(case))
    months = sorted({month for row in rows for month in row.points})[-_MONTHS:]
    if len(months) < _FEWEST:
        return None
    full = [month for month in full_months(case.board, months[0]) if month in months]
    return Multiples(
        name="trend",
        title=say.trend_title(months[0], months[-1], change(rows, full)),
        charts=tuple(_small(row, months, full) for row in rows),
        grid=_grid(rows, months),
        note=say.TREND_NOTE,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A share that moved from one quarter of a year to another by more than chance."""

    title: str
    before: Share
    after: Share


def change(rows: list[Row], full: list[str]) -> Change | None:
    """The share that moved most clearly from the first three full months to the last three; None if none did."""
    if len(full) < 2 * _FEWEST:
        return None
    found = []
    shares = [row for row in rows if isinstance(row.measure.figure, Ratio)]
    for row in shares:
        before, after = _pooled(row, full[:_FEWEST]), _pooled(row, full[-_FEWEST:])
        if min(before.bottom, after.bottom) >= ENOUGH:
            more, less = (after, before) if after.value > before.value else (before, after)
            found.append((difference(more, less, len(shares)).low, Change(row.title, before, after)))
    clearest = max(found, key=lambda one: one[0], default=None)
    return clearest[1] if clearest is not None and clearest[0] > 0 else None


def _pooled(row: Row, months: list[str]) -> Share:
    """Several months of a share as one."""
    figures = [part.figure for part in row.measure.trend or () if part.word in months]
    ratios = [figure for figure in figures if isinstance(figure, Ratio)]
    tops = sum(ratio.numerator.count for ratio in ratios)
    return Share(
        f"{words.month(months[0])}\u2013{words.month(months[-1])}",
        tops,
        sum(ratio.denominator.count for ratio in ratios),
    )


def _rows(case: Case) -> Iterator[Row]:
    chain = f"{case.contract.stages[0]}_to_{case.contract.stages[-1]}"
    for name in dict.fromkeys(chain if name == "CHAIN" else name for name in _SHOWN):
        measure = case.measure(name)
        if measure is None or measure.trend is None:
            continue
        points = {part.word: _point(part) for part in measure.trend if part.word is not None}
        if points:
            yield Row(measure, points)


def _point(part: Part) -> chart.Point:
    label = words.month(part.word or "")
    match part.figure:
        case Ratio() as ratio if ratio.value is not None and ratio.interval is not None:
            low, high = ratio.interval.low, ratio.interval.high
            text, of = words.share(float(ratio.value)), words.count(ratio.denominator.count)
            return chart.Point(label=label, text=text, of=of, value=float(ratio.value), low=low, high=high)
        case Count() as counted:
            return chart.Point(label=label, text=words.count(counted.value), value=float(counted.value))
        case Durations() as spans:
            median = spans.quantiles["median"].value
            text = words.working(median) if spans.unit is Unit.BUSINESS else words.duration(median)
            return chart.Point(label=label, text=text, value=None if median is None else float(max(median, 0)))
    return chart.Point(label=label, text=words.NONE, value=None)


def _small(row: Row, months: list[str], full: list[str]) -> Small:
    points = [_month(row, month, full) for month in months]
    target = row.measure.target if isinstance(row.measure.figure, Ratio) else None
    goal = None if target is None else float(target.value)
    reached = (point.value if point.partial or point.high is None else point.high for point in points)
    values = [value for value in reached if value is not None]
    whole = [point for point in points if not point.partial] or points
    return Small(
        title=row.title,
        latest=whole[-1].text,
        when=say.latest(whole[-1].of, whole[-1].label),
        drawing=chart.columns(
            points,
            say.trend_label(row.title, points),
            top=_top(row.measure.figure, max(values, default=0.0), goal),
            target=goal,
        ),
        target="" if goal is None else say.target(words.share(goal)),
    )


def _month(row: Row, month: str, full: list[str]) -> chart.Point:
    point = row.points.get(month) or _empty(month, row.measure.figure)
    return replace(point, partial=month not in full)


def _empty(month: str, figure: Figure) -> chart.Point:
    """A month in which nothing happened: no leads are 0 leads, no share is none."""
    if isinstance(figure, Count):
        return chart.Point(label=words.month(month), text="0", value=0.0)
    return chart.Point(label=words.month(month), text=words.NONE, value=None)


def _top(figure: Figure, most: float, target: float | None) -> float:
    """The upper edge: shares end at a round tenth above everything shown, other figures at their largest."""
    if not isinstance(figure, Ratio):
        return most or 1.0
    reach = max(most, target or 0.0)
    return min(1.0, (int(reach * 10) + 1) / 10)


def _grid(rows: list[Row], months: list[str]) -> Grid:
    titles = [row.title for row in rows]
    return Grid(
        name="trend",
        title=say.MONTHS_TABLE,
        columns=(
            Column(key="month", title="Month"),
            *(Column(key=title, title=title, number=True) for title in titles),
        ),
        rows=tuple(
            (Cell(text=words.month(month), value=month), *(_cell(row, month) for row in rows)) for month in months
        ),
    )


def _cell(row: Row, month: str) -> Cell:
    point = row.points.get(month) or _empty(month, row.measure.figure)
    return Cell(text=point.text, value=point.value, note=say.of(point.of))
