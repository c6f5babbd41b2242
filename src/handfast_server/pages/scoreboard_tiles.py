"""Tiles: a measure at a glance, with its target and twelve months; and the list of every measure there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.measure.value import Measure, View
from handfast_server.pages.scoreboard_apart import parts_of, word_label
from handfast_server.pages.scoreboard_asked import Asking, is_current, month_short, months_until, period_words
from handfast_server.pages.scoreboard_charts import Spark, spark
from handfast_server.pages.scoreboard_figures import (
    Badge,
    Told,
    number,
    percent,
    plain,
    target_plain,
    target_words,
    told,
    verdict_badge,
)
from handfast_server.pages.scoreboard_words import title_words
from handfast_server.scoreboard.boards import Shown

_GROUPS = (
    (gettext_noop("How many"), ("delivered", "delivered_icp", "lead_to_mql")),
    (
        gettext_noop("How fast, and what was promised"),
        (
            "speed_to_first_touch_working",
            "follow_up_compliance",
            "worked",
            "decision_compliance",
            "attempts_compliance",
            "breaches",
        ),
    ),
    (
        gettext_noop("What sales answered"),
        ("acceptance_rate", "undecided_past_due", "declined", "contested_share", "recycle_yield"),
    ),
    (
        gettext_noop("What became of it"),
        ("mql_to_opportunity", "mql_to_won", "cycle_length", "pipeline", "sourced_pipeline", "source_mix_amount"),
    ),
    (
        gettext_noop("Money"),
        ("won_revenue", "sourced_revenue", "influenced_revenue", "velocity", "cost_per_mql", "cost_per_deal"),
    ),
)
"""What both leaders look at; everything else stands in the list below."""

_PARTS = 7


class Month(NamedTuple):
    """A month of a trend: as addresses call it, and as people do."""

    label: str
    title: str
    told: Told
    value: float | None
    is_current: bool


class Line(NamedTuple):
    """A part of a measure that is told apart."""

    word: str
    told: Told


class Tile(NamedTuple):
    """A measure at a glance."""

    name: str
    title: str
    told: Told
    badge: Badge | None
    target: str
    spark: Spark | None
    is_partial: bool
    trend: str
    lines: list[Line]
    is_flow: bool
    address: str
    clause: str


class Group(NamedTuple):
    """Tiles that belong together."""

    title: str
    tiles: list[Tile]


def groups_of(asking: Asking, shown: Shown, whole: Shown) -> list[Group]:
    """Every group with a tile to show."""
    known = {measure.name: measure for measure in shown.board}
    found = []
    for title, names in _GROUPS:
        measures = [known[name] for name in names if name in known and known[name].measurable]
        tiles = [tile_of(asking, shown, whole, measure) for measure in measures if is_seen(measure, asking.view)]
        if tiles:
            found.append(Group(_(title), tiles))
    return found


def is_seen(measure: Measure, view: View) -> bool:
    """Whether a view has the measure: one of events has only those that count events."""
    return view is View.COHORT or measure.flow is not None or measure.definition.view is View.ACTIVITY


def tile_of(asking: Asking, shown: Shown, whole: Shown, measure: Measure) -> Tile:
    """One tile."""
    flows = asking.view is View.ACTIVITY and measure.flow is not None
    currency = shown.board.currency
    months = [] if flows else months_of(asking, shown, whole, measure.name)
    return Tile(
        name=measure.name,
        title=title_words(measure.definition),
        told=flow_told(measure) if flows else told(measure.figure, measure.definition.unit, currency),
        badge=None if flows else verdict_badge(measure.verdict),
        target=target_words(measure.target, measure, currency),
        spark=spark([month.value for month in months], target_plain(measure.target)),
        is_partial=bool(months) and months[-1].is_current,
        trend=trend_words(months),
        lines=[] if flows else lines_of(measure, asking.split, currency, shown.board.version)[:_PARTS],
        is_flow=flows or measure.definition.view is View.ACTIVITY,
        address=asking.query(),
        clause=clause_of(measure),
    )


def clause_of(measure: Measure) -> str:
    """The clause that decides a number: that of its target, where it has one."""
    target = "" if measure.target is None else measure.target.clause
    return target or measure.definition.clause


def flow_told(measure: Measure) -> Told:
    """Events over events."""
    flow = measure.flow
    if flow is None or flow.value is None:
        return Told("–", of=_("none yet"))
    words = {"part": number(flow.numerator), "whole": number(flow.denominator)}
    return Told(percent(flow.value), of=_("%(part)s events over %(whole)s") % words)


def months_of(asking: Asking, shown: Shown, whole: Shown, name: str) -> list[Month]:
    """The twelve months up to the end of the period; empty where the measure has none."""
    measure = whole.board[name] if any(each.name == name for each in whole.board) else None
    if measure is None or measure.trend is None:
        return []
    figures = {part.word: part.figure for part in measure.trend}
    at, unit, currency = shown.board.as_of, measure.definition.unit, shown.board.currency
    return [
        Month(
            label=month,
            title=period_words(month),
            told=told(figures[month], unit, currency) if month in figures else Told("–"),
            value=plain(figures[month]) if month in figures else None,
            is_current=is_current(month, at, shown.board.zone),
        )
        for month in months_until(asking, at)
    ]


def trend_words(months: list[Month]) -> str:
    """The last month that is over, against the one before."""
    over = [month for month in months if not month.is_current and month.value is not None][-2:]
    if len(over) < 2:
        return ""
    before, last = over
    words = {
        "last": last.told.value,
        "month": month_short(last.label),
        "before": before.told.value,
        "earlier": month_short(before.label),
    }
    return _("%(month)s %(last)s, after %(before)s in %(earlier)s") % words


def lines_of(measure: Measure, split: str, currency: str, version: int) -> list[Line]:
    """The parts of a split; empty without it."""
    unit = measure.definition.unit
    return [
        Line(word_label(split, part.word, version), told(part.figure, unit, currency))
        for part in parts_of(measure, split)
    ]


def all_of(asking: Asking, shown: Shown) -> Iterator[Tile]:
    """Every measure, as a line of a list."""
    currency = shown.board.currency
    for measure in shown.board:
        if is_seen(measure, asking.view):
            flows = asking.view is View.ACTIVITY and measure.flow is not None
            yield Tile(
                name=measure.name,
                title=title_words(measure.definition),
                told=flow_told(measure) if flows else told(measure.figure, measure.definition.unit, currency),
                badge=None if flows else verdict_badge(measure.verdict),
                target=target_words(measure.target, measure, currency),
                spark=None,
                is_partial=False,
                trend="",
                lines=[],
                is_flow=flows or measure.definition.view is View.ACTIVITY,
                address=asking.query(),
                clause=clause_of(measure),
            )
