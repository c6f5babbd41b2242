"""Files of exchange rates: what they say, and every line that says nothing usable, with its place."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from handfast.errors import RatesRefused
from handfast.measure.rates import no_rates, read_rates


def test_a_file_of_rates_is_read_whatever_the_order_of_its_columns() -> None:
    lines = ("Currency, Day ,rate", "usd,2027-01-08,0.9125", "", "USD,2027-01-11,0.92", "JPY,2027-01-08,0.0061")
    rates = read_rates("\N{ZERO WIDTH NO-BREAK SPACE}" + "\n".join(lines), "eur")
    assert rates.own == "EUR"
    assert rates.by_day == {
        "USD": {dt.date(2027, 1, 8): Decimal("0.9125"), dt.date(2027, 1, 11): Decimal("0.92")},
        "JPY": {dt.date(2027, 1, 8): Decimal("0.0061")},
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2027-01-08,dollars,0.9", "'dollars' is no currency"),
        ("2027-01-08,USD,nothing", "'nothing' is no rate"),
        ("2027-01-08,USD,0", "'0' is no rate"),
        ("2027-01-08,USD,NaN", "'NaN' is no rate"),
        ("2027-01-08,USD,Infinity", "'Infinity' is no rate"),
        ("2027-01-08,USD", "'' is no rate"),
        ("08.01.2027,USD,0.9", "'08.01.2027' is no day"),
        ("2027-01-07,usd,0.9", "USD has two rates of 2027-01-07"),
    ],
)
def test_a_line_that_says_nothing_usable_is_refused_with_its_place(line: str, said: str) -> None:
    with pytest.raises(RatesRefused, match=said) as refused:
        read_rates(f"day,currency,rate\n2027-01-07,USD,0.91\n{line}\n", "EUR", file="rates.csv")
    (problem,) = refused.value.problems
    assert problem.code == "rates_line"
    assert str(problem).startswith("rates.csv:3:1")


@pytest.mark.parametrize("text", ["", "day,rate\n", "2027-01-08,USD,0.9\n"])
def test_a_file_without_the_three_columns_is_refused(text: str) -> None:
    with pytest.raises(RatesRefused, match="day,currency,rate"):
        read_rates(text, "EUR")


def test_without_rates_the_own_currency_alone_is_known() -> None:
    rates = no_rates("eur")
    assert rates.rate("EUR", dt.date(2027, 1, 8)) == 1
    assert rates.rate("USD", dt.date(2027, 1, 8)) is None
