"""Leads and the team of a simulated world are the same values after they were rows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from handfast.cycle.log import Log, Seen
from handfast.cycle.values import Act, Lead
from handfast.engine import State, step
from handfast.engine.explain import node_of
from handfast.engine.seen import ChoiceSeen, ClockSeen, ContradictionSeen, JudgementSeen, ScoreSeen
from handfast.engine.world import World
from handfast.facts import ActivityHappened, LeadFact, LeadsMerged
from handfast.instant import DAY
from handfast.route.team import Team
from handfast.simulate import demo_contracts, simulate
from handfast_server.bridge.lead import KeptLog, read_acts, read_lead, write_lead, write_properties
from handfast_server.bridge.seen import read_seen, write_seen
from handfast_server.bridge.team import differences, updated

LEADS = 300
SEEDS = (3, 11)
EVERY = 97
"""The team becomes rows whenever so many facts were told."""


@cache
def world(seed: int) -> World:
    """A simulated year of few leads."""
    return simulate(seed, LEADS, demo_contracts()).world


def kept(lead: Lead) -> KeptLog:
    """What a lead did, as rows that are read when they are asked for."""
    rows = [(act.happened_at, act.kind, write_properties(act), act.loaded) for act in lead.acts]
    return KeptLog(len(rows), lambda: read_acts(rows))


def again(lead: Lead, world: World) -> Lead:
    """A lead that was a row."""
    return read_lead(write_lead(lead), world.terms, kept(lead))


def bare(lead: Lead) -> Lead:
    """Without what its row does not hold."""
    return replace(lead, acts=Log(lead.acts), facts=Seen(), verdict=None)


@pytest.mark.parametrize("seed", SEEDS)
def test_leads_of_a_year_are_the_same_after_they_were_rows(seed: int) -> None:
    leads = world(seed).leads.values()
    assert len({lead.cycle.state for lead in leads if lead.cycle is not None}) > 2
    assert any(lead.ended for lead in leads)
    for lead in leads:
        assert bare(again(lead, world(seed))) == bare(lead), lead.id


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lead_that_was_a_row_goes_on_as_it_would_have(seed: int) -> None:
    year = world(seed)
    at = max(fact.recorded_at for fact in year.facts) + DAY
    for lead in year.leads.values():
        fact = ActivityHappened(
            id="next", happened_at=at, recorded_at=at, lead=lead.id, kind="form_submitted", properties={"form": "demo"}
        )
        went = step(State(lead=lead, team=year.team), fact, year.terms)
        goes = step(State(lead=again(lead, year), team=year.team), fact, year.terms)
        assert (goes.effects, goes.refused) == (went.effects, went.refused), lead.id
        assert goes.state.team == went.state.team
        assert goes.state.lead is not None
        assert went.state.lead is not None
        assert bare(goes.state.lead) == bare(went.state.lead)


def test_what_decisions_saw_has_the_same_words_after_it_was_a_row() -> None:
    kinds = set()
    for each in (each for seed in SEEDS for each in world(seed).steps):
        trace = each.trace
        back = read_seen(write_seen(trace.seen))
        assert [node_of(seen, trace.terms) for seen in back] == list(trace.nodes)
        kinds |= {type(seen) for seen in back}
    assert kinds == {ScoreSeen, JudgementSeen, ChoiceSeen, ClockSeen, ContradictionSeen}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_team_that_reads_only_what_changed_is_the_team(seed: int) -> None:
    year = world(seed)
    leads: dict[str, Lead] = {}
    team = seen = rows = Team()
    for place, fact in enumerate(year.facts):
        lead = leads.get(fact.lead) if isinstance(fact, LeadFact) else None
        other = leads.get(fact.absorbed) if isinstance(fact, LeadsMerged) else None
        state = step(State(lead=lead, team=team, other=other), fact, year.terms).state
        leads |= {each.id: each for each in (state.lead, state.other) if each is not None}
        team = state.team
        if place % EVERY == 0:
            rows, seen = updated(rows, differences(seen, team), team.next_due), team
            assert rows == team
            assert {name: list(each.members) for name, each in rows.rosters.items()} == {
                name: list(each.members) for name, each in team.rosters.items()
            }
    assert updated(Team(), differences(Team(), team), team.next_due) == team


def test_the_years_hold_leads_that_were_merged() -> None:
    assert any(lead.merged_into for seed in SEEDS for lead in world(seed).leads.values())


def test_a_log_counts_from_its_rows_on_and_reads_them_only_when_asked() -> None:
    acts = [Act(at, "seen", {}) for at in range(5)]
    read: list[int] = []

    def load() -> list[Act]:
        read.append(1)
        return acts[:3]

    log = KeptLog(3, load).appended(acts[3])
    longer = log.appended(acts[4])
    assert (len(log), len(longer), longer.new) == (4, 5, tuple(acts[3:]))
    assert [longer.since(place) for place in (3, 4, 5)] == [acts[3:], acts[4:], []]
    assert read == []
    assert [longer.since(place) for place in (0, 2)] == [acts, acts[2:]]
    assert (list(log), len(read)) == (acts[:4], 3)
    assert longer == Log(acts)
