"""Another system's handoffs as cycles: their stages as stated, what later ones imply, and a virtual first touch."""

from __future__ import annotations

import pytest
from tests.support.world import GOOD, Cast, at

from handfast.contract.model import ClockName
from handfast.cycle.life import CycleState
from handfast.cycle.values import ClockState, Cycle
from handfast.engine import Terms
from handfast.facts import LeadCreated, Stage, StageStamped, TouchKind, TouchMade
from handfast.history.columns import columns_of
from handfast.history.lives import Lives
from handfast.history.record import Notes
from handfast.instant import NEVER
from handfast.shadow import cycles_elsewhere


def told(cast: Cast, **stages: str) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    for stage, when in stages.items():
        stated = {"lead": "ann", "handoff": "h1", "stage": Stage(stage), "owner": "lena", "loaded": True}
        cast.tell(StageStamped, "18 09:00", happened_at=when, **stated)


def only(cast: Cast) -> Cycle:
    (found,) = cycles_elsewhere(cast.world.leads["ann"], cast.world.terms)
    return found


def test_stages_are_as_stated_and_later_ones_imply_those_before(cast: Cast) -> None:
    told(cast, inquiry="11 09:00", qualified="11 10:00", opportunity="14 10:00")
    found = only(cast)
    assert (found.id, found.state, found.version) == (
        "ann:h1",
        CycleState.OPPORTUNITY,
        cast.world.terms.versions[0].number,
    )
    assert (found.inquiry_at, found.qualified_at) == (at("11 09:00"), at("11 10:00"))
    assert found.accepted_at == found.sql_at == found.opportunity_at == at("14 10:00")
    assert found.inferred == {CycleState.ACCEPTED, CycleState.SQL}
    assert [turn.rep for turn in found.assignments] == ["lena"]


@pytest.mark.parametrize(
    ("stage", "state", "accepted"),
    [
        ("rejected", CycleState.REJECTED, False),
        ("disqualified", CycleState.DISQUALIFIED, True),
        ("won", CycleState.WON, True),
        ("lost", CycleState.LOST, True),
        ("withdrawn", CycleState.WITHDRAWN, False),
    ],
)
def test_each_end_is_one_here(cast: Cast, stage: str, state: CycleState, accepted: bool) -> None:
    told(cast, **{"qualified": "11 10:00", stage: "12 10:00"})
    found = only(cast)
    assert (found.state, found.ended_at) == (state, at("12 10:00"))
    assert (found.accepted_at is not None) is accepted


def test_a_first_touch_is_due_as_the_contract_would_have_it(cast: Cast) -> None:
    told(cast, qualified="11 10:00")
    (clock,) = only(cast).clocks.values()
    assert (clock.name, clock.state) == (ClockName.FIRST_TOUCH, ClockState.RUNNING)
    cast.tell(TouchMade, "18 10:00", lead="ann", by="lena", kind=TouchKind.CONTACT, happened_at="15 10:00", loaded=True)
    (clock,) = only(cast).clocks.values()
    assert (clock.state, clock.stopped_at) == (ClockState.ANSWERED_LATE, at("15 10:00"))
    cast.tell(TouchMade, "18 10:01", lead="ann", by="lena", kind=TouchKind.ATTEMPT, happened_at="11 10:01", loaded=True)
    (clock,) = only(cast).clocks.values()
    assert (clock.state, clock.stopped_at) == (ClockState.STOPPED, at("11 10:01"))


def test_what_ended_untouched_before_its_due_has_no_clock(cast: Cast) -> None:
    told(cast, qualified="11 10:00", withdrawn="11 10:01")
    assert not only(cast).clocks


def test_who_was_never_handed_over_has_only_an_inquiry_and_without_a_version_there_is_nothing(cast: Cast) -> None:
    told(cast, inquiry="11 09:00")
    found = only(cast)
    assert (found.state, found.qualified_at, found.inquiry_at) == (CycleState.OPEN, None, at("11 09:00"))
    assert cycles_elsewhere(cast.world.leads["ann"], Terms(())) == ()


def test_they_are_rows_of_history_in_the_columns(cast: Cast) -> None:
    told(cast, qualified="11 10:00", sql="14 10:00")
    lead = cast.world.leads["ann"]
    elsewhere = {"ann": cycles_elsewhere(lead, cast.world.terms)}
    lives = Lives(leads=[lead], notes=Notes(), team=cast.world.team, at=at("18 12:00"), elsewhere=elsewhere)
    columns = columns_of(lives, cast.world.terms.versions[0].contract)
    row = list(columns.key).index("ann:h1")
    assert columns.history.tolist() == [key == "ann:h1" for key in columns.key]
    assert (columns.sql_at[row], columns.won_at[row]) == (at("14 10:00"), NEVER)
    assert columns.owner.words[columns.owner.codes[row]] == "lena"
    assert columns.inferred["accepted"][row]
