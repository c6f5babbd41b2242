"""A file of what was spent: read strictly, every mistake with its line."""

from __future__ import annotations

import datetime as dt

import pytest

from handfast.errors import SpendRefused
from handfast.measure.spending import Spent, read_spend

HEAD = "day,source,campaign,amount\n"


def test_lines_are_read_in_any_order_of_columns() -> None:
    found = read_spend("\ufeffAmount, Day,source\n1250.50,2027-01-08, paid \n\n0,2027-01-09,fair\n")
    assert found == (
        Spent(dt.date(2027, 1, 8), "paid", "", 125_050),
        Spent(dt.date(2027, 1, 9), "fair", "", 0),
    )
    assert read_spend(HEAD + '2027-01-08,"a, b",spring,0.01\n')[0] == Spent(dt.date(2027, 1, 8), "a, b", "spring", 1)


def test_what_no_database_keeps_is_told_to_be_a_stand_in() -> None:
    assert read_spend(f"{HEAD}2027-01-08,pa\0id,,1\n")[0].source == "pa\ufffdid"


@pytest.mark.parametrize("head", ["day,source\n", "day,source,amount,price\n", "day,day,source,amount\n", ""])
def test_a_head_that_is_none_says_what_one_is(head: str) -> None:
    with pytest.raises(SpendRefused, match="day,source,campaign,amount") as refused:
        read_spend(head)
    assert refused.value.problems[0].code == "spend_header"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("8.1.2027,paid,,1", "is no day"),
        ("20270107,paid,,2", "is no day"),  # the day before in another spelling would be the same line again
        ("2027-01-08,,spring,1", "source is missing"),
        ("2027-01-08,paid,,", "is no amount"),
        ("2027-01-08,paid,,-1", "is no amount"),
        ("2027-01-08,paid,,1.005", "is no amount"),
        ("2027-01-08,paid,,NaN", "is no amount"),
        ("2027-01-08,paid,,1e12", "is no amount"),
        (f"2027-01-08,{'x' * 201},,1", "source is longer"),
        (f"2027-01-08,paid,{'x' * 201},1", "campaign is longer"),
        ("2027-01-07,paid,,2", "twice"),
    ],
)
def test_a_mistake_refuses_the_file_and_names_its_line(line: str, said: str) -> None:
    with pytest.raises(SpendRefused, match=said) as refused:
        read_spend(f"{HEAD}2027-01-07,paid,,1\n{line}\n")
    (problem,) = refused.value.problems
    assert problem.mark is not None
    assert (problem.code, problem.mark.line) == ("spend_line", 3)
