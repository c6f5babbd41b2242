"""Drawings of the scoreboard: the funnel, how fast the first touch came, breaches by cause, reasons by source."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from handfast.measure.conversion import COLUMN, STANDARD
from handfast.measure.figure import Durations, Ratio, Table
from handfast.measure.value import Measure
from handfast.stats import wilson
from handfast_server.handoffs.story import reason_of
from handfast_server.pages.scoreboard_charts import Reach, hundredths, reach
from handfast_server.pages.scoreboard_figures import number, percent, target_plain
from handfast_server.pages.scoreboard_words import cause_words, stage_words
from handfast_server.scoreboard.boards import Shown

_NOWHERE = reach(0, 0, 1)
_SHADES = 5
_COLUMNS, _ROWS = 8, 14
_HALF = 0.5


class Step(NamedTuple):
    """A stage of the funnel: how many, of all and of the stage before, how many may yet come."""

    title: str
    many: str
    of_all: str
    of_before: str
    still_open: str
    measure: str
    here: Reach
    open_at: Reach
    ends: Reach
    target: Mark | None


class Mark(NamedTuple):
    """A target on a bar: where its line stands, what is agreed, and to which side there is room to write that."""

    at: str
    words: str
    side: str


def funnel_of(shown: Shown) -> list[Step]:
    """From delivered to won, along the stages that the contract plans with; empty before anything was delivered."""
    stages = _stages(shown)
    first = _ratio(shown, *stages[:2]) if len(stages) > 1 else None
    if first is None or not first.denominator.count:
        return []
    whole = first.denominator.count
    top = Step(
        stage_words(stages[0]), number(whole), "", "", "", "delivered", reach(0, 1, 1), reach(1, 1, 1), _NOWHERE, None
    )
    return [top, *(_step(shown, stages[0], *pair) for pair in pairwise(stages))]


def funnel_says(steps: Sequence[Step]) -> str:
    """What the funnel shows, for its title."""
    if not steps:
        return ""
    words = {"share": steps[-1].of_all, "open": steps[-1].still_open}
    return _("%(share)s so far, %(open)s may still get there") % words


def _stages(shown: Shown) -> tuple[str, ...]:
    planned = tuple(stage for stage in shown.version.contract.stages if stage in COLUMN)
    stages = planned[planned.index("mql") :] if "mql" in planned else ()
    return stages if len(stages) > 1 and all(_ratio(shown, *pair) for pair in pairwise(stages)) else STANDARD


def _step(shown: Shown, top: str, before: str, stage: str) -> Step:
    through, step = _ratio(shown, top, stage), _ratio(shown, before, stage)
    count, whole = (0, 1) if through is None else (through.numerator.count, through.denominator.count)
    waiting = 0 if through is None or through.still_open is None else through.still_open.count
    interval = None if through is None else through.interval
    return Step(
        title=stage_words(stage),
        many=number(count),
        of_all=percent(None if through is None else through.value),
        of_before=percent(None if step is None else step.value),
        still_open=number(waiting),
        measure=f"{before}_to_{stage}",
        here=reach(0, count, whole),
        open_at=reach(count, count + waiting, whole),
        ends=_NOWHERE if interval is None else reach(interval.low, interval.high, 1),
        target=_mark(shown, f"{before}_to_{stage}", whole),
    )


def _mark(shown: Shown, name: str, whole: int) -> Mark | None:
    """Where the agreed rate would bring those of the stage before."""
    measure = _measure(shown, name)
    agreed = None if measure is None else target_plain(measure.target)
    if measure is None or agreed is None or not isinstance(measure.figure, Ratio) or not whole:
        return None
    at = measure.figure.denominator.count * agreed / whole
    return Mark(hundredths(at), percent(agreed), "end" if at > _HALF else "start")


def _ratio(shown: Shown, stage: str, following: str) -> Ratio | None:
    figure = _measure(shown, f"{stage}_to_{following}")
    return figure.figure if figure is not None and isinstance(figure.figure, Ratio) else None


def _measure(shown: Shown, name: str) -> Measure | None:
    return next((measure for measure in shown.board if measure.name == name), None)


class Bar(NamedTuple):
    """A labelled bar."""

    label: str
    value: str
    about: str
    here: Reach
    ends: Reach


class Speed(NamedTuple):
    """How fast the first touch came: what the bars show, up to each limit, and who waits still."""

    says: str
    bars: list[Bar]
    never: str
    watched: str


def speed_of(shown: Shown) -> Speed | None:
    """Around the clock, as a prospect feels it."""
    measure = _measure(shown, "speed_to_first_touch")
    if measure is None or not isinstance(measure.figure, Durations) or not measure.figure.records.count:
        return None
    figure = measure.figure
    bars = [
        Bar(
            label=_("within %(span)s") % {"span": each.label},
            value=percent(each.share),
            about=""
            if each.interval is None
            else f"{number(each.interval.low * 100, 1)} – {percent(each.interval.high)}",
            here=reach(0, each.share or 0, 1),
            ends=_NOWHERE if each.interval is None else reach(each.interval.low, each.interval.high, 1),
        )
        for each in figure.within
    ]
    half = next((bar for bar, each in zip(bars, figure.within, strict=True) if (each.share or 0) >= _HALF), bars[-1])
    return Speed(f"{half.value} {half.label}", bars, number(figure.never), number(figure.records.count))


def breaches_of(shown: Shown) -> list[Bar]:
    """Why promises were broken, the most frequent first."""
    measure = _measure(shown, "breaches")
    if measure is None or "cause" not in measure.splits:
        return []
    counts = [(part.word, getattr(part.figure, "value", 0)) for part in measure.splits["cause"]]
    most, whole = max((count for _word, count in counts), default=0), sum(count for _word, count in counts)
    return [
        Bar(
            label=cause_words(word) if word else _("No cause yet"),
            value=number(count),
            about=percent(count / whole),
            here=reach(0, count, most),
            ends=_NOWHERE,
        )
        for word, count in counts
    ]


def breaches_say(bars: Sequence[Bar]) -> str:
    """What the bars show, for their title."""
    return _("most often “%(what)s”, %(share)s") % {"what": bars[0].label, "share": bars[0].about} if bars else ""


class Cell(NamedTuple):
    """How often a reason was given for a source; ``shade`` grows with its share of what that source delivered."""

    many: str
    share: str
    shade: int


class Heat(NamedTuple):
    """Reasons, with their clauses, by source; what they show. ``more``: rows or columns that are not shown."""

    says: str
    columns: list[tuple[str, str]]
    rows: list[tuple[str, str, list[Cell]]]
    more: bool


def heat_of(shown: Shown) -> Heat | None:
    """The sources that deliver most, the reasons given most often."""
    measure = _measure(shown, "reasons_by_source")
    if measure is None or not isinstance(measure.figure, Table) or not measure.figure.records.count:
        return None
    table = measure.figure
    columns = sorted(_filled([of.count for of in table.of]), key=lambda column: -table.of[column].count)[:_COLUMNS]
    rows = sorted(_filled([sum(line) for line in table.counts]), key=lambda row: -sum(table.counts[row]))[:_ROWS]
    if not rows or not columns:
        return None
    shares = {(row, column): _share(table, row, column) for row in rows for column in columns}
    most = max(shares.values(), default=0.0)

    def cell(row: int, column: int) -> Cell:
        count, share = table.counts[row][column], shares[row, column]
        shade = round(share / most * _SHADES) if most else 0
        return Cell(number(count) if count else "", percent(share) if count else "", max(shade, int(count > 0)))

    version = shown.version.number
    titles = {row: reason_of(version, table.rows[row])["title"] or table.rows[row] or _("unknown") for row in rows}
    return Heat(
        says=_heat_says(table, titles, columns),
        columns=[(table.columns[column] or _("unknown"), number(table.of[column].count)) for column in columns],
        rows=[
            (
                titles[row],
                f"reasons.{table.rows[row]}" if table.rows[row] else "",
                [cell(row, column) for column in columns],
            )
            for row in rows
        ],
        more=len(columns) == _COLUMNS or len(rows) == _ROWS,
    )


def _heat_says(table: Table, titles: dict[int, str], columns: Sequence[int]) -> str:
    """The reason that stands out most for a source against all others; else what was said most often, and of which."""
    cells = [(row, column) for row in titles for column in columns if table.columns[column]]
    row, column = max(cells, key=lambda cell: ahead(*_here_and_rest(table, *cell)), default=(-1, -1))
    if row < 0 or ahead(*_here_and_rest(table, row, column)) <= 0:
        row = next(iter(titles))
        top = max(columns, key=lambda column: table.counts[row][column])
        words = {"reason": titles[row], "source": table.columns[top] or _("unknown")}
        return _("most often “%(reason)s”, and that most often from %(source)s") % words
    here, rest = _here_and_rest(table, row, column)
    words = {"reason": titles[row], "source": table.columns[column]}
    words |= {"share": percent(here[0] / here[1]), "rest": percent(rest[0] / rest[1])}
    return _("“%(reason)s” stands out for %(source)s, with %(share)s against %(rest)s of all others") % words


def ahead(here: tuple[int, int], rest: tuple[int, int]) -> float:
    """How far the 95 % interval of a share lies above that of another; 0 or less where they overlap."""
    above, below = wilson(*here), wilson(*rest)
    return above[0] - below[1] if above and below else 0.0


def _here_and_rest(table: Table, row: int, column: int) -> tuple[tuple[int, int], tuple[int, int]]:
    count, of = table.counts[row][column], table.of[column].count
    every = sum(each.count for each in table.of)
    return (count, of), (sum(table.counts[row]) - count, every - of)


def _filled(counts: Sequence[int]) -> list[int]:
    """The places of those that are not nothing."""
    return [place for place, count in enumerate(counts) if count]


def _share(table: Table, row: int, column: int) -> float:
    of = table.of[column].count
    return table.counts[row][column] / of if of else 0.0
