"""Where the lines and bars of drawings lie. The drawing itself is SVG in a template: no script, and it prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

WIDE, HIGH = 240, 44
"""Of a sparkline, in its own units."""

_EDGE = 5
_ROOM = 1.06


class Dot(NamedTuple):
    """A place in a sparkline."""

    x: float
    y: float


class Spark(NamedTuple):
    """Lines through neighbouring periods, dots where a period stands alone, the last one, the target's height."""

    lines: tuple[str, ...]
    alone: tuple[Dot, ...]
    last: Dot | None
    target: float | None


def spark(values: Sequence[float | None], target: float | None) -> Spark | None:
    """Nothing to draw without a value."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    bounds = [*known, *([] if target is None else [target])]
    low, high = min(bounds), max(bounds)
    reach = (high - low) or 1.0

    def y_of(value: float) -> float:
        share = 0.5 if high == low else (value - low) / reach
        return round(HIGH - _EDGE - share * (HIGH - 2 * _EDGE), 1)

    step = (WIDE - 2 * _EDGE) / max(len(values) - 1, 1)
    placed = [
        None if value is None else Dot(round(_EDGE + place * step, 1), y_of(value))
        for place, value in enumerate(values)
    ]
    runs = [_known(run) for is_there, run in groupby(placed, lambda dot: dot is not None) if is_there]
    lines = tuple(" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1)
    alone = tuple(run[0] for run in runs if len(run) == 1)
    return Spark(lines, alone, runs[-1][-1], None if target is None else y_of(target))


def _known(dots: Iterable[Dot | None]) -> list[Dot]:
    return [dot for dot in dots if dot is not None]


class Reach(NamedTuple):
    """A stretch of a bar, in hundredths of its width as an attribute is written."""

    start: str
    width: str


def hundredths(share: float) -> str:
    """A share as a length of SVG."""
    return f"{min(max(share, 0.0), 1.0) * 100:.2f}%"


def reach(start: float, end: float, whole: float) -> Reach:
    """From one value to another on an axis of that length."""
    if whole <= 0:
        return Reach("0%", "0%")
    low, high = (min(max(each / whole, 0.0), 1.0) for each in (start, end))
    return Reach(hundredths(low), hundredths(max(high - low, 0.0)))


def axis(*values: float) -> float:
    """The length of an axis on which all of these fit, with some room."""
    return max((*values, 0.0)) * _ROOM
