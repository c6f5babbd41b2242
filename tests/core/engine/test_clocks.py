from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.world import Cast, at, code, told

from handfast.contract.model import ClockName, Contract
from handfast.contract.model import Step as Escalation
from handfast.contract.terms import Duration, DurationUnit
from handfast.cycle.life import CycleState
from handfast.cycle.values import ClockState
from handfast.engine.cause import proposed_cause
from handfast.engine.clocks import resume
from handfast.engine.effects import Alerted, BreachChange, BreachChanged, ClockChanged, StepFell
from handfast.engine.terms import Terms
from handfast.engine.turn import Turn
from handfast.facts import (
    AbsenceSet,
    Accepted,
    BreachCause,
    BreachCauseSet,
    BreachExcused,
    ClockPaused,
    ClockResumed,
    ContestOverturned,
    Disqualified,
    GivenBack,
    Rejected,
    RepSet,
    Returned,
    Tick,
    TouchKind,
    TouchMade,
)
from handfast.instant import DAY, HOUR, MINUTE

FIRST, RESPONSE, DECISION = ClockName.FIRST_TOUCH, ClockName.RESPONSE, ClockName.DECISION


def windowed(contract: Contract, name: ClockName, within: Duration, **changes: object) -> Contract:
    clock = replace(contract.clocks[name], within=within, within_hand_raise=within, **changes)  # type: ignore[arg-type] # of a clock
    return replace(contract, clocks={**contract.clocks, name: clock})


WALL_HOUR = Duration(unit=DurationUnit.WALL, amount=HOUR, text="1 hour")


def test_a_message_found_late_is_recorded_and_not_sent_and_the_re_route_happens(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    effects = [effect for each in cast.tick("11 12:00") for effect in each.effects]
    steps = [effect for effect in effects if isinstance(effect, StepFell)]
    assert {effect.told for effect in steps} == {()}
    assert [effect.percent for effect in steps] == [50, 100, 200]
    assert cast.owner() not in {rep, ""}
    assert cast.clock(DECISION).started_at == at("11 12:00")
    assert cast.sound()


def test_a_message_in_time_goes_to_the_people_behind_its_words(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    half = [effect for each in cast.tick("11 10:03") for effect in each.effects if isinstance(effect, StepFell)]
    assert [effect.told for effect in half] == [(rep,)]
    cast.tick("11 10:05")
    last = [effect for each in cast.tick("11 10:10") for effect in each.effects if isinstance(effect, StepFell)]
    assert [effect.told for effect in last] == [("omar@acme.example", "dana@acme.example")]


def test_a_pause_is_a_callback_date_with_a_note_once_and_not_for_long(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    first = cast.clock(FIRST)

    def pause(when: str, until: int, note: str = "asked to be called then", clock: str = first.id) -> str:
        return code(cast.about(ClockPaused, when, by=rep, clock=clock, until=until, note=note))

    assert pause("11 10:01", at("11 10:00")) == "date_past"
    assert pause("11 10:01", at("11 10:01") + 31 * DAY) == "pause_too_long"
    assert pause("11 10:01", at("12 10:00"), note=" ") == "note_missing"
    assert pause("11 10:01", at("12 10:00"), clock="nothing") == "clock_unknown"
    assert code(cast.about(ClockResumed, "11 10:01", by=rep, clock="first_touch")) == "clock_not_paused"
    assert pause("11 10:01", at("12 10:00"), clock="first_touch") == ""
    assert cast.clock(FIRST).due_at is None
    assert pause("11 10:02", at("13 10:00")) == "clock_not_running"
    cast.about(ClockResumed, "11 11:00", by=rep, clock=first.id)
    assert cast.clock(FIRST).due_at == at("11 11:04")
    assert pause("11 11:01", at("13 10:00")) == "paused_before"
    assert cast.sound()


def test_a_pause_ends_on_its_date_also_when_nobody_looks(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(ClockPaused, "11 10:01", by=rep, clock="first_touch", until=at("12 10:00"), note="tomorrow at ten")
    cast.about(ClockPaused, "11 10:01", by=rep, clock="response", until=at("12 10:00"), note="tomorrow at ten")
    cast.tick("12 10:03")
    assert cast.clock(FIRST).state is ClockState.RUNNING
    assert cast.clock(FIRST).due_at == at("12 10:04")
    assert cast.sound()


def test_a_contest_suspends_a_paused_clock_too_and_gives_the_pause_back(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(ClockPaused, "11 10:01", by=rep, clock="first_touch", until=at("12 10:00"), note="tomorrow at ten")
    cast.about(Rejected, "11 10:02", by=rep, reason="wrong_industry")
    assert cast.clock(FIRST).state is ClockState.SUSPENDED
    cast.about(ContestOverturned, "11 10:03", by="dana", note="no")
    assert cast.clock(FIRST).state is ClockState.PAUSED
    cast.tick("12 10:00")
    assert cast.clock(FIRST).due_at == at("12 10:04")
    assert cast.sound()


def test_a_breached_clock_is_not_suspended(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.tick("11 10:06")
    cast.about(Rejected, "11 10:07", by=cast.owner(), reason="wrong_industry")
    assert cast.clock(FIRST).state is ClockState.BREACHED
    cast.about(ContestOverturned, "11 10:08", by="dana", note="no")
    assert cast.clock(FIRST).state is ClockState.BREACHED
    assert rep


def test_a_wall_window_is_paused_and_resumed_around_the_clock(acme: Contract) -> None:
    cast = Cast(windowed(acme, FIRST, WALL_HOUR))
    rep = cast.delivered("11 10:00")
    cast.about(ClockPaused, "11 10:15", by=rep, clock="first_touch", until=at("16 03:00"), note="on Saturday")
    cast.tick("16 03:00")
    assert cast.clock(FIRST).due_at == at("16 03:45")
    assert cast.sound()


def test_a_clock_that_does_not_stand_still_is_not_resumed(cast: Cast) -> None:
    cast.delivered("11 10:00")
    now = at("11 10:01")
    look = Tick(id="look", happened_at=now, recorded_at=now, lead="ann")
    turn = Turn(look, cast.world.leads["ann"], None, cast.world.team, cast.world.terms)
    with pytest.raises(ValueError, match="does not stand still"):
        resume(turn, cast.clock(FIRST), now)


def test_asking_again_tightens_what_is_due_later_and_never_loosens(cast: Cast) -> None:
    cast.tell(RepSet, "04 09:00", rep="lena")
    cast.delivered("08 14:58")
    due = cast.clock(FIRST).due_at
    cast.asks("08 14:59")
    assert cast.clock(FIRST).due_at == due
    cast.looks("11 09:00")
    assert cast.clock(FIRST).due_at == due


def test_asking_again_makes_four_hours_five_minutes(cast: Cast) -> None:
    from tests.support.world import GOOD

    from handfast.facts import LeadCreated

    cast.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD)
    cast.looks("11 10:00")
    cast.looks("11 10:01")
    assert cast.cycle().state is CycleState.WAITING
    assert cast.clock(FIRST).due_at == at("11 15:01")
    cast.asks("11 11:00")
    assert cast.clock(FIRST).due_at == cast.clock(RESPONSE).due_at == at("11 11:05")
    assert [step.step.at for step in cast.clock(FIRST).steps] == [50, 100, 200]
    assert cast.sound()


def test_asking_again_while_held_or_paused(acme: Contract) -> None:
    from tests.support.world import GOOD

    from handfast.facts import LeadCreated, MemberSet

    cast = Cast(acme, reps=())
    cast.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD)
    cast.looks("11 10:00")
    cast.looks("11 10:01")
    cast.asks("11 10:02")
    assert cast.clock(FIRST).due_at == at("11 10:07")
    cast.tell(MemberSet, "11 10:03", pool="dach", rep="lena")
    cast.about(ClockPaused, "11 10:03", by="lena", clock="first_touch", until=at("12 10:00"), note="tomorrow")
    cast.asks("11 10:04")
    assert cast.clock(FIRST).state is ClockState.PAUSED
    cast.about(TouchMade, "11 10:05", by="lena", kind=TouchKind.ATTEMPT)
    before = cast.clock(RESPONSE)
    cast.asks("11 10:06")
    assert cast.clock(RESPONSE) == before
    assert cast.sound()


def test_the_response_of_a_former_owner_is_not_tightened(acme: Contract) -> None:
    day = Duration(unit=DurationUnit.BUSINESS_DAYS, amount=1, text="1 business day")
    contract = windowed(acme, RESPONSE, WALL_HOUR)
    contract = replace(
        contract,
        clocks={
            **contract.clocks,
            FIRST: replace(contract.clocks[FIRST], within=day, within_hand_raise=day, escalate=()),
            RESPONSE: replace(
                contract.clocks[RESPONSE], escalate=(Escalation(at=100, to=("manager",), re_route=True),)
            ),
        },
    )
    cast = Cast(contract, reps=("lena",))
    cast.delivered("11 10:00")
    cast.about(Returned, "11 10:01", by="lena", reason="misrouted")
    assert cast.cycle().hold is not None
    cast.asks("11 10:02")
    assert cast.clock(RESPONSE).state is ClockState.CANCELLED
    assert cast.sound()


def test_asking_again_after_acceptance_tells_the_owner_and_starts_a_response(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(TouchMade, "11 10:01", by=rep, kind=TouchKind.CONTACT)
    asked = cast.asks("11 12:40")
    assert [each.to for each in told(asked, Alerted)] == [rep]
    assert cast.clock(RESPONSE).due_at == at("11 13:35")
    again = cast.asks("11 12:41")
    assert not told(again, ClockChanged)
    assert cast.sound()


def test_a_touch_in_time_recorded_late_is_marked_and_may_be_given_back(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.tick("11 10:05")
    other = cast.owner()
    assert other != rep
    late = cast.about(TouchMade, "11 10:08", happened_at="11 10:04", by=rep, kind=TouchKind.ATTEMPT)
    assert cast.clock(FIRST).recorded_late
    assert cast.clock(FIRST).state is ClockState.ANSWERED_LATE
    assert BreachChange.IN_TIME in [each.change for each in told(late, BreachChanged)]
    assert [each.to for each in told(late, Alerted)] == ["mia"]
    cast.about(GivenBack, "11 10:09", by="mia", to=rep)
    assert (cast.owner(), cast.cycle().assignments[-1].way) == (rep, "given_back")
    cast.about(Accepted, "11 10:10", by=rep)
    assert code(cast.about(GivenBack, "11 10:11", by="mia", to=other)) == "not_in_this_state"
    assert cast.sound()


def test_a_touch_by_somebody_else_stops_the_cycles_clock_alone(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(TouchMade, "11 10:01", by="mia", kind=TouchKind.CONTACT)
    assert cast.clock(FIRST).state is ClockState.STOPPED
    assert cast.clock(RESPONSE).state is ClockState.RUNNING
    assert cast.cycle().state is CycleState.WAITING
    assert code(cast.about(Rejected, "11 10:02", by=rep, reason="junk_contact")) == "contacted_already"
    cast.about(TouchMade, "11 10:03", by="dana", kind=TouchKind.CONTACT)
    cast.about(TouchMade, "11 10:03", by="mia", kind=TouchKind.CONTACT)
    assert cast.cycle().contact_at == at("11 10:01")


def test_a_touch_before_the_promise_answers_nothing(cast: Cast) -> None:
    cast.looks("11 09:00")
    cast.about(TouchMade, "11 09:01", by="lena", kind=TouchKind.ATTEMPT)
    cast.delivered("11 10:00")
    cast.about(TouchMade, "11 10:01", happened_at="11 09:59", by="lena", kind=TouchKind.ATTEMPT)
    assert cast.clock(FIRST).state is ClockState.RUNNING


def test_what_reps_report_of_themselves_goes_back_a_day_and_is_marked(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    said = {"by": rep, "kind": TouchKind.ATTEMPT, "self_reported": True}
    assert code(cast.about(TouchMade, "13 10:00", happened_at="11 10:01", **said)) == "too_long_ago"
    cast.about(TouchMade, "13 10:01", happened_at="12 12:00", **said)
    assert cast.cycle().first_touch_reported
    cast.about(TouchMade, "13 10:02", happened_at="12 11:00", by=rep, kind=TouchKind.ATTEMPT)
    assert not cast.cycle().first_touch_reported
    assert cast.cycle().attempts == (at("12 11:00"), at("12 12:00"))


def test_what_lies_ahead_happened_when_it_was_recorded(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(TouchMade, "11 10:01", happened_at="11 11:00", by=rep, kind=TouchKind.ATTEMPT)
    assert cast.cycle().first_touch_at == at("11 10:01")


def test_an_ended_cycle_that_was_answered_in_time_is_said_to_have_been(acme: Contract) -> None:
    cast = Cast(acme, reps=("lena",))
    cast.delivered("11 10:00")
    cast.about(Accepted, "11 10:01", by="lena")
    cast.tick("11 10:06")
    cast.about(Disqualified, "11 10:07", by="lena", reason="competitor_won")
    before = cast.cycle()
    late = cast.about(TouchMade, "11 10:08", happened_at="11 10:04", by="lena", kind=TouchKind.ATTEMPT)
    assert {each.breach.name for each in told(late, BreachChanged)} == {FIRST, RESPONSE}
    again = cast.about(TouchMade, "11 10:09", happened_at="11 10:04", by="lena", kind=TouchKind.ATTEMPT)
    early = cast.about(TouchMade, "11 10:09", happened_at="11 09:04", by="lena", kind=TouchKind.ATTEMPT)
    assert again.effects == early.effects == ()
    assert cast.cycle() == before
    assert cast.sound()


def test_a_touch_on_a_lead_without_a_cycle_is_kept(cast: Cast) -> None:
    from handfast.facts import AttributesChanged

    cast.about(AttributesChanged, "11 09:00", attributes={})
    assert cast.about(TouchMade, "11 09:01", by="lena", kind=TouchKind.ATTEMPT).effects == ()


def test_a_manager_sets_the_cause_and_excuses(acme: Contract) -> None:
    cast = Cast(acme, reps=("lena",))
    cast.delivered("11 10:00")
    cast.tick("11 10:05")
    breach = cast.clock(FIRST).id
    cause = {"breach": f"{breach}:breached", "cause": BreachCause.OTHER}
    assert code(cast.about(BreachCauseSet, "11 10:06", by="lena", **cause)) == "not_a_manager"
    assert code(cast.about(BreachCauseSet, "11 10:06", by="mia", **cause)) == ""
    assert code(cast.about(BreachExcused, "11 10:06", by="mia", breach="x", why="y")) == "breach_unknown"
    assert code(cast.about(BreachExcused, "11 10:06", by="mia", breach=breach, why=" ")) == "note_missing"
    cast.about(BreachExcused, "11 10:06", by="mia", breach=breach, why="the telephones were down")
    said = cast.world.leads["ann"].breaches[breach]
    assert (said.proposed, said.cause, said.excused) == (
        BreachCause.REP_IDLE,
        BreachCause.OTHER,
        "the telephones were down",
    )
    assert cast.sound()


def test_causes_are_proposed_from_facts(acme: Contract) -> None:
    def cause(cast: Cast, when: str = "11 10:30") -> BreachCause:
        cast.tick(when)
        return cast.world.leads["ann"].breaches[cast.clock(FIRST).id].proposed

    idle, unknown, full = Cast(acme), Cast(acme), Cast(acme, reps=("lena",))
    idle.delivered()
    assert cause(idle) is BreachCause.REP_IDLE
    unknown.delivered(email="")
    assert cause(unknown) is BreachCause.DATA
    full.delivered()
    full.tell(RepSet, "11 10:00", rep="lena", open_cap=0)
    assert cause(full) is BreachCause.NO_CAPACITY
    held = Cast(acme, reps=())
    held.delivered()
    assert cause(held) is BreachCause.NO_CAPACITY
    returned = Cast(acme)
    rep = returned.delivered()
    returned.about(Returned, "11 10:01", by=rep, reason="misrouted")
    assert cause(returned) is BreachCause.ROUTING
    paused = Cast(acme)
    rep = paused.delivered()
    paused.about(ClockPaused, "11 10:01", by=rep, clock="first_touch", until=at("11 10:02"), note="in a minute")
    assert cause(paused) is BreachCause.OTHER
    night = Cast(windowed(acme, FIRST, WALL_HOUR))
    night.delivered("11 22:00")
    assert cause(night, "11 23:00") is BreachCause.OUT_OF_HOURS


def test_a_clock_broken_by_one_who_is_away_is_an_absence(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(Accepted, "11 10:01", by=rep)
    cast.tell(AbsenceSet, "11 10:02", absence="leave", rep=rep, starts=at("11 10:02"), ends=at("13 10:00"))
    cast.tick("11 10:05")
    assert cast.world.leads["ann"].breaches[cast.clock(FIRST).id].proposed is BreachCause.ABSENCE


def test_a_contest_that_lapses_is_marketings_breach(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(Rejected, "11 10:01", by=rep, reason="wrong_industry")
    cast.tick("14 10:00")
    cycle = cast.cycle()
    assert (cycle.state, cycle.ended_at) == (CycleState.REJECTED, at("13 10:01"))
    assert cast.clock(ClockName.CONTEST).state is ClockState.BREACHED
    assert cast.world.leads["ann"].breaches[cast.clock(ClockName.CONTEST).id].proposed is BreachCause.OTHER
    assert [effect.percent for effect in cast.world.effects if isinstance(effect, StepFell)] == [100]
    assert cast.sound()


def test_an_escalation_that_does_not_tell_the_manager_alerts_them_once(acme: Contract) -> None:
    quiet = (Escalation(at=100, to=("owner",), re_route=True), Escalation(at=200, to=("x@y.example",), re_route=True))
    cast = Cast(windowed(acme, FIRST, WALL_HOUR, escalate=quiet), reps=("lena",))
    cast.delivered("11 10:00")
    cast.tick("11 11:00")
    cast.tick("11 12:00")
    assert [each.to for each in cast.world.effects if isinstance(each, Alerted)] == ["mia"]
    assert cast.owner() == "lena"
    assert cast.sound()


def test_a_re_route_on_what_is_accepted_is_just_its_messages(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    cast.about(Accepted, "11 10:01", by=rep)
    cast.tick("11 10:05")
    assert cast.owner() == rep
    assert cast.clock(FIRST).state is ClockState.BREACHED


def test_a_breach_while_nobody_has_it_re_routes_nothing(acme: Contract) -> None:
    cast = Cast(acme, reps=())
    cast.delivered("11 10:00")
    cast.tick("11 10:05")
    assert cast.cycle().hold is not None
    assert cast.sound()


def test_terms_carry_the_settings(acme: Contract) -> None:
    terms = Terms.of_contracts([acme])
    assert (terms.cutoff, terms.backdating, terms.longest_pause) == (30 * MINUTE, 24 * HOUR, 30 * DAY)
    assert callable(proposed_cause)


def test_a_touch_in_time_by_another_rep_answers_the_cycles_clock_and_not_their_colleagues(cast: Cast) -> None:
    rep = cast.delivered("11 10:00")
    other = {"lena": "sam", "sam": "lena"}[rep]
    cast.tick("11 10:05")
    cast.about(TouchMade, "11 10:06", by=rep, kind=TouchKind.ATTEMPT)
    mine = next(clock for clock in cast.cycle().clocks.values() if clock.name is RESPONSE and clock.rep == rep)
    assert (mine.state, mine.recorded_late) == (ClockState.ANSWERED_LATE, False)
    cast.about(TouchMade, "11 10:08", happened_at="11 10:04", by=other, kind=TouchKind.ATTEMPT)
    assert cast.clock(FIRST).recorded_late
    assert not cast.cycle().clocks[mine.id].recorded_late
    assert cast.sound()
