from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support.audits import Group, contract, cycles, measured

from handfast.audit.findings import Finding, find
from handfast.audit.findings.case import Case
from handfast.audit.findings.waits import round_to_two
from handfast.contract.model import Clock, ClockName, Contract
from handfast.contract.terms import Duration, DurationUnit
from handfast.instant import DAY, HOUR, MINUTE
from handfast.measure import Board
from handfast.measure.columns import CycleColumns
from handfast.measure.value import Ratio


def found(*groups: Group, terms: Contract | None = None, absent: dict[str, str] | None = None) -> dict[str, Finding]:
    """Every finding about these cycles, by its code."""
    return of(cycles(groups, absent), terms)


def of(columns: CycleColumns, terms: Contract | None = None) -> dict[str, Finding]:
    agreed = terms or contract()
    answer = find(agreed, measured(columns, agreed))
    return {one.code: one for one in (*answer.leaks, *answer.strengths)}


def with_window(within: Duration) -> Contract:
    """The contract with another window for the first touch, the same for everybody."""
    clock = Clock(name=ClockName.FIRST_TOUCH, starts="", stops="", within=within, within_hand_raise=within)
    return replace(contract(), clocks={**contract().clocks, ClockName.FIRST_TOUCH: clock})


def ratio(board: Board, name: str) -> Ratio:
    figure = board[name].figure
    assert isinstance(figure, Ratio)
    return figure


SOON, LATE = Group(count=100), Group(count=60, waited=6 * HOUR)
NEVER_CALLED = Group(count=40, waited=None, owner="sam", source="paid_search")


def test_leads_never_touched_are_counted_as_the_board_counts_them() -> None:
    columns = cycles([SOON, LATE, NEVER_CALLED])
    one = of(columns)["never_touched"]
    figure = ratio(measured(columns), "never_touched")
    assert one.headline == ("40 of 200\u00a0leads delivered to sales (20\u00a0%, 15–26\u00a0%) were never touched")
    assert one.numbers["count"] == figure.numerator.count
    assert one.numbers["of"] == figure.denominator.count
    assert figure.interval is not None
    assert (one.numbers["low"], one.numbers["high"]) == (figure.interval.low, figure.interval.high)
    assert one.clause == "clocks.first_touch"
    assert one.cost == 40
    assert one.next_step


def test_leads_never_touched_are_named_by_the_first_twenty() -> None:
    records = found(SOON, NEVER_CALLED)["never_touched"].records
    assert records is not None
    assert (records.count, len(records.first), records.more) == (40, 20, 20)
    assert records.first[0] == "L-00100"


def test_leads_never_touched_are_told_by_owner_and_source() -> None:
    evidence = found(SOON, NEVER_CALLED)["never_touched"].evidence
    assert evidence == ("By owner: sam 40.", "By source: paid_search 40.")


def test_a_first_touch_not_due_yet_is_not_a_leak() -> None:
    columns = cycles([Group(count=300), NEVER_CALLED])
    columns.first_touch_due_at = np.where(columns.first_touch_at < 0, 4 * 10**17, columns.first_touch_due_at)
    assert "never_touched" not in of(columns)
    assert "all_touched" in of(columns)


def test_the_denominator_is_said_where_not_every_touch_is_due() -> None:
    columns = cycles([SOON, NEVER_CALLED])
    columns.first_touch_due_at[0] = 4 * 10**17  # far ahead
    assert "of 139\u00a0leads due for a first touch" in of(columns)["never_touched"].headline


def test_a_few_forgotten_leads_are_neither_a_leak_nor_praised() -> None:
    assert {"never_touched", "all_touched"}.isdisjoint(found(SOON, replace(NEVER_CALLED, count=2)))


def test_everybody_touched_is_said_too() -> None:
    one = found(Group(count=300))["all_touched"]
    assert one.good
    assert one.headline == "Every one of the 300\u00a0leads due for a first touch was touched"


def test_next_to_everybody_touched_is_said_with_the_exception() -> None:
    one = found(Group(count=900), replace(NEVER_CALLED, count=1))["all_touched"]
    assert one.headline == "All but 1 of 901\u00a0leads due for a first touch were touched"


def test_a_handful_touched_is_no_praise() -> None:
    assert "all_touched" not in found(Group(count=20))


def test_without_touches_in_the_export_nothing_is_said_of_them() -> None:
    said = found(SOON, NEVER_CALLED, absent={"first_touch": "The export holds no touches."})
    assert {"never_touched", "all_touched", "late", "follow_up_kept", "slow", "fast"}.isdisjoint(said)


def won(count: int, waited: int | None) -> Group:
    return Group(count=count, waited=waited, accepted=waited is not None, opportunity=True, won=True)


def test_what_the_untouched_might_have_brought_is_a_range_and_called_a_ceiling() -> None:
    lost = Group(count=60, accepted=True)
    evidence = found(won(40, HOUR), lost, replace(NEVER_CALLED, count=50))["never_touched"].evidence
    # 40 of 100 touched ones were won, 30.9 % to 49.8 %, at 24,000 each: of 50 that is 370,836 to 597,600
    assert evidence[-1] == (
        "Won as often as the touched ones (40 of 100) at the average deal of EUR\u00a024,000, they would bring "
        "between EUR\u00a0370,000 and 600,000; the untouched may well be worse, so read it as a ceiling."
    )


@pytest.mark.parametrize("deals", [0, 20])
def test_a_worth_is_not_guessed_from_few_deals(deals: int) -> None:
    said = found(won(deals, HOUR), Group(count=100, accepted=True), NEVER_CALLED)["never_touched"].evidence
    assert not any("Won as often" in line for line in said)


def test_a_worth_is_not_guessed_where_the_chain_ends_before_won() -> None:
    chain = replace(contract(), stages=("mql", "sal", "opportunity"))
    said = found(won(40, HOUR), Group(count=60, accepted=True), NEVER_CALLED, terms=chain)["never_touched"].evidence
    assert not any("Won as often" in line for line in said)


@pytest.mark.parametrize(("exact", "said"), [(37_083_600.0, 37_000_000.0), (59_760_000.0, 60_000_000.0), (7.0, 7.0)])
def test_estimates_keep_two_digits(exact: float, said: float) -> None:
    assert round_to_two(exact) == said


def test_a_missed_promise_says_what_it_is_made_of() -> None:
    one = found(SOON, LATE, NEVER_CALLED)["late"]
    assert one.headline == "Sales touched 50\u00a0% of leads in time (43–57\u00a0%); it promises 90\u00a0%"
    assert one.evidence[0].startswith("Of the first touches due: 100 in time, 60 late, 40 never.")
    assert one.clause == "commitments.sales.first_touch"
    assert one.cost == 30  # a late one counts half; those never touched have a finding of their own
    assert one.records is not None
    assert one.records.count == 60


def test_a_kept_promise_is_praised() -> None:
    one = found(Group(count=300))["follow_up_kept"]
    assert one.good
    assert one.next_step == ""


def test_a_promise_too_close_to_call_is_not_spoken_of() -> None:
    said = found(Group(count=91), Group(count=9, waited=6 * HOUR))
    assert {"late", "follow_up_kept"}.isdisjoint(said)


def test_a_promise_without_a_clause_is_held_against_the_custom_of_the_field() -> None:
    terms = replace(contract(), sales=replace(contract().sales, first_touch=None))
    assert found(SOON, LATE, NEVER_CALLED, terms=terms)["late"].clause == "clocks.first_touch"


WALL = with_window(Duration(DurationUnit.WALL, 4 * HOUR, "4 hours"))


def test_a_median_beyond_the_window_is_slow() -> None:
    one = found(Group(count=30), Group(count=120, waited=7 * HOUR), terms=WALL)["slow"]
    assert one.figure == "7\u00a0h"
    assert one.headline == "The median lead waited 7\u00a0h; the contract promises 4 hours"
    assert one.evidence == ("Within one hour around the clock of qualifying, 20\u00a0% had been touched.",)


def test_a_median_in_working_time_is_held_against_a_window_in_working_time() -> None:
    # from Wednesday 10:00 to Thursday 10:00 is one working day of 8.5 hours
    one = found(Group(count=100, waited=DAY))["slow"]
    assert one.headline.startswith("The median lead waited 8\u00a0h\u00a030\u00a0min of working time; the")


def test_a_median_within_the_window_is_praised_where_the_promise_is_kept() -> None:
    assert found(Group(count=100, waited=30 * MINUTE))["fast"].good


def test_a_median_within_the_window_is_no_comfort_while_the_promise_is_broken() -> None:
    said = found(Group(count=70, waited=30 * MINUTE), replace(NEVER_CALLED, count=30))
    assert "late" in said
    assert {"fast", "slow"}.isdisjoint(said)


def test_a_median_at_the_window_is_neither() -> None:
    spread = [Group(count=20, waited=(2 + place) * HOUR) for place in range(5)]
    assert {"fast", "slow"}.isdisjoint(found(*spread, terms=WALL))


def test_a_median_that_is_never_reached_is_left_to_the_finding_about_silence() -> None:
    said = found(SOON, replace(NEVER_CALLED, count=200))
    assert {"fast", "slow"}.isdisjoint(said)
    assert "never_touched" in said


def test_a_median_of_few_leads_is_not_spoken_of() -> None:
    assert {"fast", "slow"}.isdisjoint(found(Group(count=29, waited=7 * HOUR), terms=WALL))


def test_a_window_in_business_days_has_no_median_to_compare() -> None:
    terms = with_window(Duration(DurationUnit.BUSINESS_DAYS, 1, "1 business day"))
    assert {"fast", "slow"}.isdisjoint(found(Group(count=100, waited=5 * DAY), terms=terms))


def test_days_alone_say_nothing_about_hours() -> None:
    columns = cycles([Group(count=100, waited=7 * HOUR)])
    columns.date_only = frozenset({"first_touch"})
    assert {"fast", "slow"}.isdisjoint(of(columns, WALL))


def test_the_window_of_hand_raises_is_said_beside_the_other() -> None:
    assert (
        "4 business hours (1 business hour after a hand-raise)" in found(SOON, LATE, NEVER_CALLED)["late"].evidence[0]
    )


def test_leads_without_an_answer_past_due_are_a_leak() -> None:
    one = found(Group(count=80, accepted=True), Group(count=20))["undecided"]
    assert one.headline.startswith("20 of 100\u00a0leads (20\u00a0%, 13–29\u00a0%) are past the decision's due")
    assert one.evidence == ("By owner: lena 20.",)
    assert one.cost == 10


def test_leads_with_an_answer_are_not() -> None:
    assert "undecided" not in found(Group(count=80, accepted=True), Group(count=20, rejected="too_small"))


def test_leads_of_nobody_are_a_leak() -> None:
    one = found(Group(count=90), Group(count=10, owner=""))["no_owner"]
    assert one.headline == "10 of 100\u00a0delivered leads (10\u00a0%, 6–17\u00a0%) have no owner"
    assert one.records is not None
    assert one.records.first[0] == "L-00090"


@pytest.mark.parametrize(
    "groups",
    [
        (Group(count=100),),
        (Group(count=100, owner=""),),  # the export names no owner at all
        (Group(count=99), Group(count=1, owner="")),
        (Group(count=10, delivered=False),),
    ],
    ids=["all owned", "no owners in the export", "one", "none delivered"],
)
def test_no_leak_of_owners_where_there_is_none(groups: tuple[Group, ...]) -> None:
    assert "no_owner" not in found(*groups)


def test_owners_known_only_of_leads_that_went_on_say_nothing() -> None:
    said = found(Group(count=50, accepted=True, opportunity=True, won=True), Group(count=400, owner=""))
    assert {"no_owner", "owners_differ"}.isdisjoint(said)


def test_owners_who_differ_beyond_chance_are_named() -> None:
    one = found(SOON, Group(count=60, owner="sam"), NEVER_CALLED)["owners_differ"]
    assert one.headline == "40\u00a0% of the leads of sam were never touched, 0\u00a0% of those of lena"
    assert one.numbers["more_count"] == 40
    assert one.numbers["less_of"] == 100
    assert "The difference is" in one.evidence[0]


def test_owners_who_do_not_differ_beyond_chance_are_not() -> None:
    alike = [Group(count=90, owner=name) for name in ("lena", "sam")]
    silent = [Group(count=10, owner="lena", waited=None), Group(count=12, owner="sam", waited=None)]
    assert "owners_differ" not in found(*alike, *silent)


def test_an_owner_of_few_leads_is_not_named() -> None:
    assert "owners_differ" not in found(SOON, Group(count=25, owner="sam", waited=None))


def test_a_case_without_a_measure_answers_nothing() -> None:
    case = Case(contract(), measured(cycles([])))
    assert case.ratio("never_touched") is None
    assert case.durations("speed_to_first_touch") is None
    assert case.table("reasons_by_source") is None
    assert case.count("no_such_measure") is None
    assert case.split("no_such_measure", "owner") is None
