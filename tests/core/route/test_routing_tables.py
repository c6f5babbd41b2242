"""The tables of docs/algorithms/routing.md, row by row."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.support.desk import Desk
from tests.support.tables import PAGES, Row, table_of

from handfast import facts, route
from handfast.instant import DAY, parse_instant
from handfast.route import Choice, Held, Stays, Tier, Way

PAGE = PAGES / "routing.md"


def _numbers(text: str) -> dict[str, Fraction]:
    """``lena 3, sam 1/2``."""
    parts = (part.rsplit(" ", 1) for part in text.split(", ") if part)
    return {name: Fraction(number) for name, number in parts}


def _weighted(desk: Desk, weights: str, caps: str = "") -> None:
    capped = _numbers(caps)
    for rep, weight in _numbers(weights).items():
        desk.join("inbound", rep, int(weight), open_cap=int(capped[rep]) if rep in capped else None)


def test_the_levels_of_the_first_round_are_those_of_the_page(desk: Desk) -> None:
    _weighted(desk, "lena 3, sam 2, tom 1")
    for row in table_of(PAGE, "lead", count=7):
        choice = desk.lead()
        assert {each.rep: each.level for each in choice.candidates} == _numbers(row["levels before"])
        assert choice.rep == row["goes to"]


@pytest.mark.parametrize("row", table_of(PAGE, "weights", count=6), ids=lambda row: f"{row['weights']} {row['caps']}")
def test_shares_are_those_of_the_page(desk: Desk, row: Row) -> None:
    _weighted(desk, row["weights"], row["caps"])
    desk.leads(int(row["leads"]))
    assert desk.given == {name: int(number) for name, number in _numbers(row["shares"]).items()}


def _away(desk: Desk, how: str) -> None:
    """Sam gets none of the next eight leads, and is back."""
    if "leave" in how:
        desk.tell(facts.AbsenceSet, absence="a", rep="sam", starts=desk.now, ends=desk.now + DAY)
    elif "pauses" in how:
        desk.join("inbound", "sam", 0)
    elif "removed" in how:
        desk.tell(facts.MemberRemoved, pool="inbound", rep="sam")
    elif "inactive" in how:
        desk.tell(facts.RepSet, rep="sam", active=False)
    else:
        desk.join("inbound", "sam", open_cap=0)
    desk.leads(8)
    desk.ledger.clear()
    if "leave" in how:
        desk.pass_to(desk.now + DAY)
    elif "inactive" in how:
        desk.tell(facts.RepSet, rep="sam")
    else:
        desk.join("inbound", "sam")


def _happens(desk: Desk, what: str) -> None:
    joins = re.fullmatch(r"tom joins with weight (\d)", what)
    if joins:
        desk.join("inbound", "tom", int(joins[1]))
    elif what == "sam's weight becomes 3":
        desk.join("inbound", "sam", 3)
    elif what == "sam is credited":
        desk.credit("sam")
    else:
        _away(desk, what)


@pytest.mark.parametrize("row", table_of(PAGE, "what happens", count=9), ids=lambda row: row["what happens"])
def test_who_joins_or_comes_back_shares_as_the_page_says(desk: Desk, row: Row) -> None:
    _weighted(desk, "lena 1, sam 1")
    desk.leads(20)
    desk.ledger.clear()
    _happens(desk, row["what happens"])
    before = Counter(desk.given)
    desk.leads(int(row["then leads"]))
    written = {entry.rep: entry.amount for entry in desk.ledger if entry.kind != "assign"}
    assert written == _numbers(row["line in the ledger"])
    assert desk.given - before == {name: int(number) for name, number in _numbers(row["shares of those leads"]).items()}


def _deal(owner: str | None) -> route.Opportunity:
    return route.Opportunity(id="d", lead="nora", account="acme", owner=owner, opened_at=0)


def _found(placed: route.Placed) -> Choice:
    assert isinstance(placed.outcome, Choice)
    return placed.outcome


@pytest.mark.parametrize("row", table_of(PAGE, "the deal's owner", count=9), ids=lambda row: " ".join(row.values()))
def test_the_second_person_goes_where_the_page_says(desk: Desk, row: Row) -> None:
    desk.join("inbound", "tom")
    asked = [row["the deal's owner"].partition(", "), row["the account's owner"].partition(", ")]
    for name, _, state in asked:
        if name != "nobody known":
            desk.tell(facts.RepSet, rep=name, active=state != "inactive", open_cap=0 if state == "at a cap" else None)
        if state == "away":
            desk.tell(facts.AbsenceSet, absence=name, rep=name, starts=desk.now, ends=desk.now + DAY)
    routing = replace(desk.contract.routing, owner_first=row["owner_first"] == "yes")
    desk.contract = replace(desk.contract, routing=routing)
    (deals, *_), (accounts, *_) = asked
    choice = _found(
        desk.place(
            pool="inbound",
            owner=accounts,
            opportunity=_deal(None if deals == "nobody known" else deals),
            had={name for name, _, state in asked if state == "had it"},
        )
    )
    assert f"{choice.rep}, {choice.way}" == row["goes to"]
    why = {each.rep: each.why_not for each in choice.looked_at}
    first = {name: state for name, _, state in asked if state}
    barred = {name: str(why[name]) for name in first if name in why and name != choice.rep}
    assert barred == {name: _BARRED[state] for name, state in first.items()}
    assert len(choice.looked_at) == len(why), "nobody is looked at twice"


_BARRED = {"away": "absent", "at a cap": "open_cap", "had it": "had_it", "inactive": "inactive"}


@pytest.mark.parametrize(
    "row", table_of(PAGE, "way of the assignment", count=12), ids=lambda row: " ".join(list(row.values())[:3])
)
def test_the_ledger_counts_what_the_page_says(desk: Desk, row: Row) -> None:
    pool = "enterprise" if row["count_all"] == "yes" else "inbound"
    desk.tell(facts.RepSet, rep="lena")
    if row["member of the pool"] == "yes":
        desk.join(pool, "lena")
    way = Way(row["way of the assignment"])
    if way is Way.HUMAN:
        choice = route.give(desk.team, desk.contract, desk.calendars, now=desk.now, to="lena", pool=pool)
    elif way is Way.LAST_RESORT:
        desk.tell(facts.PoolManagerSet, pool=pool, rep="lena")
        choice = _found(desk.place(pool=pool, had={"lena"}))
    elif way is Way.OPPORTUNITY_OWNER:
        choice = _found(desk.place(pool=pool, opportunity=_deal("lena")))
    else:
        choice = desk.choose(pool, owner="lena" if way is Way.ACCOUNT_OWNER else None)
    assert (choice.rep, choice.way) == ("lena", way)
    desk.take(choice)
    assert [str(entry.amount) for entry in desk.ledger] == ([] if row["ledger"] == "none" else [row["ledger"]])
    assert choice.via == (pool if row["calendar"] == "the pool's" else None)


@pytest.mark.parametrize("row", table_of(PAGE, "at", count=6), ids=lambda row: f"{row['at']} {row['levels']}")
def test_hours_come_before_levels(desk: Desk, row: Row) -> None:
    desk.join("inbound", "lena", calendar="emea")
    desk.join("inbound", "ann", calendar="us")
    roster = desk.team.rosters["inbound"]
    members = {
        name: replace(roster.members[name], balance=level, steps=int(level))
        for name, level in _numbers(row["levels"]).items()
    }
    desk.team = replace(desk.team, rosters={"inbound": replace(roster, members=members)})
    desk.pass_to(parse_instant(row["at"]))
    choice = desk.choose()
    assert (choice.rep, choice.tier) == (row["goes to"], Tier(row["tier"]))


@pytest.mark.parametrize("row", table_of(PAGE, "pool asked", count=10), ids=lambda row: " ".join(row.values()))
def test_where_a_handoff_goes_that_nobody_can_take(desk: Desk, row: Row) -> None:
    other = row["other facts"]
    desk.tell(facts.PoolManagerSet, pool="inbound", rep="omar")
    desk.tell(facts.RepSet, rep="omar", active="omar is inactive" not in other)
    desk.tell(facts.RepSet, rep="sam", active="is gone" not in other)
    home = re.search(r"sam is in (\w+)", other)
    if home:
        desk.join(home[1], "sam")
    placed = desk.place(
        pool=row["pool asked"],
        held=tuple(row["holds that are over"].split(", ")) if row["holds that are over"] else (),
        had={"sam"} if "had it" in other else (),
        stays_with="sam" if "breached" in other else None,
        returns_to="sam" if "overturned" in other else None,
    )
    found = placed.outcome
    if isinstance(found, Held):
        shown = f"held in {found.pool}"
    elif isinstance(found, Stays):
        shown = f"stays with {found.rep}"
    else:
        shown = f"{found.rep}, {found.way}, {found.pool}"
    assert shown == row["what happens"]
