from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.world import GOOD, Cast, at, code, told

from handfast.contract.model import Contract
from handfast.cycle.life import CycleState
from handfast.engine import State, Terms, step
from handfast.engine.contradiction import contradicted
from handfast.engine.deliver import deliver
from handfast.engine.effects import HeldByDisqualifier, Rescored
from handfast.engine.handing import assign, routing_values
from handfast.engine.turn import Declined, Turn
from handfast.facts import (
    Accepted,
    ActivityHappened,
    AdminWithdrew,
    AttributesChanged,
    ConsentChanged,
    LeadCreated,
    LeadErased,
    LeadsMerged,
    MemberRemoved,
    Purpose,
    Reassigned,
    Released,
    RerouteCause,
    Rerouted,
    Tick,
)
from handfast.qualify import Band, Judgement
from handfast.route.choose import give
from handfast.trace import Node, Topic


def turn_of(cast: Cast, when: str = "11 10:01") -> Turn:
    now = at(when)
    look = Tick(id="look", happened_at=now, recorded_at=now, lead="ann")
    return Turn(look, cast.world.leads.get("ann"), None, cast.world.team, cast.world.terms)


def test_misuse_is_refused_and_not_guessed_at(cast: Cast) -> None:
    cast.looks("11 10:00")
    with pytest.raises(Declined) as early:
        _ = turn_of(cast).version
    assert early.value.code == "not_delivered"
    with pytest.raises(ValueError, match="is not held"):
        _ = turn_of(cast).hold
    before = Turn(turn_of(cast).fact, None, None, cast.world.team, Terms(()))
    with pytest.raises(ValueError, match="a delivered cycle has a version"):
        routing_values(before)
    nothing = Judgement(qualified=True, bar=True, raised=None, denied_by=(), icp=None, band=Band.ENGAGE)
    with pytest.raises(ValueError, match="before the first version"):
        deliver(before, nothing, raised_at=0)
    team, version = cast.world.team, cast.world.terms.versions[0]
    nobody = give(team, version.contract, version.calendars, now=at("11 10:01"), to="stranger", pool="inbound")
    with pytest.raises(ValueError, match="nobody was chosen"):
        assign(turn_of(cast), nobody)


def test_a_clause_that_is_none_contradicts_nobody(cast: Cast) -> None:
    cast.delivered()
    assert not contradicted(turn_of(cast), "reasons.junk_contact")


def test_an_activity_of_a_kind_the_contract_does_not_know_is_kept_and_scores_nothing(cast: Cast) -> None:
    cast.tell(ActivityHappened, "11 10:00", lead="ann", kind="danced", properties={"how": "well"})
    assert len(cast.world.leads["ann"].acts) == 1
    assert cast.world.leads["ann"].scored.total == 0


def test_a_form_that_becomes_known_late_does_not_hide_the_later_one(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes={"email": "ann@rival.example"})
    cast.asks("11 10:00")
    cast.asks("11 10:01", happened_at="11 09:30")
    cast.asks("11 10:02", happened_at="11 10:01")
    standing = cast.world.leads["ann"].standing
    assert standing is not None
    assert [asked.happened_at for asked in standing.asked] == [at("11 10:01")]


def test_held_by_a_disqualifier_is_told_once_and_again_when_it_is_another(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes={**GOOD, "email": "ann@rival.example"})
    assert [each.disqualifiers for each in told(cast.asks("11 10:00"), HeldByDisqualifier)] == [("competitor",)]
    assert not told(cast.asks("11 10:01"), HeldByDisqualifier)
    assert not told(cast.about(AttributesChanged, "11 10:02", attributes={"fax": "1"}), HeldByDisqualifier)
    refused = cast.about(Released, "11 10:03", by="dana")
    assert refused.refused is not None
    assert "held by competitor" in refused.refused.message
    freed = cast.about(AttributesChanged, "11 10:03", attributes={"email": "ann@buyer.example"})
    assert cast.cycle().state is CycleState.WAITING
    assert not told(freed, HeldByDisqualifier)


def test_a_lead_that_cools_off_cannot_be_released(cast: Cast) -> None:
    cast.delivered()
    cast.about(AdminWithdrew, "11 10:01", by="priya", note="a test")
    cast.looks("12 10:00")
    refused = cast.about(Released, "12 10:01", by="dana")
    assert refused.refused is not None
    assert "cooling off" in refused.refused.message


def test_a_cycle_withdrawn_before_the_first_version_has_nothing_to_cool_from(acme: Contract) -> None:
    cast = Cast(acme)
    cast.world.terms = Terms(())
    cast.looks("11 10:00")
    cast.about(AdminWithdrew, "11 10:01", by="priya", note="a test")
    assert cast.world.leads["ann"].cool_until == at("11 10:01")


def test_what_happened_before_the_last_end_opens_nothing_and_raises_no_hand(cast: Cast) -> None:
    cast.delivered()
    cast.about(AdminWithdrew, "11 10:05", by="priya", note="a test")
    cast.asks("11 10:06", happened_at="11 10:04")
    assert cast.world.leads["ann"].cycle is None
    cast.asks("11 10:07")
    assert cast.cycle().state is CycleState.WAITING
    assert cast.sound()


def test_a_lead_without_a_cycle_is_erased_and_its_consent_noted(cast: Cast) -> None:
    cast.about(AttributesChanged, "11 10:00", attributes=GOOD)
    cast.about(ConsentChanged, "11 10:01", purpose=Purpose.CONTACT, granted=False)
    cast.about(LeadErased, "11 10:02")
    assert cast.world.leads["ann"].erased
    assert not cast.world.leads["ann"].known


def test_a_granted_consent_is_a_change_like_any_other(cast: Cast) -> None:
    cast.about(LeadCreated, "11 10:00", attributes={**GOOD, "consent_contact": "denied"})
    cast.looks("11 10:01")
    cast.looks("11 10:02")
    assert cast.cycle().held_by == ("do_not_contact",)
    cast.about(ConsentChanged, "11 10:03", purpose=Purpose.CONTACT, granted=True)
    assert cast.cycle().state is CycleState.WAITING


def test_a_credit_is_given_once_a_cycle_and_rep(acme: Contract) -> None:
    pools = {name: replace(pool, count_all=True) for name, pool in acme.pools.items()}
    cast = Cast(replace(acme, pools=pools))
    rep = cast.delivered()
    for _ in range(2):
        cast.about(Rerouted, "11 10:00", by="mia", cause=RerouteCause.BULK, rep=rep)
        cast.about(Reassigned, "11 10:01", by="mia", to=rep)
    given = [each.rep for each in cast.world.entries if each.kind == "credit"]
    assert rep in given
    assert len(given) == len(set(given))
    assert cast.sound()


def test_a_denial_among_attributes_ends_the_cycle(cast: Cast) -> None:
    cast.looks("11 10:00")
    cast.about(AttributesChanged, "11 10:01", attributes={"consent_contact": "denied"})
    assert cast.cycle().state is CycleState.WITHDRAWN


def test_accepted_leads_of_one_who_leaves_a_pool_stay_theirs(cast: Cast) -> None:
    rep = cast.delivered()
    cast.about(Accepted, "11 10:01", by=rep)
    cast.tell(MemberRemoved, "11 10:02", pool="dach", rep=rep)
    assert cast.owner() == rep
    assert cast.sound()


def test_a_due_that_was_overtaken_is_not_the_next_one(cast: Cast) -> None:
    rep = cast.delivered()
    cast.delivered("11 10:01", lead="bob")
    cast.about(Accepted, "11 10:01", by=rep)
    cast.about(AdminWithdrew, "11 10:01", by="priya", note="a test")
    due = cast.world.next_due()
    assert due == at("11 10:03") + 30_000_000
    assert cast.world.leads["bob"].due_at == due


def test_a_refused_introduction_of_nobody_leaves_nothing(cast: Cast) -> None:
    now = at("11 10:00")
    accept = Accepted(id="x", happened_at=now, recorded_at=now, lead="nobody", by="lena")
    done = step(State(lead=None, team=cast.world.team), accept, cast.world.terms)
    assert (done.state.lead, code(done)) == (None, "unknown_lead")


def test_the_trace_adds_up_and_names_clauses_candidates_and_dues(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    cast.looks("11 09:30")
    asked = cast.asks("11 10:00")
    nodes = {node.topic: node for node in asked.trace.nodes}
    score = nodes[Topic.SCORE]
    assert sum(int(part.found) for part in score.parts) == int(score.found)
    assert nodes[Topic.JUDGEMENT].found == "yes"
    assert {part.asked: part.found for part in nodes[Topic.CHOICE].parts if part.topic is Topic.CANDIDATE} == {
        "lena": "chosen",
        "sam": "not chosen: order",
    }
    dues = [node for node in asked.trace.nodes if node.topic is Topic.CLOCK]
    assert [(node.clause, node.found) for node in dues] == [
        ("clocks.first_touch", "2027-01-11T10:05:00+01:00"),
        ("clocks.response", "2027-01-11T10:05:00+01:00"),
        ("clocks.decision", "2027-01-12T10:00:00+01:00"),
    ]
    plain = asked.trace.plain()
    assert [each["asked"] for each in plain] == [node.asked for node in asked.trace.nodes]
    assert [each.score.total for each in told(asked, Rescored)] == []


def test_a_trace_says_what_holds_a_lead_and_what_gives_way(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes={**GOOD, "email": "ann@rival.example"})
    held = cast.asks("11 10:00")
    assert [node.found for node in held.trace.nodes if node.topic is Topic.JUDGEMENT] == ["no: held by competitor"]
    cast.tell(LeadCreated, "11 09:00", lead="bob", attributes={**GOOD, "consent_contact": "denied"})
    way = cast.asks("11 10:00", lead="bob")
    (judgement,) = (node for node in way.trace.nodes if node.topic is Topic.JUDGEMENT)
    assert "holds, and gives way to the hand-raise" in {part.found for part in judgement.parts}


def test_a_line_of_a_trace_leaves_out_what_is_empty() -> None:
    leaf = Node(topic=Topic.STEP, asked="when?", found="now")
    node = Node(topic=Topic.CLOCK, asked="due?", found="soon", clause="clocks.working", values={"a": 1}, parts=(leaf,))
    assert node.plain() == {
        "topic": "clock",
        "asked": "due?",
        "found": "soon",
        "clause": "clocks.working",
        "values": {"a": 1},
        "parts": [{"topic": "step", "asked": "when?", "found": "now"}],
    }


def test_a_manager_of_whom_nothing_else_was_told_is_the_last_resort(acme: Contract) -> None:
    cast = Cast(acme, reps=())
    assert cast.delivered() == ""  # held first
    cast.tick("11 16:00")
    assert cast.owner() == "mia"
    assert cast.sound()


def test_two_leads_without_an_open_cycle_become_one(cast: Cast) -> None:
    for lead in ("ann", "bob"):
        cast.tell(AttributesChanged, "11 10:00", lead=lead, attributes=GOOD)
    cast.about(LeadsMerged, "11 10:01", absorbed="bob")
    assert cast.world.leads["ann"].cycle is None
    assert cast.world.leads["bob"].merged_into == "ann"
