from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.support.audits import START, Group, contract, cycles, measured

from handfast.audit.findings import Finding, find
from handfast.audit.findings.owed import full_months
from handfast.contract.model import Contract
from handfast.contract.terms import Per, PerPeriod
from handfast.instant import DAY, HOUR, Instant, parse_instant

APRIL = parse_instant("2026-04-30T23:30:00+02:00")


def promising(amount: int, per: Per = Per.MONTH, *, icp: bool = True) -> Contract:
    promised = PerPeriod(amount=Decimal(amount), per=per)
    return replace(contract(), marketing=replace(contract().marketing, mql=promised, icp_required=icp))


def found(*groups: Group, terms: Contract, now: Instant = APRIL) -> dict[str, Finding]:
    answer = find(terms, measured(cycles(groups), terms, now=now))
    return {one.code: one for one in (*answer.leaks, *answer.strengths)}


# One lead an hour from 7 January on: 743 or fewer a month of 31 days, 672 in February, 720 in April.
HOURLY = Group(count=24 * 114, every=HOUR, weeks=24 * 114)


def test_a_month_is_full_when_the_export_covers_it_from_end_to_end() -> None:
    board = measured(cycles([HOURLY]), now=APRIL)
    assert full_months(board, "2026-01") == ["2026-02", "2026-03", "2026-04"]


def test_a_month_is_not_full_when_leads_end_in_its_middle() -> None:
    short = replace(HOURLY, count=24 * 100)
    assert full_months(measured(cycles([short]), now=APRIL), "2026-01") == ["2026-02", "2026-03"]


def test_a_commitment_kept_in_every_full_month_is_praised() -> None:
    one = found(HOURLY, terms=promising(600))["commitment_kept"]
    assert one.good
    assert one.headline == (
        "Marketing delivered the 600 ideal-customer MQLs it owes in each of 3 full months, 712 on average"
    )


def test_a_commitment_missed_on_average_is_a_leak() -> None:
    one = found(HOURLY, terms=promising(715))["too_few"]
    assert one.headline == (
        "Marketing delivered 712 ideal-customer MQLs in an average month; it owes 715 (1 of 3 full months fell short)"
    )
    assert one.cost == 43  # 715 less the 672 of February
    assert one.clause == "commitments.marketing.mql"


def test_a_commitment_kept_on_average_but_not_always_is_not_spoken_of() -> None:
    assert {"too_few", "commitment_kept"}.isdisjoint(found(HOURLY, terms=promising(700)))


def test_a_promise_a_quarter_is_held_against_a_third_of_it_a_month() -> None:
    assert "commitment_kept" in found(HOURLY, terms=promising(1_800, Per.QUARTER))
    assert "too_few" in found(HOURLY, terms=promising(2_400, Per.QUARTER))


def test_leads_that_do_not_meet_the_icp_count_only_where_it_is_not_required() -> None:
    others = replace(HOURLY, icp=0)
    assert "too_few" in found(others, replace(HOURLY, count=24), terms=promising(600))
    assert "MQLs it owes" in found(others, terms=promising(600, icp=False))["commitment_kept"].headline


def test_two_full_months_are_too_few_to_speak_of_an_average() -> None:
    now = START + 80 * DAY
    assert {"too_few", "commitment_kept"}.isdisjoint(found(HOURLY, terms=promising(2_000), now=now))


def test_without_a_commitment_nothing_is_owed() -> None:
    terms = replace(contract(), marketing=replace(contract().marketing, mql=None))
    assert {"too_few", "commitment_kept"}.isdisjoint(found(HOURLY, terms=terms))


def test_a_month_without_a_lead_is_a_month_with_none() -> None:
    early = Group(count=24 * 20, every=HOUR, weeks=24 * 20)
    late = Group(count=24 * 30, every=HOUR, weeks=24 * 30, first=parse_instant("2026-04-01T12:00:00+02:00"))
    one = found(early, late, terms=promising(600))["too_few"]
    assert one.numbers["short"] == 2


def test_an_export_without_a_delivered_ideal_customer_is_not_judged() -> None:
    assert {"too_few", "commitment_kept"}.isdisjoint(found(replace(HOURLY, icp=0), terms=promising(600)))
