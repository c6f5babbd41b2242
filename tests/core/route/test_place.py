"""Nobody is eligible: it stays, is held, falls back, goes to the manager, in this order and without going round."""

from __future__ import annotations

from tests.support.desk import TEXT, Desk, desk_of, lines

from handfast import facts
from handfast.route import Choice, Held, Placed, Stays, Way, WhyNot


def choice_of(placed: Placed) -> Choice:
    assert isinstance(placed.outcome, Choice)
    return placed.outcome


def held_of(placed: Placed) -> Held:
    assert isinstance(placed.outcome, Held)
    return placed.outcome


def test_somebody_eligible_gets_it_at_once(desk: Desk) -> None:
    desk.join("inbound", "lena")
    placed = desk.place(values={})
    assert choice_of(placed).rep == "lena"
    assert placed.nobody == ()


def test_after_a_breach_it_stays_with_an_owner_who_is_still_there(desk: Desk) -> None:
    desk.join("dach", "lena")
    placed = desk.place(pool="dach", had={"lena"}, stays_with="lena")
    assert placed.outcome == Stays(rep="lena")
    assert [(each.pool, each.candidates[0].why_not) for each in placed.nobody] == [("dach", WhyNot.HAD_IT)]


def test_after_a_breach_of_somebody_gone_it_goes_on(desk: Desk) -> None:
    desk.join("dach", "lena")
    desk.tell(facts.AbsenceSet, absence="a", rep="lena", starts=desk.now, ends=desk.now + 1)
    assert held_of(desk.place(pool="dach", had={"lena"}, stays_with="lena")).pool == "dach"
    assert held_of(desk.place(pool="dach", had={"gone"}, stays_with="gone")).pool == "dach"


def test_a_hold_then_the_fallback_pool_with_its_own_hold_then_the_manager(desk: Desk) -> None:
    desk.tell(facts.PoolManagerSet, pool="inbound", rep="omar")
    desk.tell(facts.RepSet, rep="omar", open_cap=0)
    first = held_of(desk.place(values={"employees": 2000}))
    assert (first.pool, str(first.window), first.tried) == ("enterprise", "30 business minutes", ("enterprise",))
    second = held_of(desk.place(pool="enterprise", held=first.tried))
    assert (second.pool, str(second.window), second.tried) == ("dach", "1 business hour", ("enterprise", "dach"))
    placed = desk.place(pool="dach", held=second.tried)
    last = choice_of(placed)
    assert (last.rep, last.way, last.pool, last.via) == ("omar", Way.LAST_RESORT, "inbound", "inbound")
    assert (last.counted, last.despite) == (False, WhyNot.OPEN_CAP)
    assert [each.pool for each in placed.nobody] == ["dach", "inbound"]
    desk.take(last)
    assert lines(desk.ledger) == [("omar", "assign", 0)]
    assert desk.choose().candidates == ()
    desk.close("omar")
    desk.join("inbound", "omar", 2)
    assert desk.team.rosters["inbound"].members["omar"].open == 0


def test_when_a_hold_is_over_its_own_pool_is_asked_again_first(desk: Desk) -> None:
    first = held_of(desk.place(pool="dach"))
    desk.join("dach", "lena")
    desk.join("inbound", "sam")
    assert choice_of(desk.place(pool="dach", held=first.tried)).rep == "lena"
    assert choice_of(desk.place(pool="dach", held=first.tried, had={"lena"})).rep == "sam"


def test_a_manager_who_is_a_member_is_counted(desk: Desk) -> None:
    desk.join("inbound", "omar", 2, open_cap=0)
    desk.tell(facts.PoolManagerSet, pool="inbound", rep="omar")
    last = choice_of(desk.place(pool="inbound"))
    desk.take(last)
    assert last.owner is not None
    assert (last.counted, last.owner.level_after) == (True, desk.level("omar"))


def test_pools_that_fall_back_on_each_other_are_each_asked_once() -> None:
    desk = desk_of(TEXT.replace("inbound: {nobody: {then: manager}}", "inbound: {nobody: {then: dach}}"))
    desk.tell(facts.PoolManagerSet, pool="dach", rep="omar")
    desk.tell(facts.RepSet, rep="omar")
    first = held_of(desk.place(pool="inbound"))
    assert (first.pool, first.tried) == ("dach", ("inbound", "dach"))
    placed = desk.place(pool="dach", held=first.tried)
    assert (choice_of(placed).rep, choice_of(placed).pool) == ("omar", "dach")
    assert [each.pool for each in placed.nobody] == ["dach"]


def test_without_a_manager_everybody_is_asked_again_after_a_hold(desk: Desk) -> None:
    held = held_of(desk.place(pool="inbound"))
    assert (held.pool, str(held.window), held.tried, held.unmanaged) == (
        "inbound",
        "1 business hour",
        ("inbound",),
        True,
    )
    desk.tell(facts.PoolManagerSet, pool="inbound", rep="omar")
    desk.tell(facts.RepSet, rep="omar", active=False)
    held = held_of(desk.place(pool="dach", held=("enterprise", "dach")))
    assert (held.pool, str(held.window), held.tried) == ("enterprise", "30 business minutes", ("enterprise",))


def test_the_manager_of_an_earlier_pool_stands_in_where_the_last_has_none(desk: Desk) -> None:
    desk.tell(facts.PoolManagerSet, pool="dach", rep="omar")
    desk.tell(facts.RepSet, rep="omar")
    last = choice_of(desk.place(pool="dach", held=("dach",)))
    assert (last.rep, last.pool) == ("omar", "dach")


def test_an_overturned_contest_goes_back_only_before_the_manager(desk: Desk) -> None:
    desk.join("inbound", "lena")
    desk.join("inbound", "sam")
    desk.tell(facts.PoolManagerSet, pool="inbound", rep="omar")
    desk.tell(facts.RepSet, rep="omar")
    assert choice_of(desk.place(pool="inbound", had={"lena"}, returns_to="lena")).rep == "sam"
    again = choice_of(desk.place(values={}, had={"lena", "sam"}, returns_to="lena"))
    assert (again.rep, again.way, again.via, again.counted) == ("lena", Way.ROUTED, "inbound", True)
    assert again.rule is not None
    desk.join("inbound", "lena", 0)
    assert choice_of(desk.place(pool="inbound", had={"lena", "sam"}, returns_to="lena")).rep == "omar"
    desk.tell(facts.RepSet, rep="tom", open_cap=0)
    assert choice_of(desk.place(pool="inbound", had={"lena", "sam", "tom"}, returns_to="tom")).rep == "omar"
    desk.tell(facts.RepSet, rep="tom")
    again = choice_of(desk.place(pool="inbound", had={"lena", "sam", "tom"}, returns_to="tom"))
    assert (again.rep, again.via) == ("tom", None)
