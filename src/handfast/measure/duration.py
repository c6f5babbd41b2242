"""How long things took: spans, censored where they have not ended, told apart like everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handfast.instant import DAY, HOUR, MINUTE, NEVER, Span
from handfast.measure.build import Ground, coded_words, cycles, left_out, lopsided, not_measurable, split_up
from handfast.measure.columns import Coded, Codes, Instants
from handfast.measure.judge import verdict
from handfast.measure.question import Mask, Question, earliest
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
from handfast.stats import Survival, quantile, survival_sorted, wilson

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
    began, ended_at = question.timed(start), earliest(*(question.timed(stop) for stop in stops))
    ended = ended_at != NEVER
    until = np.where(ended, ended_at, question.until)
    by_day = not columns.date_only.isdisjoint((start, *stops))
    floor = not columns.date_only.isdisjoint(stops)
    unknown = (began != NEVER) & ~ended & question.unknown_when(stops) | question.implied(start)
    waits = ~ended & ~unknown if censoring else np.zeros(len(columns), np.bool_)
    return Watch(
        watched=(began != NEVER) & (ended | waits),
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
    sample = _Sample.of(watch, watch.watched & over.placed, over.kind)
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
    ended: Mask
    negative: Mask
    within: tuple[Mask, ...]

    @staticmethod
    def of(watch: Watch, inside: Mask, kind: Kind) -> _Sample:
        """The sample of a watch among the rows of a mask."""
        ended = inside & watch.ended
        within = tuple(ended & (watch.spans <= limit) for limit, _ in watch.limits)
        return _Sample(watch, inside, kind, ended, ended & (watch.spans < 0), within)

    def whole(self) -> Durations:
        """The distribution of all of it. A span and whether it ended are sorted as one number: rows are not needed."""
        packed = self.watch.spans[self.inside] * 2 + self.ended[self.inside]
        packed.sort()
        counts = [int(np.count_nonzero(mask)) for mask in (self.ended, self.negative, *self.within)]
        return self._durations(packed >> 1, (packed & 1).astype(np.bool_), counts, None, 0)

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
                counts = [int(np.count_nonzero(mask[group])) for mask in (self.ended, self.negative, *self.within)]
                spans, ended = self.watch.spans[group], self.ended[group]
                yield Part(word=word, figure=self._durations(spans, ended, counts, codes, code))

    def _durations(
        self, spans: NDArray[np.int64], ended: Mask, counts: Sequence[int], codes: Codes | None, code: int
    ) -> Durations:
        """``spans`` ascend; ``counts`` are of those ended, of negative ones, and of those within each limit."""
        curve = survival_sorted(spans, ended)

        def counted(mask: Mask, count: int) -> Rows:
            return Rows(mask, count, codes, code, self.kind)

        masks = (self.ended, self.negative, *self.within)
        over, negative, *within = (counted(mask, count) for mask, count in zip(masks, counts, strict=True))
        return Durations(
            unit=self.watch.unit,
            records=counted(self.inside, len(spans)),
            ended=over,
            negative=negative,
            quantiles={name: self._quantile(spans, curve, at) for name, at in _AT.items()},
            within=tuple(
                _within(limit, label, curve, those, _known_at(limit, spans, ended))
                for (limit, label), those in zip(self.watch.limits, within, strict=True)
            ),
            curve=curve if len(spans) else None,
            censoring=self.watch.censoring,
        )

    def _quantile(self, spans: NDArray[np.int64], curve: Survival, at: Fraction) -> Quantile:
        """Exact where only what ended is looked at, else the curve's; the interval is the curve's either way."""
        value, low, high = curve.quantile(float(at))
        if not self.watch.censoring:
            exact = quantile(spans, at)
            value = None if exact is None else round(exact)
        return Quantile(at=at, value=value, low=low, high=high)


def _known_at(limit: Span, spans: NDArray[np.int64], ended: Mask) -> int:
    """How many had ended by a limit or were watched beyond it; ``spans`` ascend."""
    by_then = int(np.searchsorted(spans, limit, side="right"))
    return int(np.count_nonzero(ended[:by_then])) + len(spans) - by_then


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
        mine = rows & question.on_calendar(name)
        found[mine] = calendar.between_many(start[mine], until[mine])
    return found
