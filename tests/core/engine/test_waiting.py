"""Handoffs that are held: who is asked about again and when, and that a world told its own facts is the same world."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from tests.support.world import Cast, at, code

from handfast import route
from handfast.contract.model import Contract
from handfast.cycle.life import CycleState
from handfast.engine import State, World, step, waiting
from handfast.engine.effects import AssignmentEnded
from handfast.facts import (
    AbsenceCancelled,
    AbsenceSet,
    AdminWithdrew,
    ContractInForce,
    Disqualified,
    Fact,
    MemberRemoved,
    MemberSet,
    PoolManagerSet,
    Reassigned,
    RepSet,
    Returned,
    Tick,
)
from handfast.instant import DAY
from handfast.route import Team, told
from handfast.route.freed import freed


@pytest.fixture
def lone(acme: Contract) -> Cast:
    """Lena alone sells, and can take nothing."""
    cast = Cast(patient(acme), reps=("lena",))
    cast.tell(RepSet, "04 09:00", rep="lena", open_cap=0)
    return cast


def patient(acme: Contract, hold: str = "dach") -> Contract:
    """The golden contract with holds of several weeks."""
    nobody = acme.pools[hold].nobody
    assert nobody.hold is not None
    long = replace(nobody, hold=replace(nobody.hold, amount=200 * nobody.hold.amount))
    return replace(acme, pools={**acme.pools, hold: replace(acme.pools[hold], nobody=long)})


def holding(cast: Cast, *leads: str, when: str = "11 10:00") -> None:
    for lead in leads:
        cast.delivered(when, lead=lead)
        assert held(cast, lead)


def held(cast: Cast, lead: str) -> bool:
    return cast.cycle(lead).hold is not None


def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who is asked for from now on: the pool of every question."""
    questions: list[str] = []
    choose = route.choose

    def counting(*args: Any, **values: Any) -> Any:
        questions.append(values["pool"])
        return choose(*args, **values)

    monkeypatch.setattr(waiting, "choose", counting)
    return questions


def test_nothing_is_asked_or_noted_while_nothing_could_free_anybody(
    lone: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding(lone, *(f"held{number}" for number in range(20)))
    questions, before = asked(monkeypatch), dict(lone.world.leads)
    lone.looks("11 10:01", lead="new")
    lone.tick("11 10:01")
    lone.tell(PoolManagerSet, "11 10:01", pool="enterprise", rep="mia")
    lone.tell(MemberRemoved, "11 10:01", pool="inbound", rep="lena")
    holding(lone, "last")
    assert questions == []
    assert {name: lone.world.leads[name] for name in before} == before


def test_a_thousand_held_leads_are_one_question(lone: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(lone, "one", "two", "three")
    questions = asked(monkeypatch)
    lone.tell(RepSet, "11 10:05", rep="lena", open_cap=1)
    assert [held(lone, lead) for lead in ("one", "two", "three")] == [False, True, True]
    assert questions == ["dach", "dach"]
    assert lone.sound()


def test_who_has_waited_longest_is_next_whoever_had_it(lone: Cast) -> None:
    """Two had been with somebody who left, two had not: one queue."""
    lone.tell(MemberSet, "11 09:00", pool="dach", rep="tom")
    lone.delivered("11 09:00", lead="first")
    lone.delivered("11 09:01", lead="second")
    lone.tell(RepSet, "11 09:02", rep="tom", active=False)
    holding(lone, "third", when="11 09:03")
    lone.tell(RepSet, "11 09:04", rep="lena", open_cap=2)
    assert [held(lone, lead) for lead in ("first", "second", "third")] == [False, False, True]
    lone.tell(RepSet, "11 09:05", rep="tom")
    assert not held(lone, "third")
    assert lone.owner("third") == "tom"


@pytest.mark.parametrize("lead", ["one", "two"])
def test_who_leaves_the_queue_is_not_asked_about(lone: Cast, lead: str) -> None:
    holding(lone, "one", "two")
    lone.tell(AdminWithdrew, "11 10:01", lead=lead, by="ada", note="a test")
    lone.tell(RepSet, "11 10:02", rep="lena", open_cap=None)
    (other,) = {"one", "two"} - {lead}
    assert lone.owner(other) == "lena"
    assert lone.cycle(lead).state is CycleState.WITHDRAWN


def test_a_group_is_asked_once_more_when_it_is_new(acme: Contract) -> None:
    """A pool that had nobody may have somebody by the time a handoff comes back to it."""
    cast = Cast(acme, reps=("lena",), manager="")
    cast.tell(RepSet, "04 09:00", rep="lena", open_cap=0)
    cast.delivered()
    cast.tick("11 17:00")
    cycle = cast.cycle()
    assert cycle.hold is not None
    assert cycle.hold.unmanaged


def test_at_midnight_a_daily_cap_is_over_and_somebody_wakes(acme: Contract) -> None:
    cast = Cast(patient(acme), reps=("lena",))
    cast.tell(RepSet, "04 09:00", rep="lena", day_cap=1)
    cast.delivered("11 10:00", lead="first")
    cast.tell(Disqualified, "11 10:01", lead="first", by="lena", reason="no_budget")
    cast.tell(AdminWithdrew, "11 10:02", lead="first", by="ada", note="a test")
    holding(cast, "second", "third")
    assert cast.world.next_due() is not None
    midnight = at("12 00:00")
    while (due := cast.world.next_due()) is not None and due < midnight:
        cast.tick(due)
    assert due == midnight
    assert held(cast, "second")
    cast.tick(midnight)
    assert cast.owner("second") == "lena"
    assert held(cast, "third")
    again = cast.world.next_due()
    assert again is not None
    assert midnight < again <= midnight + DAY


def test_what_a_tick_frees_is_given_away_when_all_dues_are_recorded(acme: Contract) -> None:
    """Tom had the third and gave it back; a breach brings him the first, and Lena has room again."""
    cast = Cast(patient(acme), reps=("lena",))
    cast.tell(RepSet, "04 09:00", rep="lena", open_cap=1)
    cast.delivered("11 10:00", lead="first")
    cast.tell(MemberSet, "11 10:01", pool="dach", rep="tom")
    cast.tell(RepSet, "11 10:01", rep="tom", open_cap=1)
    cast.delivered("11 10:01", lead="third")
    cast.tell(Returned, "11 10:02", lead="third", by="tom", reason="misrouted")
    assert held(cast, "third")
    while held(cast, "third"):
        due = cast.world.next_due()
        assert due is not None
        assert due < at("12 00:00")
        cast.tick(due)
    assert (cast.owner("first"), cast.owner("third")) == ("tom", "lena")


def test_the_handoffs_of_who_goes_away_are_all_moved_before_anybody_is_asked(
    lone: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lone.tell(RepSet, "11 09:00", rep="lena", open_cap=None)
    for number in range(10):
        lone.delivered(lead=f"lead{number}")
    questions = asked(monkeypatch)
    lone.tell(AbsenceSet, "11 11:00", rep="lena", absence="leave", starts=at("11 11:00"), ends=at("15 00:00"))
    assert all(held(lone, f"lead{number}") for number in range(10))
    assert questions == ["dach"]
    lone.tell(MemberSet, "11 11:05", pool="dach", rep="tom")
    assert lone.owner("lead9") == "tom"


def eventful(acme: Contract) -> Cast:
    """Holds that end by a return, a return from leave, a midnight, a new cap; re-routes; refusals."""
    cast = Cast(patient(acme))
    for rep in ("lena", "sam"):
        cast.tell(RepSet, "04 09:00", rep=rep, open_cap=2, day_cap=3)
    for number in range(6):
        cast.delivered(f"11 10:0{number}", lead=f"lead{number}")
    owner = cast.owner("lead0")
    cast.tell(Returned, "11 10:10", lead="lead0", by="nobody", reason="misrouted")
    cast.tell(Returned, "11 10:11", lead="lead0", by=owner, reason="misrouted")
    cast.tick("11 12:00")
    cast.tell(AbsenceSet, "11 12:30", rep="sam", absence="leave", starts=at("11 13:00"), ends=at("12 11:00"))
    cast.tick("11 13:00")
    cast.tell(RepSet, "11 14:00", rep="lena", open_cap=4, day_cap=4)
    while (due := cast.world.next_due()) is not None and due < at("12 12:00"):
        cast.tick(due)
    cast.tell(AbsenceCancelled, "12 12:00", rep="sam", absence="leave")
    cast.tell(Reassigned, "12 12:01", lead="lead1", by="mia", to=None)
    return cast


def test_a_world_told_its_own_facts_is_the_same_world(acme: Contract) -> None:
    cast = eventful(acme)
    world, again = cast.world, World(cast.world.terms, keep=True)
    assert any(isinstance(fact, Tick) for fact in world.facts)
    assert any(isinstance(effect, AssignmentEnded) for effect in world.effects)
    for fact in world.facts:
        again.tell(fact)
    assert again.facts == world.facts
    assert again.leads == world.leads
    assert again.team == world.team
    assert again.effects == world.effects
    assert cast.sound()


def test_a_refused_decision_stays_refused_when_it_is_told_again(cast: Cast) -> None:
    rep = cast.delivered()
    other = {"lena": "sam", "sam": "lena"}[rep]
    asked_for: dict[str, Any] = {"id": "once", "by": other, "reason": "misrouted"}
    assert cast.about(Returned, "11 10:01", **asked_for).refused
    cast.about(Reassigned, "11 10:02", by="mia", to=other)
    before = copy.deepcopy(cast.world.leads["ann"])
    assert cast.about(Returned, "11 10:03", **asked_for).effects == ()
    assert cast.world.leads["ann"] == before


def facts_of(*facts: tuple[type[Fact], dict[str, Any]]) -> list[Team]:
    """The team after each of some facts."""
    teams = [Team()]
    for number, (kind, values) in enumerate(facts):
        fact = kind(id=str(number), happened_at=0, recorded_at=0, **values)
        teams.append(told(teams[-1], fact).team)  # type: ignore[arg-type] # facts of the team
    return teams


MEMBER = (MemberSet, {"pool": "dach", "rep": "lena"})


@pytest.mark.parametrize(
    ("after", "free"),
    [
        ((MemberSet, {"pool": "dach", "rep": "sam"}), {"dach"}),
        ((MemberSet, {"pool": "dach", "rep": "lena", "open_cap": 3}), {"dach"}),
        ((MemberSet, {"pool": "dach", "rep": "lena", "weight": 0}), set()),
        ((MemberSet, {"pool": "dach", "rep": "lena", "weight": 2}), set()),
        ((MemberRemoved, {"pool": "dach", "rep": "lena"}), set()),
        ((RepSet, {"rep": "lena", "day_cap": 3}), {"dach"}),
        ((RepSet, {"rep": "lena", "active": False}), set()),
        ((RepSet, {"rep": "zoe"}), set()),
        ((PoolManagerSet, {"pool": "dach", "rep": "lena"}), set()),
    ],
)
def test_pools_are_freed_by_who_could_not_be_given_a_lead_and_can(
    after: tuple[type[Fact], dict[str, Any]], free: set[str]
) -> None:
    *_, was, now = facts_of(MEMBER, (MemberSet, {"pool": "inbound", "rep": "tom"}), after)
    assert freed(was, now) == free


def test_who_is_back_frees_the_pools_they_are_in() -> None:
    *_, paused, on = facts_of(MEMBER, (MemberSet, {"pool": "dach", "rep": "lena", "weight": 0}), MEMBER)
    assert freed(paused, on) == {"dach"}
    *_, gone, back = facts_of(MEMBER, (RepSet, {"rep": "lena", "active": False}), (RepSet, {"rep": "lena"}))
    assert freed(gone, back) == {"dach"}


def test_what_nobody_could_mean_about_a_team_is_refused(cast: Cast) -> None:
    before = cast.world.team
    assert code(cast.tell(MemberSet, "11 09:00", pool="dach", rep="lena", weight=-1)) == "weight_negative"
    assert code(cast.tell(ContractInForce, "11 09:00", digest="", version=99)) == "unknown_version"
    assert cast.world.team == before


def test_a_step_told_again_hands_back_what_it_was_given(cast: Cast) -> None:
    cast.delivered()
    state = State(lead=cast.world.leads["ann"], team=cast.world.team)
    latest = cast.world.facts[-1]
    done = step(state, latest, cast.world.terms)
    assert (done.state, done.effects) == (state, ())
