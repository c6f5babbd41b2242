"""The same facts and ticks give the same world: a simulated year told once more, to a world that knows nothing else."""

from __future__ import annotations

from functools import cache

import pytest
from tests.support.counting import Count
from tests.support.examples import examples

from handfast.cycle.values import Lead
from handfast.engine import State, Terms, World, conservation, step
from handfast.engine.effects import Effect, LedgerEntry, Moved
from handfast.facts import Fact, LeadFact, LeadsMerged, Tick
from handfast.route.team import Team
from handfast.simulate import Simulated, demo_contracts, simulate

LEADS = examples(600)
SEEDS = (1, 2)


@cache
def year(seed: int) -> Simulated:
    """A simulated year, each time from nothing but its seed."""
    return simulate(seed, LEADS, demo_contracts())


class Replayed:
    """Facts told one after the other to the evaluator alone: nothing else remembers anything."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.team = Team()
        self.leads: dict[str, Lead] = {}
        self.effects: list[Effect] = []

    def tell(self, fact: Fact) -> None:
        about = fact.lead if isinstance(fact, LeadFact) else None
        other = self.leads.get(fact.absorbed) if isinstance(fact, LeadsMerged) else None
        lead = None if about is None else self.leads.get(about)
        done = step(State(lead=lead, team=self.team, other=other), fact, self.terms)
        self.team = done.state.team
        self.effects += done.effects
        for each in (done.state.lead, done.state.other):
            if each is not None:
                self.leads[each.id] = each


@cache
def replayed(seed: int) -> Replayed:
    """The facts of a year, told once more."""
    world = year(seed).world
    again = Replayed(world.terms)
    for fact in world.facts:
        again.tell(fact)
    return again


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_facts_and_ticks_give_the_same_world(seed: int) -> None:
    world, again = year(seed).world, replayed(seed)
    assert list(Count(again.effects).of(Moved)) == world.moves
    assert list(Count(again.effects).of(LedgerEntry)) == world.entries
    assert again.leads == world.leads
    assert again.team == world.team


@pytest.mark.parametrize("seed", SEEDS)
def test_a_world_told_a_year_again_does_by_itself_what_the_first_did(seed: int) -> None:
    """Its own ticks and re-routes have the ids of the first world's, so that those it is told are repeats."""
    world = year(seed).world
    again = World(world.terms, keep=True)
    for fact in world.facts:
        again.tell(fact)
    assert again.facts == world.facts
    assert again.leads == world.leads
    assert again.team == world.team


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_of_a_simulated_year_is_lost_and_everything_adds_up(seed: int) -> None:
    world = year(seed).world
    count, found = Count(replayed(seed).effects), conservation(world)
    assert list(count.wrong()) == []
    assert count.groups() == {name: getattr(found, name) for name in count.groups()}
    assert found.unaccounted == 0
    assert found.broken == ()
    assert found.delivered > LEADS // 50, "a year in which nearly nobody qualifies proves little"
    for (pool, rep), balance in count.balances().items():
        assert world.team.rosters[pool].members[rep].balance == balance


def test_a_year_told_without_its_ticks_is_another() -> None:
    """That equality can fail: breaches happen because somebody looked, and what followed from them."""
    world = year(SEEDS[0]).world
    again = Replayed(world.terms)
    for fact in world.facts:
        if not isinstance(fact, Tick):
            again.tell(fact)
    assert list(Count(again.effects).of(Moved)) != world.moves
