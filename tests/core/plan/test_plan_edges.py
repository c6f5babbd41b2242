"""Plans at their edges: nothing promised, nothing measured, nothing likely, what reports leave out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.support.plans import agreement, asked, evidence, rows

from handfast.errors import PlanRefused
from handfast.instant import DAY, NEVER
from handfast.measure.columns import Coded
from handfast.plan import Evidence, Lengths, Measured, Roster, measured, plan
from handfast.plan.belief import certain, chance_of, least_of, posterior
from handfast.plan.data import plan_data
from handfast.plan.english import decimal, plan_text, range_words, share, up
from handfast.plan.report import measured_in_report
from handfast.plan.value import Range

GONE = [{"accepted": 1.0, "opportunity": 5.0, "won": 20.0 + place} for place in range(8)]
LEFT = [{"rejected": 2.0}] * 8
WAITS: list[dict[str, float]] = [{}] * 4


def text(*arguments: Any, **named: Any) -> str:
    return "\n".join(plan_text(plan(*arguments, **named)))


def test_no_deal_needed_is_certain_and_too_many_are_impossible() -> None:
    assert chance_of(0, 0, posterior(1, 1)) == 1.0
    assert chance_of(3, 2, certain(1.0)) == 0.0
    assert least_of(0.9, 10, certain(1e-15)) is None
    assert least_of(0.5, 3, certain(1.0)) == 3


def test_a_chain_whose_first_stage_nobody_promises() -> None:
    terms = agreement(("lead", "appointment", "sale"), ("6%", "15%"))
    told = text(terms)
    assert "Nobody says how many leads will come" in told
    assert plan(terms).coming is None
    assert plan_data(plan(terms))["agreed"]["chance"] is None
    assert plan_data(plan(terms))["lag"] is None
    assert "When leads must come" not in told
    assert "chance of the target is" in text(terms, arrivals=Decimal(900))


def test_without_a_length_nothing_is_said_of_who_came_before() -> None:
    found = plan(agreement(), arrivals=Decimal(90))
    assert found.agreed is not None
    assert found.agreed.from_nothing is None
    assert "the chance of the target is 80%." in "\n".join(plan_text(found))


def test_longer_than_the_period_nothing_that_comes_in_it_is_won_in_it() -> None:
    rates = {"mql_to_sal": "75%", "sal_to_opportunity": "30%", "opportunity_to_won": "22%", "cycle_length": "400 days"}
    terms = agreement(targets=rates)
    found = plan(terms, arrivals=Decimal(100))
    assert found.lag is not None
    assert found.lag.carried == pytest.approx(1)
    assert found.agreed is not None
    assert found.agreed.from_nothing == pytest.approx(0)
    assert "With none of them" not in "\n".join(plan_text(found))


def test_a_rate_of_nothing_no_average_and_no_target_are_refused_by_name() -> None:
    with pytest.raises(PlanRefused) as refused:
        plan(agreement(rates=("75%", "0%", None), revenue={"target": 100, "period": 2027}))
    assert list(refused.value.lacking) == [
        "revenue.average_deal",
        "targets.sal_to_opportunity",
        "targets.opportunity_to_won",
    ]
    assert "with 0% no number" in str(refused.value)
    with pytest.raises(PlanRefused, match="revenue: no target"):
        plan(replace(agreement(), revenue=None))


def test_why_a_rate_was_not_measured_is_part_of_the_refusal() -> None:
    terms = agreement(("mql", "demo", "won"), (None, "20%"))
    with pytest.raises(PlanRefused, match="it was not measured: Nothing says when a cycle reached the stage 'demo'"):
        plan(terms, evidence(rows(GONE), 90, terms))


def test_measured_rates_do_where_none_is_agreed() -> None:
    terms = agreement(rates=(None, None, None))
    found = plan(terms, evidence(rows(GONE + LEFT), 90, terms), roster=Roster(reps=2, per_day=Decimal(3)))
    assert (found.needs, found.agreed) == (None, None)
    assert found.measured is not None
    assert found.measured.chance is None
    assert float(found.arrivals) == pytest.approx(48 / (17 / 34) / (17 / 18) ** 2, rel=1e-6)
    told = "\n".join(plan_text(found))
    assert "agreed rates" not in told.partition("How sure")[2]
    data = plan_data(found)
    assert (data["needs"], data["agreed"]) == (None, None)


def test_nobody_entered_nobody_won_nobody_owned() -> None:
    nothing = evidence(rows([]), 90)
    assert nothing.rates == {}
    assert nothing.why_not[("mql", "sal")] == "No cycle entered the stage mql."
    assert nothing.lengths is None
    assert nothing.load is None
    assert evidence(rows(LEFT), 90).lengths is None
    assert evidence(rows(LEFT), 90, agreement(("demo", "won"), ("5%",))).load is None
    columns = rows(GONE)
    bare = replace(asked(columns, 90), calendars={})
    assert measured(bare, "x").load is None
    unowned = replace(columns, owner=Coded(codes=np.full(8, -1, np.int32), words=()))
    assert measured(asked(unowned, 90), "x").load is None


def test_what_has_no_date_is_as_old_as_the_oldest() -> None:
    columns = rows(GONE + WAITS)
    columns.qualified_at[8:] = NEVER
    columns.inquiry_at[8:] = NEVER
    changed = replace(columns, undated={"qualified": np.arange(12) >= 8})
    found = evidence(changed, 90).rates[("mql", "sal")]
    assert (found.entered, found.waiting, found.known) == (12, 4, 12)
    assert found.share == pytest.approx(8 / 12)


def test_one_that_ended_nobody_knows_when_is_known_and_learnt_nothing_from_too_early() -> None:
    columns = replace(rows(GONE + WAITS), undated={"rejected": np.arange(12) >= 8})
    found = evidence(columns, 90).rates[("mql", "sal")]
    assert (found.missed, found.known) == (4, 12)
    assert found.share == pytest.approx(8 / 12)
    assert found.mature == 1
    assert replace(found, entered=0).mature is None


def report(**figures: object) -> dict[str, object]:
    return {"handfast_audit": 1, "measures": [{"name": name, "figure": figure} for name, figure in figures.items()]}


def ratio(top: int, bottom: int, waiting: int | None) -> dict[str, object]:
    still = None if waiting is None else {"count": waiting}
    return {"kind": "ratio", "numerator": {"count": top}, "denominator": {"count": bottom}, "still_open": still}


def lengths(**values: int | None) -> dict[str, object]:
    heights = {"median": 0.5, "p90": 0.9, "p95": 0.95}
    return {"kind": "durations", "quantiles": {name: {"at": heights[name], "value": at} for name, at in values.items()}}


def test_a_report_of_counts() -> None:
    found = measured_in_report(
        report(
            mql_to_sal=ratio(30, 100, 20),
            sal_to_opportunity=ratio(0, 0, None),
            opportunity_to_won={"kind": "not_measurable", "reason": "No deals."},
            cycle_length=lengths(median=40 * DAY, p90=80 * DAY, p95=None),
        ),
        agreement(),
        "r.json",
    )
    assert found.rates[("mql", "sal")].share == 30 / 80
    assert dict(found.why_not) == {
        ("sal", "opportunity"): "No cycle entered the stage sal.",
        ("opportunity", "won"): "No deals.",
    }
    assert found.lengths is not None
    assert found.lengths.by == (0.5, 0.9, 1.0)
    assert found.lengths.span == (40 * DAY, 80 * DAY, 90 * DAY)
    assert found.lengths.median == 40 * DAY
    assert len(found.notes) == 1


@pytest.mark.parametrize("figure", [lengths(median=None), {"kind": "not_measurable", "reason": "x"}, None])
def test_a_report_without_lengths(figure: dict[str, object] | None) -> None:
    given = {} if figure is None else {"cycle_length": figure}
    found = measured_in_report(report(mql_to_sal=ratio(3, 9, None), **given), agreement(), "r.json")
    assert found.lengths is None
    assert found.notes == ()
    assert "another chain" in found.why_not[("sal", "opportunity")]


def test_one_quantile_is_a_length_too() -> None:
    found = measured_in_report(report(cycle_length=lengths(median=5)), agreement(), "r.json")
    assert found.lengths == Lengths(span=(5, 6), by=(0.5, 1.0), source=found.lengths.source if found.lengths else "")


def test_hands_without_working_days_or_reps() -> None:
    found = plan(agreement())
    none = replace(found, capacity=replace(found.capacity, days=0))
    assert "The period has no working day." in "\n".join(plan_text(none))
    assert (none.capacity.per_rep, none.capacity.reps_needed, none.capacity.used) == (None, None, None)
    full = replace(found.capacity, reps=2, limit=Fraction(1))
    assert full.used == full.per_rep


def test_hopeless_rates_are_said_to_be() -> None:
    tiny = Evidence(entered=10, reached=0, missed=10, waiting=0, known=10**15, share=0.0)
    found = plan(agreement(), Measured(source="x", rates={("mql", "sal"): tiny}))
    assert "At the measured rates no number of delivered makes the target likely." in "\n".join(plan_text(found))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0%"), (1, "100%"), (0.0004, "<0.1%"), (0.9996, ">99.9%"), (0.004, "0.4%"), (0.995, "99.5%"), (0.055, "5.5%"),
     (0.05, "5%"), (0.254, "25%")],
)  # fmt: skip
def test_shares_are_never_rounded_to_nothing_or_to_all(value: float, shown: str) -> None:
    assert share(value) == shown


def test_needs_are_rounded_up_and_never_by_a_hair() -> None:
    assert (up(48.0000000001), up(48.01), up(Fraction(97, 2))) == ("48", "49", "49")
    assert (decimal(Fraction(1, 3)), decimal(Fraction(7, 3)), decimal(Fraction(1000, 3))) == ("0.33", "2.3", "333")
    assert range_words(Range(stage="won", low=48.0, middle=48.0, high=48.0)) == "48"
