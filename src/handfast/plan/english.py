"""The plan in words and tables that a marketing leader can read on a terminal. Rounding happens here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import ceil

from handfast.contract.walk import counted_as
from handfast.plan.evidence import Evidence
from handfast.plan.lag import Lag, LagMonth
from handfast.plan.value import Outlook, Plan, Range

Row = tuple[str, ...]

_HAIR = 1e-9  # a float may lie that much above the whole number it stands for


def plan_text(plan: Plan) -> Iterator[str]:
    """The lines of a plan, paragraphs parted by empty ones; no line is wrapped yet, tables never should be."""
    head = f"{plan.contract}, version {plan.version}: the plan for {plan.period.label}"
    yield from (head, "=" * len(head), "", goal_words(plan), "")
    yield from table(needs_table(plan))
    yield from _block("How sure that is", chances(plan))
    if plan.lag is not None:
        yield from _block(f"When {counted_as(plan.stages[0])} must come", lag_lines(plan, plan.lag))
    yield from _block("Hands", [hands(plan)])
    yield from _block("What one point of a rate is worth", [*table(worth_table(plan))])
    notes = [*why_not(plan), *(plan.evidence.notes if plan.evidence else ())]
    if notes:
        yield from _block("What is not known", notes)


def _block(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield from ("", title, "-" * len(title), *lines)


def goal_words(plan: Plan) -> str:
    """``60% of EUR 2,000,000 is EUR 1,200,000: 48 deals at EUR 25,000.``"""
    goal, currency = plan.goal, plan.currency
    part = "" if goal.share == 1 else f"{percent(goal.share)} of {money(goal.target, currency)} is "
    deals = f"{up(goal.deals)} {counted_as(plan.stages[-1])}"
    return f"{part}{money(goal.revenue, currency)}: {deals} at {money(goal.average_deal, currency)}."


def needs_table(plan: Plan) -> list[Row]:
    """A row a stage: needed, a month, the agreed rate to the next stage, and what was measured of both."""
    measured = plan.measured
    head: Row = ("", "needed", "a month", "agreed rate")
    rows = [head if measured is None else (*head, "measured rate", "rests on", "needed as measured")]
    for place, stage in enumerate(plan.stages):
        rate = plan.rates[place] if place < len(plan.rates) else None
        need = None if plan.needs is None else plan.needs[place]
        cells = [counted_as(stage)]
        cells += ["", ""] if need is None else [up(need), up(need / plan.months)]
        cells.append("" if rate is None or rate.agreed is None else percent(rate.agreed))
        if measured is not None:
            found = None if rate is None else rate.measured
            cells += ["", ""] if found is None else [rate_words(found), f"{found.known:,} of {found.entered:,}"]
            cells.append(range_words(measured.needs[place]))
        rows.append(tuple(cells))
    return rows


def rate_words(found: Evidence) -> str:
    """``68% (62–73%)``: what is expected of a measured rate and its 95 % interval."""
    low, high = found.belief.range95()
    return f"{share(found.expected)} ({share(low).removesuffix('%')}–{share(high)})"


def range_words(of: Range) -> str:
    """``1,240 (1,010–1,560)``; one number where nothing is uncertain."""
    low, middle, high = (up(value) for value in (of.low, of.middle, of.high))
    return middle if low == high else f"{middle} ({low}–{high})"


def chances(plan: Plan) -> list[str]:
    """The chance of the target with what is to come, and how many would be enough, by each set of rates."""
    lines = [coming(plan)] if plan.coming is not None else [_UNTOLD.format(stage=counted_as(plan.stages[0]))]
    for outlook, rates in ((plan.agreed, "the agreed rates"), (plan.measured, "the measured rates")):
        if outlook is not None:
            lines += [*_chance(outlook, rates), _enough(plan, outlook, rates)]
    return lines


_UNTOLD = "Nobody says how many {stage} will come: nothing is promised of them, and --arrivals was not given."


def coming(plan: Plan) -> str:
    """``1,080 delivered are to come, 90 a month (commitments.marketing.mql).``"""
    found = plan.coming
    if found is None:
        return ""
    monthly = f"{decimal(found.count / plan.months)} a month"
    clause = f" ({found.clause})" if found.clause else ""
    return f"{decimal(found.count)} {counted_as(plan.stages[0])} are to come, {monthly}{clause}."


def _chance(outlook: Outlook, rates: str) -> Iterator[str]:
    if outlook.chance is None:
        return
    before = ""
    if outlook.from_nothing is not None:
        before = f" if as many a month came before the period, and {share(outlook.from_nothing)} if nobody did"
    yield f"At {rates} the chance of the target is {share(outlook.chance)}{before}."


def _enough(plan: Plan, outlook: Outlook, rates: str) -> str:
    stage = counted_as(plan.stages[0])
    known = [(share(sure), f"{count:,}") for sure, count in outlook.enough.items() if count is not None]
    if not known:
        return f"At {rates} no number of {stage} makes the target likely."
    (sure, count), *rest = known
    more = "".join(f", {count} make it {sure}" for sure, count in rest)
    return f"At {rates} {count} {stage} in the period make the chance {sure}{more}."


def lag_lines(plan: Plan, lag: Lag) -> list[str]:
    """Where lengths are from, months that are alike as one row, and what nothing beforehand would ask for."""
    before = carried(plan)
    return [f"{lag.source[0].upper()}{lag.source[1:]}.", "", *table(_months(lag)), *(["", *before] if before else [])]


def carried(plan: Plan) -> list[str]:
    """What those who entered before the period bring to it; nothing where no length is known, or it is nothing."""
    lag = plan.lag
    if lag is None or lag.carried <= _HAIR:
        return []
    before = f"{share(lag.carried)} of the deals come of those who entered before the period."
    pace = float(plan.arrivals / plan.months)
    return [f"{before} With none of them it takes {up(pace / lag.in_time)} a month." if lag.in_time > _HAIR else before]


def _months(lag: Lag) -> list[Row]:
    rows: list[Row] = [("", "to come a month", "for this period", "deals a month")]
    for _, alike in groupby(lag.months, key=_shown):
        months = list(alike)
        first, last = months[0], months[-1]
        label = first.label if first is last else f"{first.label} to {last.label}"
        rows.append((label if first.inside else f"{label} (before)", *_shown(first)[1:]))
    return rows


def _shown(month: LagMonth) -> Row:
    return (str(month.inside), up(month.arrivals), up(month.for_period), f"{month.deals:.1f}")


def hands(plan: Plan) -> str:
    """Leads a working day, for each rep, and how many reps that takes."""
    found, stage = plan.capacity, counted_as(plan.stages[0])
    if found.per_day is None:
        return "The period has no working day."
    words = f"{up(found.arrivals)} {stage} over {found.days:,} working days are {decimal(found.per_day)} a day"
    if found.per_rep is not None:
        words += f", {decimal(found.per_rep)} for each of {found.reps:,} rep{'' if found.reps == 1 else 's'}"
    if found.reps_needed is None:
        return f"{words}."
    whose = "A rep takes" if found.limit_from == "told" else "A rep has been handed"
    need = f"that asks for {found.reps_needed:,} rep{'' if found.reps_needed == 1 else 's'}"
    return f"{words}. {whose} {decimal(found.limit or Fraction(0))} a day: {need}."


def worth_table(plan: Plan) -> list[Row]:
    """A row a rate: one point more of it in money, and in leads."""
    sets = [one for one in (("agreed", plan.agreed), ("measured", plan.measured)) if one[1] is not None]
    first = counted_as(plan.stages[0])
    rows: list[Row] = [("", *(title for name, _ in sets for title in (f"at {name}", "revenue", f"or fewer {first}")))]
    for place, rate in enumerate(plan.rates):
        cells = [f"{counted_as(rate.stage)} to {counted_as(rate.following)}"]
        for _, outlook in sets:
            if outlook is not None:
                one = outlook.worth[place]
                cells += [share(one.rate), money(one.money, plan.currency), decimal(one.arrivals)]
        rows.append(tuple(cells))
    return rows


def why_not(plan: Plan) -> list[str]:
    """Each rate that was asked of the measured cycles and is not there, with the reason."""
    return [
        f"{rate.stage} to {rate.following} was not measured, the agreed rate is used: {rate.why_not}"
        for rate in plan.rates
        if rate.why_not and rate.measured is None
    ]


def table(rows: Sequence[Row]) -> list[str]:
    """Columns as wide as their widest cell: the first from the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines


def up(value: Fraction | float) -> str:
    """A need in whole numbers, never less than it is."""
    return f"{ceil(value - _HAIR * abs(value)) if isinstance(value, float) else ceil(value):,}"


def decimal(value: Fraction) -> str:
    """``3.8``, ``0.95``, ``1,080``: two figures that count, no zeros that say nothing."""
    places = 0 if value >= 100 or value.denominator == 1 else 1 if value >= 1 else 2
    return f"{float(value):,.{places}f}"


def percent(rate: Decimal) -> str:
    """An agreed rate exactly as agreed: ``75%``, ``2.5%``."""
    text = f"{rate * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def share(value: Fraction | float) -> str:
    """A share for people, never something rounded to nothing nor less than everything to all."""
    hundredths = float(value) * 100
    if 0 < hundredths < 1 or 99 < hundredths < 100:
        places = 1
    else:
        places = 0 if hundredths >= 10 or hundredths == round(hundredths) else 1
    shown = f"{hundredths:.{places}f}"
    if hundredths > 0 and float(shown) == 0:
        return "<0.1%"
    if hundredths < 100 and float(shown) == 100:
        return ">99.9%"
    return f"{shown}%"


def money(amount: Fraction | Decimal, currency: str) -> str:
    """``EUR 25,000``: no plan is decided by cents."""
    return f"{currency} {round(amount):,}"
