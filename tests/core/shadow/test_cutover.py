"""The cut-over: who is taken over, and when the clocks of each start."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.support.world import GOOD, Cast, at

from handfast.contract.model import ClockName
from handfast.cycle.life import CycleState
from handfast.engine import Terms
from handfast.facts import LeadCreated, LeadsMerged, RepSet, Stage, StageStamped, TakenOver
from handfast.instant import DAY, HOUR, MINUTE
from handfast.shadow import cut_over

GO = "11 08:00"  # a Monday, as the office opens at nine


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Six leads wait in the other system: four with Lena, two with somebody who is gone."""
    for number, owner in enumerate(("lena", "lena", "lena", "gone", "lena", "gone")):
        cast.tell(LeadCreated, "05 09:00", lead=f"l{number}", attributes=GOOD, loaded=True)
        cast.tell(
            StageStamped,
            "08 09:00",
            lead=f"l{number}",
            handoff="crm",
            stage=Stage.QUALIFIED,
            owner=owner,
            happened_at=at("06 10:00") + number * MINUTE,
        )
    return cast


def facts(cast: Cast, per_day: Fraction = Fraction(1), **more: object) -> tuple[TakenOver, ...]:
    leads, team, terms = cast.world.leads.values(), cast.world.team, cast.world.terms
    return cut_over(leads, team, terms, at=at(GO), per_day=per_day, by="admin", **more)  # type: ignore[arg-type] # as named


def test_starts_are_spread_over_the_pool_and_over_each_rep(cast: Cast) -> None:
    """Two members, one handoff a rep and day: the pool begins one each half day, Lena one a day."""
    starts = [(fact.lead, fact.starts_at) for fact in facts(cast)]
    days = {"l0": Fraction(0), "l1": Fraction(1), "l3": Fraction(3, 2), "l2": Fraction(2), "l5": Fraction(5, 2)}
    days["l4"] = Fraction(3)
    assert [lead for lead, _ in starts] == list(days)
    calendars = cast.world.terms.versions[0].calendars
    calendar = calendars[calendars.name_for(ClockName.FIRST_TOUCH, "dach")]
    opening = calendar.next_open(at(GO))
    for lead, start in starts:
        whole, part = divmod(days[lead], 1)
        begin = opening + int(whole) * DAY
        assert start == calendar.add(begin, int(part * calendar.between(begin, begin + DAY)))


def test_all_of_it_told_makes_live_cycles_that_break_no_promise_before_they_start(cast: Cast) -> None:
    for fact in facts(cast):
        assert cast.world.tell(fact).refused is None
    first = [cast.clock(ClockName.FIRST_TOUCH, f"l{number}") for number in range(6)]
    assert all(clock.started_at >= at(GO) for clock in first)
    assert len({clock.started_at for clock in first}) == 6
    assert {cast.cycle(f"l{number}").state for number in range(6)} == {CycleState.WAITING}
    assert facts(cast) == ()
    cast.tick(at(GO) + HOUR)
    assert cast.sound()


def test_the_same_facts_come_of_the_same_leads_in_any_order(cast: Cast) -> None:
    leads = list(cast.world.leads.values())
    team, terms = cast.world.team, cast.world.terms
    turned = cut_over(reversed(leads), team, terms, at=at(GO), per_day=Fraction(1), by="admin")
    assert turned == facts(cast)


def test_only_what_was_chosen_is_taken_over(cast: Cast) -> None:
    (fact,) = facts(cast, chosen={("l3", "crm"), ("l3", "other")})
    assert (fact.lead, fact.by, fact.recorded_at) == ("l3", "admin", at(GO))


def test_a_pool_without_members_counts_as_one_and_merged_leads_as_none(cast: Cast) -> None:
    for rep in ("lena", "sam"):
        cast.tell(RepSet, "08 10:00", rep=rep, active=False)
    cast.tell(LeadsMerged, "08 10:00", lead="l0", absorbed="l1")
    starts = [fact.starts_at for fact in facts(cast)]
    assert len(starts) == 5
    assert starts[1] - starts[0] == DAY


def test_a_cut_over_needs_a_version_and_a_capacity(cast: Cast) -> None:
    with pytest.raises(ValueError, match="takes more than nothing"):
        facts(cast, Fraction(0))
    with pytest.raises(ValueError, match="a version in force"):
        cut_over((), cast.world.team, Terms(()), at=at(GO), per_day=Fraction(1), by="admin")
