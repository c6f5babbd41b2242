"""Deals of an export in other currencies count at the rate of their day, and without one in no sum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from handfast.audit.currency import in_own_currency
from handfast.audit.export import Export
from handfast.audit.judge import judge
from handfast.contract.model import Contract
from handfast.measure.money import Rates

Make = Callable[..., Export]
FRIDAY, MONDAY = "2027-01-08 10:00", "2027-01-11 10:00"
RATES = Rates("EUR", {"USD": {dt.date(2027, 1, 11): Decimal("0.9"), dt.date(2027, 1, 14): Decimal("0.8")}})


def of(make: Make) -> Export:
    return make(
        3,
        stages={"mql": [FRIDAY] * 3},
        deals=[
            (0, MONDAY, "2027-01-14 10:00", 1, 1000),
            (0, MONDAY, "2027-06-01 10:00", -1, 1000),
            (1, FRIDAY, None, -1, 1000),
            (2, MONDAY, None, -1, 1000),
            (2, MONDAY, None, -1, 700),
        ],
        currency=["USD", "usd", "USD", "SEK", "eur"],
        source=[None] * 3,
    )


def test_a_deal_counts_at_the_rate_of_the_day_it_closed_or_was_opened(make_export: Make, acme: Contract) -> None:
    export = of(make_export)
    found = in_own_currency(export, acme, RATES)
    assert found.assumed[-1].startswith("2 deals in another currency count at the rate of the day")
    assert export.deals.amount.tolist() == [1000, 1000, 1000, 1000, 700], "what was read stays as it was read"
    columns = judge(found, acme).columns
    deals = columns.opportunities
    assert deals is not None
    assert deals.amount.tolist() == [800, 900, 0, 0, 700], "no rate of Friday, and none of kronor at all"
    assert columns.amount.tolist() == [800, 0, 700]
    said = " ".join(judge(found, acme).assumed)
    assert "2 deals are in another currency than EUR; they are in no sum." in said


def test_without_a_rate_that_fits_nothing_is_said_and_without_foreign_deals_nothing_is_done(
    make_export: Make, acme: Contract
) -> None:
    export = of(make_export)
    lost = in_own_currency(export, acme, Rates("EUR", {}))
    assert (lost.assumed, lost.deals.amount.tolist()) == (export.assumed, export.deals.amount.tolist())
    own = make_export(1, stages={"mql": [FRIDAY]}, deals=[(0, MONDAY, None, -1, 700)], currency=["eur"], source=[None])
    assert in_own_currency(own, acme, RATES) is own
