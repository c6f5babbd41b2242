from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np

from handfast.instant import NEVER, parse_instant
from handfast.measure.coded import Coded
from handfast.measure.money import Rates, converted

FRIDAY = dt.date(2027, 1, 8)
RATES = Rates("EUR", {"USD": {FRIDAY: Decimal("0.9125"), dt.date(2027, 1, 11): Decimal("0.92")}})


def test_the_rate_is_that_of_the_day_else_of_the_days_before() -> None:
    assert RATES.rate("USD", FRIDAY) == Decimal("0.9125")
    assert RATES.rate("USD", dt.date(2027, 1, 10)) == Decimal("0.9125"), "Sunday has none of its own"
    assert RATES.rate("USD", dt.date(2027, 1, 11)) == Decimal("0.92")
    assert RATES.rate("USD", dt.date(2027, 1, 18)) == Decimal("0.92")
    assert RATES.rate("USD", dt.date(2027, 1, 19)) is None, "a week old is no rate of today"
    assert RATES.rate("USD", dt.date(2027, 1, 7)) is None
    assert RATES.rate("SEK", FRIDAY) is None
    assert RATES.rate("EUR", FRIDAY) == 1


def test_amounts_are_converted_on_the_local_day_of_the_fact_to_the_hundredth() -> None:
    late_sunday = parse_instant("2027-01-10T23:30:00+00:00")  # Monday in Berlin
    friday = parse_instant("2027-01-08T12:00:00+01:00")
    at = np.array([friday, late_sunday, friday, friday, NEVER, NEVER])
    currency = Coded(codes=np.array([0, 0, 1, 2, 0, -1], np.int32), words=("USD", "EUR", "SEK"))
    found = converted(np.array([1000, 1000, 777, 500, 100, 55]), currency, at, RATES, "Europe/Berlin")
    assert found.amount.tolist() == [912, 920, 777, 0, 0, 55], "912.5 is rounded to the even hundredth"
    assert found.unknown.tolist() == [False, False, False, True, True, False]
