"""A simulated year as a file, told again: the same cycles, and a story of every lead that adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources

import pytest

from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.engine import Terms, conservation
from handfast.errors import HandfastError
from handfast.history import read_facts, written
from handfast.history.columns import columns_of
from handfast.history.lives import Lives
from handfast.history.record import Recorder
from handfast.history.replay import Happened, Replayed, replay
from handfast.history.shown import Story
from handfast.history.story import Witness, story
from handfast.measure import board
from handfast.measure.columns import faults
from handfast.measure.value import Balance
from handfast.simulate.simulated import Simulated, simulate

LEADS = 80


@dataclass(slots=True)
class Everybody:
    """Keeps the steps of every lead."""

    recorder: Recorder
    of: defaultdict[str, list[Happened]] = field(default_factory=lambda: defaultdict(list))

    def __call__(self, happened: Happened) -> None:
        self.recorder(happened)
        lead = happened.step.state.lead
        if lead is not None:
            self.of[lead.id].append(happened)


@dataclass(frozen=True)
class Year:
    simulated: Simulated
    terms: Terms
    replayed: Replayed
    everybody: Everybody

    def story(self, lead: str) -> Story:
        return story(self.replayed, Witness(lead, self.everybody.of[lead]), self.terms)


def _contracts() -> Iterator[Contract]:
    for version in (1, 2):
        text = resources.files("handfast.simulate").joinpath(f"acme-demo-{version}.yaml").read_bytes()
        contract = load(text).contract
        assert contract is not None
        yield contract


@pytest.fixture(scope="module")
def year() -> Year:
    contracts = tuple(_contracts())
    simulated, terms = simulate(11, LEADS, contracts), Terms.of_contracts(contracts)
    everybody = Everybody(Recorder(terms))
    lines = [line.encode() for line in written(simulated.facts())]
    return Year(simulated, terms, replay(read_facts(lines), terms, ticking=False, watch=everybody), everybody)


def test_what_the_engine_was_told_gives_the_same_cycles_again(year: Year) -> None:
    lines = [line.encode() for line in written(year.simulated.told)]
    again = replay(read_facts(lines), year.terms, ticking=False).world.leads
    for name, lead in year.simulated.world.leads.items():
        one, other = (lead.ended, lead.cycle), (again[name].ended, again[name].cycle)
        assert one == other, name


def test_every_lead_of_a_year_has_a_story_that_adds_up(year: Year) -> None:
    told = 0
    for name, lead in year.replayed.world.leads.items():
        if lead.merged_into is not None:
            with pytest.raises(HandfastError, match=f"was merged into {lead.merged_into}"):
                year.story(name)
            continue
        found = year.story(name)
        (score,) = [chapter for chapter in found.chapters if chapter.topic == "score"]
        assert sum(int(said.points) for said in score.said[:-1]) == int(score.said[-1].points)
        text = found.as_text(80)
        assert max(map(len, text.splitlines())) <= 90
        assert "None" not in text
        told += 1
    assert told > LEADS // 2


def test_the_measures_of_a_year_are_those_of_its_world(year: Year) -> None:
    contract = year.terms.versions[-1].contract
    columns = columns_of(Lives.of(year.replayed, year.everybody.recorder), contract)
    assert not faults(columns)
    counted = conservation(year.replayed.world)
    assert counted.holds
    balance = board(columns, contract, None, year.replayed.at)["conservation"].figure
    assert isinstance(balance, Balance)
    assert balance.delivered.count == counted.delivered > 0
    assert {name: rows.count for name, rows in balance.groups.items()} == {
        name: getattr(counted, name) for name in balance.groups
    }
