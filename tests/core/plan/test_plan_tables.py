"""The tables of docs/algorithms/plan.md, row by row."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from tests.support.plans import agreement, evidence, rows
from tests.support.tables import PAGES, Row, table_of

from handfast.plan import Roster, plan
from handfast.plan.belief import Belief, certain, chance_of, posterior, product
from handfast.plan.capacity import Capacity
from handfast.plan.evidence import Lengths
from handfast.plan.lag import MONTH, delays, lag
from handfast.plan.worth import worth

PAGE = PAGES / "plan.md"


def number(text: str) -> Fraction:
    return Fraction(Decimal(text.replace(",", "")))


def rate(text: str) -> Fraction:
    return number(text.removesuffix("%")) / 100


def shown(share: float, places: int = 1) -> str:
    return f"{share * 100:.{places}f}%"


@pytest.mark.parametrize("row", table_of(PAGE, "target", count=7), ids=lambda row: f"{row['stage']} {row['told']}")
def test_each_stage_needs_what_the_page_says(row: Row) -> None:
    stages = row["chain"].split(", ")
    terms = agreement(
        stages,
        row["rates"].split(", "),
        revenue={
            "target": int(number(row["target"])),
            "period": 2027,
            "average_deal": int(number(row["deal"])),
            "from_marketing": row["share"],
        },
    )
    found = plan(terms)
    assert found.needs is not None
    need = found.needs[stages.index(row["stage"])]
    assert f"{float(need):,.1f}" == row["needed"]
    assert f"{ceil(need):,}" == row["told"]
    assert f"{ceil(need / 12):,}" == row["a month"]


CYCLES = re.compile(r"(?P<count>\d+)(?: @(?P<at>\d+))?(?: (?P<fate>[rm])(?P<after>\d+))?")


def went(text: str) -> list[dict[str, float]]:
    found = []
    for part in text.split(", "):
        match = CYCLES.fullmatch(part)
        assert match is not None, part
        one = {"qualified": float(match["at"] or 0)}
        if match["fate"]:
            one["accepted" if match["fate"] == "r" else "rejected"] = one["qualified"] + float(match["after"])
        found += [one] * int(match["count"])
    return found


@pytest.mark.parametrize("row", table_of(PAGE, "cycles", count=6), ids=lambda row: row["cycles"])
def test_a_rate_is_measured_as_the_page_says(row: Row) -> None:
    found = evidence(rows(went(row["cycles"])), float(row["as of day"])).rates[("mql", "sal")]
    assert (found.entered, found.known) == (int(row["entered"]), int(row["known"]))
    assert (shown(found.share), shown(float(found.expected))) == (row["share"], row["expected"])
    assert shown(found.belief.mean) == row["expected"]


@pytest.mark.parametrize(
    "row", table_of(PAGE, "reached", count=6), ids=lambda row: f"{row['reached']} and {row['not']}"
)
def test_what_is_believed_of_a_rate(row: Row) -> None:
    belief = posterior(float(number(row["reached"])), float(number(row["not"])))
    low, high = belief.range95()
    assert (shown(belief.mean), shown(low), shown(high)) == (row["expected"], row["from"], row["to"])


def belief(text: str) -> Belief:
    if "of" not in text:
        return certain(float(rate(text)))
    reached, entered = (float(number(part)) for part in text.split(" of "))
    return posterior(reached, entered - reached)


@pytest.mark.parametrize("row", table_of(PAGE, "come", count=8), ids=lambda row: f"{row['come']} at {row['rates']}")
def test_the_chance_of_the_target(row: Row) -> None:
    whole = product(belief(text) for text in row["rates"].split(", "))
    assert shown(chance_of(int(row["deals needed"]), int(number(row["come"])), whole)) == row["chance"]


def exactly(months: float) -> Lengths:
    """Every cycle takes so many months."""
    span = max(round(months * MONTH), 1)
    return Lengths(
        span=(span - 1, span) if span > 1 else (1,), by=(0.0, 1.0) if span > 1 else (1.0,), source="all alike"
    )


@pytest.mark.parametrize("row", table_of(PAGE, "length in months", count=5), ids=lambda row: row["length in months"])
def test_how_many_months_later_they_are_won(row: Row) -> None:
    found = delays(exactly(float(row["length in months"])))
    expected = [row[name] for name in ("same month", "1 later", "2 later", "3 later") if row[name]]
    assert [shown(share) for share in found] == expected


def test_when_they_must_come() -> None:
    found = lag(Fraction(120), Fraction(12), exactly(1.5), ["2027-01", "2027-02", "2027-03"])
    for row, month in zip(table_of(PAGE, "month", count=5), found.months, strict=True):
        assert row == {
            "month": month.label,
            "come": f"{float(month.arrivals):.1f}",
            "for this period": f"{month.for_period:.1f}",
            "deals": f"{month.deals:.1f}",
        }
    assert sum(month.for_period for month in found.months) == pytest.approx(120)
    assert [found.carried, found.in_time] == pytest.approx([0.5, 0.5])
    assert float(found.months[0].arrivals) / found.in_time == pytest.approx(80)


@pytest.mark.parametrize(
    "row", table_of(PAGE, "arrivals", count=3), ids=lambda row: f"{row['arrivals']} for {row['reps']}"
)
def test_hands(row: Row) -> None:
    roster = Roster(
        reps=int(row["reps"]) if row["reps"] else None,
        per_day=Decimal(row["a rep takes"]) if row["a rep takes"] else None,
    )
    found = Capacity(
        arrivals=number(row["arrivals"]),
        days=int(row["working days"]),
        reps=roster.reps,
        limit=None if roster.per_day is None else Fraction(roster.per_day),
        limit_from="told",
    )
    assert found.per_day is not None
    assert f"{float(found.per_day):.2f}" == row["a day"]
    assert (f"{float(found.per_rep):.2f}" if found.per_rep is not None else "") == row["per rep"]
    assert str(found.reps_needed or "") == row["reps needed"]


@pytest.mark.parametrize("row", table_of(PAGE, "revenue", count=5), ids=lambda row: row["rate"])
def test_what_a_point_is_worth(row: Row) -> None:
    arrivals = Fraction(48) / (rate("75%") * rate("30%") * rate("22%"))
    assert ceil(arrivals) == number(row["arrivals"])
    (found,) = worth([("a", "b", rate(row["rate"]))], number(row["revenue"]), arrivals)
    assert f"{round(found.money):,}" == row["a point in money"]
    assert f"{float(found.arrivals):.1f}" == row["fewer arrivals"]


def test_the_product_keeps_the_mean() -> None:
    parts = [posterior(75, 25), posterior(30, 70), posterior(22, 78)]
    assert product(parts).mean == pytest.approx(float(np.prod([one.mean for one in parts])), rel=1e-9)
