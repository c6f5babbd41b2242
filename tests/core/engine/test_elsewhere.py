"""Handoffs of another system, shadow mode, and the cut-over that makes live cycles of what is open there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.world import GOOD, Cast, at, code, told

from handfast.contract.model import ClockName, Contract
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import ClockState
from handfast.engine import Step, World
from handfast.engine.effects import (
    Alerted,
    Assigned,
    ClockChanged,
    ElsewhereChanged,
    HeldByDisqualifier,
    Moved,
    ShadowJudged,
)
from handfast.facts import (
    AbsenceSet,
    AccountOwnerSet,
    AttributesChanged,
    ContractInForce,
    DealOpened,
    LeadCreated,
    LeadErased,
    LeadsMerged,
    MemberSet,
    Reassigned,
    Released,
    RepSet,
    ShadowSet,
    Stage,
    StageStamped,
    TakenOver,
    TouchKind,
    TouchMade,
)
from handfast.instant import DAY


def arrives(cast: Cast, lead: str = "ann", when: str = "05 09:00") -> None:
    cast.tell(LeadCreated, when, lead=lead, attributes=GOOD, loaded=True)


def stamp(
    cast: Cast, stage: Stage, happened: str, *, lead: str = "ann", when: str = "08 09:00", owner: str = "lena"
) -> Step:
    return cast.tell(
        StageStamped, when, lead=lead, happened_at=happened, handoff="crm-1", stage=stage, owner=owner, reason=""
    )


def take(cast: Cast, when: str = "11 10:00", *, starts: str = "11 12:00", lead: str = "ann", by: str = "admin") -> Step:
    return cast.tell(TakenOver, when, lead=lead, by=by, handoff="crm-1", starts_at=at(starts))


def waiting(cast: Cast, owner: str = "lena") -> None:
    """Ann waits with somebody in the other system, since the sixth."""
    arrives(cast)
    stamp(cast, Stage.QUALIFIED, "06 10:00", owner=owner)


def test_stages_of_another_system_start_nothing_and_open_no_live_cycle_with_sales(cast: Cast) -> None:
    arrives(cast)
    done = stamp(cast, Stage.QUALIFIED, "06 10:00")
    (change,) = told(done, ElsewhereChanged)
    assert (change.handoff.stage, change.handoff.qualified_at) == (Stage.QUALIFIED, at("06 10:00"))
    assert [type(each) for each in done.effects] == [ElsewhereChanged]
    assert cast.cycle().state is CycleState.OPEN
    again = stamp(cast, Stage.QUALIFIED, "06 10:00")
    assert again.effects == ()
    assert cast.tick("31 10:00") == []
    assert cast.sound()


def test_a_stage_is_that_of_the_furthest_stamp_whatever_the_order(cast: Cast) -> None:
    arrives(cast)
    stamp(cast, Stage.SQL, "07 10:00")
    stamp(cast, Stage.INQUIRY, "05 10:00")
    handoff = cast.world.leads["ann"].elsewhere["crm-1"]
    assert (handoff.stage, handoff.qualified_at, handoff.waits) == (Stage.SQL, at("07 10:00"), True)
    stamp(cast, Stage.REJECTED, "07 11:00")
    handoff = cast.world.leads["ann"].elsewhere["crm-1"]
    assert (handoff.stage, handoff.ended_at, handoff.waits) == (Stage.REJECTED, at("07 11:00"), False)


def test_a_lead_that_sales_has_elsewhere_is_held_and_counted_and_marketing_may_release_it(cast: Cast) -> None:
    waiting(cast)
    done = cast.asks("11 10:00")
    (held,) = told(done, HeldByDisqualifier)
    assert held.disqualifiers == ("handoff_elsewhere",)
    assert not told(done, Assigned)
    assert code(cast.about(Released, "11 11:00", by="dana")) == ""
    assert cast.cycle().state is CycleState.WAITING
    assert cast.sound()


def test_what_ended_elsewhere_cools_off_here(cast: Cast) -> None:
    waiting(cast)
    stamp(cast, Stage.REJECTED, "07 10:00", when="08 10:00")
    cool_until = cast.world.leads["ann"].cool_until
    assert cool_until == at("07 10:00") + 30 * DAY
    for minute in range(3):
        cast.looks(f"11 10:0{minute}")
    assert cast.cycle().state is CycleState.OPEN
    cast.tick(cool_until)
    assert cast.cycle().state is CycleState.WAITING


def test_what_ended_elsewhere_long_ago_cools_nothing_off_and_its_evidence_is_stale(cast: Cast) -> None:
    cast.tell(LeadCreated, "05 09:00", lead="ann", attributes=GOOD, loaded=True, happened_at=at("05 09:00") - 90 * DAY)
    past = at("05 09:00") - 60 * DAY
    cast.about(StageStamped, "08 09:00", happened_at=past, handoff="crm-1", stage=Stage.LOST)
    lead = cast.world.leads["ann"]
    assert (lead.cool_until, lead.fresh_from) == (None, past)
    cast.about(StageStamped, "08 09:00", happened_at=past - DAY, handoff="crm-0", stage=Stage.LOST)
    assert cast.world.leads["ann"].fresh_from == past


def test_an_end_elsewhere_moves_nothing_of_a_live_cycle(cast: Cast) -> None:
    cast.delivered("11 10:00")
    stamp(cast, Stage.REJECTED, "11 10:05", when="11 10:06")
    assert cast.cycle().state is CycleState.WAITING
    assert cast.world.leads["ann"].cool_until is None


def test_a_waiting_handoff_is_taken_over_with_its_owner_and_its_clocks_start_later(cast: Cast) -> None:
    waiting(cast)
    done = take(cast)
    assert code(done) == ""
    cycle = cast.cycle()
    assert (cycle.state, cycle.qualified_at, cycle.taken_over) == (CycleState.WAITING, at("06 10:00"), "crm-1")
    assert (cast.owner(), cycle.version, cycle.hand_raised) == ("lena", 7, False)
    started = {each.clock.name: each.clock.started_at for each in told(done, ClockChanged)}
    assert started == dict.fromkeys((ClockName.FIRST_TOUCH, ClockName.RESPONSE, ClockName.DECISION), at("11 12:00"))
    assert cast.world.leads["ann"].elsewhere["crm-1"].taken_over == cycle.id
    assert cast.tick("11 11:59") == []
    assert cast.sound()


def test_a_handoff_that_changes_hands_before_its_clocks_start_keeps_their_start(cast: Cast) -> None:
    waiting(cast)
    take(cast)
    cast.about(Reassigned, "11 11:00", by="mia", to="sam")
    assert cast.clock(ClockName.DECISION).started_at == at("11 12:00")
    cast.about(Reassigned, "11 13:00", by="mia", to="lena")
    assert cast.clock(ClockName.DECISION).started_at == at("11 13:00")


def test_a_hand_raised_after_the_cut_over_waits_for_no_start(cast: Cast) -> None:
    waiting(cast)
    take(cast, starts="12 12:00")
    cast.asks("11 11:00")
    due = cast.clock(ClockName.FIRST_TOUCH).due_at
    assert due is not None
    assert due < at("11 12:00")
    cast.about(Reassigned, "11 11:10", by="mia", to="sam")
    assert cast.clock(ClockName.DECISION).started_at == at("11 11:10")


def test_who_is_on_leave_or_unknown_does_not_keep_a_waiting_handoff(cast: Cast) -> None:
    waiting(cast)
    cast.tell(AbsenceSet, "08 10:00", absence="ski", rep="lena", starts=at("09 00:00"), ends=at("20 00:00"))
    done = take(cast)
    assert [each.assignment.rep for each in told(done, Assigned)] == ["sam"]
    arrives(cast, "bob", "11 10:00")
    stamp(cast, Stage.QUALIFIED, "06 10:00", lead="bob", when="11 10:00", owner="gone")
    assert [each.assignment.rep for each in told(take(cast, lead="bob"), Assigned)] == ["sam"]
    assert cast.cycle("bob").pool == "dach"
    assert cast.sound()


def test_what_was_touched_before_the_cut_over_starts_no_first_touch(cast: Cast) -> None:
    waiting(cast)
    cast.about(TouchMade, "08 11:00", by="lena", kind=TouchKind.ATTEMPT, happened_at="06 11:00", loaded=True)
    cast.about(TouchMade, "08 11:00", by="mia", kind=TouchKind.CONTACT, happened_at="06 12:00", loaded=True)
    cast.about(TouchMade, "08 11:00", by="mia", kind=TouchKind.ATTEMPT, happened_at="05 12:00", loaded=True)
    take(cast)
    cycle = cast.cycle()
    assert (cycle.first_touch_at, cycle.contact_at) == (at("06 11:00"), at("06 12:00"))
    assert cycle.attempts == (at("06 11:00"),)
    names = {clock.name: clock.state for clock in cycle.clocks.values()}
    assert names == {ClockName.RESPONSE: ClockState.STOPPED, ClockName.DECISION: ClockState.RUNNING}
    assert cast.sound()


def test_an_accepted_handoff_goes_on_as_accepted(cast: Cast) -> None:
    waiting(cast)
    stamp(cast, Stage.ACCEPTED, "07 10:00")
    done = take(cast)
    cycle = cast.cycle()
    assert (cycle.state, cycle.accepted_at, cycle.accepted_by) == (CycleState.ACCEPTED, at("07 10:00"), "lena")
    assert [each.clock.name for each in told(done, ClockChanged)] == [ClockName.WORKING]
    assert cast.clock(ClockName.WORKING).started_at == at("11 12:00")
    assert (cast.owner(), cast.world.team.reps["lena"].open, cycle.inferred) == ("lena", 1, frozenset())
    assert cast.sound()


def test_an_accepted_handoff_whose_owner_is_gone_is_the_managers_to_give(cast: Cast) -> None:
    waiting(cast, owner="gone")
    stamp(cast, Stage.ACCEPTED, "07 10:00", owner="gone")
    done = take(cast)
    assert [each.to for each in told(done, Alerted)] == ["mia"]
    assert cast.owner() == ""
    assert code(cast.about(Reassigned, "11 11:00", by="mia", to="sam")) == ""
    assert (cast.owner(), cast.world.team.reps["sam"].open) == ("sam", 1)
    assert cast.sound()


def test_skipped_stages_are_stamped_and_marked(cast: Cast) -> None:
    waiting(cast)
    stamp(cast, Stage.SQL, "07 10:00")
    take(cast)
    cycle = cast.cycle()
    assert (cycle.state, cycle.accepted_at, cycle.sql_at) == (CycleState.SQL, at("07 10:00"), at("07 10:00"))
    assert cycle.inferred == {CycleState.ACCEPTED}
    assert (cycle.clocks, cast.world.team.reps["lena"].open) == ({}, 0)
    assert cast.sound()


def test_an_opportunity_is_taken_over_with_its_deals(cast: Cast) -> None:
    arrives(cast)
    cast.about(DealOpened, "08 09:00", deal="big", loaded=True, happened_at="07 10:00")
    stamp(cast, Stage.OPPORTUNITY, "07 10:00")
    done = take(cast)
    cycle = cast.cycle()
    assert cycle.state is CycleState.OPPORTUNITY
    assert cycle.inferred == {CycleState.ACCEPTED, CycleState.SQL}
    assert cycle.deals == ("big",)
    assert [each.event for each in told(done, Moved)] == [CycleEvent.QUALIFIED, CycleEvent.OPPORTUNITY_OPENED]
    assert cast.sound()


def test_a_deal_that_was_opened_before_any_cycle_goes_with_the_opportunity(cast: Cast) -> None:
    cast.about(AttributesChanged, "05 09:00", attributes=GOOD)
    cast.about(DealOpened, "08 09:00", deal="big", loaded=True, happened_at="07 10:00")
    stamp(cast, Stage.OPPORTUNITY, "07 10:00", owner="gone")
    take(cast)
    assert (cast.cycle().deals, cast.owner()) == (("big",), "")
    assert cast.sound()


def test_a_lead_without_an_open_cycle_gets_one_from_its_inquiry_there(cast: Cast) -> None:
    cast.about(AttributesChanged, "05 09:00", attributes=GOOD)
    stamp(cast, Stage.INQUIRY, "05 10:00")
    stamp(cast, Stage.QUALIFIED, "06 10:00")
    take(cast)
    assert cast.cycle().inquiry_at == at("05 10:00")
    assert cast.sound()


def test_what_cannot_be_taken_over_is_refused_with_a_sentence(cast: Cast) -> None:
    arrives(cast)
    assert code(take(cast, "08 09:00")) == "not_open_elsewhere"
    stamp(cast, Stage.INQUIRY, "05 10:00")
    assert code(take(cast, "08 09:00")) == "not_open_elsewhere"
    stamp(cast, Stage.QUALIFIED, "06 10:00")
    assert code(take(cast, "08 10:00", by="sam")) == "not_a_manager"
    assert code(take(cast)) == ""
    assert code(take(cast)) == "taken_over_already"
    stamp(cast, Stage.REJECTED, "11 10:00", when="11 10:00")
    assert code(take(cast)) == "not_open_elsewhere"
    cast.delivered("11 11:00", "bob")
    stamp(cast, Stage.QUALIFIED, "11 11:00", lead="bob", when="11 11:00")
    assert code(take(cast, "11 11:00", lead="bob")) == "live_already"
    cast.tell(LeadCreated, "11 11:00", lead="cy", attributes={**GOOD, "consent_contact": "denied"})
    stamp(cast, Stage.QUALIFIED, "11 11:00", lead="cy", when="11 11:00")
    assert code(take(cast, "11 11:00", lead="cy")) == "opted_out"
    assert cast.sound()


def test_nothing_is_taken_over_before_the_first_version(acme: Contract) -> None:
    cast = Cast(replace(acme, effective_from=at("20 00:00")))
    waiting(cast)
    assert code(take(cast)) == "no_version"
    stamp(cast, Stage.REJECTED, "07 10:00", when="11 11:00")
    assert cast.world.leads["ann"].fresh_from == at("07 10:00")


def test_shadow_mode_judges_and_hands_nothing_over(cast: Cast) -> None:
    cast.tell(ShadowSet, "08 08:00", on=True)
    before = cast.world.team
    cast.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD)
    done = cast.asks("11 10:00")
    (judged,) = told(done, ShadowJudged)
    assert (judged.judgement.rep, judged.judgement.pool, judged.judgement.hand_raised) == ("lena", "dach", True)
    assert judged.judgement.due_at > at("11 10:00")
    assert cast.cycle().state is CycleState.OPEN
    assert not told(done, Assigned) + told(done, ClockChanged)
    assert not told(cast.asks("11 10:05"), ShadowJudged)
    assert cast.tick("29 10:00") == []
    assert code(cast.about(Released, "29 10:00", by="dana")) == "in_shadow"
    assert code(take(cast, "29 10:00")) == "in_shadow"
    after = cast.world.team
    assert (after.rosters, after.reps) == (before.rosters, before.reps)
    assert after.shadow is not None
    assert after.shadow.reps["lena"].open == 0
    assert cast.sound()


def test_shadow_judgements_are_shared_out_and_the_team_follows_what_is_told_of_it(cast: Cast) -> None:
    cast.tell(ShadowSet, "08 08:00", on=True)
    for number in range(4):
        cast.tell(LeadCreated, "11 10:00", lead=f"l{number}", attributes=GOOD)
        cast.asks("11 10:00", lead=f"l{number}")
    routed = [lead.shadowed[0].rep for lead in cast.world.leads.values()]
    assert sorted(map(str, routed)) == ["lena", "lena", "sam", "sam"]
    cast.tell(RepSet, "11 10:30", rep="lena", active=False)
    cast.tell(MemberSet, "11 10:30", pool="dach", rep="sam", weight=0)
    cast.tell(MemberSet, "11 10:30", pool="inbound", rep="sam", weight=0)
    cast.tell(ContractInForce, "11 10:30", version=7, digest="")
    cast.tell(LeadCreated, "11 10:31", lead="late", attributes=GOOD)
    cast.asks("11 10:31", lead="late")
    assert cast.world.leads["late"].shadowed[0].rep in (None, "mia")
    assert cast.sound()


def test_an_account_owner_would_have_had_it(cast: Cast) -> None:
    cast.tell(RepSet, "08 08:00", rep="olga")
    cast.tell(AccountOwnerSet, "08 08:00", account="buyer", owner="olga")
    cast.tell(ShadowSet, "08 08:00", on=True)
    cast.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD, account="buyer")
    cast.asks("11 10:00")
    assert cast.world.leads["ann"].shadowed[0].rep == "olga"


def test_who_has_an_open_deal_of_the_account_would_have_had_it(cast: Cast) -> None:
    cast.tell(LeadCreated, "08 07:00", lead="bob", attributes=GOOD, account="buyer")
    cast.tell(DealOpened, "08 07:30", lead="bob", deal="big", by="sam")
    cast.tell(ShadowSet, "08 08:00", on=True)
    cast.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD, account="buyer")
    cast.asks("11 10:00")
    assert cast.world.leads["ann"].shadowed[0].rep == "sam"
    assert cast.cycle().deals == ()


def test_when_the_other_system_is_done_with_a_lead_it_may_be_judged_again(cast: Cast) -> None:
    cast.tell(ShadowSet, "05 08:00", on=True)
    arrives(cast)
    cast.asks("06 10:00")
    stamp(cast, Stage.QUALIFIED, "06 11:00")
    (over,) = told(stamp(cast, Stage.REJECTED, "07 10:00"), ShadowJudged)
    assert over.judgement.over_at == at("07 10:00")
    cast.about(StageStamped, "08 10:00", handoff="crm-2", stage=Stage.LOST, happened_at="07 12:00")
    cast.asks("11 10:00")
    assert [each.id for each in cast.world.leads["ann"].shadowed] == ["ann/s1", "ann/s2"]
    cast.about(StageStamped, "11 11:00", handoff="crm-3", stage=Stage.LOST, happened_at="07 12:00")
    assert cast.world.leads["ann"].shadowed[-1].over_at is None
    assert cast.sound()


def test_shadow_mode_ends_and_what_it_moved_is_forgotten(cast: Cast) -> None:
    cast.tell(ShadowSet, "08 08:00", on=True)
    cast.tell(ShadowSet, "08 08:01", on=True)
    cast.delivered("11 10:00")
    cast.tell(ShadowSet, "11 11:00", on=False)
    assert cast.world.team.shadow is None
    cast.looks("11 12:00", path="/blog")
    assert (cast.owner(), cast.cycle().state) == ("lena", CycleState.WAITING)
    assert cast.sound()


def test_merged_leads_keep_both_histories_and_an_erased_one_keeps_counts_alone(cast: Cast) -> None:
    waiting(cast)
    arrives(cast, "bob", "08 09:00")
    cast.tell(StageStamped, "08 09:00", lead="bob", handoff="crm-9", stage=Stage.LOST)
    cast.about(LeadsMerged, "08 10:00", absorbed="bob")
    assert set(cast.world.leads["ann"].elsewhere) == {"crm-1", "crm-9"}
    cast.about(LeadErased, "08 11:00")
    assert cast.world.leads["ann"].elsewhere == {}


@pytest.mark.parametrize("shadow", [True, False])
def test_told_again_the_same_facts_make_the_same_world(cast: Cast, shadow: bool) -> None:
    cast.tell(ShadowSet, "04 09:00", on=shadow)
    waiting(cast)
    cast.tell(ShadowSet, "09 09:00", on=False)
    take(cast)
    cast.tick("15 12:00")
    cast.looks("15 12:00")
    again = World(cast.world.terms, keep=True)
    for fact in cast.world.facts:
        again.tell(fact)
    assert again.leads == cast.world.leads
    assert again.team == cast.world.team
