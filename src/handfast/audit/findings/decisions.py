"""Findings about what sales said and what became of the leads: declined, reasoned, converted, handed on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from handfast.audit.english import findings as say
from handfast.audit.english import said, words
from handfast.audit.findings.case import NEGLIGIBLE, Case, high, shortfall
from handfast.audit.findings.compare import (
    ENOUGH,
    Contrast,
    Share,
    against_rest,
    contrast,
    difference,
    shares,
    times_as_often,
)
from handfast.audit.findings.finding import Finding
from handfast.audit.findings.waits import LATE, contrast_lines, contrast_numbers, share_numbers
from handfast.instant import DAY
from handfast.measure.value import Balance, Measure, Ratio, Rows, Split, Table, Verdict

_LIGHT = 0.25
"""How much of a lead is lost when it was declined without a reason: what it could have taught."""


def acceptance(case: Case) -> Finding | None:
    """The share that sales takes on against the target, whichever way it went."""
    found = case.judged("acceptance_rate", Verdict.MISSED) or case.judged("acceptance_rate", Verdict.MET)
    if found is None:
        return None
    measure, ratio, target = found
    good = measure.verdict is Verdict.MET
    top, bottom = ratio.numerator.count, ratio.denominator.count
    return Finding(
        code="accepted" if good else "accepted_less",
        good=good,
        figure=said.share(top, bottom),
        headline=say.accepted(top, bottom, target),
        clause=_clause(measure),
        next_step="" if good else say.NEXT["accepted_less"],
        cost=float(top) if good else shortfall(ratio, target),
        numbers=share_numbers(ratio) | {"target": target},
    )


def _clause(measure: Measure) -> str:
    """The clause of the target; of the definition where the target is a custom of the field."""
    return (measure.target.clause if measure.target else "") or measure.definition.clause


def declined_by_source(case: Case) -> Finding | None:
    """Two sources that sales declines at different rates, and why it declines the worse one."""
    split = case.split("declined", "source")
    found = None if split is None else contrast(shares(split))
    if found is None:
        return None
    more, less = found.more, found.less
    return Finding(
        code="declined_by_source",
        good=False,
        figure=said.share(more.top, more.bottom),
        headline=say.declined_by_source(_triple(more), _triple(less), usual_reason(case, more.word)),
        evidence=contrast_lines(more, less, (found.difference.low, found.difference.high), found.compared),
        clause="reasons",
        next_step=say.NEXT["declined_by_source"],
        cost=(more.value - less.value) * more.bottom,
        numbers=contrast_numbers(more, less),
    )


def _triple(share: Share) -> tuple[str, int, int]:
    return share.word, share.top, share.bottom


def usual_reason(case: Case, source: str) -> str:
    """The reason given most for a source; empty when none was, or two were given as often."""
    table = case.table("reasons_by_source")
    if table is None or source not in table.columns:
        return ""
    column = table.columns.index(source)
    given = sorted(((line[column], word) for line, word in _lines(table) if word), reverse=True)
    if not given or not given[0][0] or (len(given) > 1 and given[0][0] == given[1][0]):
        return ""
    reason = case.contract.reasons.get(given[0][1])
    return given[0][1] if reason is None else reason.title


def _lines(table: Table) -> Iterator[tuple[tuple[int, ...], str]]:
    yield from zip(table.counts, table.rows, strict=True)


def no_reason(case: Case) -> Finding | None:
    """Declined in silence; or never."""
    ratio = case.ratio("reason_given")
    if ratio is None:
        return None
    bottom = ratio.denominator.count
    top = bottom - ratio.numerator.count
    if 1 - high(ratio) <= NEGLIGIBLE:
        return None
    return Finding(
        code="no_reason",
        good=False,
        figure=said.share(top, bottom),
        headline=say.no_reason(top, bottom),
        clause="reasons",
        next_step=say.NEXT["no_reason"],
        cost=top * _LIGHT,
        numbers={"count": top, "of": bottom, "share": top / bottom},
    )


def conversions(case: Case) -> Iterator[Finding]:
    """Each stage whose target was clearly met or missed; acceptance has a finding of its own."""
    for measure in case.board:
        known = measure.definition.family == "conversion" and measure.name != "mql_to_sal"
        if known and measure.verdict in {Verdict.MET, Verdict.MISSED}:
            found = case.judged(measure.name, measure.verdict)
            if found is not None:
                yield _conversion(*found, good=measure.verdict is Verdict.MET)


def _conversion(measure: Measure, ratio: Ratio, target: float, *, good: bool) -> Finding:
    top, bottom = ratio.numerator.count, ratio.denominator.count
    waiting = 0 if ratio.still_open is None else ratio.still_open.count
    open_line = (say.still_open(waiting),) if waiting and not good else ()
    return Finding(
        code=f"{measure.name}_{'met' if good else 'missed'}",
        good=good,
        figure=said.share(top, bottom),
        headline=say.converted(_ends(measure), top, bottom, target),
        evidence=open_line,
        clause=_clause(measure),
        next_step="" if good else say.NEXT["converted_less"],
        cost=float(top) if good else shortfall(ratio, target),
        numbers=share_numbers(ratio) | {"target": target, "still_open": waiting},
    )


def _ends(measure: Measure) -> tuple[str, str]:
    """The two stages of a conversion, as its title names them."""
    first, _, second = measure.definition.title.partition(" to ")
    return first, second


def cycle_length(case: Case) -> Finding | None:
    """The way from qualified to won against the agreed length."""
    measure, spans = case.measure("cycle_length"), case.durations("cycle_length")
    if measure is None or spans is None or measure.target is None or spans.ended.count < ENOUGH:
        return None
    median = spans.quantiles["median"]
    if measure.verdict is not Verdict.MISSED or median.value is None:
        return None
    limits = [words.duration(end) for end in (median.low, median.high) if end is not None]
    return Finding(
        code="slower_to_won",
        good=False,
        figure=words.duration(median.value),
        headline=say.slower(
            words.duration(median.value), words.between(limits), words.duration(int(measure.target.value))
        ),
        clause=measure.target.clause,
        next_step=say.NEXT["slower_to_won"],
        cost=spans.ended.count * LATE,
        numbers={"median": median.value, "low": median.low, "high": median.high, "target": int(measure.target.value)},
    )


def better_source(case: Case) -> Finding | None:
    """The source whose leads go farthest, against the one whose leads do not; on the longest way measured."""
    stages = case.contract.stages
    for name in (f"{stages[0]}_to_{stages[-1]}", "mql_to_won", "mql_to_opportunity", "lead_to_mql"):
        split = case.split(name, "source")
        found = None if split is None else contrast(shares(split))
        if split is not None and found is not None and ripe(case, name, split, found):
            return _better(found, name)
    return None


def ripe(case: Case, name: str, split: Split, found: Contrast) -> bool:
    """Whether two sources also differ among leads old enough to have got there; a young source is no worse for it.

    Old enough: as old as nine in ten of those that got all the way were then, or 90 days where none did.
    """
    columns, measure = case.board.columns, case.measure(name)
    spans = case.durations("length_lead_to_won") or case.durations("cycle_length")
    ninth = None if spans is None else spans.quantiles["p90"].value
    began = columns.at(measure.definition.dated_by) if measure is not None else columns.inquiry_at
    old = began <= case.board.as_of - (90 * DAY if ninth is None else ninth)
    grown = {
        part.word: Share(part.word, _rows(part.figure.numerator, old), _rows(part.figure.denominator, old))
        for part in split
        if part.word in {found.more.word, found.less.word} and part.word and isinstance(part.figure, Ratio)
    }
    more, less = grown[found.more.word], grown[found.less.word]
    return min(more.bottom, less.bottom) >= ENOUGH and difference(more, less).low > 0


def _rows(rows: Rows, among: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(rows.mask & among))


def _better(found: Contrast, name: str) -> Finding:
    more, less = found.more, found.less
    what = say.REACHED.get(name.rpartition("_to_")[2], "went on")
    ratio, limits = (more.value / less.value if less.top else None), times_as_often(more, less, found.compared)
    lines = contrast_lines(more, less, (found.difference.low, found.difference.high), found.compared)
    return Finding(
        code="better_source",
        good=True,
        figure=words.times(ratio) if ratio else said.share(more.top, more.bottom),
        headline=say.better_source(_triple(more), _triple(less), ratio, what),
        evidence=lines if limits is None else (*lines, say.times_between(limits.low, limits.high)),
        clause="attribution",
        cost=(more.value - less.value) * less.bottom,
        numbers=contrast_numbers(more, less),
    )


def hand_offs(case: Case) -> Finding | None:
    """Whether leads that changed hands were in time as often as those that did not."""
    for name, whose in (("stated_in_time", ", by the source's own flag"), ("in_time_by_hand_offs", "")):
        for by in ("hand_offs", "stated_hand_offs"):
            split = case.split(name, by)
            found = None if split is None else against_rest(shares(split), "0")
            if found is not None and found.more.word == "0":
                return _hand_offs(found, whose)
    return None


def _hand_offs(found: Contrast, whose: str) -> Finding:
    kept, moved = found.more, found.less
    named = Share("Changed hands", moved.top, moved.bottom), Share("Stayed with one", kept.top, kept.bottom)
    gap = (found.difference.low, found.difference.high)
    return Finding(
        code="hand_offs",
        good=False,
        figure=said.share(moved.top, moved.bottom),
        headline=say.hand_offs((kept.top, kept.bottom), (moved.top, moved.bottom), whose),
        evidence=contrast_lines(named[1], named[0], gap, found.compared),
        clause="routing",
        next_step=say.NEXT["hand_offs"],
        cost=(kept.value - moved.value) * moved.bottom * LATE,
        numbers=contrast_numbers(named[1], named[0]),
    )


def conserved(case: Case) -> Finding | None:
    """Whether every delivered lead is somewhere."""
    measure = case.measure("conservation")
    if measure is None or not isinstance(measure.figure, Balance) or not measure.figure.delivered.count:
        return None
    balance = measure.figure
    delivered, lost = balance.delivered.count, balance.in_none.count + balance.in_several.count
    if not lost and not balance.unaccounted:
        return Finding(
            code="conserved", good=True, figure="all", headline=say.conserved(delivered), cost=_LIGHT * delivered
        )
    rows = balance.in_none if balance.in_none.count else balance.in_several
    return Finding(
        code="unaccounted",
        good=False,
        figure=words.count(lost),
        headline=say.unaccounted(lost, delivered),
        next_step=say.NEXT["unaccounted"],
        cost=float(lost),
        numbers={"in_none": balance.in_none.count, "in_several": balance.in_several.count, "of": delivered},
        records=case.records(rows, "leads in no state" if rows is balance.in_none else "leads in two states"),
    )
