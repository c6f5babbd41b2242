"""Shares: the lowest level is next, and nobody gains or loses by joining, leaving, pausing or coming back."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from tests.support.desk import TEXT, Desk, contract_of, desk_of, lines

from handfast import facts, route
from handfast.facts import PoolManagerSet
from handfast.instant import DAY, HOUR
from handfast.route import Lift, WhyNot


def test_three_hundred_leads_in_one_second_are_shared_exactly_by_weight(desk: Desk) -> None:
    for rep, weight in (("lena", 3), ("sam", 2), ("tom", 1)):
        desk.join("inbound", rep, weight)
    desk.leads(300)
    assert desk.given == {"lena": 150, "sam": 100, "tom": 50}
    assert desk.balances() == desk.booked() == {"lena": 150, "sam": 100, "tom": 50}
    assert [entry.sequence for entry in desk.ledger] == list(range(1, 301))
    assert len({entry.id for entry in desk.ledger}) == 300


def test_three_hundred_leads_in_one_second_overrun_no_cap_and_the_rest_is_shared_by_weight(desk: Desk) -> None:
    desk.join("inbound", "lena", 3, day_cap=60)
    desk.join("inbound", "sam", 2, open_cap=40)
    desk.join("inbound", "tom", 1)
    desk.join("inbound", "uma", 1)
    desk.tell(facts.RepSet, rep="uma", open_cap=90)
    desk.leads(300)
    assert desk.given == {"lena": 60, "sam": 40, "tom": 110, "uma": 90}


def test_a_small_weight_is_not_rounded_to_nothing(desk: Desk) -> None:
    desk.join("inbound", "lena", 99)
    desk.join("inbound", "sam", 1)
    desk.leads(200)
    assert desk.given == {"lena": 198, "sam": 2}


def test_shared_evenly_every_weight_counts_as_one_and_zero_still_pauses() -> None:
    desk = desk_of(TEXT.replace("inbound: {nobody", "inbound: {share: evenly, nobody"))
    desk.team = route.governed(desk.team, desk.contract, desk.now).team
    for rep, weight in (("lena", 5), ("sam", 1), ("tom", 0)):
        desk.join("inbound", rep, weight)
    desk.leads(10)
    assert desk.given == {"lena": 5, "sam": 5}


def test_a_version_that_shares_evenly_keeps_every_level(desk: Desk) -> None:
    for rep, weight in (("lena", 3), ("sam", 2), ("tom", 0)):
        desk.join("inbound", rep, weight)
    desk.join("dach", "lena", 1)
    desk.team = route.governed(desk.team, desk.contract, desk.now).team
    desk.leads(10)
    even = contract_of(TEXT.replace("inbound: {nobody", "inbound: {share: evenly, nobody"))
    told = route.governed(desk.team, even, desk.now)
    levels = {name: member.level for name, member in told.team.rosters["inbound"].members.items()}
    assert levels == {"lena": 2, "sam": 2, "tom": 0}
    assert lines(told.entries) == [("lena", "calibrate", -4), ("sam", "calibrate", -2)]
    back = route.governed(told.team, desk.contract, desk.now)
    assert back.team.rosters["inbound"].members["lena"].balance == 6
    assert route.governed(back.team, desk.contract, desk.now).entries == ()


def test_of_equal_levels_the_one_who_waited_longest_is_next_then_the_order_of_the_pool(desk: Desk) -> None:
    for rep in ("lena", "sam", "tom"):
        desk.join("inbound", rep)
    assert desk.leads(6) == ["lena", "sam", "tom", "lena", "sam", "tom"]
    desk.join("dach", "lena")
    desk.pass_to(desk.now + HOUR)
    desk.lead("dach")
    choice = desk.choose()
    assert choice.rep == "sam"
    assert [each.why_not for each in choice.candidates] == [WhyNot.RECENT, None, WhyNot.RECENT]


def test_who_joins_starts_at_the_lowest_level_and_does_not_get_everything(desk: Desk) -> None:
    desk.join("inbound", "lena", 3)
    desk.join("inbound", "sam", 2)
    desk.leads(50)
    told = desk.join("inbound", "tom", 5)
    assert lines(told.entries) == [("tom", "calibrate", 50)]
    before = Counter(desk.given)
    desk.leads(100)
    assert desk.given - before == {"lena": 30, "sam": 20, "tom": 50}


def test_who_joins_an_empty_pool_starts_at_nothing(desk: Desk) -> None:
    assert desk.join("inbound", "lena", 3).entries == ()
    assert desk.level("lena") == 0


def test_who_joins_while_everybody_is_away_starts_at_their_level(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    desk.leads(10)
    for rep in ("lena", "sam"):
        desk.tell(facts.AbsenceSet, absence=rep, rep=rep, starts=desk.now, ends=desk.now + DAY)
    assert lines(desk.join("inbound", "tom").entries) == [("tom", "calibrate", 5)]
    assert desk.pass_to(desk.now + DAY).entries == ()
    assert Counter(desk.leads(9)) == {"lena": 3, "sam": 3, "tom": 3}


def test_who_comes_back_while_the_others_are_away_starts_at_their_level(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    desk.leads(10)
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now, ends=desk.now + DAY)
    desk.leads(30)
    desk.tell(facts.AbsenceSet, absence="b", rep="sam", starts=desk.now, ends=desk.now + 2 * DAY)
    assert lines(desk.pass_to(desk.now + DAY).entries) == [("lena", "calibrate", 30)]
    assert desk.pass_to(desk.now + DAY).entries == ()
    assert Counter(desk.leads(10)) == {"lena": 5, "sam": 5}


def test_who_was_passed_at_a_cap_is_the_measure_where_nobody_else_takes_part(desk: Desk) -> None:
    desk.join("inbound", "lena", open_cap=2)
    desk.join("inbound", "sam")
    desk.leads(10)
    desk.tell(facts.MemberRemoved, pool="inbound", rep="sam")
    assert lines(desk.join("inbound", "tom").entries) == [("tom", "calibrate", 2)]


def test_who_comes_back_from_leave_is_not_flooded(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    desk.leads(10)
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now, ends=desk.now + DAY)
    desk.leads(30)
    told = desk.pass_to(desk.now + DAY)
    assert lines(told.entries) == [("lena", "calibrate", 30)]
    assert [entry.at for entry in told.entries] == [desk.now]
    assert Counter(desk.leads(10)) == {"lena": 5, "sam": 5}


def test_who_comes_back_with_a_higher_level_keeps_it(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.leads(10)
    desk.join("inbound", "sam")
    desk.join("inbound", "tom")
    desk.tell(facts.MemberRemoved, pool="inbound", rep="lena")
    assert desk.balances()["lena"] == 10
    desk.credit("sam")
    told = desk.join("inbound", "lena")
    assert told.entries == ()
    assert desk.level("lena") == 10
    assert desk.choose().rep == "sam"


def test_who_was_removed_gets_nothing_and_shifts_nobody(desk: Desk) -> None:
    for rep in ("lena", "sam", "tom"):
        desk.join("inbound", rep)
    desk.lead()
    desk.tell(facts.MemberRemoved, pool="inbound", rep="lena")
    assert desk.leads(3) == ["sam", "tom", "sam"]
    assert [each.rep for each in desk.choose().candidates] == ["sam", "tom"]
    desk.tell(facts.MemberRemoved, pool="inbound", rep="lena")
    desk.tell(facts.MemberRemoved, pool="inbound", rep="nobody")
    desk.join("inbound", "lena")
    assert [each.rep for each in desk.choose().candidates] == ["lena", "sam", "tom"]


def test_a_changed_weight_keeps_the_level(desk: Desk) -> None:
    desk.join("inbound", "lena", 3)
    desk.join("inbound", "sam", 2)
    desk.leads(10)
    told = desk.join("inbound", "lena", 7)
    assert desk.level("lena") == 2
    assert lines(told.entries) == [("lena", "calibrate", 8)]
    before = Counter(desk.given)
    desk.leads(90)
    assert desk.given - before == {"lena": 70, "sam": 20}


def test_weight_zero_pauses_and_who_goes_on_starts_at_the_lowest_level(desk: Desk) -> None:
    desk.join("inbound", "lena", 2)
    desk.join("inbound", "sam", 1)
    desk.leads(3)
    assert desk.join("inbound", "lena", 0).entries == ()
    assert desk.level("lena") == 1
    assert Counter(desk.leads(4)) == {"sam": 4}
    assert desk.choose().candidates[0].why_not is WhyNot.PAUSED
    told = desk.join("inbound", "lena", 4)
    assert desk.level("lena") == 5
    assert [entry.amount for entry in told.entries] == [18]


def test_who_is_active_again_starts_at_the_lowest_level_of_every_pool(desk: Desk) -> None:
    for pool in ("inbound", "dach"):
        desk.join(pool, "lena")
        desk.join(pool, "sam")
    desk.tell(facts.RepSet, rep="lena", active=False)
    desk.leads(4)
    desk.leads(2, "dach")
    told = desk.tell(facts.RepSet, rep="lena")
    assert [entry.pool for entry in told.entries] == ["inbound", "dach"]
    assert lines(told.entries) == [("lena", "calibrate", 4), ("lena", "calibrate", 2)]


def test_those_who_come_back_at_one_instant_are_measured_alike(desk: Desk) -> None:
    for rep in ("lena", "sam"):
        desk.join("inbound", rep)
    desk.leads(3)
    for rep in ("lena", "sam"):
        desk.tell(facts.AbsenceSet, absence=rep, rep=rep, starts=desk.now, ends=desk.now + DAY)
    assert desk.choose().rep is None
    assert desk.pass_to(desk.now + DAY).entries == ()
    assert desk.balances() == {"lena": 2, "sam": 1}


def test_who_was_at_a_cap_does_not_save_leads_up(desk: Desk) -> None:
    desk.join("inbound", "lena", open_cap=1)
    desk.join("inbound", "sam")
    desk.join("inbound", "tom")
    desk.leads(31)
    assert desk.given == {"lena": 1, "sam": 15, "tom": 15}
    told = desk.join("inbound", "uma")
    assert [entry.amount for entry in told.entries] == [15]
    desk.close("lena")
    choice = desk.lead()
    assert choice.candidates[0].level == 15
    assert lines(desk.ledger[-2:]) == [("lena", "calibrate", 14), (choice.rep, "assign", 1)]
    assert choice.sequence == desk.ledger[-1].sequence
    desk.join("inbound", "lena", open_cap=None)
    before = Counter(desk.given)
    desk.leads(39)
    assert max((desk.given - before).values()) <= 10
    assert desk.balances() == desk.booked()


def test_a_cap_that_cost_nothing_needs_no_line(desk: Desk) -> None:
    desk.join("inbound", "lena", open_cap=1)
    desk.join("inbound", "sam")
    desk.leads(2)
    desk.close("sam")
    desk.lead()
    desk.credit("sam")
    desk.close("lena")
    lines = len(desk.ledger)
    choice = desk.lead()
    assert choice.lifts == (Lift(rep="lena", amount=Fraction(0)),)
    assert len(desk.ledger) == lines + 1
    assert not desk.team.rosters["inbound"].members["lena"].passed


def test_a_credit_makes_up_for_one_lead_once_a_cycle(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    desk.leads(2)
    desk.credit("sam")
    desk.credit("sam", before=("sam",))
    desk.credit("lena", pool=None)
    assert desk.balances() == desk.booked() == {"lena": 1, "sam": 0}
    assert desk.leads(2) == ["sam", "lena"]


def test_weights_below_nothing_and_other_facts_are_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="a weight is 0"):
        desk.join("inbound", "lena", -1)
    with pytest.raises(ValueError, match="no fact about the team"):
        desk.tell(facts.TeamFact)


def test_a_choice_of_nobody_cannot_be_assigned(desk: Desk) -> None:
    choice = desk.choose()
    with pytest.raises(ValueError, match="nobody was chosen"):
        route.assigned(desk.team, choice, cycle="c")


def test_a_manager_is_one_of_the_pool(desk: Desk) -> None:
    desk.tell(PoolManagerSet, pool="inbound", rep="omar")
    assert desk.team.roster("inbound").manager == "omar"
    assert desk.team.roster("inbound").members == {}


def test_levels_are_exact(desk: Desk) -> None:
    desk.join("inbound", "lena", 3)
    desk.join("inbound", "sam", 7)
    choice = desk.lead()
    assert choice.candidates[0].level_after == Fraction(1, 3)
    assert isinstance(desk.level("lena"), Fraction)


def test_a_level_below_nothing_is_lifted_like_any_other(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    desk.credit("lena")
    desk.tell(facts.MemberRemoved, pool="inbound", rep="lena")
    assert lines(desk.join("inbound", "lena").entries) == [("lena", "calibrate", 1)]
