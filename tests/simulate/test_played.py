"""A year as it was played: nothing is lost in it, its facts are its whole story, and the truth agrees with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from handfast.cycle.life import CycleEvent
from handfast.engine import Terms, World, conservation
from handfast.engine.effects import Moved
from handfast.facts import LeadsMerged, TouchMade
from handfast.history import read_facts, write_line
from handfast.simulate import DelayCause, Simulated, demo_contracts, simulate
from handfast.simulate.fact_file import write_facts
from handfast.simulate.hubspot import write_hubspot_export
from handfast.simulate.truth_file import write_truth


@pytest.fixture(scope="module")
def again(year: Simulated, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Another world, told every fact of the file, also those that the first one was never told."""
    path = tmp_path_factory.mktemp("facts") / "facts.jsonl"
    write_facts(year, path)
    world = World(Terms.of_contracts(year.contracts))
    with path.open("rb") as file:
        for told in read_facts(file, file=path.name):
            world.tell(told.fact)
    return world


def test_nothing_is_lost(year: Simulated) -> None:
    kept = conservation(year.world)
    assert kept.holds, kept
    assert kept.delivered == len(year.handoffs)
    assert kept.delivered > 100


def test_what_the_engine_was_not_told_decides_nothing(year: Simulated, again: World) -> None:
    """Scored in columns, not told: told after all, every handoff goes the same way to the same state."""
    # A disqualifier holds a lead back as of its last judgement, and there are more of those here.
    assert replace(conservation(again), held_by_disqualifier=0) == replace(
        conservation(year.world), held_by_disqualifier=0
    )
    assert handoffs_of(again) == handoffs_of(year.world)


def handoffs_of(world: World) -> list[tuple[object, ...]]:
    """What became of delivered cycles; leads that were never delivered open and end cycles of their own."""
    delivered = {(move.lead, move.at) for move in world.moves if move.event is CycleEvent.QUALIFIED}
    leads = {lead for lead, _ in delivered}
    return [told_of(move) for move in world.moves if move.lead in leads and move.event is not CycleEvent.OPENED]


def told_of(move: Moved) -> tuple[object, ...]:
    return move.lead, move.cycle, move.event, move.before, move.after, move.by, move.at, move.reason


def test_the_lines_are_those_of_the_facts_in_their_order(year: Simulated, tmp_path: Path) -> None:
    write_facts(year, tmp_path / "facts.jsonl")
    facts = list(year.facts())
    lines = (tmp_path / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines == [write_line(fact) for fact in facts]
    assert len({fact.id for fact in facts}) == len(facts)
    assert (np.diff([fact.recorded_at for fact in facts]) >= 0).all()


def test_parquet_has_the_same_lines(year: Simulated, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_facts(year, tmp_path / "facts.parquet")
    table = parquet.read_table(tmp_path / "facts.parquet")
    assert table.column("line").to_pylist() == [write_line(fact) for fact in year.facts()]


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for turn in ("one", "two"):
        year = simulate(5, 150, demo_contracts())
        folder = tmp_path / turn
        files = [*write_hubspot_export(year, folder), *write_truth(year, folder / "truth")]
        write_facts(year, folder / "facts.jsonl")
        written.append([path.read_bytes() for path in (*files, folder / "facts.jsonl")])
    assert written[0] == written[1]


def test_reps_answer_what_the_engine_gave_them(year: Simulated) -> None:
    decided = sum(move.by != "" for move in year.world.moves)
    assert sum(year.refused.values()) <= decided // 50
    assert set(year.refused) <= {"needs_not_met"}  # they give up before the tries are far enough apart


def test_the_truth_is_of_the_handoffs_that_there_were(year: Simulated) -> None:
    qualified = {move.cycle: move.at for move in year.world.moves if move.event is CycleEvent.QUALIFIED}
    assert {each.cycle: each.qualified_at for each in year.handoffs.values()} == qualified
    called = {(fact.lead, fact.happened_at) for fact in year.told if isinstance(fact, TouchMade)}
    merged = {fact.absorbed for fact in year.told if isinstance(fact, LeadsMerged)}
    for each in year.handoffs.values():
        lead = each.cycle.partition("/")[0]
        assert (each.touched_at is None) == (each.cause is DelayCause.UNTOUCHED)
        if each.touched_at is not None and not each.logged_late and lead not in merged:
            assert (lead, each.touched_at) in called
        assert not (each.seen_through and year.known.people.right[each.record])


def test_merged_records_are_the_same_human(year: Simulated) -> None:
    merges = [fact for fact in year.facts() if isinstance(fact, LeadsMerged)]
    assert merges
    human = year.known.people.human
    for fact in merges:
        one, other = (int(lead.removeprefix("L")) - 1001 for lead in (fact.lead, fact.absorbed))
        assert human[one] == human[other]


def waits(year: Simulated, rep: str) -> float:
    """The median of the working time that a rep took, of those who got the lead first."""
    office = year.world.terms.versions[0].calendars["office"]
    mine = [each for each in year.handoffs.values() if each.rep == rep and each.owners == 1]
    return median(office.between(each.qualified_at, each.touched_at) for each in mine if each.touched_at)


def test_habits_show(year: Simulated) -> None:
    assert waits(year, "Lena Vogt") < waits(year, "Jonas Meyer")
    idle = {each.name for each in year.plan.reps if each.idle == 0}
    first = {
        (each.rep, each.looked_at) for each in year.handoffs.values() if each.looked_at is not None and each.owners == 1
    }
    on_mondays = Counter(rep for rep, at in first if weekday(year, at) == 0)
    assert idle
    assert not idle & set(on_mondays)
    assert on_mondays["Lena Vogt"] > 0


def weekday(year: Simulated, at: int) -> int:
    day = int(year.year.day_of(np.array([at]))[0])
    return int(year.year.weekday[day])


def test_each_market_has_its_own_reps(year: Simulated) -> None:
    rosters = year.world.team.rosters
    home = {each.name for each in year.plan.reps if each.home}
    assert set(rosters["home"].members) - {year.plan.manager} == home
    abroad = {each.name for each in year.plan.reps if not each.home}
    assert set(rosters["abroad"].members) - {year.plan.manager} == abroad  # the manager is the last resort


def test_nobody_calls_on_leave(year: Simulated) -> None:
    away = [(each.name, *spell) for each in year.plan.reps for spell in each.leave]
    assert away
    for rep, begin, length in away:
        starts, ends = (int(year.year.midnight[day]) for day in (begin, begin + length))
        made = [fact for fact in year.told if isinstance(fact, TouchMade) and fact.by == rep]
        assert not [fact for fact in made if starts <= fact.happened_at < ends]


def test_the_second_version_is_answered_sooner(year: Simulated) -> None:
    since = year.contracts[1].effective_from
    first, second = (
        median(
            each.touched_at - each.qualified_at
            for each in year.handoffs.values()
            if each.touched_at and (each.qualified_at >= since) is later
        )
        for later in (False, True)
    )
    assert second < first


def test_a_year_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one lead"):
        simulate(1, 0, demo_contracts())
