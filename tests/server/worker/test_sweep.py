"""What is due happens by itself, once, at its due, whenever the worker comes to look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.support.service import Crew, Hands, named, take_in

from handfast.engine.terms import Terms
from handfast.facts import AbsenceSet, Accepted, ActivityHappened, MemberSet, RepSet
from handfast.instant import DAY, HOUR, MINUTE
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Assignment, Breach, Clock, ClockTransition, Cycle
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.observe import metrics
from handfast_server.rosters.models import Freed, Leaving
from handfast_server.worker import offers, sweep
from handfast_server.worker.models import Problem
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db


def test_a_clock_that_nobody_answers_breaches_once_at_its_due(clock: Hands, lead: Callable[..., str]) -> None:
    name = lead()
    due = Clock.objects.get(cycle__lead=name, name="first_touch").due_at
    assert due is not None
    clock.to(due - 1)
    run(once=True)
    assert not Breach.objects.exists()
    clock.to(due + 3 * HOUR)  # the service was down
    run(once=True)
    run(once=True)
    breach = Breach.objects.get(name="first_touch")
    assert breach.at == due
    assert ClockTransition.objects.get(clock=breach.clock, change="breached").at == due
    assert Lead.objects.get(pk=name).due_at != due


def test_what_is_accepted_in_time_breaches_no_decision(clock: Hands, lead: Callable[..., str]) -> None:
    name = lead()
    owner = Cycle.objects.get(lead=name).owner
    tell(named(Accepted, lead=name, by=owner))
    clock.move(30 * DAY)
    run(once=True)
    assert not Breach.objects.filter(name="decision").exists()


def test_the_handoffs_of_a_rep_who_goes_on_leave_are_routed_again(
    clock: Hands, lead: Callable[..., str], team: Crew
) -> None:
    names = [lead() for _ in range(4)]
    at = clock.move(0)
    tell(named(AbsenceSet, absence="a", rep="lena", starts=at + MINUTE, ends=at + DAY))
    run(once=True)
    assert Cycle.objects.filter(lead__in=names, owner="lena").count() == 2
    clock.move(2 * MINUTE)
    run(once=True)
    assert Cycle.objects.filter(lead__in=names, owner="sam").count() == 4
    assert Assignment.objects.filter(rep="lena", end="absence").count() == 2
    assert not Leaving.objects.exists()
    clock.move(2 * DAY)
    run(once=True)
    assert Fact.objects.filter(kind="TeamTick").exists()
    assert {Cycle.objects.get(lead=lead()).owner for _ in range(2)} == {"lena", "sam"}  # back, and not flooded


def test_what_a_rep_got_after_coming_back_is_not_taken_away(clock: Hands, lead: Callable[..., str], team: Crew) -> None:
    tell(named(RepSet, rep="sam", active=False))
    at = clock.move(0)
    tell(named(AbsenceSet, absence="a", rep="lena", starts=at, ends=at + MINUTE))
    clock.move(2 * MINUTE)
    name = lead()  # nobody looked in the meantime; she is back
    assert Cycle.objects.get(lead=name).owner == "lena"
    run(once=True)
    assert Cycle.objects.get(lead=name).owner == "lena"


def test_how_late_what_was_due_was_found_is_a_number(
    clock: Hands, lead: Callable[..., str], django_capture_on_commit_callbacks: Any
) -> None:
    due_at = Lead.objects.get(pk=lead()).due_at
    assert due_at is not None
    clock.to(due_at + 2 * MINUTE)
    count, seconds = found()
    with django_capture_on_commit_callbacks(execute=True):
        sweep.sweep()
    assert found()[0] == count + 1
    assert found()[1] == pytest.approx(seconds + 120, abs=0.01)


def found() -> tuple[float, float]:
    """How often something was found, and how many seconds late in all."""
    told = dict(line.split() for line in metrics.text().decode().splitlines() if line.startswith("handfast_found"))
    return float(told.get("handfast_found_seconds_count", 0)), float(told.get("handfast_found_seconds_sum", 0))


@pytest.mark.parametrize(
    ("leads", "seconds", "limit"),
    [(50, 0.5, 25), (50, 0.1, 100), (100, 0.25, 100), (50, 60.0, sweep.FEWEST), (400, 0.01, sweep.MOST), (3, 0.0, 10)],
)
def test_a_transaction_takes_as_many_leads_as_hold_the_team_a_quarter_of_a_second(
    leads: int, seconds: float, limit: int
) -> None:
    pace = sweep.Pace()
    pace.took(leads, seconds)
    assert pace.limit == limit


def test_held_handoffs_are_offered_when_somebody_comes_the_longest_held_first(
    clock: Hands, lead: Callable[..., str], team: Crew
) -> None:
    for rep in (*team.reps, team.manager):
        tell(named(RepSet, rep=rep, active=False))
    names = []
    for _ in range(3):
        names.append(lead())
        clock.move(MINUTE)
    assert Cycle.objects.exclude(hold_pool="").count() == 3
    tell(named(RepSet, rep="lena", open_cap=2))
    assert Freed.objects.exists()
    run(once=True)
    owners = [Cycle.objects.get(lead=name).owner for name in names]
    assert owners == ["lena", "lena", ""]
    assert not Freed.objects.exists()


def test_a_cap_a_day_is_over_at_midnight(clock: Hands, lead: Callable[..., str], team: Crew) -> None:
    for rep in ("sam", team.manager):
        tell(named(RepSet, rep=rep, active=False))
    tell(named(RepSet, rep="lena", day_cap=1))
    first, second = lead(), lead()
    run(once=True)
    assert [Cycle.objects.get(lead=name).owner for name in (first, second)] == ["lena", ""]
    clock.move(14 * HOUR)
    run(once=True)
    assert Cycle.objects.get(lead=second).owner == "lena"


def test_a_version_takes_force_at_its_instant_and_is_told_once(clock: Hands, team: Crew) -> None:
    run(once=True)
    run(once=True)
    assert Fact.objects.get(kind="ContractInForce").happened_at == team.contract.effective_from


def test_a_band_changes_by_fading_on_a_later_day(clock: Hands, lead: Callable[..., str]) -> None:
    name = lead(asks=False, title="Clerk", employees=10)  # fit 25
    take_in([named(ActivityHappened, lead=name, kind="page_viewed", properties={"path": "/pricing"}) for _ in range(2)])
    assert Lead.objects.get(pk=name).band == "warm"
    run(once=True)
    assert not Fact.objects.filter(kind="Tick").exists()  # a look that finds nothing is no fact
    clock.move(40 * DAY)
    run(once=True)
    assert Lead.objects.get(pk=name).band == "nurture"
    assert Fact.objects.filter(kind="Tick").count() == 1


def test_a_row_that_cannot_be_decided_is_set_aside_and_holds_up_nobody(clock: Hands, lead: Callable[..., str]) -> None:
    broken, whole = lead(), lead()
    state = Lead.objects.get(pk=broken).state
    Lead.objects.filter(pk=broken).update(state='{"id": 1, "no such field": 2}')
    clock.move(30 * DAY)
    run(once=True)
    assert Breach.objects.filter(cycle__lead=whole).exists()
    problem = Problem.objects.get(name=f"lead:{broken}")
    assert problem.error in {"TypeError", "KeyError"}
    assert problem.retry_at > clock.move(0)
    Lead.objects.filter(pk=broken).update(state=state)
    clock.to(problem.retry_at + 1)
    run(once=True)
    assert Breach.objects.filter(cycle__lead=broken).exists()
    assert not Problem.objects.exists()


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_held_handoffs_behind_those_that_cannot_be_decided_are_offered_all(
    broken: int, clock: Hands, lead: Callable[..., str], team: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "BATCH", 2)
    for rep in (*team.reps, team.manager):
        tell(named(RepSet, rep=rep, active=False))
    names = []
    for _ in range(broken + 3):
        names.append(lead())
        clock.move(MINUTE)
    Lead.objects.filter(pk__in=names[:broken]).update(state='{"id": 1, "no such field": 2}')
    tell(named(RepSet, rep="lena"))
    run(once=True)
    assert [Cycle.objects.get(lead=name).owner for name in names] == [""] * broken + ["lena"] * 3
    assert not Freed.objects.exists()
    assert Problem.objects.filter(name__in=[f"lead:{name}" for name in names[:broken]]).count() == broken


def test_a_handoff_of_who_left_that_cannot_be_decided_is_moved_once_it_can(
    clock: Hands, lead: Callable[..., str], team: Crew
) -> None:
    names = [lead() for _ in range(4)]
    broken, *whole = [name for name in names if Cycle.objects.get(lead=name).owner == "lena"]
    state = Lead.objects.get(pk=broken).state
    Lead.objects.filter(pk=broken).update(state='{"id": 1, "no such field": 2}')
    tell(named(RepSet, rep="lena", active=False))
    run(once=True)
    assert {Cycle.objects.get(lead=name).owner for name in whole} == {"sam"}
    left = Leaving.objects.get()
    retry_at = Problem.objects.get(name=f"leaving:{left.id}").retry_at
    Lead.objects.filter(pk=broken).update(state=state)
    clock.to(retry_at + 1)
    run(once=True)
    assert Cycle.objects.get(lead=broken).owner == "sam"
    assert not Leaving.objects.exists()
    assert not Problem.objects.exists()


def test_members_who_join_later_start_where_the_others_are(clock: Hands, lead: Callable[..., str], team: Crew) -> None:
    for _ in range(6):
        lead()
    tell(named(RepSet, rep="new"))
    tell(named(MemberSet, pool="home", rep="new"))
    owners = [Cycle.objects.get(lead=lead()).owner for _ in range(3)]
    assert sorted(owners) == ["lena", "new", "sam"]


def test_midnight_is_noticed_once_in_every_zone_however_many_versions_are_signed(
    clock: Hands, lead: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead()
    Cycle.objects.update(hold_pool="home", hold_since=now())
    first = versions.current().versions[0]
    eight = [replace(first, number=number, offsets=((0, number * 3600),)) for number in range(1, 9)]
    monkeypatch.setattr(offers, "current", lambda: Terms(tuple(eight)))
    midnights = []
    for hour in range(24):
        assert offers.midnight() is False
        if Freed.objects.all().delete()[0] and hour:
            midnights.append(hour)
        assert offers.midnight() is False
        assert not Freed.objects.exists(), "once"
        clock.move(HOUR)
    assert midnights == [7, 8, 9, 10, 11, 12, 13, 14], "from nine o'clock UTC on: the easternmost begins its day first"
