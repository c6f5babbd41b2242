"""What was measured of a plan: each rate by cohort, with its maturity, and how long the way to the last stage took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from handfast.instant import NEVER, Span
from handfast.measure.conversion import COLUMN
from handfast.measure.question import Mask, Question
from handfast.plan.belief import PRIOR, Belief, posterior
from handfast.plan.capacity import working_days
from handfast.plan.incidence import Fate, incidence

Step = tuple[str, str]
"""A stage and the one that follows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What became of those that entered a stage, and what it says about the rate.

    ``share`` is the share that reaches the next stage, those still open censored. ``known`` is how many answers it
    rests on: those that reached it, those that ended without, and those open for longer than 95 of 100 that reach it
    take. The others are too young to say much; they give no weight.
    """

    entered: int
    reached: int
    missed: int
    waiting: int
    known: int
    share: float

    @property
    def belief(self) -> Belief:
        """Beta(½ + share × known, ½ + (1 − share) × known)."""
        return posterior(self.share * self.known, (1 - self.share) * self.known)

    @property
    def expected(self) -> Fraction:
        """The mean of the belief, as one number to walk the chain with."""
        half = Fraction(PRIOR)
        return (half + Fraction(self.share) * self.known) / (1 + self.known)

    @property
    def mature(self) -> float | None:
        """The share of those that entered whose answer is known; None of nothing."""
        return self.known / self.entered if self.entered else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long the way from the first stage to the last took: a share ``by[i]`` of those that make it by ``span[i]``.

    Between two spans the share grows in a straight line, before the first from nothing at once entered.
    """

    span: tuple[Span, ...]  # ascending
    by: tuple[float, ...]  # ascending, the last is 1
    source: str  # where it is from, for people

    @property
    def median(self) -> float:
        """The span by which half of those that make it have."""
        return float(np.interp(0.5, (0.0, *self.by), (0, *self.span)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What reps had on their hands: those of the first stage that had an owner, over owners and working days."""

    owners: int
    owned: int
    days: int

    @property
    def per_rep_and_day(self) -> Fraction | None:
        """Handed to one rep on one working day; None of nothing."""
        return Fraction(self.owned, self.owners * self.days) if self.owners and self.days else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Everything measured that a plan looks at; ``why_not`` says of each rate that is missing why it is."""

    source: str
    rates: Mapping[Step, Evidence] = field(default_factory=dict)
    why_not: Mapping[Step, str] = field(default_factory=dict)
    lengths: Lengths | None = None
    load: Load | None = None
    notes: tuple[str, ...] = ()


def measured(question: Question, source: str) -> Measured:
    """The evidence of cycles, for the stages of the contract of the question."""
    chain = question.contract.stages
    found = {step: _weigh(question, *step) for step in pairwise(chain)}
    return Measured(
        source=source,
        rates={step: one for step, one in found.items() if isinstance(one, Evidence)},
        why_not={step: one for step, one in found.items() if isinstance(one, str)},
        lengths=_lengths(question, chain),
        load=_load(question, chain[0]),
    )


def _weigh(question: Question, stage: str, following: str) -> Evidence | str:
    """The evidence of one step, or why there is none."""
    lacking = _lacking(question, stage, following)
    if lacking:
        return lacking
    begun, reached = COLUMN[stage], COLUMN[following]
    entered = question.columns.happened(begun) & question.placed(begun)
    if not entered.any():
        return f"No cycle entered the stage {stage}."
    return _evidence(_watch(question, begun, reached), entered)


def _lacking(question: Question, stage: str, following: str) -> str:
    unknown = next((word for word in (stage, following) if word not in COLUMN), "")
    if unknown:
        return f"Nothing says when a cycle reached the stage {unknown!r}."
    return question.missing((COLUMN[stage], COLUMN[following]))


@dataclass(frozen=True, slots=True, eq=False)
class _Watch:
    """Every cycle from one stage on: what became of it with regard to another, and the age at which it did.

    ``missed`` ended without. Those of them that ended nobody knows when are in ``fates`` as open at the age that they
    would have by now: one that missed early and one that is watched in vain until then take part alike in what is
    learnt of reaching. What is open and has no date at all is as old as the oldest: silence never improves a rate.
    """

    fates: NDArray[np.int8]
    spans: NDArray[np.int64]
    reached: Mask
    missed: Mask


def _watch(question: Question, begun: str, reached: str) -> _Watch:
    columns = question.columns
    arrived = columns.happened(reached)
    missed = question.ended & ~arrived
    ended_at = question.ended_at
    dated = missed & (ended_at != NEVER)
    start = np.where(columns.at(begun) != NEVER, columns.at(begun), columns.inquiry_at)
    stop = np.where(arrived, columns.at(reached), np.where(dated, ended_at, question.as_of))
    age = np.where(stop != NEVER, stop, question.as_of) - start
    spans = np.where(start != NEVER, np.maximum(age, 0), 0)
    oldest = question.as_of - start[start != NEVER].min(initial=question.as_of)
    spans = np.where((start == NEVER) & ~arrived, oldest, spans)
    fates = np.where(arrived, np.int8(Fate.REACHED), np.where(dated, np.int8(Fate.MISSED), np.int8(Fate.OPEN)))
    return _Watch(fates, spans, arrived, missed)


def _evidence(watch: _Watch, entered: Mask) -> Evidence:
    """The share by Aalen and Johansen, and how many answers it rests on."""
    curve = incidence(watch.spans[entered], watch.fates[entered])
    waiting = entered & ~watch.reached & ~watch.missed
    usual = curve.age_of(_MOST_OF_THEM)
    silent = _count(waiting & (watch.spans > usual)) if usual is not None else 0
    return Evidence(
        entered=_count(entered),
        reached=_count(entered & watch.reached),
        missed=_count(entered & watch.missed),
        waiting=_count(waiting),
        known=_count(entered) - _count(waiting) + silent,
        share=min(curve.share, 1.0),
    )


_MOST_OF_THEM = 0.95


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


_FINEST = 100  # points of a curve; more tell nobody more


def _lengths(question: Question, chain: tuple[str, ...]) -> Lengths | None:
    """The distribution of the way through the whole chain, those under way censored; None where nobody went it."""
    if _lacking(question, chain[0], chain[-1]):
        return None
    begun, reached = COLUMN[chain[0]], COLUMN[chain[-1]]
    watch, start, stop = _watch(question, begun, reached), question.timed(begun), question.timed(reached)
    watched = question.placed(begun) & (start != NEVER) & ((stop != NEVER) | ~watch.reached)
    curve = incidence(watch.spans[watched], watch.fates[watched])
    if not len(curve.age):
        return None
    kept = np.unique(np.linspace(0, len(curve.age) - 1, _FINEST).astype(np.int64))
    shares = curve.reached / curve.share
    return Lengths(
        span=tuple(curve.age[kept].tolist()),
        by=tuple(shares[kept].tolist()),
        source=f"measured from {chain[0]} to {chain[-1]}, those under way counted as not finished",
    )


def _load(question: Question, stage: str) -> Load | None:
    """The cycles of the first stage with an owner, over owners and the working days between the first and the last."""
    begun = COLUMN.get(stage, "")
    name = question.contract.default_calendar
    calendar = question.calendars.get(name)
    if not begun or calendar is None:
        return None
    at = question.columns.at(begun)
    owned = (at != NEVER) & question.placed(begun) & (question.columns.owner.codes >= 0)
    if not owned.any():
        return None
    zone = question.contract.calendars[name].zone
    days = working_days(zone, int(at[owned].min()), min(int(at[owned].max()) + 1, calendar.last), calendar.between)
    return Load(owners=len(np.unique(question.columns.owner.codes[owned])), owned=_count(owned), days=days)
