"""Charts as inline SVG, drawn without a script: they print, survive a mail preview and cost a few hundred bytes each.

Positions are percentages of the width, so that one drawing serves a desk and a phone while its text keeps its size.
Colours are classes of ``static/report.css``, which knows light, dark and print; no drawing tells by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from markupsafe import Markup, escape

from handfast.audit.english import words
from handfast.instant import Span

_TEXT_MIDDLE = 4  # px from a line of text's middle down to its baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a bar: its share of the full width and the class that colours it."""

    share: float
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period of a trend. ``value`` is None where there is none; ``low`` and ``high`` bound it."""

    label: str  # of the period, such as ``Mar 2026``
    text: str  # the value as people read it
    of: str = ""  # what it is a share of
    value: float | None
    low: float | None = None
    high: float | None = None
    partial: bool = False  # the period is not covered from end to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A labelled place on an axis; ``at`` runs from 0 to 1."""

    at: float
    label: str
    look: str = "tick"


def tag(name: str, inner: Markup | str = "", **attributes: object) -> Markup:
    """One element; underscores at the end and inside names become nothing and hyphens. All values are escaped."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"' for key, value in attributes.items()
    )
    # Names and attribute keys are literals of this module; everything else is escaped here.
    return Markup(f"<{name}{shown}>{escape(_plain(inner))}</{name}>")  # noqa: S704  reason: see the line above


def _plain(value: object) -> object:
    """A value as an attribute or text: numbers short, text of an export clean."""
    return words.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else _short(value)


def _short(value: object) -> object:
    """Numbers with two decimals at most: a file of a thousand bars stays small."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def percent(share: float) -> str:
    """A place on the width."""
    return f"{_short(float(share) * 100)}%"


def _drawing(height: int, label: str, parts: Iterable[Markup], look: str) -> Markup:
    """An SVG as wide as its place and ``height`` px high, read aloud as ``label``."""
    return tag("svg", Markup("").join(parts), class_=look, role="img", height=height, width="100%", aria_label=label)


def bar(parts: Sequence[Part], label: str, *, ticks: Sequence[Tick] = (), height: int = 18) -> Markup:
    """A horizontal bar of stretches laid end to end on a faint track, with ticks across it."""
    drawn = [tag("rect", class_="track", width="100%", height=height, rx=2)]
    start = 0.0
    for part in parts:
        width = max(0.0, min(part.share, 1.0 - start))
        drawn.append(tag("rect", class_=part.look, x=percent(start), width=percent(width), height=height))
        start += width
    drawn += [_upright(tick, 0, height) for tick in ticks]
    return _drawing(height, label, drawn, "bar")


def _upright(tick: Tick, top: int, bottom: int) -> Markup:
    return tag("line", class_=tick.look, x1=percent(tick.at), x2=percent(tick.at), y1=top, y2=bottom)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A share with its interval and target on the line from 0 to 100 %."""

    value: float
    low: float | None
    high: float | None
    target: float | None
    look: str  # of the state: met, missed, close, plain


def strip(shown: Strip, label: str) -> Markup:
    """A faint track, the value as a bar, the interval as a bracket, the target as an upright line across."""
    drawn = [
        tag("rect", class_="track", width="100%", y=6, height=10, rx=1),
        tag("rect", class_=f"value {shown.look}", width=percent(shown.value), y=6, height=10, rx=1),
    ]
    if shown.low is not None and shown.high is not None:
        low, high = percent(shown.low), percent(shown.high)
        drawn.append(tag("line", class_="bracket", x1=low, x2=high, y1=11, y2=11))
        drawn += [tag("line", class_="bracket", x1=end, x2=end, y1=8, y2=14) for end in (low, high)]
    if shown.target is not None:
        drawn.append(_upright(Tick(at=shown.target, label="", look="target"), 1, 21))
    return _drawing(22, label, drawn, "strip")


def columns(points: Sequence[Point], label: str, *, top: float, target: float | None = None) -> Markup:
    """A small chart of upright bars, one a period, with an interval as a whisker and the target as a dashed line.

    ``top`` is the value at the chart's upper edge; the first and last period are named below.
    """
    height, base = 84, 64
    step = 1 / max(len(points), 1)
    drawn: list[Markup] = []
    for place, point in enumerate(points):
        drawn += _column(point, place * step, step, base / top if top > 0 else 0.0, base)
    if target is not None and 0 < target <= top:
        level = base * (1 - target / top)
        drawn.append(tag("line", class_="goal", x1="0%", x2="100%", y1=level, y2=level))
    drawn.append(tag("line", class_="axis", x1="0%", x2="100%", y1=base, y2=base))
    drawn += _ends(points, height)
    return _drawing(height, label, drawn, "columns")


def _column(point: Point, left: float, step: float, scale: float, base: int) -> list[Markup]:
    """One bar with its tooltip and whisker."""
    tip = tag("title", f"{point.label}: {point.text}" + (f" of {point.of}" if point.of else ""))
    if point.value is None:
        return [tag("rect", tip, class_="none", x=percent(left), width=percent(step), height=base, y=0)]
    tall = max(point.value * scale, 1.0 if point.value else 0.0)
    across = {"x": percent(left + step * 0.12), "width": percent(step * 0.76)}
    drawn = [tag("rect", tip, class_="partial" if point.partial else "fill", y=base - tall, height=tall, **across)]
    if point.low is not None and point.high is not None and not point.partial:
        middle = percent(left + step / 2)
        y1, y2 = base - point.high * scale, base - point.low * scale
        drawn.append(tag("line", class_="whisker", x1=middle, x2=middle, y1=max(y1, 0.0), y2=y2))
    return drawn


def _ends(points: Sequence[Point], height: int) -> list[Markup]:
    """The names of the first and the last period under a row of columns."""
    drawn = []
    if points:
        drawn.append(tag("text", points[0].label, x="0%", y=height - 6))
    if len(points) > 1:
        drawn.append(tag("text", points[-1].label, x="100%", y=height - 6, text_anchor="end"))
    return drawn


def log_place(span: Span, first: Span, last: Span) -> float:
    """Where a duration stands on a logarithmic axis from ``first`` to ``last``, held within 0 and 1."""
    if span <= first:
        return 0.0
    return min(1.0, log(span / first) / log(last / first))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A rising step line. ``steps`` are (place on the axis, share reached), both 0 to 1, in order of place."""

    steps: Sequence[tuple[float, float]]
    look: str = "line"


def curve(curves: Sequence[Curve], ticks: Sequence[Tick], label: str) -> Markup:
    """Cumulative shares over a (logarithmic) time axis, with gridlines at quarters and labelled upright lines.

    The lines are drawn in a square of 100 by 100 stretched to the place; strokes and text are not stretched.
    """
    height, top, base = 236, 26, 210
    grid = [_level(share, top, base) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    paths = [tag("path", class_=one.look, d=_steps(one.steps), vector_effect="non-scaling-stroke") for one in curves]
    stretched = tag(
        "svg",
        Markup("").join(paths),
        y=top,
        width="100%",
        height=base - top,
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
        overflow="visible",
    )
    marks = [mark for tick in ticks for mark in _axis_mark(tick, top, base)]
    return _drawing(height, label, [*grid, *marks, stretched], "curve")


def _level(share: float, top: int, base: int) -> Markup:
    """A gridline with its share written on it."""
    level = base - share * (base - top)
    line = tag("line", class_="axis" if share == 0 else "grid", x1="0%", x2="100%", y1=level, y2=level)
    name = f"{round(share * 100)}\u00a0%"
    return line + tag("text", name, class_="level", x="0%", y=level - 3) if share else line


def _axis_mark(tick: Tick, top: int, base: int) -> list[Markup]:
    """An upright line; the target's label stands above the chart, the others' below."""
    anchor = "start" if tick.at < 0.06 else "end" if tick.at > 0.94 else "middle"
    above = tick.look == "goal"
    place = top - 10 if above else base + 18
    text = tag("text", tick.label, class_=f"{tick.look}-name", x=percent(tick.at), y=place, text_anchor=anchor)
    return [_upright(tick, top - 6 if above else top, base), text]


def _steps(points: Sequence[tuple[float, float]]) -> str:
    """A path that stands still between events and rises at each; it ends with the last point that is known."""
    if not points:
        return ""
    parts = [f"M{_short(points[0][0] * 100.0)} {_short(100.0 - points[0][1] * 100)}"]
    for before, after in pairwise(points):
        parts.append(f"H{_short(after[0] * 100.0)}")
        if after[1] != before[1]:
            parts.append(f"V{_short(100.0 - after[1] * 100)}")
    return "".join(parts)


def shade(value: float, most: float, steps: int = 6) -> int:
    """Which of ``steps`` tints a cell of a heat table has: 0 for none, the last for the largest."""
    if most <= 0 or value <= 0:
        return 0
    return max(1, min(steps, round(value / most * steps)))
