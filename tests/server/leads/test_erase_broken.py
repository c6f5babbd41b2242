"""A person is forgotten whatever was damaged of them: what cannot be read goes whole, and what is open of them ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.support.service import Crew, named

from handfast.cycle.life import CycleState
from handfast.facts import ActivityHappened, LeadsMerged, TouchKind, TouchMade
from handfast_server.bridge.lead import read_lead
from handfast_server.decide import team as teams
from handfast_server.decide.session import tell
from handfast_server.decide.team import TeamTurn
from handfast_server.decide.terms import current
from handfast_server.delivery.models import Message
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Assignment, Clock, Cycle, Transition
from handfast_server.invariants.check import conservation
from handfast_server.leads.actions import do_erase
from handfast_server.leads.models import Activity, Lead

BROKEN = ("{", "no JSON", "[]", '{"id": 5}', '{"id": "x", "cycle": {"state": "nowhere"}}')


@pytest.fixture
def zoe(lead: Callable[..., str]) -> str:
    """Somebody who waits for a rep, and did something."""
    name = lead()
    tell(named(ActivityHappened, lead=name, kind="form_submitted", properties={"message": "zoe's wish"}))
    Lead.objects.filter(pk=name).update(name="Zoe")
    return name


def on_hand(rep: str) -> int:
    """How many a rep has, as the team is kept."""
    teams.forget()
    return TeamTurn().before.reps[rep].open


@pytest.mark.parametrize("state", BROKEN)
def test_whose_own_row_cannot_be_read_is_forgotten_and_nothing_of_them_stays_open(
    team: Crew, zoe: str, state: str
) -> None:
    cycle = Cycle.objects.get(lead=zoe)
    assert cycle.state == CycleState.WAITING
    before = on_hand(cycle.owner)
    Lead.objects.filter(pk=zoe).update(state=state)
    assert do_erase(zoe) == zoe
    cycle.refresh_from_db()
    assert (cycle.state, cycle.owner) == (CycleState.WITHDRAWN, "")
    assert not Clock.objects.filter(cycle=cycle, state="running").exists()
    [turn] = Assignment.objects.filter(cycle=cycle)
    assert (turn.end, on_hand(turn.rep)) == ("cycle_ended", before - 1)
    assert Transition.objects.filter(cycle=cycle, after="withdrawn").count() == 1
    assert conservation().unaccounted == 0
    row = Lead.objects.get(pk=zoe)
    assert (row.name, row.erased) == ("", True)
    assert read_lead(row.state, current(), ()).erased  # type: ignore[arg-type] # what they did is not asked
    do_erase(zoe)


def test_who_was_merged_into_them_is_forgotten_as_well(team: Crew, zoe: str, lead: Callable[..., str]) -> None:
    other = lead()
    tell(named(LeadsMerged, lead=zoe, absorbed=other))
    Lead.objects.filter(pk__in=(zoe, other)).update(state="{")
    assert do_erase(other) == zoe
    assert set(Lead.objects.values_list("erased", flat=True)) == {True}
    states = Lead.objects.values_list("state", flat=True)
    assert [read_lead(state, current(), ()).erased for state in states] == [True, True]  # type: ignore[arg-type] # as above


def test_lines_that_cannot_be_read_go_whole(team: Crew, zoe: str, clients: dict[str, Client]) -> None:
    tell(named(TouchMade, lead=zoe, by=Cycle.objects.get(lead=zoe).owner, kind=TouchKind.ATTEMPT))
    told = Fact.objects.filter(lead=zoe).count()
    damaged = Fact.objects.filter(lead=zoe, kind__in=("LeadCreated", "ActivityHappened"))
    many = damaged.update(line="zoe's line, \"of which the end is lost")
    Activity.objects.filter(lead=zoe).update(properties='{"message": "zoe')
    assert Message.objects.filter(lead=zoe).update(payload='{"name": "zoe')
    assert clients["admin"].post(f"/leads/{zoe}/everything").status_code == 200
    assert do_erase(zoe) == zoe
    assert many
    assert Fact.objects.filter(lead=zoe).count() == told - many + 1
    assert not [line for line in Fact.objects.values_list("line", flat=True) if "zoe's" in line]
    assert set(Activity.objects.filter(lead=zoe).values_list("properties", flat=True)) <= {""}
    assert set(Message.objects.filter(lead=zoe).values_list("payload", flat=True)) == {"{}"}
