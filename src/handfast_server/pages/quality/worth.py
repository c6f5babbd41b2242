"""What each signal of the contract is worth, as the measures say it: shares with and without, and the lift between."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from handfast.contract.model import Contract
from handfast.measure.figure import Ratio
from handfast.measure.lift import Lift, lift_of
from handfast.measure.signals import COUNTED, NOT_COUNTED
from handfast_server.pages.quality.asked import Seen
from handfast_server.pages.scoreboard_charts import Reach, hundredths, reach
from handfast_server.pages.scoreboard_figures import Badge, number, percent

ACCEPTED, QUALIFIED = "accepted_by_signal", "sql_by_signal"

_WIDEST = 4.0
"""The axis of lifts goes from a quarter to four times, with equal steps for equal factors."""


class Signal(NamedTuple):
    """A signal of the contract."""

    name: str  # ``fit.right_size``
    title: str
    points: int

    @property
    def clause(self) -> str:
        """Where it stands in the contract."""
        group, _dot, name = self.name.partition(".")
        return f"score.{group}.signals.{name}"


class Pair(NamedTuple):
    """The shares with and without a signal, and the lift between them."""

    counted: Ratio
    other: Ratio
    lift: Lift


class Side(NamedTuple):
    """A pair as it is read and drawn; addresses are those of the numerator and of the denominator."""

    counted: str
    counted_of: str
    counted_at: tuple[str, str]
    other: str
    other_of: str
    other_at: tuple[str, str]
    lift: str
    interval: str
    badge: Badge
    bar: Reach | None
    dot: str


class Worth(NamedTuple):
    """A signal, and what sales made of the leads that had it."""

    signal: Signal
    sides: list[Side | None]


def signals_of(contract: Contract) -> Iterator[Signal]:
    """Every signal, fit first."""
    for name, fit in contract.score.fit.signals.items():
        yield Signal(f"fit.{name}", fit.title, fit.points)
    for name, did in contract.score.behaviour.signals.items():
        yield Signal(f"behaviour.{name}", did.title, did.points)


def pair_of(seen: Seen, measure: str, signal: str, z: float | None = None) -> Pair | None:
    """The two parts of a measure; None where either has no records."""
    found = seen.measure(measure)
    if found is None or signal not in found.splits:
        return None
    parts = {part.word: part.figure for part in found.splits[signal]}
    counted, other = parts.get(COUNTED), parts.get(NOT_COUNTED)
    if not isinstance(counted, Ratio) or not isinstance(other, Ratio):
        return None
    lift = lift_of(counted, other) if z is None else lift_of(counted, other, z)
    return None if lift is None else Pair(counted, other, lift)


def worths_of(seen: Seen) -> list[Worth]:
    """Each signal of the contract with both of its sides."""
    return [
        Worth(signal, [_side(seen, measure, signal.name) for measure in (ACCEPTED, QUALIFIED)])
        for signal in signals_of(seen.shown.version.contract)
    ]


def _side(seen: Seen, measure: str, signal: str) -> Side | None:
    pair = pair_of(seen, measure, signal)
    if pair is None:
        return None
    page = reverse("scoreboard_measure", kwargs={"name": measure})

    def at(word: str) -> tuple[str, str]:
        asked = (seen.asking.query(split=signal, of="word", word=word, part=part) for part in ("", "denominator"))
        top, bottom = (f"{page}{query}#records" for query in asked)
        return top, bottom

    lift = pair.lift
    return Side(
        counted=percent(pair.counted.value),
        counted_of=_of(pair.counted),
        counted_at=at(COUNTED),
        other=percent(pair.other.value),
        other_of=_of(pair.other),
        other_at=at(NOT_COUNTED),
        lift="–" if lift.value is None else times(float(lift.value)),
        interval=interval_words(lift) if lift.enough else "",
        badge=_badge(lift),
        bar=_bar(lift) if lift.enough else None,
        dot=hundredths(_place(float(lift.value))) if lift.enough and lift.value is not None else "",
    )


def _of(ratio: Ratio) -> str:
    counts = {"part": number(ratio.numerator.count), "whole": number(ratio.denominator.count)}
    return _("%(part)s of %(whole)s") % counts


def times(value: float) -> str:
    """So many times as often."""
    return f"{number(value, 2)}\N{NO-BREAK SPACE}×"


def interval_words(lift: Lift) -> str:
    """From … to …, in times."""
    return f"{number(lift.low, 2)} – {'∞' if lift.high is None else times(lift.high)}"


def _badge(lift: Lift) -> Badge:
    if not lift.enough:
        return Badge(_("Too few to say"), "")
    if lift.low > 1:
        return Badge(_("More often"), "good")
    if lift.high is not None and lift.high < 1:
        return Badge(_("Less often"), "late")
    return Badge(_("No difference shown"), "")


def _place(value: float) -> float:
    """Where a lift lies on the axis."""
    inside = min(max(value, 1 / _WIDEST), _WIDEST)
    return (math.log(inside) / math.log(_WIDEST) + 1) / 2


def _bar(lift: Lift) -> Reach:
    return reach(_place(lift.low), _place(_WIDEST if lift.high is None else lift.high), 1)
