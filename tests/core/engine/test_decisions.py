from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.support.world import Cast, at, code, told

from handfast.condition import All, AnyOf, NoneOf, Operator, Test
from handfast.contract.model import ClockName, Contract
from handfast.cycle.life import CycleState
from handfast.cycle.values import AssignmentEnd, ClockState, DealState
from handfast.engine.contradiction import surely
from handfast.engine.effects import Alerted, AssignmentEnded, LedgerEntry, Refused
from handfast.facts import (
    Accepted,
    AdminWithdrew,
    AttributesChanged,
    ConsentChanged,
    ContestOverturned,
    ContestUpheld,
    DealAmended,
    DealLost,
    DealOpened,
    DealReopened,
    DealWon,
    Disqualified,
    GivenBack,
    LeadCreated,
    LeadsMerged,
    MemberSet,
    Purpose,
    Reassigned,
    Rejected,
    RepSet,
    RerouteCause,
    Rerouted,
    Returned,
    SalesQualified,
    TouchKind,
    TouchMade,
)
from handfast.instant import DAY

EVIDENCE = {"budget": True, "need": "more leads", "timeline": "2027-06-01"}


def test_a_decision_needs_a_cycle_that_was_delivered(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes={})
    assert code(cast.about(Accepted, "11 09:01", by="lena")) == "not_in_this_state"
    assert code(cast.about(ContestUpheld, "11 09:01", by="dana", note="so")) == "not_in_this_state"
    cast.about(AdminWithdrew, "11 09:02", by="priya", note="a test record")
    assert cast.cycle().state is CycleState.WITHDRAWN
    refused = cast.about(Accepted, "11 09:03", by="lena")
    assert code(refused) == "no_open_cycle"
    assert refused.state.lead == cast.world.leads["ann"]


def test_clocks_of_an_undelivered_cycle_cannot_be_paused(cast: Cast) -> None:
    from handfast.facts import ClockPaused

    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes={})
    paused = cast.about(ClockPaused, "11 09:01", by="lena", clock="first_touch", until=at("12 09:00"), note="so")
    assert code(paused) == "clock_unknown"


def test_only_the_owner_decides_and_a_manager_may_accept(cast: Cast) -> None:
    rep = cast.delivered()
    other = {"lena": "sam", "sam": "lena"}[rep]
    assert code(cast.about(Accepted, "11 10:01", by=other)) == "not_the_owner"
    assert code(cast.about(Returned, "11 10:01", by="mia", reason="misrouted")) == "not_the_owner"
    assert code(cast.about(Accepted, "11 10:01", by="mia")) == ""
    assert (cast.cycle().accepted_by, cast.owner()) == ("mia", rep)
    assert cast.sound()


def test_nobody_decides_about_what_is_held(acme: Contract) -> None:
    cast = Cast(acme, reps=())
    cast.delivered()
    assert code(cast.about(Accepted, "11 10:01", by="mia")) == "nobody_owns_it"


def test_what_a_rep_says_of_their_own_decision_goes_back_a_day(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    late = cast.about(Accepted, "13 10:00", happened_at="11 10:01", by=rep)
    assert code(late) == "too_long_ago"
    assert [type(effect) for effect in late.effects][-1] is Refused
    assert late.effects[:-1]  # what was due before stands
    assert cast.sound()


def test_reasons_belong_to_verbs(cast: Cast) -> None:
    rep = cast.delivered()
    assert code(cast.about(Rejected, "11 10:01", by=rep, reason="no_such")) == "reason_unknown"
    assert code(cast.about(Rejected, "11 10:01", by=rep, reason="misrouted")) == "reason_not_for_this"
    assert code(cast.about(Returned, "11 10:01", by=rep, reason="junk_contact")) == "reason_not_for_this"
    assert code(cast.about(Rejected, "11 10:01", by=rep, reason="bad_timing")) == "date_missing"
    past = cast.about(Rejected, "11 10:01", by=rep, reason="bad_timing", revisit_on=at("05 00:00"))
    assert code(past) == "date_past"
    cast.about(Rejected, "11 10:01", by=rep, reason="bad_timing", revisit_on=at("31 15:00"))
    assert cast.cycle().revisit_at == at("31 00:00")
    assert cast.cycle().recycled
    assert cast.world.leads["ann"].cool_until == at("11 10:01") + 30 * DAY


def test_a_return_credits_once_and_goes_to_somebody_else(cast: Cast) -> None:
    rep = cast.delivered()
    back = cast.about(Returned, "11 10:01", by=rep, reason="misrouted")
    assert next((each.rep, each.amount) for each in told(back, LedgerEntry)) == (rep, (-1, 1))
    assert cast.owner() not in {rep, ""}
    assert cast.clock(ClockName.FIRST_TOUCH).due_at == at("11 10:05")
    assert cast.sound()


def test_an_overturned_contest_resumes_what_was_left(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(Rejected, "11 10:01", by=rep, reason="wrong_industry")
    assert cast.cycle().state is CycleState.CONTESTED
    assert cast.clock(ClockName.FIRST_TOUCH).state is ClockState.SUSPENDED
    assert code(cast.about(ContestOverturned, "11 10:30", by="dana", note=" ")) == "note_missing"
    cast.about(ContestOverturned, "11 11:00", by="dana", note="they are in software")
    assert cast.clock(ClockName.FIRST_TOUCH).due_at == at("11 11:04")
    assert cast.owner() not in {rep, ""}
    assert cast.cycle().reason is None
    assert cast.sound()


def test_an_overturned_contest_goes_back_to_the_same_rep_only_before_the_manager(acme: Contract) -> None:
    cast = Cast(acme, reps=("lena",))
    cast.delivered("11 10:00")
    cast.about(Rejected, "11 10:01", by="lena", reason="wrong_industry")
    cast.about(ContestOverturned, "11 10:02", by="dana", note="no")
    assert cast.cycle().hold is not None
    cast.tick("11 12:00")
    assert cast.owner() == "lena"
    assert cast.sound()


def test_a_touched_first_promise_is_not_suspended(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(TouchMade, "11 10:01", by=rep, kind=TouchKind.ATTEMPT)
    cast.about(Rejected, "11 10:02", by=rep, reason="wrong_industry")
    assert cast.clock(ClockName.FIRST_TOUCH).state is ClockState.STOPPED
    cast.about(ContestOverturned, "11 10:03", by="dana", note="no")
    assert cast.clock(ClockName.FIRST_TOUCH).state is ClockState.STOPPED
    cast.about(Rejected, "11 10:04", by=cast.owner(), reason="wrong_industry")
    cast.about(ContestUpheld, "11 10:05", by="dana", note="right")
    assert cast.cycle().state is CycleState.REJECTED
    assert cast.sound()


def test_a_reason_that_the_data_do_not_speak_of_is_final(cast: Cast) -> None:
    rep = cast.delivered("11 10:00", industry="")
    cast.about(Rejected, "11 10:02", by=rep, reason="wrong_industry")
    assert cast.cycle().state is CycleState.REJECTED


def test_unknown_counts_as_agreeing_through_every_group() -> None:
    a, b = Test("a", Operator.IS, "x"), Test("b", Operator.IS_NOT, "y")
    known = Test("b", Operator.KNOWN, False)
    table = {
        (All((a, b)), "x", None): None,
        (All((a, b)), "z", None): False,
        (All((a, b)), "x", "z"): True,
        (AnyOf((a, b)), "x", None): True,
        (AnyOf((a, b)), "z", None): None,
        (AnyOf((a, b)), "z", "y"): False,
        (NoneOf((a, b)), "z", None): None,
        (NoneOf((a, b)), "x", None): False,
        (NoneOf((a, b)), "z", "y"): True,
        (known, "x", None): True,
    }
    for (condition, first, second), holds in table.items():
        assert surely(condition, {"a": first, "b": second}) is holds, (condition, first, second)  # type: ignore[arg-type] # one of them


def test_an_sql_needs_all_its_evidence(cast: Cast) -> None:
    rep = cast.delivered()
    cast.about(Accepted, "11 10:01", by=rep)
    for lacking in ({"budget": False}, {"need": " "}, {"timeline": "soon"}):
        refused = cast.about(SalesQualified, "11 10:02", by=rep, evidence={**EVIDENCE, **lacking})
        assert code(refused) == "evidence_missing"
    cast.about(SalesQualified, "11 10:02", by=rep, evidence={**EVIDENCE, "timeline": 740000})
    assert cast.cycle().state is CycleState.SQL
    assert cast.clock(ClockName.WORKING).state is ClockState.STOPPED
    assert cast.world.team.reps[rep].open == 0
    assert cast.sound()


def test_evidence_of_a_choice_is_one_of_its_words(acme: Contract) -> None:
    need = replace(acme.evidence["need"], one_of=("more leads", "less work"))
    cast = Cast(replace(acme, evidence={**acme.evidence, "need": need}))
    rep = cast.delivered()
    cast.about(Accepted, "11 10:01", by=rep)
    odd = {**EVIDENCE, "need": "lunch"}
    assert code(cast.about(SalesQualified, "11 10:02", by=rep, evidence=odd)) == "evidence_missing"
    assert code(cast.about(SalesQualified, "11 10:02", by=rep, evidence=EVIDENCE)) == ""


def test_unreachable_needs_its_attempts(cast: Cast) -> None:
    rep = cast.delivered()
    cast.about(Accepted, "11 10:01", by=rep)
    assert code(cast.about(Disqualified, "11 10:02", by=rep, reason="unreachable")) == "needs_not_met"
    for minute in range(6):
        cast.about(TouchMade, f"11 11:0{minute}", by=rep, kind=TouchKind.ATTEMPT)
    near = cast.about(Disqualified, "11 12:00", by=rep, reason="unreachable")
    assert near.refused is not None
    assert "not far enough apart" in near.refused.message
    cast.about(TouchMade, "25 12:00", by=rep, kind=TouchKind.ATTEMPT)
    cast.about(Disqualified, "25 12:01", by=rep, reason="unreachable")
    assert cast.cycle().state is CycleState.DISQUALIFIED
    assert cast.sound()


def test_a_deal_on_a_waiting_lead_infers_what_was_skipped(cast: Cast) -> None:
    cast.delivered()
    cast.about(DealOpened, "11 10:01", deal="d", by="crm", amount=5)
    assert cast.cycle().inferred == {CycleState.ACCEPTED, CycleState.SQL}
    assert cast.clock(ClockName.DECISION).state is ClockState.STOPPED
    cast.about(DealOpened, "11 10:02", deal="d", by="crm", amount=6)
    cast.about(DealAmended, "11 10:02", deal="d", amount=6, currency="EUR")
    cast.about(DealOpened, "11 10:03", deal="e")
    cast.about(DealLost, "11 10:04", deal="e", why="smaller")
    assert cast.cycle().state is CycleState.OPPORTUNITY
    cast.about(DealLost, "11 10:05", deal="d")
    assert cast.cycle().state is CycleState.LOST
    cast.about(DealReopened, "11 10:06", deal="d")
    cast.about(DealWon, "11 10:07", deal="d", amount=Decimal(7))
    deal = cast.world.leads["ann"].deals["d"]
    assert (deal.state, deal.amount, deal.currency) == (DealState.WON, Decimal(7), "EUR")
    assert cast.cycle().state is CycleState.LOST
    assert code(cast.about(DealAmended, "11 10:08", deal="x", amount=6)) == "deal_unknown"
    assert cast.sound()


def test_a_deal_is_kept_where_no_cycle_is_open_and_attached_where_one_is(cast: Cast) -> None:
    cast.about(AttributesChanged, "11 10:00", attributes={})
    cast.about(DealWon, "11 10:01", deal="old")
    cast.looks("11 10:02")
    cast.about(DealLost, "11 10:03", deal="mine")
    cycle = cast.cycle()
    assert (cycle.state, cycle.deals) == (CycleState.OPEN, ("mine",))
    assert set(cast.world.leads["ann"].deals) == {"old", "mine"}


def test_a_deal_won_on_a_held_lead_goes_all_the_way(acme: Contract) -> None:
    cast = Cast(acme, reps=())
    cast.delivered()
    cast.about(DealWon, "11 10:01", deal="d")
    cycle = cast.cycle()
    assert cycle.state is CycleState.WON
    assert cycle.inferred == {CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY}
    assert cast.sound()


def test_a_deal_on_a_contested_lead_waits_for_marketing(cast: Cast) -> None:
    rep = cast.delivered()
    cast.about(Rejected, "11 10:01", by=rep, reason="wrong_industry")
    cast.about(DealOpened, "11 10:02", deal="d")
    assert (cast.cycle().state, cast.cycle().deals) == (CycleState.CONTESTED, ("d",))


def test_reassigning_is_a_managers_to_decide(cast: Cast) -> None:
    rep = cast.delivered()
    other = {"lena": "sam", "sam": "lena"}[rep]
    assert code(cast.about(Reassigned, "11 10:01", by=rep, to=other)) == "not_a_manager"
    assert code(cast.about(Reassigned, "11 10:01", by="mia", to="nobody")) == "no_such_rep"
    assert code(cast.about(Reassigned, "11 10:01", by="mia", to=rep)) == "owned_already"
    again = cast.about(Reassigned, "11 10:01", by="mia", to=None)
    assert [each.amount for each in told(again, LedgerEntry)] == [(-1, 1), (1, 1)]
    assert cast.owner() == other
    cast.about(Reassigned, "11 10:02", by="mia", to=rep)
    assert (cast.owner(), cast.cycle().assignments[-1].way) == (rep, "human")
    cast.about(Accepted, "11 10:03", by=rep)
    cast.about(Reassigned, "11 10:04", by="mia", to=other)
    assert cast.owner() == other
    assert cast.clock(ClockName.WORKING).state is ClockState.RUNNING
    assert code(cast.about(Reassigned, "11 10:05", by="mia", to=None)) == "not_in_this_state"
    cast.about(TouchMade, "11 10:05", by=other, kind=TouchKind.ATTEMPT)
    assert cast.clock(ClockName.RESPONSE).state is ClockState.STOPPED
    cast.about(SalesQualified, "11 10:06", by=other, evidence=EVIDENCE)
    cast.about(Reassigned, "11 10:07", by="mia", to=rep)
    assert (cast.world.team.reps[rep].open, cast.world.team.reps[other].open) == (0, 0)
    assert cast.sound()


def test_a_contested_lead_has_nobody_to_be_reassigned_from(cast: Cast) -> None:
    rep = cast.delivered()
    cast.about(Rejected, "11 10:01", by=rep, reason="wrong_industry")
    assert code(cast.about(Reassigned, "11 10:02", by="mia", to=rep)) == "not_in_this_state"


def test_a_held_lead_can_be_given_by_hand(acme: Contract) -> None:
    cast = Cast(acme, reps=())
    cast.tell(RepSet, "04 09:00", rep="zoe")
    cast.delivered()
    cast.about(Reassigned, "11 10:01", by="mia", to="zoe")
    assert cast.owner() == "zoe"
    assert cast.cycle().hold is None
    assert cast.sound()


def test_an_account_owner_outside_the_pools_passes_it_on_by_hand(cast: Cast) -> None:
    from handfast.facts import AccountOwnerSet

    cast.tell(RepSet, "04 09:00", rep="zoe")
    cast.tell(AccountOwnerSet, "04 09:00", account="buyer", owner="zoe")
    cast.about(AttributesChanged, "11 09:00", attributes={}, account="buyer")
    cast.delivered()
    assert (cast.owner(), cast.cycle().pool) == ("zoe", None)
    cast.about(Reassigned, "11 10:01", by="mia", to="sam")
    assert cast.owner() == "sam"
    assert cast.sound()


def test_many_are_moved_at_once_with_credit(cast: Cast) -> None:
    rep = cast.delivered()
    other = {"lena": "sam", "sam": "lena"}[rep]
    moved = {"cause": RerouteCause.BULK, "rep": rep}
    assert code(cast.about(Rerouted, "11 10:01", by=other, **moved)) == "not_a_manager"
    cast.about(Rerouted, "11 10:01", by="mia", **moved)
    assert cast.owner() == other
    assert cast.cycle().assignments[0].end is AssignmentEnd.BULK
    cast.about(Accepted, "11 10:02", by=other)
    assert cast.about(Rerouted, "11 10:02", by="mia", cause=RerouteCause.BULK, rep=other).effects == ()
    cast.tell(RepSet, "11 10:04", rep=other, active=False)
    assert [each.to for each in cast.world.effects if isinstance(each, Alerted)] == ["mia"]
    assert cast.owner() == other
    assert cast.sound()


def test_of_two_doubles_the_one_furthest_along_survives(cast: Cast) -> None:
    cast.delivered("11 10:00")
    rep = cast.delivered("11 10:01", lead="anne")
    cast.tell(Accepted, "11 10:02", lead="anne", by=rep)
    merged = cast.tell(LeadsMerged, "11 10:03", lead="ann", absorbed="anne")
    cycle = cast.cycle()
    assert (cycle.id, cycle.state, cast.owner()) == ("anne/1", CycleState.ACCEPTED, rep)
    assert [each.end for each in told(merged, AssignmentEnded)] == [AssignmentEnd.MERGED]
    assert [each.state for each in cast.world.leads["ann"].ended] == [CycleState.WITHDRAWN]
    assert cast.world.leads["ann"].cool_until is None
    assert cast.sound()


def test_a_denial_survives_a_merge_and_ends_the_cycle(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 10:00", lead="ann", attributes={"consent_contact": "granted"})
    cast.looks("11 09:00", lead="anne")
    cast.tell(ConsentChanged, "11 09:30", lead="anne", purpose=Purpose.CONTACT, granted=False)
    cast.tell(LeadsMerged, "11 10:03", lead="ann", absorbed="anne")
    lead = cast.world.leads["ann"]
    assert lead.known["consent_contact"] == "denied"
    assert lead.cycle is None
    cast.looks("11 10:04", lead="ann")
    assert cast.cycle().state is CycleState.OPEN
    cast.tell(LeadCreated, "11 10:05", lead="anna", attributes={"consent_contact": "granted", "title": "VP"})
    cast.tell(LeadsMerged, "11 10:06", lead="ann", absorbed="anna")
    assert cast.world.leads["ann"].known == {"consent_contact": "denied", "title": "VP"}


def test_marketing_may_be_denied_and_an_older_word_changes_nothing(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(ConsentChanged, "11 10:02", purpose=Purpose.MARKETING, granted=False)
    cast.about(ConsentChanged, "11 10:03", purpose=Purpose.MARKETING, granted=True, happened_at="11 10:01")
    assert cast.world.leads["ann"].known["consent_marketing"] == "denied"
    cast.about(AttributesChanged, "11 10:03", attributes={"consent_marketing": "granted"}, happened_at="11 10:01")
    assert cast.world.leads["ann"].known["consent_marketing"] == "denied"
    assert cast.owner() == rep


def test_who_is_created_with_a_denial_is_held_and_not_withdrawn(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 10:00", lead="ann", attributes={"consent_contact": "denied"})
    assert cast.cycle().state is CycleState.OPEN
    cast.about(AttributesChanged, "11 10:01", attributes={"title": "VP"})
    assert cast.cycle().state is CycleState.OPEN
    cast.about(ConsentChanged, "11 10:02", purpose=Purpose.CONTACT, granted=False)
    assert cast.cycle().state is CycleState.WITHDRAWN


def test_a_withdrawal_by_hand_says_why(cast: Cast) -> None:
    cast.delivered()
    assert code(cast.about(AdminWithdrew, "11 10:01", by="priya", note="")) == "note_missing"
    assert code(cast.about(GivenBack, "11 10:01", by="mia", to="sam")) == "not_in_time"


@pytest.mark.parametrize("weight", [1, 3])
def test_shares_follow_weights(acme: Contract, weight: int) -> None:
    cast = Cast(acme)
    cast.tell(MemberSet, "04 09:00", pool="dach", rep="sam", weight=weight)
    owners = [cast.delivered("11 10:00", lead=f"lead{number}") for number in range(8)]
    assert owners.count("sam") == 8 * weight // (weight + 1)
    assert cast.sound()
