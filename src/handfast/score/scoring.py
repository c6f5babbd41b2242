"""The score of one lead: a pure function of fit, the instants of its activities, the tables and an instant."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from handfast.condition import Values
from handfast.instant import Instant
from handfast.score.kernel import FULL, limited, weights
from handfast.score.table import ScoreTable


class Scored(NamedTuple):
    """A score in hundredths of points, each group held within its limits."""

    fit: int
    behaviour: int

    @property
    def total(self) -> int:
        """Fit and behaviour together."""
        return self.fit + self.behaviour

    def values(self) -> dict[str, int | Decimal]:
        """The three scores in points, under the names that conditions use."""
        return {"fit": points(self.fit), "behaviour": points(self.behaviour), "total": points(self.total)}


def points(hundredths: int) -> int | Decimal:
    """Hundredths as exact points: whole ones as int."""
    whole, rest = divmod(hundredths, FULL)
    return Decimal(hundredths).scaleb(-2) if rest else whole


def fit_of(table: ScoreTable, attributes: Values) -> int:
    """The fit score, in hundredths, of these typed attributes, held within the group's limits."""
    return limited(sum(table.fit[place].points * FULL for place in table.matching_fit(attributes)), *table.fit_limits)


def score_at(table: ScoreTable, fit: int, instants: Sequence[Sequence[Instant]], at: Instant) -> Scored:
    """The score as of ``at``.

    ``fit`` is the fit score in hundredths as known then; ``instants[s]`` holds when the activities that match
    behaviour signal s happened, in any order; those after ``at`` do not count yet. Rule: semantics.md, Score.
    """
    raw = sum(signal_at(table, signal, sorted(when), at) for signal, when in enumerate(instants))
    return Scored(fit, limited(raw, *table.behaviour_limits))


def signal_at(table: ScoreTable, signal: int, instants: Sequence[Instant], at: Instant) -> int:
    """What one behaviour signal contributes as of ``at``, in hundredths. ``instants`` ascend."""
    term = table.behaviour[signal]
    begin, end = counted(instants, term.most_recent, at)
    return term.points * weights(instants[begin:end], at, term.gone, term.percent, term.every)


def counted(instants: Sequence[Instant], most_recent: int, at: Instant) -> tuple[int, int]:
    """The part of ascending instants that is not after ``at`` and among the ``most_recent`` (0: all) of those."""
    end = len(instants)
    while end and instants[end - 1] > at:
        end -= 1
    return (max(0, end - most_recent) if most_recent else 0), end
