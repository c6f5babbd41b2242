"""A lead that comes is scored, judged, routed and clocked in the transaction that takes it in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.service import Crew, Hands, came, take_in

from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Assignment, Clock, Cycle, LedgerEntry, Transition

pytestmark = pytest.mark.django_db


def test_a_lead_that_asks_has_an_owner_and_running_clocks_at_once(
    clock: Hands, lead: Callable[..., str], team: Crew
) -> None:
    name = lead()
    cycle = Cycle.objects.get(lead=name)
    assert cycle.state == "waiting"
    assert cycle.owner in team.reps
    assert Assignment.objects.get(cycle=cycle).rep == cycle.owner
    running = Clock.objects.filter(cycle=cycle, state="running").values_list("name", flat=True)
    assert set(running) >= {"first_touch", "decision"}
    assert LedgerEntry.objects.filter(cycle=cycle.id).count() == 1
    assert set(Transition.objects.filter(cycle=cycle).values_list("event", flat=True)) == {"opened", "qualified"}
    assert clock.move(0) == Fact.objects.get(name=f"{name}:asked").happened_at


def test_a_fact_that_is_told_twice_is_one_fact(lead: Callable[..., str]) -> None:
    name = lead()
    again = take_in(came(name))
    assert [each.repeat for each in again] == [True, True]
    assert Fact.objects.filter(lead=name).count() == 2
    assert Cycle.objects.filter(lead=name).count() == 1
