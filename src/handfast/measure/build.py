"""From masks to measures: the period, the splits, the months and the verdict are made here, once for every family."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from handfast.measure.columns import Coded, Codes, Instants
from handfast.measure.judge import verdict
from handfast.measure.question import Mask, Question
from handfast.measure.value import (
    Amount,
    Count,
    Definition,
    Figure,
    Flow,
    Kind,
    Measure,
    NotMeasurable,
    OnDemand,
    Part,
    Ratio,
    Rows,
    Split,
    Target,
    rows,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A definition and how it is judged: one line of a family's list."""

    definition: Definition
    judge: Callable[[Question, Definition], Measure]


def answer(question: Question, entry: Entry) -> Measure:
    """The measure, or why the source does not allow it."""
    reason = question.missing(entry.definition.needs)
    if reason:
        return not_measurable(entry.definition, reason)
    return entry.judge(question, entry.definition)


def not_measurable(definition: Definition, reason: str) -> Measure:
    """A measure that the source does not allow."""
    return Measure(definition=definition, figure=NotMeasurable(reason=reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is counted over: cycles or deals, which of them belong to the period, and what tells them apart."""

    placed: Mask
    splits: Mapping[str, Coded]
    months: Callable[[], tuple[tuple[str, ...], Codes]]
    kind: Kind = Kind.CYCLE

    def rows(self, mask: Mask) -> Rows:
        """The records of a mask."""
        return rows(mask, self.kind)

    def part(self, mask: Mask, count: int, codes: Codes, code: int) -> Rows:
        """The records of a mask that carry one code."""
        return Rows(mask, count, codes, code, self.kind)


def cycles(question: Question, stage: str, also: Mapping[str, Coded] | None = None) -> Ground:
    """All cycles, placed by when they entered a stage; ``also`` are further splits."""
    return Ground(
        placed=question.placed(stage),
        splits={**question.splits, **(also or {})},
        months=lambda: question.month_of(stage),
    )


_IN_ORDER = frozenset({"band", "weekday", "hand_offs", "stated_hand_offs", "speed_band"})
"""Splits whose words have an order of their own."""


def split_up(
    ground: Ground, parts: Callable[[tuple[str, ...], Codes], Iterable[Part]]
) -> tuple[Mapping[str, Split], Mapping[str, Split]]:
    """Splits and months from one way of making parts."""

    def one(by: str) -> Split:
        coded = ground.splits[by]
        found = parts(coded.words, coded.codes)
        return Split(by=by, parts=tuple(found if by in _IN_ORDER else sorted(found, key=largest_first)))

    def month(by: str) -> Split:
        return Split(by=by, parts=tuple(parts(*ground.months())))

    return OnDemand(ground.splits, one), OnDemand(("month",), month)


def largest_first(part: Part) -> tuple[bool, int, str]:
    """The order of words: by how many records they have, the unknown last."""
    return part.word is None, -size(part.figure), part.word or ""


def size(figure: Figure) -> int:
    """How many records a figure rests on."""
    return 0 if isinstance(figure, NotMeasurable) else figure.records.count


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Whose events a flow counts, and when they happened: for the numerator and for the denominator."""

    top: tuple[Mask, Instants]
    bottom: tuple[Mask, Instants]


Event = str | Instants
"""When something happened: a stage by its name, or an instant a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What a share is made of, over all rows whatever the period; only what lies in both counts as numerator."""

    numerator: Mask
    denominator: Mask
    still_open: Mask | None = None
    target: Target | None = None
    flow: tuple[Event, Event] | Events | None = None  # when the numerator's and the denominator's events happened
    notes: tuple[str, ...] = ()
    also: Mapping[str, Coded] = field(default_factory=dict)  # further splits of this measure alone
    unsure: Mask | None = None  # not in the denominator, since they were answered nobody knows when
    silent: Mask | None = None  # never answered


TOLERATED = 0.05
"""The share of answers without an instant, or else of the unanswered, up to which leaving the former out is told only.

To leave out a share x of what was answered, where a share w of the rest was not, moves a figure by at most w times x.
"""


def lopsided(left: int, shown: int, silent: int) -> str:
    """Why nothing can be said where too many of those answered are left out while all unanswered stay; or empty."""
    if left <= TOLERATED * (left + shown) or silent <= TOLERATED * shown:
        return ""
    return (
        f"Of {left + shown:,} that count here, {left:,} came to an end or an answer at an instant that the source does "
        f"not state. Without them the {silent:,} that never did would weigh too much."
    )


def left_out(count: int) -> tuple[str, ...]:
    """The note of a figure that leaves few out, or leaves them out without leaning to a side."""
    if not count:
        return ()
    return (f"{count:,} ended, or were answered, at an instant that is not known; they are left out.",)


def share_measure(question: Question, definition: Definition, shares: Shares, ground: Ground | None = None) -> Measure:
    """A ratio of records with its splits, its months, its activity view and its verdict."""
    over = ground or cycles(question, definition.dated_by, shares.also)
    denominator = shares.denominator & over.placed
    numerator = shares.numerator & denominator
    still_open = None if shares.still_open is None else shares.still_open & denominator
    unsure = 0 if shares.unsure is None else int(np.count_nonzero(shares.unsure & over.placed))
    silent = 0 if shares.silent is None else int(np.count_nonzero(shares.silent & denominator))
    reason = lopsided(unsure, int(np.count_nonzero(denominator)), silent)
    if reason:
        return not_measurable(definition, reason)
    figure = Ratio(
        numerator=over.rows(numerator),
        denominator=over.rows(denominator),
        still_open=None if still_open is None else over.rows(still_open),
    )
    splits, months = split_up(
        over, lambda words, codes: _ratio_parts(over, words, codes, numerator, denominator, still_open)
    )
    return Measure(
        definition=definition,
        figure=figure,
        target=shares.target,
        verdict=verdict(figure, shares.target),
        splits=splits,
        months=months,
        flow=None if shares.flow is None else _flow(question, shares.flow),
        notes=(*shares.notes, *left_out(unsure)),
    )


def _flow(question: Question, events: tuple[Event, Event] | Events) -> Flow:
    if isinstance(events, Events):
        counts = [
            int(np.count_nonzero(mask & question.inside(at) & question.of_stream))
            for mask, at in (events.top, events.bottom)
        ]
    else:
        inside = [question.events(at) if isinstance(at, str) else question.inside(at) for at in events]
        counts = [int(np.count_nonzero(mask & question.of_stream)) for mask in inside]
    return Flow(numerator=counts[0], denominator=counts[1])


def count_measure(
    question: Question,
    definition: Definition,
    counted: Mask,
    *,
    target: Target | None = None,
    notes: tuple[str, ...] = (),
    ground: Ground | None = None,
) -> Measure:
    """A count with its splits and its months; of cycles, unique leads beside it."""
    over = ground or cycles(question, definition.dated_by)
    inside = counted & over.placed
    unique = None if ground is not None else _distinct(question.columns.lead.take(np.flatnonzero(inside)))
    figure = Count(records=over.rows(inside), unique_leads=unique)
    splits, months = split_up(over, lambda words, codes: _count_parts(over, words, codes, inside))
    return Measure(
        definition=definition,
        figure=figure,
        target=target,
        verdict=verdict(figure, target),
        splits=splits,
        months=months,
        notes=notes,
    )


def _distinct(codes: Codes) -> int:
    """How many different ones, without sorting."""
    seen = np.zeros(int(codes.max()) + 1 if len(codes) else 0, np.bool_)
    seen[codes] = True
    return int(np.count_nonzero(seen))


def amount_measure(
    definition: Definition, over: Ground, amounts: NDArray[np.int64], counted: Mask, *, notes: tuple[str, ...] = ()
) -> Measure:
    """A sum of money over records, exact, with its splits and its months."""
    inside = counted & over.placed
    figure = Amount(value=int(amounts[inside].sum()), records=over.rows(inside))
    splits, months = split_up(over, lambda words, codes: _amount_parts(over, words, codes, amounts, inside))
    return Measure(definition=definition, figure=figure, splits=splits, months=months, notes=notes)


def counts(codes: Codes, mask: Mask, words: int) -> list[int]:
    """How many rows of a mask carry each code; the last entry counts the unknown."""
    found: list[int] = np.bincount(codes.take(np.flatnonzero(mask)) + 1, minlength=words + 1).tolist()
    return [*found[1:], found[0]]


def coded_words(words: tuple[str, ...]) -> Iterable[tuple[int, str | None]]:
    """Every code with its word; -1, which is also the last entry of a list, is the unknown."""
    yield from enumerate(words)
    yield -1, None


def _ratio_parts(
    over: Ground,
    words: tuple[str, ...],
    codes: Codes,
    numerator: Mask,
    denominator: Mask,
    still_open: Mask | None,
) -> Iterable[Part]:
    tops, bottoms = (counts(codes, mask, len(words)) for mask in (numerator, denominator))
    opens = counts(codes, still_open, len(words)) if still_open is not None else []
    for code, word in coded_words(words):
        if bottoms[code]:
            figure = Ratio(
                numerator=over.part(numerator, tops[code], codes, code),
                denominator=over.part(denominator, bottoms[code], codes, code),
                still_open=None if still_open is None else over.part(still_open, opens[code], codes, code),
            )
            yield Part(word=word, figure=figure)


def _count_parts(over: Ground, words: tuple[str, ...], codes: Codes, mask: Mask) -> Iterable[Part]:
    found = counts(codes, mask, len(words))
    for code, word in coded_words(words):
        if found[code]:
            yield Part(word=word, figure=Count(records=over.part(mask, found[code], codes, code)))


def amounts_by(coded: Coded, amounts: NDArray[np.int64], mask: Mask) -> list[int]:
    """The sum of each word, exact; the last entry is the unknown's."""
    sums = np.zeros(len(coded.words) + 1, np.int64)
    np.add.at(sums, coded.codes[mask], amounts[mask])
    found: list[int] = sums.tolist()
    return found


def _amount_parts(
    over: Ground, words: tuple[str, ...], codes: Codes, amounts: NDArray[np.int64], mask: Mask
) -> Iterable[Part]:
    found, sums = counts(codes, mask, len(words)), amounts_by(Coded(codes=codes, words=words), amounts, mask)
    for code, word in coded_words(words):
        if found[code]:
            part = Amount(value=sums[code], records=over.part(mask, found[code], codes, code))
            yield Part(word=word, figure=part)
