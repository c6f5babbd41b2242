"""The number, what both sides owe with their pace, and the conservation line."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from handfast.contract.model import PartyName
from handfast.errors import OutsideCalendar
from handfast.measure.figure import Amount, Balance, Derived
from handfast.measure.period import period_named
from handfast_server.pages.scoreboard_asked import Asking, period_words
from handfast_server.pages.scoreboard_charts import Reach, axis, hundredths, reach
from handfast_server.pages.scoreboard_figures import Badge, between, money, number, percent
from handfast_server.pages.scoreboard_words import flag_words, group_words, promise_words
from handfast_server.scoreboard import boards, closed

_RECORDS = {
    "at_most": "delivered",
    "sourced_pipeline": "sourced_pipeline",
    "first_touch": "follow_up_compliance",
    "worked": "worked",
    "attempts": "attempts_compliance",
}
"""The measure whose records are those of a commitment."""


class Number(NamedTuple):
    """Revenue against its target, and where the period may end; places are those of its bar."""

    period: str
    share: str
    won: str
    target: str
    forecast: str
    expected: str
    badge: Badge
    is_over: bool
    is_to_come: bool
    won_at: Reach
    range_at: Reach
    expected_at: str
    target_at: str


def number_of(shown: boards.Shown) -> Number | None:
    """None where the contract names no target, or deals are not known."""
    measure = next((each for each in shown.board if each.name == "the_number"), None)
    revenue = shown.version.contract.revenue
    if measure is None or revenue is None or not isinstance(measure.figure, Derived):
        return None
    figure, currency = measure.figure, shown.board.currency
    target, won = _plain(figure.parts["target"]), figure.parts["won"]
    so_far = won.value if isinstance(won, Amount) else 0
    low, high = ((each or 0.0) * target for each in (figure.low, figure.high))
    expected = _plain(figure.parts["expected"]) * target
    whole = axis(target, high, float(so_far))
    period = period_named(revenue.period, shown.version.contract)
    is_over, is_to_come = shown.board.as_of >= period.last, shown.board.as_of < period.first
    return Number(
        period=period_words(revenue.period),
        share=percent(figure.value),
        won=money(so_far, currency),
        target=money(target, currency),
        forecast=between(money(low, currency), money(high, currency)),
        expected=money(expected, currency),
        badge=Badge(_("Not begun yet"), "") if is_to_come else _prospect(low, high, target, is_over=is_over),
        is_over=is_over,
        is_to_come=is_to_come,
        won_at=reach(0, so_far, whole),
        range_at=reach(low, high, whole),
        expected_at=hundredths(expected / whole if whole else 0),
        target_at=hundredths(target / whole if whole else 0),
    )


def _prospect(low: float, high: float, target: float, *, is_over: bool) -> Badge:
    """Whether the target is where the period may end."""
    if is_over:
        return Badge(_("Kept"), "good") if low >= target else Badge(_("Missed"), "late")
    if low >= target:
        return Badge(_("On the way"), "good")
    return Badge(_("Out of reach as it goes"), "late") if high < target else Badge(_("Can be reached"), "soon")


def _plain(part: object) -> float:
    return float(part) if isinstance(part, Fraction) else 0.0


class Owed(NamedTuple):
    """A commitment: what was promised, what is done, how that stands against the straight line."""

    title: str
    clause: str
    actual: str
    promised: str
    to_date: str
    badge: Badge
    done_at: Reach
    line_at: str
    measure: str


class Side(NamedTuple):
    """What a party owes, and what of its pay rides on the number."""

    title: str
    owed: list[Owed]
    stake: str


def owed_of(asking: Asking, shown: boards.Shown) -> list[Side]:
    """Marketing's and sales' commitments of the period; nothing where no period is chosen or none is sealed."""
    if asking.period is None:
        return []
    try:
        told = closed.commitments(shown, asking.period)
    except OutsideCalendar:
        return []
    titles = {PartyName.MARKETING.value: _("Marketing owes"), PartyName.SALES.value: _("Sales owes")}
    return [
        Side(
            title,
            [_owed(each, shown) for each in told["standings"] if each["party"] == party],
            next((_stake(each) for each in told["stakes"] if each["party"] == party), ""),
        )
        for party, title in titles.items()
    ]


def promised_figure(name: str, value: Fraction | None, *, is_share: bool, currency: str) -> str:
    """What was promised or done of a commitment, as it is written."""
    if is_share:
        return percent(value)
    if value is None:
        return "–"
    return money(value * 100, currency) if name == "sourced_pipeline" else number(value)


def records_of(name: str, *, icp: bool) -> str:
    """The measure whose records are those of a commitment."""
    return _RECORDS.get(name, "delivered_icp" if icp else "delivered")


def _owed(it: Mapping[str, Any], shown: boards.Shown) -> Owed:
    promised, to_date = Fraction(it["promised"]), Fraction(it["to_date"])
    actual = None if it["actual"] is None else Fraction(it["actual"])
    is_share, currency = it["out_of"] is not None, shown.board.currency
    written = partial(promised_figure, it["name"], is_share=is_share, currency=currency)
    whole = 1.0 if is_share else axis(float(promised), float(actual or 0))
    label, state = flag_words(it["flag"])
    icp = shown.version.contract.marketing.icp_required
    return Owed(
        title=promise_words(it["name"]),
        clause=it["clause"],
        actual=written(actual),
        promised=written(promised),
        to_date="" if is_share else written(to_date),
        badge=Badge(label, state),
        done_at=reach(0, float(actual or 0), whole),
        line_at=hundredths(float(to_date) / whole if whole else 0),
        measure=records_of(it["name"], icp=icp),
    )


def _stake(it: Mapping[str, Any]) -> str:
    words = {"share": percent(Fraction(it["share"]))}
    if it["stands_at"] is None:
        return _("%(share)s of variable pay rides on the number.") % words
    words["earned"] = percent(Fraction(it["stands_at"]))
    return _("%(share)s of variable pay rides on the number; %(earned)s of it all is earned to date.") % words


class Conservation(NamedTuple):
    """Delivered, and where all of it is."""

    delivered: str
    groups: list[tuple[str, str]]
    unaccounted: int


def conservation_of(shown: boards.Shown) -> Conservation | None:
    """Counted group by group; what that does not explain is an alarm."""
    figure = next((each.figure for each in shown.board if each.name == "conservation"), None)
    if not isinstance(figure, Balance):
        return None
    groups = [(number(rows.count), group_words(name)) for name, rows in figure.groups.items()]
    return Conservation(number(figure.delivered.count), groups, figure.unaccounted)
