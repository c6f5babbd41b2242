from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support.audits import NOW, Group, agreement_of, contract, cycles, measured

from handfast.audit.findings import Finding, find
from handfast.audit.findings.case import Case, high, low
from handfast.audit.findings.decisions import usual_reason
from handfast.contract.model import Contract
from handfast.instant import DAY, NEVER
from handfast.measure.columns import CycleColumns
from handfast.measure.value import Ratio, Table, rows


def found(*groups: Group, terms: Contract | None = None, absent: dict[str, str] | None = None) -> dict[str, Finding]:
    return of(cycles(groups, absent), terms)


def of(columns: CycleColumns, terms: Contract | None = None, agreement: Table | None = None) -> dict[str, Finding]:
    agreed = terms or contract()
    answer = find(agreed, measured(columns, agreed), agreement)
    return {one.code: one for one in (*answer.leaks, *answer.strengths)}


def accepted(count: int, **changed: str) -> Group:
    return replace(Group(count=count, accepted=True), **changed)  # type: ignore[arg-type]  # names of fields


def rejected(count: int, reason: str = "too_small", source: str = "organic_search") -> Group:
    return Group(count=count, rejected=reason, source=source)


def test_acceptance_below_target_is_a_leak_of_the_shortfall() -> None:
    one = found(accepted(60), rejected(60))["accepted_less"]
    assert one.headline == (
        "Sales accepted 60 of the 120\u00a0leads it decided on (50\u00a0%, 41–59\u00a0%); "
        "the contract expects 75\u00a0%"
    )
    assert one.cost == 30
    assert one.clause == "targets.mql_to_sal"


def test_acceptance_above_target_is_praised() -> None:
    assert found(accepted(190), rejected(10))["accepted"].good


def test_acceptance_too_close_to_call_is_not_spoken_of() -> None:
    assert {"accepted", "accepted_less"}.isdisjoint(found(accepted(74), rejected(26)))


def test_acceptance_without_a_target_of_its_own_is_held_against_custom() -> None:
    terms = replace(contract(), targets=replace(contract().targets, rates={}))
    one = found(accepted(60), rejected(60), terms=terms)["accepted_less"]
    assert one.clause == "definitions.sal"
    assert one.numbers["target"] == 0.7


def test_sources_that_sales_declines_differently_are_named_with_the_usual_reason() -> None:
    one = found(
        accepted(88),
        rejected(12),
        accepted(59, source="paid_search"),
        rejected(30, source="paid_search"),
        rejected(11, "no_budget", "paid_search"),
    )["declined_by_source"]
    assert one.headline == (
        "Sales declined 41\u00a0% of leads from paid_search against 12\u00a0% from organic_search; "
        "the usual reason is Too small"
    )
    assert one.cost == pytest.approx(29)
    assert one.numbers["more_share"] == 0.41
    assert "paid_search: 41 of 100, 32–51\u00a0%." in one.evidence[0]


def test_sources_that_differ_by_chance_are_not_named() -> None:
    said = found(accepted(82), rejected(18), accepted(79, source="paid_search"), rejected(21, source="paid_search"))
    assert "declined_by_source" not in said


def test_a_source_of_few_leads_is_held_back() -> None:
    assert "declined_by_source" not in found(accepted(100), rejected(29, source="paid_search"))


def test_a_source_called_unknown_sets_nothing_apart() -> None:
    assert "declined_by_source" not in found(accepted(100), rejected(100, source="Unknown"))


def test_a_reason_given_as_often_as_another_is_not_the_usual_one() -> None:
    groups = (
        accepted(90),
        rejected(20, "too_small", "paid"),
        rejected(20, "no_budget", "paid"),
        rejected(9, "-", "ads"),
    )
    case = Case(contract(), measured(cycles(groups)))
    assert usual_reason(case, "paid") == ""
    assert usual_reason(case, "ads") == ""
    assert usual_reason(case, "organic_search") == ""
    assert usual_reason(case, "not a source") == ""


def test_without_reasons_in_the_export_none_is_named() -> None:
    said = found(accepted(90), rejected(60, source="paid_search"), absent={"reason": "The export gives no reasons."})
    assert "usual reason" not in said["declined_by_source"].headline
    assert "no_reason" not in said


def test_leads_declined_in_silence_are_a_leak() -> None:
    one = found(accepted(10), rejected(60), rejected(40, "-"))["no_reason"]
    assert one.headline.startswith("40 of 100\u00a0declined leads (40\u00a0%, 31–50\u00a0%) carry no reason")
    assert one.cost == 10


def test_leads_declined_with_a_reason_are_not() -> None:
    assert "no_reason" not in found(rejected(300), rejected(1, "-"))


def opportunity(count: int, *, won: bool = False) -> Group:
    return Group(count=count, accepted=True, opportunity=True, won=won, lost=not won)


def test_a_stage_below_its_target_is_a_leak() -> None:
    one = found(opportunity(100), opportunity(10, won=True))["opportunity_to_won_missed"]
    assert one.headline == (
        "10 of 110\u00a0leads went from opportunity to won (9\u00a0%, 5–16\u00a0%); the contract expects 25\u00a0%"
    )
    assert one.cost == pytest.approx(17.5)
    assert one.evidence == ()


def test_a_stage_that_would_miss_even_if_all_open_ones_went_on_says_so() -> None:
    columns = cycles([opportunity(200), opportunity(10, won=True)])
    columns.lost_at[:5] = NEVER
    one = of(columns)["opportunity_to_won_missed"]
    assert one.evidence[0].startswith("5 of them are still open")
    assert one.numbers["still_open"] == 5


def test_a_stage_above_its_target_is_praised() -> None:
    assert found(opportunity(50), opportunity(50, won=True))["opportunity_to_won_met"].good


def test_a_stage_still_open_is_not_judged() -> None:
    waiting = Group(count=100, accepted=True)
    assert not any(code.startswith("sal_to_opportunity") for code in found(waiting, opportunity(10)))


def test_deals_slower_than_agreed_are_a_leak() -> None:
    columns = cycles([replace(opportunity(40, won=True), weeks=20)])
    columns.won_at += 40 * DAY  # eighty days after they qualified
    one = of(columns)["slower_to_won"]
    assert one.headline.startswith("Deals took 80\u00a0days from qualified to won at the median")
    assert one.cost == 20


@pytest.mark.parametrize(("count", "later"), [(40, 0), (20, 40)], ids=["in time", "few"])
def test_deals_in_time_or_few_are_not(count: int, later: int) -> None:
    columns = cycles([opportunity(count, won=True)])
    columns.won_at += later * DAY
    assert "slower_to_won" not in of(columns)


def test_a_cycle_length_without_a_target_is_not_judged() -> None:
    terms = replace(contract(), targets=replace(contract().targets, cycle_length=None))
    columns = cycles([opportunity(40, won=True)])
    columns.won_at += 40 * DAY
    assert "slower_to_won" not in of(columns, terms)


def source(name: str, won: int, lost: int) -> tuple[Group, Group]:
    return replace(opportunity(won, won=True), source=name), replace(opportunity(lost), source=name)


def test_a_better_source_is_named_with_both_shares() -> None:
    one = found(*source("webinar", 45, 55), *source("paid_search", 15, 85))["better_source"]
    assert one.headline == (
        "Leads from webinar are won 3\u00a0times as often as those from paid_search (45\u00a0% against 15\u00a0%)"
    )
    assert one.good
    assert one.figure == "3\u00a0times"
    assert one.evidence[1] == "That is between 1.8 and 5\u00a0times as often."


def test_a_source_of_which_none_was_won_has_no_ratio() -> None:
    one = found(*source("webinar", 45, 55), *source("paid_search", 0, 100))["better_source"]
    assert "while none of those did from paid_search" in one.headline
    assert one.figure == "45\u00a0%"
    assert len(one.evidence) == 1


def test_sources_alike_are_not_named() -> None:
    said = found(*source("webinar", 25, 75), *source("paid_search", 22, 78))
    assert "better_source" not in said


def test_a_source_that_is_only_younger_is_not_called_worse() -> None:
    young = Group(count=100, source="paid_search", accepted=True, first=NOW - 3 * DAY, weeks=1)
    assert "better_source" not in found(*source("webinar", 45, 55), young)


def test_a_shorter_way_is_looked_at_where_nothing_was_won() -> None:
    one = found(
        Group(count=70, source="webinar"),
        Group(count=30, source="webinar", delivered=False),
        Group(count=30, source="social"),
        Group(count=70, source="social", delivered=False),
    )["better_source"]
    assert one.headline.startswith("Leads from webinar become MQLs 2.3\u00a0times as often")


def flagged(turns: int, kept: int, late: int) -> tuple[Group, Group]:
    return Group(count=kept, turns=turns, stated=1), Group(count=late, turns=turns, stated=0)


def test_changing_hands_costs_time_by_the_sources_own_flag() -> None:
    one = found(*flagged(1, 80, 20), *flagged(2, 30, 40), *flagged(3, 5, 25))["hand_offs"]
    assert one.headline == (
        "Of leads that changed hands 35\u00a0% were in time, of those that did not 80\u00a0%, by the source's own flag"
    )
    assert one.cost == pytest.approx(22.5)


def test_changing_hands_that_costs_nothing_is_not_a_finding() -> None:
    assert "hand_offs" not in found(*flagged(1, 50, 50), *flagged(2, 48, 52))


def test_changing_hands_that_helps_is_not_a_leak() -> None:
    assert "hand_offs" not in found(*flagged(1, 20, 80), *flagged(2, 80, 20))


def test_changing_hands_is_told_by_the_clock_where_no_flag_is_given() -> None:
    one = found(Group(count=100), Group(count=60, turns=2, waited=9 * 3_600_000_000), Group(count=40, turns=2))[
        "hand_offs"
    ]
    assert one.headline == "Of leads that changed hands 40\u00a0% were in time, of those that did not 100\u00a0%"


def test_the_conservation_line_that_closes_is_praised() -> None:
    one = found(accepted(60), rejected(40))["conserved"]
    assert one.headline.startswith("All 100\u00a0delivered leads are accounted for")


def test_a_lead_in_two_states_is_an_alarm() -> None:
    columns = cycles([accepted(60)])
    columns.rejected_at[:3] = columns.accepted_at[:3]
    one = of(columns)["unaccounted"]
    assert one.headline == "3 of 60\u00a0delivered leads are in no state, or in two at once"
    assert one.records is not None
    assert one.records.label == "leads in two states"


def test_a_lead_in_no_state_is_an_alarm() -> None:
    columns = cycles([accepted(60), Group(count=2)])
    columns.lost_at[60:] = columns.qualified_at[60:] + DAY
    records = of(columns)["unaccounted"].records
    assert records is not None
    assert records.label == "leads in no state"
    assert records.first == ("L-00060", "L-00061")


def test_nothing_delivered_is_not_praised_for_being_accounted_for() -> None:
    assert "conserved" not in found(Group(count=5, delivered=False))


def test_leads_called_mql_against_the_definition_are_a_leak() -> None:
    columns = cycles([Group(count=200)])
    one = of(columns, agreement=agreement_of(57, 43, 0, 100))["definition"]
    assert one.headline == (
        "43 of 100\u00a0leads that the CRM calls MQL (43\u00a0%, 34–53\u00a0%) do not meet the contract's definition"
    )
    assert one.cost == 21.5
    assert one.records is not None
    assert one.records.first[0] == "L-00057"


def test_leads_that_the_contract_cannot_judge_are_not_counted_against_the_crm() -> None:
    columns = cycles([Group(count=200)])
    one = of(columns, agreement=agreement_of(57, 43, 0, 50, unknown=50))["definition"]
    assert one.numbers["of"] == 100


def test_an_mql_stage_that_keeps_to_the_definition_is_praised() -> None:
    columns = cycles([Group(count=400)])
    assert of(columns, agreement=agreement_of(300, 0, 0, 100))["definition_held"].good


@pytest.mark.parametrize("counts", [(290, 7, 0, 100), (10, 10, 0, 100)], ids=["close", "few"])
def test_nothing_is_said_of_the_definition_where_the_sample_does_not_bear_it(counts: tuple[int, int, int, int]) -> None:
    columns = cycles([Group(count=400)])
    assert {"definition", "definition_held"}.isdisjoint(of(columns, agreement=agreement_of(*counts)))


def test_qualified_leads_that_sales_was_never_given_are_a_leak() -> None:
    columns = cycles([Group(count=200)])
    one = of(columns, agreement=agreement_of(60, 0, 40, 100))["not_delivered"]
    assert one.headline.startswith(
        "40 of 100\u00a0leads that meet the definition (40\u00a0%, 31–50\u00a0%) were never called"
    )
    assert one.cost == 40


@pytest.mark.parametrize("counts", [(100, 0, 1, 99), (10, 0, 10, 100)], ids=["one", "few"])
def test_qualified_leads_that_sales_was_given_are_not(counts: tuple[int, int, int, int]) -> None:
    columns = cycles([Group(count=200)])
    assert "not_delivered" not in of(columns, agreement=agreement_of(*counts))


def test_findings_are_ranked_by_what_they_cost() -> None:
    groups = (accepted(60), rejected(60), rejected(40, "-"), Group(count=50, waited=None), Group(count=20, owner=""))
    terms = contract()
    answer = find(terms, measured(cycles(groups)), agreement_of(60, 40, 0, 130))
    costs = [one.cost for one in answer.leaks]
    assert costs == sorted(costs, reverse=True)
    assert len(costs) > 4
    assert not any(one.good for one in answer.leaks)
    assert all(one.good for one in answer.strengths)
    assert all(one.next_step for one in answer.leaks)
    assert len({one.code for one in (*answer.leaks, *answer.strengths)}) == len(answer.leaks) + len(answer.strengths)


def test_a_share_of_nothing_has_the_widest_interval() -> None:
    nothing = Ratio(numerator=rows(np.zeros(3, np.bool_)), denominator=rows(np.zeros(3, np.bool_)))
    assert (low(nothing), high(nothing)) == (0.0, 1.0)
