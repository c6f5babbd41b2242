from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import available_timezones

import numpy as np
import pytest

from handfast.contract.model import Contract
from handfast.contract.terms import Per
from handfast.instant import DAY, HOUR, NEVER, format_instant, parse_instant, to_datetime
from handfast.measure.columns import CycleColumns
from handfast.measure.period import local, month_codes, months, period_named, period_of
from handfast.measure.scoreboard import board
from handfast.measure.value import Count


def edges(label: str, contract: Contract) -> tuple[str, str]:
    found = period_named(label, contract)
    assert found.label == label
    return tuple(format_instant(at, contract.zone)[:16] for at in (found.first, found.last))  # type: ignore[return-value]  # two


def test_a_period_begins_at_midnight_in_the_contracts_zone(acme: Contract) -> None:
    assert edges("2027", acme) == ("2027-01-01T00:00", "2028-01-01T00:00")
    assert edges("2027-Q2", acme) == ("2027-04-01T00:00", "2027-07-01T00:00")
    assert edges("2027-12", acme) == ("2027-12-01T00:00", "2028-01-01T00:00")
    march = period_named("2027-03", acme)
    assert march.last - march.first == 31 * DAY - HOUR, "the clocks went forward"


def test_a_fiscal_year_is_called_after_the_year_it_ends_in(acme: Contract) -> None:
    april = replace(acme, fiscal_year_starts=4)
    assert edges("2027", april) == ("2026-04-01T00:00", "2027-04-01T00:00")
    assert edges("2027-Q1", april) == ("2026-04-01T00:00", "2026-07-01T00:00")
    assert edges("2027-Q4", april) == ("2027-01-01T00:00", "2027-04-01T00:00")
    assert edges("2027-01", april) == ("2027-01-01T00:00", "2027-02-01T00:00"), "months are the calendar's"


@pytest.mark.parametrize("label", ["2027-Q5", "2027-13", "2027-00", "2027-W3", "27-x", "soon"])
def test_another_spelling_is_refused(acme: Contract, label: str) -> None:
    with pytest.raises(ValueError, match=r"a period is written|invalid literal"):
        period_named(label, acme)


@pytest.mark.parametrize("starts", range(1, 13))
def test_the_period_of_an_instant_holds_it(acme: Contract, starts: int) -> None:
    contract = replace(acme, fiscal_year_starts=starts)
    for month in range(1, 13):
        for day in ("01T00:00:00", "28T23:59:59"):
            at = parse_instant(f"2027-{month:02}-{day}+02:00")
            for per, longest in ((Per.MONTH, 31), (Per.QUARTER, 93), (Per.YEAR, 367)):
                found = period_of(at, per, contract)
                assert found.first <= at < found.last, found.label
                assert found.last - found.first <= longest * DAY + HOUR
                assert period_named(found.label, contract) == found


def test_months_cover_a_span_without_a_gap() -> None:
    for zone in ("Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe", "UTC"):
        assert zone in available_timezones()
        labels, cuts = months(parse_instant("2017-06-15T00:00:00Z"), parse_instant("2019-01-15T00:00:00Z"), zone)
        assert (labels[0], labels[-1], len(labels)) == ("2017-06", "2019-01", 20)
        assert len(cuts) == len(labels) + 1
        for label, first, last in zip(labels, cuts[:-1], cuts[1:], strict=True):
            assert to_datetime(int(first), zone).strftime("%Y-%m") == label
            assert to_datetime(int(first) - 1, zone).strftime("%Y-%m") != label
            assert to_datetime(int(last) - 1, zone).strftime("%Y-%m") == label


def test_what_lies_outside_the_months_has_none() -> None:
    _, cuts = months(0, 40 * DAY, "UTC")
    at = np.array([NEVER, -1, 0, 31 * DAY - 1, 31 * DAY, 59 * DAY], np.int64)
    assert month_codes(at, cuts).tolist() == [-1, -1, 0, 0, 1, -1]


def test_a_lead_of_new_years_night_belongs_to_the_contracts_year_not_the_readers(
    random_cycles: Callable[[int, int], CycleColumns], acme: Contract
) -> None:
    night = parse_instant("2026-12-31T23:30:00Z")  # half past midnight in Berlin, still last year in London
    cycles = random_cycles(1, 1)
    cycles.qualified_at = np.array([night], np.int64)
    for zone, expected in (("Europe/Berlin", 1), ("Europe/London", 0)):
        contract = replace(acme, zone=zone)
        found = board(cycles, contract, period_named("2027", contract), night + DAY)["delivered"]
        assert isinstance(found.figure, Count)
        assert found.figure.value == expected
        whole = board(cycles, contract, None, night + DAY)["delivered"]
        assert [part.word for part in whole.trend or ()] == ["2027-01" if expected else "2026-12"]


def test_the_clock_on_the_wall() -> None:
    at = np.array([parse_instant(text) for text in ("2027-03-28T00:59:59Z", "2027-03-28T01:00:00Z")] + [NEVER])
    shown = local(at, "Europe/Berlin")
    assert (shown[:2] % DAY // HOUR).tolist() == [1, 3]
    assert shown[2] == NEVER
    nothing = np.array([NEVER], np.int64)
    assert local(nothing, "Europe/Berlin").tolist() == [NEVER]
