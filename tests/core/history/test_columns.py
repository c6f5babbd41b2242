"""A world as columns: what they say is what its leads say, and a simulated year told again is the year that it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from handfast.condition import Value
from handfast.contract.load import load
from handfast.engine import Terms, conservation
from handfast.history import read_facts, written
from handfast.history.columns import columns_of
from handfast.history.lives import Lives
from handfast.history.record import Notes, Recorder
from handfast.history.replay import Replayed, replay
from handfast.instant import NEVER
from handfast.measure import board
from handfast.measure.coded import Coded
from handfast.measure.columns import SPLITS, STAGES, CycleColumns, faults
from handfast.measure.money import Rates
from handfast.measure.value import Balance

ROOT = Path(__file__).resolve().parents[3]
STORIES = sorted((ROOT / "tests/golden/stories").glob("*.jsonl"))


def terms() -> Terms:
    contract = load((ROOT / "tests/golden/cycles/contracts/business.yaml").read_bytes()).contract
    assert contract is not None
    return Terms.of_contracts([contract])


@cache
def told(name: str) -> tuple[Replayed, CycleColumns]:
    """One of the stories, told to a world, as columns."""
    under = terms()
    recorder = Recorder(under)
    path = next(path for path in STORIES if path.stem == name)
    replayed = replay(read_facts(path.read_bytes().splitlines()), under, watch=recorder)
    return replayed, columns_of(Lives.of(replayed, recorder), under.versions[0].contract)


@pytest.mark.parametrize("name", [path.stem for path in STORIES])
def test_columns_are_sound_and_balanced(name: str) -> None:
    replayed, columns = told(name)
    assert not faults(columns)
    counted = conservation(replayed.world)
    assert counted.holds, counted
    contract = terms().versions[0].contract
    balance = board(columns, contract, None, replayed.at)["conservation"].figure
    assert isinstance(balance, Balance)
    groups = {group: rows.count for group, rows in balance.groups.items()}
    assert balance.delivered.count == counted.delivered
    assert groups == {group: getattr(counted, group) for group in groups}


def test_a_won_deal_is_counted_with_its_money_and_its_source() -> None:
    _, columns = told("won")
    deals = columns.opportunities
    assert deals is not None
    assert (deals.key, deals.amount.tolist(), deals.won.tolist()) == (["d1"], [2250050], [1])
    assert columns.amount.tolist() == [2250050]
    changes = columns.deal_changes
    assert changes is not None
    assert list(zip(changes.state.tolist(), changes.amount.tolist(), strict=True)) == [(-1, 2400000), (1, 2250050)]
    assert deals.closed_at.tolist() == columns.won_at.tolist()
    assert columns.touches is not None
    assert columns.touches.contact.tolist() == [False, True]
    assert columns.attempts.tolist() == [2]


def test_an_amount_in_another_currency_is_in_no_sum_and_an_unwon_deal_is_open() -> None:
    _, columns = told("another-currency-and-an-unwon-deal")
    deals, changes = columns.opportunities, columns.deal_changes
    assert deals is not None
    assert changes is not None
    assert (deals.amount.tolist(), deals.won.tolist()) == ([0], [-1])
    assert deals.closed_at.tolist() == [NEVER]
    assert changes.state.tolist() == [-1, -1, 1, -1]
    assert changes.amount.tolist() == [0, 0, 0, 0]
    assert columns.amount.tolist() == [0]


def test_another_currency_counts_at_the_rate_of_the_day_on_which_the_amount_was_told() -> None:
    path = next(path for path in STORIES if path.stem == "another-currency-and-an-unwon-deal")
    under = terms()
    recorder = Recorder(under)
    lives = Lives.of(replay(read_facts(path.read_bytes().splitlines()), under, watch=recorder), recorder)
    known = {dt.date(2027, 1, 12): Decimal("0.9"), dt.date(2027, 1, 13): Decimal("0.915")}
    columns = columns_of(lives, under.versions[0].contract, Rates("EUR", {"USD": known}))
    deals, changes = columns.opportunities, columns.deal_changes
    assert deals is not None
    assert changes is not None
    assert changes.amount[:2].tolist() == [810000, 732000], "9,000 USD at 0.9, then 8,000 USD at 0.915"
    assert deals.amount.tolist() == [changes.amount[-1]], "it is worth what was told of it last"
    assert columns.amount.tolist() == deals.amount.tolist()


def test_the_rows_of_one_lead_say_of_it_what_the_columns_of_everybody_say() -> None:
    path = next(path for path in STORIES if path.stem == "second-person-at-an-account")
    under = terms()
    recorder = Recorder(under)
    lives = Lives.of(replay(read_facts(path.read_bytes().splitlines()), under, watch=recorder), recorder)
    contract = under.versions[0].contract
    everybody = columns_of(lives, contract)
    assert len(lives.leads) > 1
    for lead in lives.leads:
        alone = columns_of(replace(lives, leads=(lead,)), contract)
        assert not faults(alone)
        for row, key in enumerate(alone.key):
            there = everybody.key.index(key)
            for stage in STAGES:
                assert alone.at(stage)[row] == everybody.at(stage)[there], stage
            for split in (*SPLITS, "reason"):
                assert word(getattr(alone, split), row) == word(getattr(everybody, split), there), split
            for name in ("attempts", "icp", "turns", "recycled", "excused", "hand_raised", "first_touch_due_at"):
                assert getattr(alone, name)[row] == getattr(everybody, name)[there], name
            assert clocks(alone, row) == clocks(everybody, there)


def word(coded: Coded, row: int) -> str:
    """The word of a row; nothing where it is unknown."""
    return coded.words[coded.codes[row]] if coded.codes[row] >= 0 else ""


def clocks(columns: CycleColumns, row: int) -> list[tuple[str, str, int, int]]:
    """The clocks of a cycle."""
    found = columns.clocks
    assert found is not None
    mine = np.flatnonzero(found.cycle == row).tolist()
    return [(found.key[at], word(found.owner, at), int(found.due_at[at]), int(found.stopped_at[at])) for at in mine]


def test_the_segment_is_what_is_told_else_the_size_of_the_company() -> None:
    replayed, _ = told("won")
    lead = next(lead for lead in replayed.world.leads.values() if lead.latest is not None)
    under = terms()
    lives = Lives(leads=(), notes=Notes(), team=replayed.world.team, at=replayed.at)
    asked: list[tuple[dict[str, Value | None], str]] = [
        ({"employees": 120}, "50 to 249 people"),
        ({"employees": 1000}, "1,000 people or more"),
        ({"employees": 49, "segment": "mid-market"}, "mid-market"),
        ({"employees": None}, ""),
        ({}, ""),
    ]
    for known, segment in asked:
        columns = columns_of(replace(lives, leads=(replace(lead, known=known),)), under.versions[0].contract)
        assert word(columns.segment, 0) == segment, known


def test_clocks_and_turns_stand_beside_the_cycle() -> None:
    _, columns = told("touched-in-time-recorded-late")
    clocks, turns = columns.clocks, columns.assignments
    assert clocks is not None
    assert turns is not None
    assert [turns.owner.words[code] for code in turns.owner.codes] == ["lena", "sam", "lena"]
    names = [clocks.name.words[code] for code in clocks.name.codes]
    assert names == ["first_touch", *["response", "decision"] * 3, "working"]
    assert [clocks.owner.words[code] for code in clocks.owner.codes] == [
        "lena", "lena", "lena", "sam", "sam", "lena", "lena", "lena",
    ]  # fmt: skip
    assert clocks.excused.tolist() == [True, *[False] * 7]
    assert columns.excused.tolist() == [True]
    assert (clocks.cancelled_at != NEVER).tolist() == [False, False, True, True, True, False, False, False]
    assert [clocks.cause.words[code] for code in clocks.cause.codes if code >= 0] == ["rep_idle", "rep_idle"]


def test_a_contest_that_was_overturned_and_a_recycled_cycle_are_told_apart() -> None:
    _, overturned = told("contested-and-overturned")
    assert (overturned.overturned_at != NEVER).tolist() == [True]
    _, recycled = told("unreachable-and-back")
    assert recycled.recycled.tolist() == [1, -1]
    assert recycled.lead.tolist() == [0, 0]
    assert recycled.qualified_at[1] == NEVER


def test_who_is_on_the_roster_stands_with_the_tighter_cap() -> None:
    _, columns = told("nobody-in-the-pool")
    roster = columns.roster
    assert roster is not None
    members = [roster.owner.words[code] for code in roster.owner.codes]
    assert dict(zip(members, roster.at_most_open.tolist(), strict=True)) == {"lena": -1, "sam": -1, "noor": 0}


def test_a_file_written_and_read_again_gives_the_same_columns() -> None:
    replayed, columns = told("on-leave-mid-clock")
    under = terms()
    path = next(path for path in STORIES if path.stem == "on-leave-mid-clock")
    again = "".join(written(each.fact for each in read_facts(path.read_bytes().splitlines())))
    recorder = Recorder(under)
    other = replay(read_facts(again.encode().splitlines()), under, watch=recorder)
    assert other.world.leads == replayed.world.leads
    second = columns_of(Lives.of(other, recorder), under.versions[0].contract)
    assert second.key == columns.key
    assert np.array_equal(second.first_touch_due_at, columns.first_touch_due_at)
