"""Figures as people read them: a value, what it is of, its interval. Rounding happens here and nowhere else."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handfast.instant import DAY, HOUR, MINUTE, Span
from handfast.measure.figure import (
    Amount,
    Balance,
    Count,
    Derived,
    Durations,
    Figure,
    Kind,
    NotMeasurable,
    Ratio,
    Rows,
    Table,
    Unit,
)
from handfast.measure.value import Measure, Target, Verdict
from handfast_server.pages.templatetags.handfast import span as wall

NONE = "–"
"""Nothing to divide by is none, not 0."""

_THIN = "\N{NO-BREAK SPACE}"
_TO = "\N{EN DASH}"


class Told(NamedTuple):
    """A figure in words: ``value``, what it is counted ``of``, its ``interval``, and why there is none."""

    value: str
    of: str = ""
    interval: str = ""
    reason: str = ""


def number(value: float | Fraction, places: int = 0) -> str:
    """A number as the reader's language writes it."""
    return formats.number_format(round(float(value), places), places, use_l10n=True, force_grouping=True)


def percent(share: float | Fraction | None) -> str:
    """A share of 1."""
    return NONE if share is None else f"{number(float(share) * 100, 1)}{_THIN}%"


def money(hundredths: float | Fraction | None, currency: str) -> str:
    """An amount in whole units; small ones to the hundredth."""
    if hundredths is None:
        return NONE
    units = float(hundredths) / 100
    return f"{number(units, 0 if abs(units) >= 1000 or units == int(units) else 2)}{_THIN}{currency}"


def length(value: Span | None, unit: Unit) -> str:
    """A span; of working time in hours at most, since a working day is not a day."""
    if value is None:
        return NONE
    if unit is Unit.DAYS or (unit is Unit.WALL and value >= DAY and value % DAY == 0):
        return ngettext("%(days)s day", "%(days)s days", round(value / DAY)) % {"days": number(value / DAY)}
    if unit is Unit.BUSINESS and value >= DAY:
        return f"{number(value // HOUR)} h {value % HOUR // MINUTE:02} min"
    return wall(value)


def records_words(rows: Rows) -> str:
    """How many records of which kind."""
    words = {"count": number(rows.count)}
    match rows.kind:
        case Kind.DEAL:
            return ngettext("%(count)s deal", "%(count)s deals", rows.count) % words
        case Kind.CLOCK:
            return ngettext("%(count)s clock", "%(count)s clocks", rows.count) % words
        case Kind.SPEND:
            return ngettext("%(count)s line of spend", "%(count)s lines of spend", rows.count) % words
        case _:
            return ngettext("%(count)s handoff", "%(count)s handoffs", rows.count) % words


def told(figure: Figure, unit: Unit, currency: str) -> Told:
    """Any figure."""
    found = Told(NONE)
    match figure:
        case NotMeasurable():
            found = Told(NONE, reason=figure.reason)
        case Count():
            found = Told(number(figure.value), of=_unique(figure))
        case Ratio():
            found = _ratio(figure)
        case Amount():
            found = Told(money(figure.value, currency), of=records_words(figure.records))
        case Durations():
            found = _durations(figure)
        case Derived():
            found = _derived(figure, unit, currency)
        case Balance():
            found = Told(number(figure.unaccounted), of=_("unaccounted"))
        case Table():
            found = Told(number(figure.records.count))
    return found


def _unique(figure: Count) -> str:
    leads = figure.unique_leads
    if leads is None or leads == figure.value:
        return ""
    return ngettext("%(count)s different lead", "%(count)s different leads", leads) % {"count": number(leads)}


def _ratio(figure: Ratio) -> Told:
    counts = {"part": number(figure.numerator.count), "whole": number(figure.denominator.count)}
    if not figure.denominator.count:
        return Told(NONE, of=_("none yet"))
    around = figure.interval
    interval = "" if around is None else between(percent_bare(around.low), percent(around.high))
    return Told(percent(figure.value), of=_("%(part)s of %(whole)s") % counts, interval=interval)


def percent_bare(share: float) -> str:
    """A share of 1 without its sign, for the lower end of a range."""
    return number(share * 100, 1)


def between(low: str, high: str) -> str:
    """A range."""
    return f"{low}{_THIN}{_TO}{_THIN}{high}"


def _durations(figure: Durations) -> Told:
    median, late = figure.quantiles.get("median"), figure.quantiles.get("p90")
    if median is None or not figure.records.count:
        return Told(NONE, of=_("none yet"))
    if median.value is None:
        return Told(NONE, of=_("less than half of %(count)s so far") % {"count": number(figure.records.count)})
    ninety = "" if late is None or late.value is None else length(late.value, figure.unit)
    of = _("median; nine of ten within %(span)s") % {"span": ninety} if ninety else _("median")
    bounds = (median.low, median.high)
    interval = "" if None in bounds else between(*(length(each, figure.unit) for each in bounds))
    return Told(length(median.value, figure.unit), of=of, interval=interval)


def _derived(figure: Derived, unit: Unit, currency: str) -> Told:
    def written(value: float | Fraction | None) -> str:
        match unit:
            case Unit.SHARE:
                return percent(value)
            case Unit.MONEY:
                return money(value, currency)
            case Unit.MONEY_PER_DAY:
                return NONE if value is None else _("%(amount)s a day") % {"amount": money(value, currency)}
            case _:
                return NONE if value is None else number(value, 1)

    interval = (
        ""
        if figure.low is None or figure.high is None or figure.value is None
        else between(written(figure.low), written(figure.high))
    )
    return Told(written(figure.value), of=records_words(figure.records), interval=interval)


def plain(figure: Figure) -> float | None:
    """A figure as a place on an axis: the share, the count, the amount, the median."""
    match figure:
        case NotMeasurable():
            return None
        case Count() | Amount():
            return float(figure.value)
        case Ratio() | Derived():
            return None if figure.value is None else float(figure.value)
        case Durations():
            median = figure.quantiles.get("median")
            return None if median is None or median.value is None else float(median.value)
        case Balance():
            return float(figure.unaccounted)
        case Table():
            return float(figure.records.count)


def target_words(target: Target | None, measure: Measure, currency: str) -> str:
    """What was agreed."""
    if target is None:
        return ""
    words = {"value": _target_value(target, measure, currency)}
    return _("at least %(value)s") % words if target.at_least else _("at most %(value)s") % words


def _target_value(target: Target, measure: Measure, currency: str) -> str:
    unit = measure.definition.unit
    match measure.figure:
        case Durations():
            return length(int(target.value), measure.figure.unit)
        case Ratio():
            return percent(Fraction(target.value))
        case _ if unit is Unit.SHARE:
            return percent(Fraction(target.value))
        case _ if unit is Unit.MONEY:
            return money(Fraction(target.value), currency)
        case _:
            return number(Fraction(target.value), 0 if target.value == int(target.value) else 1)


def target_plain(target: Target | None) -> float | None:
    """The target on the axis of its measure."""
    return None if target is None else float(target.value)


class Badge(NamedTuple):
    """A state in a word."""

    label: str
    state: str


def verdict_badge(verdict: Verdict) -> Badge | None:
    """What a verdict is called."""
    match verdict:
        case Verdict.MET:
            return Badge(_("Kept"), "good")
        case Verdict.MISSED:
            return Badge(_("Missed"), "late")
        case Verdict.UNCERTAIN:
            return Badge(_("Not certain yet"), "soon")
        case Verdict.NONE:
            return None
