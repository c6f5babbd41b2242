"""Who can have a lead: active, there, under every cap, new to the cycle; whose hours it is; the account's owner."""

from __future__ import annotations

import pytest
from tests.support.desk import MONDAY, Desk, lines

from handfast import facts, route
from handfast.instant import DAY, HOUR, parse_instant
from handfast.route import Tier, Way, WhyNot
from handfast.route.place import Held

LATE = parse_instant("2027-01-11T20:00:00+01:00")
"""Berlin has closed, New York works."""

SATURDAY = parse_instant("2027-01-16T10:00:00+01:00")


def whys(choice: route.Choice) -> dict[str, WhyNot | None]:
    return {each.rep: each.why_not for each in choice.looked_at}


def test_a_rep_who_left_is_passed_by_and_their_waiting_leads_are_named(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    told = desk.tell(facts.RepSet, rep="lena", active=False)
    assert [(gone.rep, gone.absent) for gone in told.gone] == [("lena", False)]
    assert whys(desk.choose()) == {"lena": WhyNot.INACTIVE, "sam": None}
    assert desk.tell(facts.RepSet, rep="lena", active=False).gone == ()


def test_leave_begins_and_ends_by_itself(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    starts, ends = desk.now + DAY, desk.now + 3 * DAY
    assert desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=starts, ends=ends).gone == ()
    assert desk.team.next_due == starts
    assert desk.choose().rep == "lena"
    told = desk.pass_to(starts)
    assert [(gone.rep, gone.absent, gone.at) for gone in told.gone] == [("lena", True, starts)]
    assert whys(desk.choose()) == {"lena": WhyNot.ABSENT, "sam": None}
    assert desk.team.next_due == ends
    desk.pass_to(ends)
    assert desk.team.next_due is None
    assert list(desk.team.absences) == ["a"], "remembered, for what is found later to have been due then"
    desk.now = ends + 31 * DAY
    desk.tell(facts.AbsenceCancelled, absence="nobody's", rep="sam")
    assert desk.team.absences == {}
    assert desk.choose().rep == "lena"


def test_leave_that_began_and_ended_unseen_is_still_told_in_order(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now + 2, ends=desk.now + 5)
    desk.tell(facts.AbsenceSet, absence="b", rep="lena", starts=desk.now + 4, ends=desk.now + 9)
    told = desk.pass_to(desk.now + DAY)
    assert [gone.at - MONDAY for gone in told.gone] == [2]
    assert desk.team.reps["lena"].present


def test_leave_from_now_on_makes_a_rep_gone_at_once(desk: Desk) -> None:
    desk.join("inbound", "lena")
    told = desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now, ends=desk.now + DAY)
    assert [(gone.rep, gone.cause) for gone in told.gone] == [("lena", told.gone[0].cause)]
    assert desk.choose().rep is None


def test_leave_cancelled_or_moved_brings_a_rep_back(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now, ends=desk.now + DAY)
    desk.leads(4)
    told = desk.tell(facts.AbsenceCancelled, absence="a", rep="lena")
    assert [entry.amount for entry in told.entries] == [4]
    desk.tell(facts.AbsenceSet, absence="b", rep="lena", starts=desk.now, ends=desk.now + DAY)
    desk.tell(facts.AbsenceSet, absence="b", rep="sam", starts=desk.now, ends=desk.now + DAY)
    assert whys(desk.choose()) == {"lena": None, "sam": WhyNot.ABSENT}
    desk.tell(facts.AbsenceCancelled, absence="never was", rep="tom")
    assert desk.tell(facts.AbsenceSet, absence="c", rep="tom", starts=desk.now, ends=desk.now + 1).gone == ()


def test_leave_that_is_over_or_upside_down_is_nothing(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now - DAY, ends=desk.now)
    desk.tell(facts.AbsenceSet, absence="b", rep="lena", starts=desk.now + DAY, ends=desk.now)
    assert desk.team.next_due is None
    assert desk.choose().rep == "lena"


def test_leave_known_before_the_rep_holds_from_their_first_day(desk: Desk) -> None:
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now, ends=desk.now + DAY)
    desk.join("inbound", "lena")
    assert whys(desk.choose()) == {"lena": WhyNot.ABSENT}


def test_a_team_that_time_has_left_behind_is_refused(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now + 1, ends=desk.now + 9)
    desk.now += 1
    with pytest.raises(ValueError, match="`until` comes first"):
        desk.choose()


def test_every_cap_holds_by_itself(desk: Desk) -> None:
    desk.join("inbound", "lena", open_cap=1)
    desk.join("inbound", "sam", day_cap=1)
    desk.join("inbound", "tom")
    desk.join("inbound", "uma")
    desk.tell(facts.RepSet, rep="tom", open_cap=1)
    desk.tell(facts.RepSet, rep="uma", day_cap=1)
    desk.leads(4)
    assert whys(desk.choose()) == {
        "lena": WhyNot.POOL_OPEN_CAP,
        "sam": WhyNot.POOL_DAY_CAP,
        "tom": WhyNot.OPEN_CAP,
        "uma": WhyNot.DAY_CAP,
    }
    for rep in ("lena", "sam", "tom", "uma"):
        desk.close(rep)
    assert whys(desk.choose()) == {
        "lena": None,
        "sam": WhyNot.POOL_DAY_CAP,
        "tom": WhyNot.RECENT,
        "uma": WhyNot.DAY_CAP,
    }
    assert [each.eligible for each in desk.choose().candidates] == [True, False, True, False]


def test_a_cap_of_a_rep_counts_over_all_pools(desk: Desk) -> None:
    desk.join("inbound", "lena", open_cap=5)
    desk.join("dach", "lena", open_cap=5)
    desk.tell(facts.RepSet, rep="lena", open_cap=3)
    desk.leads(2, "dach")
    assert desk.lead().rep == "lena"
    assert desk.choose().rep is None


def test_a_day_is_the_contracts_and_begins_at_its_midnight(desk: Desk) -> None:
    desk.join("inbound", "lena", day_cap=1)
    desk.pass_to(parse_instant("2027-01-11T23:59:59+01:00"))
    desk.lead()
    desk.close("lena")
    assert desk.choose().rep is None
    desk.pass_to(parse_instant("2027-01-12T00:00:00+01:00"))
    assert desk.lead().rep == "lena"
    assert desk.team.reps["lena"].today == 1


def test_who_had_the_cycle_does_not_get_it_again(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    assert whys(desk.choose(had={"lena"})) == {"lena": WhyNot.HAD_IT, "sam": None}
    assert desk.choose(had={"lena", "sam"}).rep is None


def test_who_works_now_comes_before_who_opens_next_whatever_the_level(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "ann", calendar="us")
    choice = desk.lead()
    assert (choice.rep, choice.tier) == ("lena", Tier.WORKING)
    assert desk.leads(3) == ["lena"] * 3
    choice = desk.choose()
    assert {each.rep: (each.why_not, each.tier) for each in choice.candidates} == {
        "lena": (None, Tier.WORKING),
        "ann": (WhyNot.LATER, Tier.NEXT),
    }
    desk.pass_to(LATE)
    assert desk.lead().rep == "ann"
    desk.pass_to(SATURDAY)
    assert (desk.choose().rep, desk.choose().tier) == ("lena", Tier.NEXT)


def test_hours_by_a_calendar_that_the_contract_no_longer_has_are_the_pools(desk: Desk) -> None:
    desk.join("enterprise", "ann", calendar="apac")
    assert desk.choose("enterprise").tier is Tier.NEXT
    desk.pass_to(LATE)
    assert desk.choose("enterprise").tier is Tier.WORKING


def test_the_accounts_owner_comes_first_and_need_not_be_in_the_pool(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.tell(facts.RepSet, rep="omar")
    desk.tell(facts.AccountOwnerSet, account="acme", owner="omar")
    choice = desk.lead(owner=desk.team.owner_of("acme"), values={})
    assert (choice.rep, choice.way, choice.pool, choice.via) == ("omar", Way.ACCOUNT_OWNER, "inbound", None)
    assert (choice.counted, choice.tier, choice.candidates) == (False, Tier.WORKING, ())
    assert choice.rule is not None
    assert desk.ledger == []
    assert desk.team.reps["omar"].open == 1
    desk.close("omar", None)
    assert desk.team.reps["omar"].open == 0


def test_an_owner_in_the_pool_is_recorded_there_and_not_counted(desk: Desk) -> None:
    desk.join("inbound", "lena")
    choice = desk.lead(owner="lena")
    assert (choice.via, choice.counted) == ("inbound", False)
    assert lines(desk.ledger) == [("lena", "assign", 0)]
    assert desk.team.rosters["inbound"].members["lena"].open == 1


def test_a_pool_that_counts_all_counts_its_owners_too(desk: Desk) -> None:
    desk.join("enterprise", "lena", 2)
    choice = desk.lead("enterprise", owner="lena")
    assert (choice.counted, choice.owner and choice.owner.level_after) == (True, desk.level("lena", "enterprise"))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("unknown", WhyNot.UNKNOWN),
        ("inactive", WhyNot.INACTIVE),
        ("absent", WhyNot.ABSENT),
        ("capped", WhyNot.OPEN_CAP),
    ],
)
def test_an_owner_who_cannot_have_it_leaves_it_to_the_pool(desk: Desk, made: str, why: WhyNot) -> None:
    desk.join("inbound", "lena")
    if made != "unknown":
        desk.tell(facts.RepSet, rep="omar", active=made != "inactive", open_cap=0 if made == "capped" else None)
    if made == "absent":
        desk.tell(facts.AbsenceSet, absence="a", rep="omar", starts=desk.now, ends=desk.now + HOUR)
    choice = desk.choose(owner="omar")
    assert whys(choice) == {"omar": why, "lena": None}
    assert choice.rep == "lena"


def test_an_account_can_lose_its_owner(desk: Desk) -> None:
    desk.tell(facts.AccountOwnerSet, account="acme", owner="omar")
    desk.tell(facts.AccountOwnerSet, account="acme", owner="lena")
    assert desk.team.owner_of("acme") == "lena"
    desk.tell(facts.AccountOwnerSet, account="acme", owner=None)
    desk.tell(facts.AccountOwnerSet, account="acme", owner=None)
    assert desk.team.owner_of("acme") is None
    assert desk.team.owner_of(None) is None


def test_rules_name_the_pool_and_stand_in_the_record(desk: Desk) -> None:
    desk.join("dach", "lena")
    choice = desk.choose(values={"employees": 40, "country": "de"})
    assert (choice.pool, choice.rep) == ("dach", "lena")
    assert choice.rule is not None
    assert (choice.rule.rule, len(choice.rule.tried)) == (1, 2)


def test_routing_needs_values_or_a_pool(desk: Desk) -> None:
    with pytest.raises(ValueError, match="values, or a pool"):
        desk.choose(values=None)


def test_a_human_outranks_the_router(desk: Desk) -> None:
    desk.join("inbound", "lena", open_cap=0)
    desk.tell(facts.RepSet, rep="omar")
    given = route.give(desk.team, desk.contract, desk.calendars, now=desk.now, to="lena", pool="inbound")
    assert (given.rep, given.way, given.via, given.counted) == ("lena", Way.HUMAN, "inbound", False)
    assert given.despite is WhyNot.POOL_OPEN_CAP
    desk.take(given)
    assert [entry.amount for entry in desk.ledger] == [0]
    given = route.give(desk.team, desk.contract, desk.calendars, now=desk.now, to="omar", pool="inbound")
    assert (given.rep, given.via, given.despite) == ("omar", None, None)


def test_nobody_can_give_a_lead_to_who_is_not_there(desk: Desk) -> None:
    desk.tell(facts.RepSet, rep="omar", active=False)
    for name, why in (("omar", WhyNot.INACTIVE), ("nobody", WhyNot.UNKNOWN)):
        given = route.give(desk.team, desk.contract, desk.calendars, now=desk.now, to=name, pool="inbound")
        assert (given.rep, given.owner and given.owner.why_not, given.tier) == (None, why, None)


def test_an_absence_is_cancelled_for_the_rep_whose_it_was(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now, ends=desk.now + DAY)
    assert desk.team.reps["lena"].away
    desk.tell(facts.AbsenceCancelled, absence="a", rep="sam")
    assert not desk.team.reps["lena"].away


def test_a_manager_of_whom_nothing_was_said_is_a_rep(desk: Desk) -> None:
    desk.tell(facts.PoolManagerSet, pool="inbound", rep="mia")
    outcome = desk.place(pool="inbound").outcome
    assert isinstance(outcome, route.Choice)
    assert outcome.rep == "mia"
    desk.tell(facts.RepSet, rep="mia", open_cap=3)
    desk.tell(facts.PoolManagerSet, pool="dach", rep="mia")
    assert desk.team.reps["mia"].open_cap == 3


def test_a_manager_on_leave_is_nobodys_last_resort(desk: Desk) -> None:
    desk.tell(facts.PoolManagerSet, pool="inbound", rep="mia")
    desk.tell(facts.AbsenceSet, absence="a", rep="mia", starts=desk.now, ends=desk.now + DAY)
    outcome = desk.place(pool="inbound").outcome
    assert isinstance(outcome, Held)
    assert outcome.unmanaged


def test_who_is_made_inactive_on_leave_is_gone_for_good(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now, ends=desk.now + DAY)
    told = desk.tell(facts.RepSet, rep="lena", active=False)
    assert [(gone.rep, gone.absent) for gone in told.gone] == [("lena", False)]
    assert desk.tell(facts.RepSet, rep="lena", active=False).gone == ()
