from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from tests.support.world import GOOD, Cast, at, code, told

from handfast.contract.model import ClockName, Contract
from handfast.contract.seal import seal
from handfast.contract.sign import Signed
from handfast.cycle.life import CycleState
from handfast.cycle.values import ClockState
from handfast.engine import State, Terms, World, conservation, releasable, step
from handfast.engine.effects import (
    Alerted,
    Assigned,
    BandChanged,
    BreachChanged,
    ClockChanged,
    HoldEnded,
    LedgerEntry,
    Moved,
    Rescored,
)
from handfast.engine.on import HANDLERS
from handfast.engine.release import would_qualify
from handfast.facts import (
    AbsenceSet,
    Accepted,
    ActivityHappened,
    AttributesChanged,
    ContractInForce,
    DealFact,
    Decision,
    Fact,
    LeadCreated,
    LeadErased,
    LeadFact,
    LeadsMerged,
    MemberSet,
    Released,
    RepSet,
    Rerouted,
    TeamFact,
    Tick,
)
from handfast.instant import DAY, HOUR, MINUTE
from handfast.qualify import Band


def kinds(of: type[Fact]) -> set[type[Fact]]:
    return {of, *(kind for each in of.__subclasses__() for kind in kinds(each))}


def test_every_kind_of_fact_has_a_handler() -> None:
    # A slotted dataclass replaces its class; the one of a name that stands in the module is the one that is told.
    import handfast.facts as module

    abstract = {Fact, LeadFact, Decision, DealFact, TeamFact}
    there = {kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Fact)} - abstract
    assert set(HANDLERS) == there


def test_a_step_changes_nothing_it_was_given(cast: Cast) -> None:
    cast.delivered()
    state = State(lead=cast.world.leads["ann"], team=cast.world.team)
    before = copy.deepcopy((state.lead, state.team))
    now = at("11 10:02")
    fact = ActivityHappened(
        id="x", happened_at=now, recorded_at=now, lead="ann", kind="page_viewed", properties={"path": "/pricing"}
    )
    first, second = (step(state, fact, cast.world.terms) for _ in range(2))
    assert (state.lead, state.team) == before
    assert first.state == second.state
    assert first.effects == second.effects
    assert first.state.lead != state.lead


def test_a_fact_told_twice_is_one(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    first = cast.asks("11 10:00", id="form")
    second = cast.asks("11 11:00", id="form")
    assert told(first, Moved)
    assert (second.effects, second.trace.nodes) == ((), ())
    member = MemberSet(id="once", happened_at=at("11 12:00"), recorded_at=at("11 12:00"), pool="dach", rep="zoe")
    cast.world.tell(member)
    assert cast.world.tell(replace(member, weight=5)).effects == ()
    assert cast.world.team.roster("dach").members["zoe"].weight == 1


def test_told_again_in_their_order_facts_and_ticks_make_the_same_world(cast: Cast) -> None:
    cast.delivered("08 14:58")
    cast.tick("11 09:03")
    cast.about(Accepted, "11 09:30", by=cast.owner())
    again = World(cast.world.terms)
    for fact in cast.world.facts:
        again.tell(fact)
    assert again.leads == cast.world.leads
    assert again.team == cast.world.team
    assert again.moves == cast.world.moves
    assert cast.sound()


def test_scores_are_told_when_they_change_and_bands_when_they_cross(cast: Cast) -> None:
    first = cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    assert [effect.score.total for effect in told(first, Rescored)] == [6000]
    assert [(effect.before, effect.after) for effect in told(first, BandChanged)] == [(Band.NURTURE, Band.WARM)]
    second = cast.looks("11 09:10", path="/blog")
    assert not told(second, Rescored)
    assert cast.world.leads["ann"].scored.total == 6000


def test_a_look_at_every_lead_reports_bands_that_faded_and_qualifies_nobody(cast: Cast) -> None:
    small = {"industry": "software"}
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=small)
    cast.looks("11 09:01")
    cast.looks("11 09:02")
    cast.tell(LeadCreated, "11 09:05", lead="bob", attributes=small)
    cast.tell(LeadErased, "11 09:06", lead="bob")
    assert cast.world.leads["ann"].band is Band.WARM
    looked = cast.world.bands(at("11 09:02") + 15 * DAY)
    assert [effect.after for each in looked for effect in told(each, BandChanged)] == [Band.NURTURE]
    assert cast.cycle().state is CycleState.OPEN


def test_an_activity_is_enough_to_be_heard_of(cast: Cast) -> None:
    cast.looks("11 09:00")
    assert cast.cycle().state is CycleState.OPEN
    assert cast.world.lead("ann") is cast.world.leads["ann"]


def test_attributes_alone_open_nothing(cast: Cast) -> None:
    cast.about(AttributesChanged, "11 09:00", attributes=GOOD, account="buyer")
    assert cast.world.leads["ann"].cycle is None
    assert cast.world.leads["ann"].account == "buyer"


def test_nobody_is_judged_before_the_first_version(acme: Contract) -> None:
    cast = Cast(replace(acme, effective_from=at("20 00:00")))
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    cast.asks("11 10:00")
    cast.about(AttributesChanged, "11 10:30", attributes={"consent_contact": "denied"})
    cycle = cast.cycle()
    assert (cycle.state, cycle.version) == (CycleState.OPEN, None)
    assert code(cast.about(Released, "11 11:00", by="dana")) == "does_not_qualify"
    cast.about(AttributesChanged, "11 11:30", attributes={"consent_contact": "granted"})
    assert code(cast.about(Released, "20 09:00", by="dana")) == ""
    assert cast.cycle().state is CycleState.WAITING


def test_history_that_is_loaded_delivers_nothing(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD, loaded=True)
    cast.asks("11 09:00", happened_at="05 10:00", loaded=True)
    assert cast.cycle().state is CycleState.OPEN
    assert not cast.cycle().clocks
    cast.looks("11 10:00")
    assert cast.cycle().state is CycleState.OPEN  # a hand raised in history is pending for marketing alone
    cast.about(Released, "11 10:01", by="dana")
    assert cast.cycle().state is CycleState.WAITING


def test_leads_that_would_qualify_under_a_new_version_are_listed_and_released(acme: Contract) -> None:
    lower = replace(acme, version=8, effective_from=at("12 00:00"))
    definitions = lower.definitions
    lower = replace(
        lower,
        definitions=replace(definitions, mql=replace(definitions.mql, when=definitions.icp.when)),  # type: ignore[union-attr] # it has one
    )
    cast = Cast(acme, lower)
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    cast.tell(LeadCreated, "11 09:00", lead="bob", attributes={})
    assert list(releasable(cast.world, at("11 10:00"))) == []
    cast.tell(ContractInForce, "12 00:00", version=8, digest="")
    cast.tick("12 10:00")
    assert cast.cycle().state is CycleState.OPEN
    assert list(releasable(cast.world, at("12 10:00"))) == ["ann"]
    assert code(cast.tell(Released, "12 10:00", lead="bob", by="dana")) == "does_not_qualify"
    cast.about(Released, "12 10:00", by="dana")
    assert (cast.cycle().state, cast.cycle().version) == (CycleState.WAITING, 8)
    assert would_qualify(cast.world.leads["ann"], cast.world.terms, at("12 10:00")) is None
    assert code(cast.about(Released, "12 10:01", by="dana")) == "not_in_this_state"


def test_terms_come_from_signed_versions_by_their_seals_alone(acme: Contract) -> None:
    sealed = seal(acme)
    terms = Terms.of_signed([Signed(sealed=sealed, proposed_at=0, signatures=(), in_force_from=at("04 00:00"))])
    plain = Terms.of_contracts([acme]).of(7)
    signed = terms.of(7)
    assert signed.digest == sealed.digest
    assert terms.in_force(at("04 00:00") - 1) is None
    assert signed.midnight(signed.date_of(at("11 23:30"))) == plain.midnight(plain.date_of(at("11 23:30")))
    assert signed.midnight(signed.date_of(at("11 23:30"))) == at("11 00:00")


def test_facts_about_nobody_are_refused(cast: Cast) -> None:
    refused = cast.about(Accepted, "11 10:00", by="lena")
    assert code(refused) == "unknown_lead"
    assert refused.state.lead is None
    assert "ann" not in cast.world.leads
    cast.delivered()
    cast.about(LeadErased, "11 10:01")
    assert code(cast.asks("11 10:02")) == "erased"
    assert code(cast.tell(LeadsMerged, "11 10:03", lead="bob", absorbed="ann")) == "unknown_lead"


def test_what_is_about_a_double_is_about_the_one_it_was_merged_into(cast: Cast) -> None:
    cast.delivered()
    cast.looks("11 10:01", lead="anne")
    cast.tell(LeadsMerged, "11 10:02", lead="ann", absorbed="anne")
    assert code(cast.tell(Accepted, "11 10:03", lead="anne", by=cast.owner())) == ""
    assert cast.cycle().state is CycleState.ACCEPTED
    assert code(cast.tell(LeadsMerged, "11 10:04", lead="ann", absorbed="anne")) == "merged_already"
    state = State(lead=cast.world.leads["anne"], team=cast.world.team)
    now = at("11 10:05")
    straight = Accepted(id="straight", happened_at=now, recorded_at=now, lead="anne", by="lena")
    assert code(step(state, straight, cast.world.terms)) == "merged"
    assert cast.sound()


def test_an_erased_double_is_not_taken_over(cast: Cast) -> None:
    cast.looks("11 10:00", lead="anne")
    cast.looks("11 10:00", lead="ann")
    cast.tell(LeadErased, "11 10:01", lead="anne")
    assert code(cast.tell(LeadsMerged, "11 10:02", lead="ann", absorbed="anne")) == "erased"
    assert code(cast.tell(LeadsMerged, "11 10:02", lead="ann", absorbed="nobody")) == "unknown_lead"


def test_the_next_due_is_of_leads_and_of_the_team(cast: Cast) -> None:
    assert cast.world.next_due() is None
    cast.delivered("11 10:00")
    assert cast.world.next_due() == at("11 10:02") + MINUTE // 2
    cast.about(Accepted, "11 10:01", by=cast.owner())
    cast.tell(AbsenceSet, "11 10:01", absence="leave", rep="sam", starts=at("11 10:02"), ends=at("13 10:00"))
    assert cast.world.next_due() == at("11 10:02")
    cast.tick("11 10:02")
    assert cast.world.team.reps["sam"].away


def test_a_lead_in_hand_goes_on_when_its_rep_goes_on_leave(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.tell(AbsenceSet, "11 10:01", absence="leave", rep=rep, starts=at("11 10:02"), ends=at("13 10:00"))
    cast.tick("11 10:02")
    assert cast.owner() not in {rep, ""}
    assert cast.cycle().assignments[0].end == "absence"
    assert cast.sound()


def test_an_absence_that_began_is_seen_by_the_next_fact_about_anybody(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.tell(AbsenceSet, "11 10:01", absence="leave", rep=rep, starts=at("11 10:02"), ends=at("13 10:00"))
    cast.looks("11 10:03", lead="bob")
    assert cast.owner() not in {rep, ""}
    assert cast.sound()


def test_a_held_handoff_is_taken_as_soon_as_somebody_can(acme: Contract) -> None:
    cast = Cast(acme, reps=())
    cast.delivered("11 10:00")
    assert cast.cycle().hold is not None
    assert cast.owner() == ""
    cast.tell(MemberSet, "11 10:05", pool="dach", rep="lena")
    assert cast.owner() == "lena"
    assert [effect for effect in cast.world.effects if isinstance(effect, HoldEnded)]
    assert cast.sound()


def test_a_rep_at_their_cap_frees_a_place_for_who_is_held(acme: Contract) -> None:
    cast = Cast(acme, reps=("lena",))
    cast.tell(RepSet, "04 09:00", rep="lena", open_cap=1)
    cast.delivered("11 10:00")
    cast.delivered("11 10:01", lead="bob")
    assert cast.cycle("bob").hold is not None
    cast.about(LeadErased, "11 10:02")
    assert cast.owner("bob") == "lena"
    assert cast.sound()


def test_with_nobody_and_no_manager_it_is_held_on_and_sales_hear_of_it(acme: Contract) -> None:
    cast = Cast(acme, reps=(), manager="")
    cast.delivered("11 10:00")
    cast.tick("11 20:00")
    hold = cast.cycle().hold
    assert hold is not None
    assert hold.unmanaged
    assert [effect.to for effect in cast.world.effects if isinstance(effect, Alerted)][:1] == ["omar@acme.example"]
    cast.tick("12 20:00")
    assert cast.cycle().hold is not None
    assert cast.cycle().hold != hold
    cast.tell(MemberSet, "13 10:05", pool="dach", rep="lena")
    assert cast.owner() == "lena"
    assert cast.sound()


def test_a_reroute_that_has_been_overtaken_does_nothing(cast: Cast) -> None:
    rep = cast.delivered()
    other = {"lena": "sam", "sam": "lena"}[rep]
    moved = cast.about(Rerouted, "11 10:01", by="", cause="absence", rep=other)
    assert moved.effects == ()
    cast.looks("11 10:01", lead="bob")
    assert cast.tell(Rerouted, "11 10:01", lead="bob", by="", cause="absence", rep="lena").effects == ()


def test_conservation_says_what_is_broken(cast: Cast) -> None:
    cast.delivered()
    lead = cast.world.leads["ann"]
    assert lead.cycle is not None
    cycle = lead.cycle
    decision = cast.clock(ClockName.DECISION)
    stopped = {**cycle.clocks, decision.id: replace(decision, state=ClockState.STOPPED)}
    broken = {
        "stands as open": replace(cycle, state=CycleState.WON),
        "0 current assignments": replace(cycle, assignments=()),
        "0 decision clocks": replace(cycle, clocks=stopped),
        "assignments through": replace(cycle, assignments=(*cycle.assignments[:1], cycle.assignments[0])),
    }
    for words, wrong in broken.items():
        cast.world.leads["ann"] = replace(lead, cycle=wrong)
        found = conservation(cast.world)
        assert not found.holds
        assert any(words in each for each in found.broken), (words, found)
    cast.world.leads["ann"] = lead
    cast.world.entries.append(replace(cast.world.entries[-1], amount=(5, 1)))
    assert any("not the sum" in each for each in conservation(cast.world).broken)
    cast.world.entries.pop()
    assert conservation(cast.world).holds
    lost = next(move for move in cast.world.moves if move.after is CycleState.WAITING)
    cast.world.moves.append(replace(lost, after=CycleState.OPEN))
    assert conservation(cast.world).unaccounted == 1


def test_a_tick_that_finds_nothing_due_changes_nothing_that_matters(cast: Cast) -> None:
    cast.delivered()
    before = cast.world.leads["ann"].cycle
    looked = Tick(id="look", happened_at=at("11 10:01"), recorded_at=at("11 10:01"), lead="ann")
    assert cast.world.tell(looked).effects == ()
    assert cast.world.leads["ann"].cycle == before


@pytest.mark.parametrize("kind", [Assigned, LedgerEntry, ClockChanged, Moved])
def test_what_a_step_brings_about_has_ids_of_its_own(cast: Cast, kind: type) -> None:
    cast.delivered()
    found = [effect.id for effect in cast.world.effects if isinstance(effect, kind)]
    assert len(found) == len(set(found)) > 0
    assert not [effect for effect in cast.world.effects if isinstance(effect, BreachChanged)]
    assert HOUR
