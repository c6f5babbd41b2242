"""From masks to measures: the period, the splits, the trend and the verdict are made here, once for every family."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from handfast.measure.columns import Coded, Codes, Instants
from handfast.measure.question import Mask, Question
from handfast.measure.value import (
    Count,
    Definition,
    Figure,
    Flow,
    Interval,
    Measure,
    NotMeasurable,
    Part,
    Ratio,
    Rows,
    Split,
    Target,
    Verdict,
    rows,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A definition and the question it answers: one line of a family's list."""

    definition: Definition
    judge: Callable[[Question, Definition], Measure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What a share is made of, over all rows whatever the period; the numerator lies inside the denominator."""

    numerator: Mask
    denominator: Mask
    still_open: Mask | None = None
    target: Target | None = None
    flow: tuple[Instants, Instants] | None = None  # when the numerator's and the denominator's events happened
    notes: tuple[str, ...] = ()


def answer(question: Question, entry: Entry) -> Measure:
    """The measure, or why the source does not allow it."""
    reason = question.missing(entry.definition.needs)
    if reason:
        return Measure(definition=entry.definition, figure=NotMeasurable(reason=reason))
    return entry.judge(question, entry.definition)


def share_measure(question: Question, definition: Definition, shares: Shares) -> Measure:
    """A ratio of records with its splits, its months, its activity view and its verdict."""
    placed = question.placed(definition.dated_by)
    denominator = shares.denominator & placed
    numerator = shares.numerator & denominator
    still_open = None if shares.still_open is None else shares.still_open & denominator
    figure = Ratio(
        numerator=rows(numerator),
        denominator=rows(denominator),
        still_open=None if still_open is None else rows(still_open),
    )

    def parted(words: tuple[str, ...], codes: Codes) -> Iterable[Part]:
        return _ratio_parts(words, codes, numerator, denominator, still_open)

    return Measure(
        definition=definition,
        figure=figure,
        target=shares.target,
        verdict=verdict(figure, shares.target),
        splits={by: _by_size(by, parted(coded.words, coded.codes)) for by, coded in question.splits.items()},
        trend=Split(by="month", parts=tuple(parted(*question.month_of(definition.dated_by)))),
        flow=None if shares.flow is None else _flow(question, *shares.flow),
        notes=shares.notes,
    )


def count_measure(
    question: Question,
    definition: Definition,
    counted: Mask,
    *,
    target: Target | None = None,
    notes: tuple[str, ...] = (),
) -> Measure:
    """A count of cycles with its splits and its months; unique leads beside it."""
    inside = counted & question.placed(definition.dated_by)
    figure = Count(records=rows(inside), unique_leads=len(np.unique(question.columns.lead[inside])))

    def parted(words: tuple[str, ...], codes: Codes) -> Iterable[Part]:
        return _count_parts(words, codes, inside)

    return Measure(
        definition=definition,
        figure=figure,
        target=target,
        splits={by: _by_size(by, parted(coded.words, coded.codes)) for by, coded in question.splits.items()},
        trend=Split(by="month", parts=tuple(parted(*question.month_of(definition.dated_by)))),
        notes=notes,
    )


def counts(codes: Codes, mask: Mask, words: int) -> list[int]:
    """How many rows of a mask carry each code; the last entry counts the unknown."""
    found = np.bincount(codes[mask] + 1, minlength=words + 1).tolist()
    return [*found[1:], found[0]]


def _ratio_parts(
    words: tuple[str, ...], codes: Codes, numerator: Mask, denominator: Mask, still_open: Mask | None
) -> Iterable[Part]:
    tops, bottoms = (counts(codes, mask, len(words)) for mask in (numerator, denominator))
    opens = None if still_open is None else counts(codes, still_open, len(words))
    for code, word in coded_words(words):
        if bottoms[code]:
            figure = Ratio(
                numerator=Rows(numerator, tops[code], codes, code),
                denominator=Rows(denominator, bottoms[code], codes, code),
                still_open=None if opens is None or still_open is None else Rows(still_open, opens[code], codes, code),
            )
            yield Part(word=word, figure=figure)


def _count_parts(words: tuple[str, ...], codes: Codes, mask: Mask) -> Iterable[Part]:
    found = counts(codes, mask, len(words))
    for code, word in coded_words(words):
        if found[code]:
            yield Part(word=word, figure=Count(records=Rows(mask, found[code], codes, code)))


def coded_words(words: tuple[str, ...]) -> Iterable[tuple[int, str | None]]:
    """Every code with its word; -1, which is also the last entry of a list, is the unknown."""
    yield from enumerate(words)
    yield -1, None


def _by_size(by: str, parts: Iterable[Part]) -> Split:
    return Split(by=by, parts=tuple(sorted(parts, key=lambda part: (part.word is None, -_size(part.figure)))))


def _size(figure: Figure) -> int:
    if isinstance(figure, Ratio):
        return figure.denominator.count
    return figure.records.count if isinstance(figure, Count) else 0


def _flow(question: Question, numerator: Instants, denominator: Instants) -> Flow:
    top, bottom = (int(np.count_nonzero(question.inside(at))) for at in (numerator, denominator))
    return Flow(numerator=top, denominator=bottom)


def verdict(figure: Figure, target: Target | None) -> Verdict:
    """A share against its target: what is still open counts both ways, as far as it could still go."""
    if target is None or not isinstance(figure, Ratio) or figure.value is None:
        return Verdict.NONE
    possible = _possible(figure)
    wanted = float(target.value)
    if (figure.value >= Decimal(target.value)) and wanted >= 1:  # all is all: no sample could say more
        return Verdict.MET
    if possible.low >= wanted:
        return Verdict.MET if target.at_least else Verdict.MISSED
    if possible.high < wanted:
        return Verdict.MISSED if target.at_least else Verdict.MET
    return Verdict.UNCERTAIN


def _possible(figure: Ratio) -> Interval:
    """From the low end if nothing open succeeds to the high end if all of it does."""
    low, best = figure.interval, figure
    if figure.still_open is not None:
        top = figure.numerator.count + figure.still_open.count
        best = Ratio(numerator=Rows(figure.denominator.mask, top), denominator=figure.denominator)
    high = best.interval
    if low is None or high is None:  # an empty denominator has no verdict; see ``verdict``
        return Interval(0.0, 1.0)
    return Interval(low.low, high.high)


__all__ = ["Coded", "Entry", "Shares", "answer", "count_measure", "counts", "share_measure", "verdict"]
