"""What is judged again after somebody was erased is what was decided, and typed words leave what was asked of them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from tests.server.decide.test_replay import Live
from tests.support.examples import examples
from tests.support.service import Crew, Hands, named, new_lead, take_in

from handfast.engine.terms import Version
from handfast.facts import (
    Accepted,
    ActivityHappened,
    AttributesChanged,
    DealOpened,
    DealWon,
    LeadCreated,
    LeadsMerged,
    RepSet,
    SalesQualified,
    Stage,
    StageStamped,
    TakenOver,
)
from handfast.instant import DAY, HOUR
from handfast_server.decide import team as teams
from handfast_server.decide.replay import verify
from handfast_server.decide.session import tell
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle, Deal
from handfast_server.leads.actions import do_erase
from handfast_server.leads.scrub import GONE, Scrub
from handfast_server.rosters.models import Opportunity
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db

TITLES = ("Head of Sales", "VP of my secret wish", "Student", "Intern of Jane Roe", "Chief", "Jane")


class Typed(Live):
    """Leads type titles and addresses that the contract asks about."""

    def come(self) -> None:
        title, mail = self.chance.choice(TITLES), self.chance.choice(["gmail.com", "buyer.example"])
        asks = self.chance.random() < 0.5
        self.leads.append(new_lead(asks=asks, title=title, email=f"{len(self.leads)}@{mail}", employees=200))

    def act(self) -> None:
        super().act()
        if self.leads:
            lead, title = self.chance.choice(self.leads), self.chance.choice(TITLES)
            take_in([named(AttributesChanged, lead=lead, attributes={"title": title})])


@pytest.mark.parametrize("seed", range(examples(3)))
def test_random_lives_of_which_some_are_forgotten_follow_from_their_facts(seed: int, clock: Hands, team: Crew) -> None:
    live = Typed(team, clock, seed)
    live.live(50)
    for lead in random.Random(seed).sample(live.leads, len(live.leads) // 3):
        do_erase(lead)
    assert verify().differences == ()
    live.live(15)
    found = verify()
    assert found.differences == ()
    assert found.erased > 1


def test_a_full_life_a_merged_one_one_with_a_deal_and_one_that_is_held_are_forgotten(clock: Hands, team: Crew) -> None:
    full, merged, double, deal, taken = (new_lead() for _ in range(5))
    tell(named(LeadsMerged, lead=merged, absorbed=double))
    for lead in (full, deal):
        owner = Cycle.objects.get(lead=lead).owner
        tell(named(Accepted, lead=lead, by=owner))
        tell(named(SalesQualified, lead=lead, by=owner, evidence={"need": "typed by hand"}))
        tell(named(DealOpened, lead=lead, deal=f"crm-{lead}", by=owner))
    tell(named(DealWon, lead=full, deal=f"crm-{full}"))
    other = new_lead()
    tell(named(DealOpened, lead=other, deal=f"crm-{deal}"))
    take_in([named(StageStamped, lead=taken, handoff="crm-h-9", stage=Stage.QUALIFIED, owner="sam")])
    clock.move(HOUR)
    tell(named(TakenOver, lead=taken, by=team.manager, handoff="crm-h-9", starts_at=clock.move(HOUR)))
    for rep in team.reps:
        tell(named(RepSet, rep=rep, active=False))
    held = new_lead()
    run(once=True)
    assert verify().differences == ()
    for lead in (full, double, deal, taken, held):
        do_erase(lead)
    assert verify().differences == ()
    clock.move(3 * DAY)
    for rep in team.reps:
        tell(named(RepSet, rep=rep))
    new_lead()
    run(once=True)
    assert verify().differences == ()
    assert f"crm-{full}" not in str(list(Opportunity.objects.values()))
    assert teams.known().opportunities.get(f"crm-{full}") is None
    assert not Fact.objects.filter(line__contains=f"crm-{full}").exists()
    assert not Fact.objects.filter(line__contains="crm-h-9").exists()
    assert set(Deal.objects.filter(lead__in=[deal, other]).values_list("id", flat=True)) == {f"crm-{deal}"}, "shared"


def test_of_what_was_typed_a_word_stays_that_answers_what_is_asked(signed: Version) -> None:
    scrub = Scrub([signed.contract])
    told = {
        "title": "VP of my secret wish",
        "email": "Jane.Roe@gmail.com",
        "name": "Jane Roe",
        "hobby": "secret",
        "employees": 200,
        "country": "DE",
    }
    kept = scrub.fact(named(LeadCreated, lead="x", attributes=told)).attributes  # type: ignore[attr-defined] # of a lead
    assert "secret" not in str(kept)
    assert "jane" not in str(kept).casefold()
    assert kept["employees"] == 200
    assert "hobby" not in kept
    for test in (each for name, tests in scrub._tests.items() for each in tests if name in {"title", "email_domain"}):
        before = {"title": "vp of my secret wish", "email_domain": "gmail.com"}
        assert test.holds(before) == test.holds({name: str(value).casefold() for name, value in kept.items()})


def test_what_other_systems_call_a_record_and_what_sites_call_an_event_goes(lead: Callable[..., str]) -> None:
    name = lead()
    take_in([named(ActivityHappened, "site:visit-4711", lead=name, kind="Jane's visit", properties={"form": "demo"})])
    do_erase(name)
    rows = Fact.objects.filter(lead=name).exclude(kind="LeadErased")
    assert {row.name.partition(":")[0] for row in rows} == {"erased"}
    assert GONE in rows.get(line__contains=GONE, kind="ActivityHappened").line
