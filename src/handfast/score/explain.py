"""The explanation of a score: one line a signal and one a limit that bites, which add up to the total, always."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from handfast.condition import Trace, Values, trace
from handfast.instant import Instant
from handfast.score.kernel import FULL, limited
from handfast.score.scoring import Scored, counted, signal_at
from handfast.score.state import ScoreState, Tally
from handfast.score.table import BehaviourTerm, FitTerm, ScoreTable


class Side(StrEnum):
    """Which group a line belongs to."""

    FIT = "fit"
    BEHAVIOUR = "behaviour"


class LineKind(StrEnum):
    """What a line stands for."""

    SIGNAL = "signal"  # one clause, matched or not
    LIMIT = "limit"  # what at_most or at_least of the group took away or added


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One part of a score.

    ``count`` activities matched (a fit signal: 1 or 0) and would be worth ``raw`` hundredths at full weight, were all
    of them counted; ``value`` is what they are worth after ``most_recent``, expiry and fading. ``clause`` is the
    dotted path in the contract; ``why`` is the judged condition of a fit signal. A LIMIT line has raw 0.
    """

    side: Side
    kind: LineKind
    clause: str
    title: str
    count: int
    raw: int
    value: int
    why: Trace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A score and its lines: every signal of the contract, matched or not. ``sum(line.value) == scored.total``."""

    at: Instant
    scored: Scored
    lines: tuple[Line, ...]


def explain(table: ScoreTable, attributes: Values, instants: Sequence[Sequence[Instant]], at: Instant) -> Explanation:
    """Explain the score as of ``at`` from all activities; the score is that of ``fit_of`` and ``score_at``."""
    parts = []
    for signal, when in enumerate(instants):
        known = sorted(when)
        parts.append((counted(known, 0, at)[1], signal_at(table, signal, known, at)))
    return explain_tally(table, attributes, tuple(parts), at)


def explain_state(table: ScoreTable, attributes: Values, state: ScoreState, at: Instant) -> Explanation:
    """Explain the score as of ``at`` from what is kept. Raises ScoreForgotten where ``state.score`` does."""
    return explain_tally(table, attributes, state.tally(at), at)


def signals_counted(table: ScoreTable, attributes: Values, state: ScoreState, at: Instant) -> tuple[str, ...]:
    """The signals whose points count as of ``at``, for or against, as ``fit.name`` and ``behaviour.name``.

    Raises ScoreForgotten where ``state.score`` does.
    """
    parts = zip(table.behaviour, state.tally(at), strict=True)
    fit = [f"{Side.FIT}.{term.name}" for term in table.fit if term.when.holds(attributes)]
    return (*fit, *(f"{Side.BEHAVIOUR}.{term.name}" for term, (_, value) in parts if value))


def explain_tally(table: ScoreTable, attributes: Values, parts: Tally, at: Instant) -> Explanation:
    """Explain the score as of ``at`` from what each behaviour signal stood at then."""
    fit = [_fit_line(term, attributes) for term in table.fit]
    did = [_behaviour_line(term, *part) for term, part in zip(table.behaviour, parts, strict=True)]
    fit += _limit_line(Side.FIT, fit, table.fit_limits)
    did += _limit_line(Side.BEHAVIOUR, did, table.behaviour_limits)
    scored = Scored(sum(line.value for line in fit), sum(line.value for line in did))
    return Explanation(at=at, scored=scored, lines=(*fit, *did))


def _fit_line(term: FitTerm, attributes: Values) -> Line:
    why = trace(term.when, attributes)
    value = term.points * FULL if why.holds else 0
    return Line(
        side=Side.FIT,
        kind=LineKind.SIGNAL,
        clause=f"score.fit.signals.{term.name}",
        title=term.title,
        count=int(why.holds),
        raw=value,
        value=value,
        why=why,
    )


def _behaviour_line(term: BehaviourTerm, count: int, value: int) -> Line:
    return Line(
        side=Side.BEHAVIOUR,
        kind=LineKind.SIGNAL,
        clause=f"score.behaviour.signals.{term.name}",
        title=term.title,
        count=count,
        raw=term.points * FULL * count,
        value=value,
    )


def _limit_line(side: Side, lines: list[Line], limits: tuple[int, int]) -> list[Line]:
    """What the group's limits change; no line when they change nothing."""
    raw = sum(line.value for line in lines)
    change = limited(raw, *limits) - raw
    if not change:
        return []
    limit, words = ("at_most", "Held at the most allowed") if change < 0 else ("at_least", "Held at the least allowed")
    return [
        Line(side=side, kind=LineKind.LIMIT, clause=f"score.{side}.{limit}", title=words, count=0, raw=0, value=change)
    ]
