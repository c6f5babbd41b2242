"""How fast sales reaches out: the curve, and the share within each limit."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.audit.english import charts as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.report import chart
from handfast.audit.report.document import Cell, Column, Grid, Plot
from handfast.contract.model import ClockName
from handfast.contract.terms import DurationUnit
from handfast.instant import DAY, HOUR, MINUTE, Span
from handfast.measure.value import Durations, Unit

_POINTS = 160
_LOOKS = ("line", "line faint")
_FINE = (
    (5 * MINUTE, "5 min"),
    (HOUR, "1 h"),
    (4 * HOUR, "4 h"),
    (DAY, "24 h"),
    (7 * DAY, "7 d"),
    (30 * DAY, "30 d"),
)
_COARSE = ((DAY, "1 d"), (7 * DAY, "7 d"), (30 * DAY, "30 d"), (90 * DAY, "90 d"))


def bands(case: Case) -> Plot | None:
    """One bar of all leads by how long they waited; None where the export has no touches."""
    wall = case.durations("speed_to_first_touch")
    found = [] if wall is None else list(_bands(wall))
    if wall is None or not found:
        return None
    looks = [*(f"band-{place}" for place in range(len(found) - 1)), "alarm"]
    shown = list(zip(looks, found, strict=True))
    title = say.bands_title([(label, share) for label, share in found])
    parts = [chart.Part(share=share, look=look) for look, (_, share) in shown]
    return Plot(
        name="bands",
        title=title,
        drawing=chart.bar(parts, title, height=28),
        grid=Grid(
            name="bands",
            title=title,
            columns=(Column(key="band", title=say.CLOCKS[wall.unit]), Column(key="share", title="Leads", number=True)),
            rows=tuple((Cell(text=label), Cell(text=words.share(share), value=share)) for label, share in found),
        ),
        legend=tuple((look, f"{label}: {words.share(share)}") for look, (label, share) in shown if share > 0),
    )


def _bands(spans: Durations) -> Iterator[tuple[str, float]]:
    """The share that waited from one limit to the next; last those not touched by the end of what was watched."""
    if spans.curve is None or any(one.share is None for one in spans.within):
        return
    before, last = 0.0, ""
    for one in spans.within:
        share = one.share or 0.0
        yield say.band(last, one.label), share - before
        before, last = share, one.label
    ended = 1 - float(spans.curve.surviving[-1])
    yield say.later(last), ended - before
    yield say.NOT_TOUCHED, 1 - ended


def speed(case: Case) -> Plot | None:
    """The share touched by time, around the clock and in working time; None where the export has no touches."""
    wall, working = case.durations("speed_to_first_touch"), case.durations("speed_to_first_touch_working")
    if wall is None or wall.curve is None:
        return None
    marks = _COARSE if wall.unit is Unit.DAYS else _FINE
    first, last = (DAY // 2 if wall.unit is Unit.DAYS else MINUTE), marks[-1][0]
    shown = [one for one in (working, wall) if one is not None and one.curve is not None]
    ticks = [chart.Tick(at=chart.log_place(span, first, last), label=label) for span, label in marks]
    title = say.speed_title(wall, working)
    goal = _goal(case, shown, first, last)
    return Plot(
        name="speed",
        title=title,
        drawing=chart.curve(
            [_curve(one, look, first, last) for one, look in zip(shown, _LOOKS, strict=False)],
            [*ticks, *goal],
            title,
        ),
        grid=_grid(shown),
        legend=tuple((look, say.CLOCKS[one.unit]) for one, look in zip(shown, _LOOKS, strict=False)),
        note=say.SPEED_NOTE,
    )


def _curve(spans: Durations, look: str, first: Span, last: Span) -> chart.Curve:
    """The share ended by each of many instants, evenly spread over the logarithmic axis."""
    found = []
    for place in range(_POINTS + 1):
        at = place / _POINTS
        reached = None if spans.curve is None else spans.curve.ended_by(round(first * (last / first) ** at))
        if reached is None:
            break
        found.append((at, reached[0]))
    return chart.Curve(steps=found, look=look)


def _goal(case: Case, shown: list[Durations], first: Span, last: Span) -> Iterator[chart.Tick]:
    """The promised window, where the curve in its unit is drawn."""
    window = case.contract.clocks[ClockName.FIRST_TOUCH].within
    unit = {DurationUnit.WALL: Unit.WALL, DurationUnit.BUSINESS_TIME: Unit.BUSINESS}.get(window.unit)
    if any(one.unit is unit for one in shown):
        yield chart.Tick(at=chart.log_place(window.amount, first, last), label=say.promised(window.text), look="goal")


def _grid(shown: list[Durations]) -> Grid:
    """Shares within each limit, with intervals, a column a unit."""
    columns = [Column(key=one.unit.value, title=say.CLOCKS[one.unit].capitalize(), number=True) for one in shown]
    labels = [within.label for within in shown[0].within]
    rows = [(Cell(text=f"within {label}"), *(_within(one, label) for one in shown)) for label in labels]
    rows += [
        (Cell(text=name), *(_quantile(one, key) for one in shown))
        for key, name in (("median", "half of them within"), ("p90", "nine in ten within"), ("p95", "19 in 20 within"))
    ]
    never = [
        Cell(text=f"{words.count(one.never)} of {words.count(one.records.count)}", value=one.never) for one in shown
    ]
    return Grid(
        name="speed",
        title=say.SPEED_TABLE,
        columns=(Column(key="limit", title="From qualified to first touch"), *columns),
        rows=(*rows, (Cell(text="not yet or never"), *never)),
    )


def _within(spans: Durations, label: str) -> Cell:
    found = next((one for one in spans.within if one.label == label), None)
    if found is None or found.share is None:
        return Cell(text=words.NONE)
    low, high = (found.interval.low, found.interval.high) if found.interval else (None, None)
    places = words.places(low, high)
    note = words.interval(low, high, places=places)
    return Cell(text=words.share(found.share, places=places), value=found.share, note=note)


def _quantile(spans: Durations, key: str) -> Cell:
    value = spans.quantiles[key].value
    text = words.working(value) if spans.unit is Unit.BUSINESS else words.duration(value)
    return Cell(text=text, value=value)
