"""The score of a lead over time, as a line with the bars that it is held against, and as a table."""

from __future__ import annotations

from typing import NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _

from handfast.instant import Instant, to_datetime
from handfast_server.handoffs.story import Course
from handfast_server.pages.templatetags.handfast import calendar_day, moment

WIDE, HIGH = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 96, 16, 28
"""The room of the line within the picture: beside it stand the numbers, the bars' names and the days."""


class Mark(NamedTuple):
    """A line across the picture, with its label."""

    y: int
    label: str


class Row(NamedTuple):
    """An instant at which the score was another one."""

    at: Instant
    fit: int
    behaviour: int
    total: int


class Picture(NamedTuple):
    """What the template draws. ``says`` is the finding."""

    says: str
    version: int
    path: str
    bars: list[Mark]
    scale: list[Mark]
    first: str
    last: str
    end: tuple[int, int]
    rows: list[Row]


def picture_of(course: Course, zone: str) -> Picture:
    """The picture of a course."""
    points = [(at, scored.total) for at, scored in course.points]
    low, high = min(0, *(total for _, total in points)), max(1000, *(total for _, total in points), *course.bars)
    begin, over = points[0][0], max(1, points[-1][0] - points[0][0])

    def x(at: Instant) -> int:
        return LEFT + (WIDE - LEFT - RIGHT) * (at - begin) // over

    def y(total: int) -> int:
        return TOP + (HIGH - TOP - BOTTOM) * (high - total) // (high - low)

    steps = "".join(f"H{x(at)}V{y(total)}" for at, total in points)
    return Picture(
        says=_says(points, course.bars, zone),
        version=course.version,
        path=f"M{x(begin)} {y(points[0][1])}{steps}",
        bars=[Mark(y(bar), _("bar %s") % _points(bar)) for bar in course.bars],
        scale=[Mark(y(total), _points(total)) for total in sorted({low, 0, high})],
        first=_edge(begin, points[-1][0], zone),
        last=_edge(points[-1][0], begin, zone),
        end=(x(points[-1][0]), y(points[-1][1])),
        rows=_rows(course),
    )


def _says(points: list[tuple[Instant, int]], bars: tuple[int, ...], zone: str) -> str:
    """The finding: where it stands, and what it was at most."""
    now_at, total = points[-1]
    most_at, most = max(points, key=lambda point: (point[1], point[0]))
    words = {"total": _points(total), "most": _points(most), "day": _day(most_at, zone)}
    passed = bool(bars) and total >= bars[-1]
    if most == total or most_at == now_at:
        return (
            _("%(total)s points, the most so far: over the bar") if passed else _("%(total)s points, the most so far")
        ) % words
    if passed:
        return _("%(total)s points, over the bar; the most were %(most)s on %(day)s") % words
    return _("%(total)s points; the most were %(most)s on %(day)s") % words


def _rows(course: Course) -> list[Row]:
    """Only where something changed, the latest first."""
    rows: list[Row] = []
    for at, scored in course.points:
        if not rows or rows[-1][1:] != (scored.fit, scored.behaviour, scored.total):
            rows.append(Row(at, scored.fit, scored.behaviour, scored.total))
    return rows[::-1]


def _points(hundredths: int) -> str:
    whole = hundredths % 100 == 0
    return formats.number_format(hundredths // 100 if whole else hundredths / 100, 0 if whole else 2, use_l10n=True)


def _edge(at: Instant, other: Instant, zone: str) -> str:
    """An end of the line: its day, and its hour where the other end has the same day."""
    return moment(at, zone) if _day(at, zone) == _day(other, zone) else _day(at, zone)


def _day(at: Instant, zone: str) -> str:
    return calendar_day(to_datetime(at, zone))
