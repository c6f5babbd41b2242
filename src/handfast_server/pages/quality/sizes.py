"""A size that the contract lets count and sales does not take: the lower end of a fit signal, raised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from handfast.condition import Operator, Test
from handfast.measure.figure import Ratio
from handfast.measure.segment import EDGES, SIZES
from handfast_server.pages.quality.amend import with_lower_end
from handfast_server.pages.quality.asked import Seen
from handfast_server.pages.quality.common import Common, Suggestion
from handfast_server.pages.scoreboard_figures import between, number, percent, percent_bare

LEAST = 20
"""Decisions on leads of a size, or there is too little to say."""

HALF = 0.5
"""Where sales surely takes fewer than this, the size is not what the clause means."""

_EMPLOYEES = "employees"
_FIT = "score.fit.signals."


class Band(NamedTuple):
    """Companies from so many people on, and below so many."""

    word: str
    low: int
    below: int


_BANDS = {low: Band(word, low, below) for word, (low, below) in zip(SIZES[1:], pairwise(EDGES), strict=False)}
"""By their lower ends; the smallest and the largest size have no end to move."""


def raised(seen: Seen, text: str, reasons: Iterable[Common]) -> Iterator[Suggestion]:
    """Where a common reason names a signal of the size of companies, and sales declines most of its smallest ones."""
    signals = seen.shown.version.contract.score.fit.signals
    for common in reasons:
        name = common.reason.clause.removeprefix(_FIT)
        ends = _ends(signals[name].when) if name in signals else None
        band = None if ends is None else _BANDS.get(ends[0])
        taken = None if band is None else _taken(seen, band.word)
        if ends is None or band is None or taken is None or band.below >= ends[1]:
            continue
        yield _suggestion(seen, text, common, (name, signals[name].title), band, taken)


def _ends(condition: object) -> tuple[int, float] | None:
    """From how many people to how many a condition asks; None for one that asks anything else."""
    if not isinstance(condition, Test) or condition.name != _EMPLOYEES:
        return None
    operand = condition.operand
    if condition.operator is Operator.AT_LEAST and isinstance(operand, int):
        return operand, float("inf")
    if condition.operator is Operator.BETWEEN and isinstance(operand, tuple):
        low, high = operand
        return (low, float(high)) if isinstance(low, int) and isinstance(high, int | Decimal) else None
    return None


def _taken(seen: Seen, word: str) -> Ratio | None:
    """How many of that size sales accepted; None where that is not surely less than half."""
    measure = seen.measure("acceptance_rate")
    if measure is None or "segment" not in measure.splits:
        return None
    figure = next((part.figure for part in measure.splits["segment"] if part.word == word), None)
    if not isinstance(figure, Ratio) or figure.denominator.count < LEAST or figure.interval is None:
        return None
    return figure if figure.interval.high < HALF else None


def _suggestion(seen: Seen, text: str, common: Common, signal: tuple[str, str], band: Band, taken: Ratio) -> Suggestion:
    name, title = signal
    around = taken.interval
    words = {
        "signal": title,
        "low": number(band.low),
        "last": number(band.below - 1),
        "below": number(band.below),
        "share": percent(taken.value),
        "part": number(taken.numerator.count),
        "whole": number(taken.denominator.count),
        "interval": "" if around is None else between(percent_bare(around.low), percent(around.high)),
    }
    page = reverse("scoreboard_measure", kwargs={"name": "acceptance_rate"})
    return Suggestion(
        id=f"raise-fit.{name}",
        title=_("Let “%(signal)s” begin at %(below)s people instead of %(low)s") % words,
        because=[
            common.words,
            _(
                "Sales accepts %(share)s of the companies of %(low)s to %(last)s people (%(part)s of %(whole)s; "
                "%(interval)s), which the clause lets count."
            )
            % words,
        ],
        then=_("They lose the points of the signal, not every chance. Its title may name the old size: read it again."),
        amended=with_lower_end(text, name, _EMPLOYEES, band.below),
        clause=f"{_FIT}{name}",
        address=page + seen.asking.query(split="segment", of="word", word=band.word, part="denominator") + "#records",
    )
