"""How long things took: spans, censored where they have not ended, told apart like everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handfast.instant import DAY, HOUR, MINUTE, NEVER, Span
from handfast.measure.build import Ground, coded_words, cycles, left_out, lopsided, not_measurable, split_up
from handfast.measure.columns import Coded, Codes, Instants
from handfast.measure.judge import verdict
from handfast.measure.question import Mask, Question
from handfast.measure.value import (
    Definition,
    Durations,
    Interval,
    Kind,
    Measure,
    Part,
    Quantile,
    Rows,
    Target,
    Unit,
    Within,
)
from handfast.stats import Survival, quantile_sorted, survival_sorted, wilson

Limits = tuple[tuple[Span, str], ...]

MINUTES: Limits = ((5 * MINUTE, "5 min"), (HOUR, "1 h"), (4 * HOUR, "4 h"), (24 * HOUR, "24 h"))
HOURS: Limits = ((HOUR, "1 h"), (4 * HOUR, "4 h"), (24 * HOUR, "24 h"), (7 * DAY, "7 days"))
DAYS: Limits = ((DAY, "1 day"), (2 * DAY, "2 days"), (7 * DAY, "7 days"), (30 * DAY, "30 days"))
MONTHS: Limits = ((30 * DAY, "30 days"), (60 * DAY, "60 days"), (90 * DAY, "90 days"))

_AT = {"median": Fraction(1, 2), "p90": Fraction(9, 10), "p95": Fraction(19, 20)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What was watched, over all rows: from ``start`` to ``stop``, or (NEVER) to ``censor``.

    ``spans`` are the lengths in the unit, meaningless where not ``watched``. With ``censoring`` False only what ended
    is looked at, and quantiles are exact.
    """

    watched: Mask
    ended: Mask
    unknown: Mask  # ended nobody knows when, or began so and ended: left out, and said
    spans: NDArray[np.int64]
    unit: Unit
    limits: Limits
    censoring: bool = True
    target: Target | None = None
    notes: tuple[str, ...] = ()
    also: Mapping[str, Coded] = field(default_factory=dict)  # further splits of this measure alone


def between(question: Question, start: str, stops: Sequence[str], *, limits: Limits, censoring: bool = True) -> Watch:
    """A watch from one stage to the first of others, in wall time; in days where an end is known only to the day.

    What has not ended is censored at the end of its cycle, or at the as-of instant; what ended at an instant nobody
    knows, or that is only inferred, is not watched: neither ended nor waiting can be said of it.
    """
    columns = question.columns
    began, ended_at = question.timed(start), question.first(stops)
    begun, ended = began != NEVER, ended_at != NEVER
    until = question.watched_until(stops) if censoring else ended_at
    by_day = not columns.date_only.isdisjoint((start, *stops))
    floor = not columns.date_only.isdisjoint(stops)
    unknown = begun & ~ended & question.unknown_when(stops) | question.implied(start)
    return Watch(
        watched=begun & (ended | ~unknown) if censoring else begun & ended,
        ended=ended,
        unknown=unknown,
        spans=question.days_between(began, until, floor=floor) if by_day else until - began,
        unit=Unit.DAYS if by_day else Unit.WALL,
        limits=DAYS if by_day and limits is not MONTHS else limits,
        censoring=censoring,
    )


def duration_measure(question: Question, definition: Definition, watch: Watch, ground: Ground | None = None) -> Measure:
    """The distribution of a watch with its splits, its months and its verdict."""
    over = ground or cycles(question, definition.dated_by, watch.also)
    sample = _Sample(watch, watch.watched & over.placed, over.kind)
    unknown = int(np.count_nonzero(watch.unknown & over.placed))
    waiting = int(np.count_nonzero(watch.watched & ~watch.ended & over.placed))
    reason = lopsided(unknown, int(np.count_nonzero(sample.inside)), waiting)
    if reason:
        return not_measurable(definition, reason)
    figure = sample.whole()
    splits, months = split_up(over, sample.parts)
    return Measure(
        definition=definition,
        figure=figure,
        target=watch.target,
        verdict=verdict(figure, watch.target),
        splits=splits,
        months=months,
        notes=(*watch.notes, *left_out(unknown)),
    )


@dataclass(frozen=True, eq=False)
class _Sample:
    """A watch with its spans in order: sorted once for the whole, and once with their rows when a split is opened."""

    watch: Watch
    inside: Mask
    kind: Kind

    @cached_property
    def ended(self) -> Mask:
        """Those inside that ended."""
        return self.inside & self.watch.ended

    def whole(self) -> Durations:
        """The distribution of all of it. A span and whether it ended are sorted as one number: rows are not needed."""
        there = np.flatnonzero(self.inside)  # a mask of many rows picks slower than their numbers do
        spans = self.watch.spans.take(there)
        if not self.watch.censoring:
            spans.sort()
            return self._durations(spans, np.ones(len(spans), np.bool_), None, 0)
        spans *= 2
        spans += self.ended.take(there)
        spans.sort()
        ended = (spans & 1).astype(np.bool_)
        spans >>= 1
        return self._durations(spans, ended, None, 0)

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """The rows inside, shortest span first; equal spans may stand in any order: they are one step."""
        found = np.flatnonzero(self.inside)
        return found[np.argsort(self.watch.spans[found])]

    def parts(self, words: tuple[str, ...], codes: Codes) -> Iterable[Part]:
        """The distribution of each word's rows, in the order of the words."""
        coded = codes[self.order]
        grouped = np.argsort(coded, kind="stable")  # keeps the order of spans inside each group
        edges = np.searchsorted(coded[grouped], np.arange(-1, len(words) + 1))
        for code, word in coded_words(words):
            group = self.order[grouped[edges[code + 1] : edges[code + 2]]]
            if len(group):
                figure = self._durations(self.watch.spans[group], self.ended[group], codes, code)
                yield Part(word=word, figure=figure)

    def _durations(self, spans: NDArray[np.int64], ended: Mask, codes: Codes | None, code: int) -> Durations:
        """``spans`` ascend; ``code`` says whose they are."""
        curve = survival_sorted(spans, ended)

        def counted(among: Mask | Callable[[], Mask], count: int) -> Rows:
            return Rows(among, count, codes, code, self.kind)

        def by(limit: Span) -> Within:
            there = int(np.searchsorted(spans, limit, side="right"))
            over = int(np.count_nonzero(ended[:there]))
            those = counted(lambda: self.ended & (self.watch.spans <= limit), over)
            return _within(limit, labels[limit], curve, those, over + len(spans) - there)

        labels = dict(self.watch.limits)
        below = ended[: np.searchsorted(spans, 0, side="left")]
        return Durations(
            unit=self.watch.unit,
            records=counted(self.inside, len(spans)),
            ended=counted(self.ended, int(np.count_nonzero(ended))),
            negative=counted(lambda: self.ended & (self.watch.spans < 0), int(np.count_nonzero(below))),
            quantiles={name: self._quantile(spans, curve, at) for name, at in _AT.items()},
            within=tuple(by(limit) for limit in labels),
            curve=curve if len(spans) else None,
            censoring=self.watch.censoring,
        )

    def _quantile(self, spans: NDArray[np.int64], curve: Survival, at: Fraction) -> Quantile:
        """Exact where only what ended is looked at, else the curve's; the interval is the curve's either way."""
        value, low, high = curve.quantile(float(at))
        if not self.watch.censoring:
            exact = quantile_sorted(spans, at)
            value = None if exact is None else round(exact)
        return Quantile(at=at, value=value, low=low, high=high)


def _within(limit: Span, label: str, curve: Survival, records: Rows, known: int) -> Within:
    """The share that ended within a limit, from the curve; ``known`` are those ended by then or watched beyond it.

    The curve's own interval says nothing where the curve is at its end (one of one is 100 % for certain); there, and
    wherever everybody's answer is known, the interval is Wilson's.
    """
    found = curve.ended_by(limit)
    if found is None:
        return Within(span=limit, label=label, share=None, interval=None, records=records)
    share, low, high = found
    watched = int(curve.at_risk[0])
    if known == watched or share in (0.0, 1.0):
        low, high = wilson(records.count, known) or (low, high)
    return Within(span=limit, label=label, share=share, interval=Interval(low, high), records=records)


def working_between(question: Question, start: Instants, until: Instants, rows: Mask) -> NDArray[np.int64]:
    """Working time of the calendar of each cycle's pool, 0 in rows not asked for."""
    found = np.zeros(len(start), np.int64)
    for name, calendar in question.calendars.items():
        mine = np.flatnonzero(rows & question.on_calendar(name))
        found[mine] = calendar.between_many(start.take(mine), until.take(mine))
    return found
