"""A measure as a card: its figure in words, its interval drawn, its target, and how it is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handfast.audit.english import words
from handfast.audit.findings.case import shown_keys
from handfast.audit.findings.finding import Records
from handfast.audit.report import chart
from handfast.audit.report.document import Card
from handfast.measure.columns import CycleColumns
from handfast.measure.scoreboard import Board
from handfast.measure.value import (
    Amount,
    Count,
    Derived,
    Durations,
    Figure,
    Measure,
    Quantile,
    Ratio,
    Rows,
    Target,
    Unit,
    Verdict,
    View,
)

VERDICTS = {
    Verdict.MET: "Met",
    Verdict.MISSED: "Missed",
    Verdict.UNCERTAIN: "Too close to call",
    Verdict.NONE: "",
}

_VIEWS = {
    View.COHORT: "cohort: cycles counted by when they entered the stage they are measured from",
    View.ACTIVITY: "activity: events in the period over events in the period",
    View.SNAPSHOT: "snapshot: everything there is at the as-of instant",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where figures are read: the columns their records point into, and the contract's currency."""

    columns: CycleColumns
    currency: str


_TWINS = {
    "follow_up_excused_counted": "follow_up_compliance",
    "speed_from_raise": "speed_to_first_touch",
    "accepted_of_delivered": "mql_to_sal",
    "in_time_by_hand_offs": "follow_up_compliance",
}
"""Measures that say nothing new where their figure is that of another."""


def cards(board: Board) -> tuple[Card, ...]:
    """A card for every measure that is one number and has something to count; of twins, one."""
    place = Place(board.columns, board.currency)
    shown = {measure.name: found for measure in board if (found := card(measure, place)) is not None}
    return tuple(one for name, one in shown.items() if one.records and not _said(name, shown))


def nothing_counted(board: Board) -> tuple[str, ...]:
    """The titles of measures that the export allows, and of which there is not one case."""
    place = Place(board.columns, board.currency)
    shown = (card(measure, place) for measure in board)
    return tuple(one.title for one in shown if one is not None and not one.records)


def _said(name: str, shown: dict[str, Card]) -> bool:
    """Whether its twin says the same."""
    twin = shown.get(_TWINS.get(name, ""))
    return twin is not None and (twin.text, twin.detail) == (shown[name].text, shown[name].detail)


def card(measure: Measure, place: Place) -> Card | None:
    """The card of one measure; None for tables, balances and what the export does not allow."""
    bare = _figure(measure, place)
    if bare is None:
        return None
    definition = measure.definition
    return replace(
        bare,
        target=target_words(measure, place.currency),
        verdict=measure.verdict.value,
        verdict_text=VERDICTS[measure.verdict],
        formula=definition.formula,
        facts=_facts(measure),
        notes=measure.notes,
    )


def _figure(measure: Measure, place: Place) -> Card | None:
    """The part of a card that depends on the kind of figure."""
    title = measure.definition.title
    bare = Card(name=measure.name, title=title[:1].upper() + title[1:], text=words.NONE, value=None)
    match measure.figure:
        case Ratio() as ratio:
            return _share(bare, ratio, measure, place)
        case Count() as counted:
            return _count(bare, counted, place)
        case Amount() as amount:
            return _amount(bare, amount, place)
        case Durations() as spans:
            return _durations(bare, spans, place)
        case Derived() as derived:
            return _derived(bare, derived, measure.definition.unit, place)
    return None


def _share(bare: Card, ratio: Ratio, measure: Measure, place: Place) -> Card:
    value, spread = ratio.value, ratio.interval
    if value is None or spread is None:
        return replace(bare, detail="nothing to divide by")
    places = words.places(spread.low, spread.high)
    target = None if measure.target is None else float(measure.target.value)
    look = "plain" if measure.verdict is Verdict.NONE else measure.verdict.value
    shown = chart.Strip(value=float(value), low=spread.low, high=spread.high, target=target, look=look)
    text, between = words.share(float(value), places=places), words.interval(spread.low, spread.high, places=places)
    return replace(
        bare,
        text=text,
        value=float(value),
        interval=between,
        detail=_parts(ratio),
        drawing=chart.strip(shown, f"{text}, interval {between}"),
        records=_both(ratio, place.columns),
    )


def _parts(ratio: Ratio) -> str:
    """``312 of 1,140; 41 still open``."""
    text = f"{words.count(ratio.numerator.count)} of {words.count(ratio.denominator.count)}"
    if ratio.still_open is not None and ratio.still_open.count:
        text += f"; {words.count(ratio.still_open.count)} still open"
    return text


def _both(ratio: Ratio, columns: CycleColumns) -> tuple[Records, ...]:
    """The records of numerator and denominator, and those still open."""
    found = (named("Numerator", ratio.numerator, columns), named("Denominator", ratio.denominator, columns))
    return found if ratio.still_open is None else (*found, named("Still open", ratio.still_open, columns))


def named(label: str, rows: Rows, columns: CycleColumns) -> Records:
    """The first records of a figure by name."""
    return Records(label=label, count=rows.count, first=shown_keys(rows, columns), rows=rows)


def _of(rows: Rows) -> str:
    return words.many(rows.count, "deal" if rows.of_deals else "lead")


def _count(bare: Card, counted: Count, place: Place) -> Card:
    unique = counted.unique_leads
    detail = "" if unique is None or unique == counted.value else words.many(unique, "person", "people")
    records = (named("Records", counted.records, place.columns),)
    return replace(bare, text=words.count(counted.value), value=counted.value, detail=detail, records=records)


def _durations(bare: Card, spans: Durations, place: Place) -> Card:
    median = spans.quantiles["median"]
    if spans.records.count == 0:
        return replace(bare, detail="nothing was watched")
    return replace(
        bare,
        text=span_words(median.value, spans.unit) if median.value is not None else "not reached",
        value=median.value,
        interval=_spread(median, spans.unit),
        detail="; ".join(_tails(spans)),
        records=(
            named("Watched", spans.records, place.columns),
            named("Ended", spans.ended, place.columns),
        ),
    )


def _amount(bare: Card, amount: Amount, place: Place) -> Card:
    if not amount.records.count:
        return replace(bare, detail="no deals")
    text = words.money(amount.value, place.currency)
    records = (named("Records", amount.records, place.columns),)
    return replace(bare, text=text, value=amount.value, detail=_of(amount.records), records=records)


def _derived(bare: Card, derived: Derived, unit: Unit, place: Place) -> Card:
    if derived.value is None or not derived.records.count:
        return replace(bare, detail="nothing to divide by")
    value = float(derived.value)
    if unit is Unit.SHARE:
        text = words.share(value)
    elif unit is Unit.PER_DAY:
        text = f"{value:.1f}"
    else:
        text = words.money(round(value), place.currency) + (" a day" if unit is Unit.MONEY_PER_DAY else "")
    records = (named("Records", derived.records, place.columns),)
    return replace(bare, text=text, value=value, detail=_of(derived.records), records=records)


def span_words(span: float | None, unit: Unit) -> str:
    """A span in the words of its unit: working time stays in hours."""
    return words.working(span) if unit is Unit.BUSINESS else words.duration(span)


def _spread(quantile: Quantile, unit: Unit) -> str:
    """The interval of a quantile; open above where the curve's lower limit never gets there."""
    if quantile.low is None:
        return ""
    low = span_words(quantile.low, unit)
    if quantile.high is None:
        return f"at least {low}"
    high = span_words(quantile.high, unit)
    return "" if low == high else words.between((low, high))


def _tails(spans: Durations) -> list[str]:
    """``median``; where nine in ten ended; how many never did."""
    found = ["median" + (" of working time" if spans.unit is Unit.BUSINESS else "")]
    ninth = spans.quantiles.get("p90")
    if ninth is not None and ninth.value is not None:
        found.append(f"90{words.NBSP}% within {span_words(ninth.value, spans.unit)}")
    if spans.never and spans.censoring:
        found.append(f"{words.count(spans.never)} of {words.count(spans.records.count)} not yet or never")
    return found


def target_words(measure: Measure, currency: str) -> str:
    """``at least 75 %``; says so when no clause sets it."""
    target = measure.target
    if target is None:
        return ""
    side = "at least" if target.at_least else "at most"
    agreed = "" if target.clause else ", by custom"
    return f"{side} {_target(target, measure.figure, measure.definition.unit, currency)}{agreed}"


def _target(target: Target, figure: Figure, unit: Unit, currency: str) -> str:
    value = float(target.value)
    if isinstance(figure, Ratio) or unit is Unit.SHARE:
        return words.share(value, places=0 if value * 100 == round(value * 100) else 1)
    if isinstance(figure, Durations):
        return span_words(value, figure.unit)
    return words.money(value, currency) if unit is Unit.MONEY else words.count(round(value))


def _facts(measure: Measure) -> tuple[tuple[str, str], ...]:
    """What else defines the number: clause, records, view, events in the period."""
    definition = measure.definition
    agreed = measure.target.clause if measure.target else ""
    facts = [
        ("Clause", definition.clause),
        ("Target", agreed if agreed != definition.clause else ""),
        ("Counts", definition.records),
        ("View", _VIEWS[definition.view]),
    ]
    if measure.flow is not None and measure.flow.value is not None:
        flow = measure.flow
        quotient = words.share(float(measure.flow.value))
        shown = f"{words.count(flow.numerator)} over {words.count(flow.denominator)}, {quotient}, without interval"
        facts.append(("Events in period", shown))
    return tuple((label, text) for label, text in facts if text)
