"""Findings about time: never touched, late, slow, undecided, owned by nobody."""

from __future__ import annotations

import numpy as np

from handfast.audit.english import findings as say
from handfast.audit.english import said, words
from handfast.audit.findings.case import NEGLIGIBLE, Case, high, largest, low
from handfast.audit.findings.compare import ENOUGH, Share, contrast, shares
from handfast.audit.findings.finding import Finding
from handfast.contract.model import Clock, ClockName
from handfast.contract.terms import DurationUnit
from handfast.measure.value import Amount, Count, Durations, Ratio, Unit, Verdict
from handfast.stats import wilson

LATE = 0.5
"""How much of a lead is lost when it was answered late, or not decided: it may still be won."""

_CLAUSE = "clocks.first_touch"


def never_touched(case: Case) -> Finding | None:
    """Delivered, due, and nobody ever reached out."""
    ratio = case.ratio("never_touched")
    if ratio is None or low(ratio) <= NEGLIGIBLE:
        return None
    top, bottom = ratio.numerator.count, ratio.denominator.count
    told = [said.parts(by, largest(case.split("never_touched", by))) for by in ("owner", "source")]
    told.append(worth(case, top))
    return Finding(
        code="never_touched",
        good=False,
        figure=said.share(top, bottom),
        headline=say.never_touched(top, bottom, case.count("delivered")),
        evidence=tuple(line for line in told if line),
        clause=_CLAUSE,
        next_step=say.NEXT["never_touched"],
        cost=float(top),
        numbers=share_numbers(ratio),
        records=case.records(ratio.numerator, "leads never touched"),
    )


def worth(case: Case, untouched: int) -> str:
    """What the untouched would bring if they were won like the touched ones; empty where too few deals say so.

    An upper bound, not a forecast: who is called is chosen, and the interval covers chance alone.
    """
    stages, spans = case.contract.stages, case.durations("speed_to_first_touch")
    won = case.ratio(f"{stages[0]}_to_{stages[-1]}") if stages[-1] in {"won", "sale"} else None
    revenue = case.measure("won_revenue")
    if won is None or spans is None or revenue is None or not isinstance(revenue.figure, Amount):
        return ""
    touched = spans.ended.mask
    top, bottom = int(np.count_nonzero(won.numerator.mask & touched)), int(np.count_nonzero(touched))
    limits = wilson(top, bottom)
    if top < ENOUGH or limits is None or revenue.figure.records.count < ENOUGH or not revenue.figure.value:
        return ""
    deal = revenue.figure.value / revenue.figure.records.count
    low, high = (round_to_two(limit * untouched * deal) for limit in limits)
    return say.worth(low, high, (top, bottom), deal, case.board.currency)


def round_to_two(hundredths: float) -> float:
    """Two leading digits: an estimate with more would claim to know more than it does."""
    step = float(10 ** max(0, len(str(int(hundredths))) - 2))
    return round(hundredths / step) * step


def all_touched(case: Case) -> Finding | None:
    """Next to nobody was forgotten."""
    ratio = case.ratio("never_touched")
    if ratio is None or ratio.denominator.count < ENOUGH or high(ratio) >= NEGLIGIBLE:
        return None
    top, bottom = ratio.numerator.count, ratio.denominator.count
    return Finding(
        code="all_touched",
        good=True,
        figure=said.share(bottom - top, bottom),
        headline=say.never_touched_good(top, bottom),
        clause=_CLAUSE,
        cost=float(bottom),
        numbers=share_numbers(ratio),
    )


def in_time(case: Case) -> Finding | None:
    """Follow-up compliance against what sales promises, whichever way it went."""
    found = case.judged("follow_up_compliance", Verdict.MISSED) or case.judged("follow_up_compliance", Verdict.MET)
    if found is None:
        return None
    measure, ratio, target = found
    good = measure.verdict is Verdict.MET
    late, never = (case.ratio(name) for name in ("touched_late", "never_touched"))
    slow, silent = (0 if one is None else one.numerator.count for one in (late, never))
    top, bottom = ratio.numerator.count, ratio.denominator.count
    return Finding(
        code="follow_up_kept" if good else "late",
        good=good,
        figure=said.share(top, bottom),
        headline=say.in_time(top, bottom, target),
        evidence=(say.in_time_parts(top, slow, silent, window(case.contract.clocks[ClockName.FIRST_TOUCH])),),
        clause=measure.target.clause if measure.target and measure.target.clause else _CLAUSE,
        next_step="" if good else say.NEXT["late"],
        cost=float(top) if good else slow * LATE,
        numbers=share_numbers(ratio) | {"target": target, "late": slow, "never": silent},
        records=None if late is None or good else case.records(late.numerator, "leads touched late"),
    )


def speed(case: Case) -> Finding | None:
    """The median wait against the window, in the window's own unit."""
    clock = case.contract.clocks[ClockName.FIRST_TOUCH]
    unit = clock.within.unit
    if unit is DurationUnit.BUSINESS_DAYS:
        return None
    name = "speed_to_first_touch" + ("_working" if unit is DurationUnit.BUSINESS_TIME else "")
    spans = case.durations(name)
    if spans is None or spans.unit is Unit.DAYS or spans.records.count < ENOUGH:
        return None
    good = _side(spans, clock.within.amount)
    if good is None or (good and case.judged("follow_up_compliance", Verdict.MISSED)):
        return None  # a median inside the window is no comfort while the promise itself is broken
    return _speed(case, spans, clock, good=good)


def _side(spans: Durations, window: int) -> bool | None:
    """True when the median's interval lies within the window, False when beyond it, else None."""
    median = spans.quantiles["median"]
    if median.value is None or median.low is None:
        return None
    if median.low > window:
        return False
    return True if median.high is not None and median.high <= window else None


def _speed(case: Case, spans: Durations, clock: Clock, *, good: bool) -> Finding:
    median = spans.quantiles["median"]
    text = words.working if spans.unit is Unit.BUSINESS else words.duration
    limits = [text(end) for end in (median.low, median.high) if end is not None]
    kind = " of working time" if spans.unit is Unit.BUSINESS else ""
    wall = case.durations("speed_to_first_touch")
    soon = next((one for one in wall.within if one.label == "1 h" and one.share is not None), None) if wall else None
    return Finding(
        code="fast" if good else "slow",
        good=good,
        figure=text(median.value),
        headline=say.slow(text(median.value) + kind, words.between(limits), window(clock)),
        evidence=() if soon is None else (say.within("one hour around the clock", words.share(soon.share)),),
        clause=_CLAUSE,
        next_step="" if good else say.NEXT["slow"],
        cost=spans.ended.count * (1.0 if good else LATE / 2),
        numbers={"median": median.value, "low": median.low, "high": median.high, "window": clock.within.amount},
    )


def window(clock: Clock) -> str:
    """``4 business hours``, and the shorter window of hand-raises where there is one."""
    if clock.within == clock.within_hand_raise:
        return clock.within.text
    return f"{clock.within.text} ({clock.within_hand_raise.text} after a hand-raise)"


def undecided(case: Case) -> Finding | None:
    """Past the decision's due without an answer."""
    ratio = case.ratio("undecided_past_due")
    if ratio is None or low(ratio) <= NEGLIGIBLE:
        return None
    top, bottom = ratio.numerator.count, ratio.denominator.count
    told = said.parts("owner", largest(case.split("undecided_past_due", "owner")))
    return Finding(
        code="undecided",
        good=False,
        figure=said.share(top, bottom),
        headline=say.undecided(top, bottom),
        evidence=(told,) if told else (),
        clause="clocks.decision",
        next_step=say.NEXT["undecided"],
        cost=top * LATE,
        numbers=share_numbers(ratio),
        records=case.records(ratio.numerator, "undecided leads past due"),
    )


def no_owner(case: Case) -> Finding | None:
    """Delivered, and nobody's; only where the export names owners at all."""
    split, delivered = case.split("delivered", "owner"), case.count("delivered")
    if split is None or not delivered or not any(part.word for part in split):
        return None
    nobody = [part.figure.records for part in split if part.word is None and isinstance(part.figure, Count)]
    if not nobody or nobody[0].count < delivered * NEGLIGIBLE:
        return None
    top = nobody[0].count
    return Finding(
        code="no_owner",
        good=False,
        figure=said.share(top, delivered),
        headline=say.no_owner(top, delivered),
        clause="routing",
        next_step=say.NEXT["no_owner"],
        cost=top * LATE,
        numbers={"count": top, "of": delivered, "share": top / delivered},
        records=case.records(nobody[0], "leads without an owner"),
    )


def owners_differ(case: Case) -> Finding | None:
    """Leads of one owner wait forever, those of another do not."""
    split = case.split("never_touched", "owner")
    found = None if split is None else contrast(shares(split))
    if found is None:
        return None
    more, less = found.more, found.less
    return Finding(
        code="owners_differ",
        good=False,
        figure=said.share(more.top, more.bottom),
        headline=say.owners((more.word, more.top, more.bottom), (less.word, less.top, less.bottom)),
        evidence=contrast_lines(more, less, (found.difference.low, found.difference.high), found.compared),
        clause=_CLAUSE,
        next_step=say.NEXT["owners_differ"],
        cost=(more.value - less.value) * more.bottom * LATE,
        numbers=contrast_numbers(more, less),
    )


def contrast_lines(more: Share, less: Share, gap: tuple[float, float], compared: int) -> tuple[str, ...]:
    """Both shares with their counts, and how sure their difference is."""
    counted = [say.counted(one.top, one.bottom, one.word) for one in (more, less)]
    return (" ".join((*counted, say.difference(*gap, compared))),)


def contrast_numbers(more: Share, less: Share) -> dict[str, int | float | str | bool | None]:
    """The same, exactly."""
    found: dict[str, int | float | str | bool | None] = {}
    for name, one in (("more", more), ("less", less)):
        found |= {name: one.word, f"{name}_count": one.top, f"{name}_of": one.bottom, f"{name}_share": one.value}
    return found


def share_numbers(ratio: Ratio) -> dict[str, int | float | str | bool | None]:
    """A share exactly, for programs."""
    value = None if ratio.value is None else float(ratio.value)
    return {
        "count": ratio.numerator.count,
        "of": ratio.denominator.count,
        "share": value,
        "low": low(ratio),
        "high": high(ratio),
    }
