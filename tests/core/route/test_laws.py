"""Laws of routing, whatever the roster and whatever happens to it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.desk import MONDAY, Desk, desk_of
from tests.support.examples import examples

from handfast import facts
from handfast.instant import HOUR

FIRST = desk_of()
REPS = ("lena", "sam", "tom", "uma", "vic")
POOLS = ("inbound", "dach")
CAPS = st.none() | st.integers(0, 4)


def fresh() -> Desk:
    return Desk(FIRST.contract, FIRST.calendars)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.integers(0, 150))
@settings(max_examples=examples(100))
def test_nobody_is_more_than_one_lead_ahead_and_full_rounds_are_exact(weights: list[int], leads: int) -> None:
    desk = fresh()
    for rep, weight in enumerate(weights):
        desk.join("inbound", str(rep), weight)
    mean = Fraction(sum(weights), len(weights))
    for turn in range(1, leads + 1):
        desk.lead()
        for rep, weight in enumerate(weights):
            share = Fraction(turn * weight, sum(weights))
            apart = desk.given[str(rep)] - share
            assert -weight / mean <= apart <= 1
            assert apart == 0 or turn % sum(weights)


@given(st.integers(1, 6), st.integers(1, 60))
@settings(max_examples=examples(50))
def test_of_equal_weights_nobody_is_a_lead_behind_or_ahead(members: int, leads: int) -> None:
    desk = fresh()
    for rep in range(members):
        desk.join("inbound", str(rep), 7)
    for turn in range(1, leads + 1):
        desk.lead()
        counts = [desk.given[str(rep)] for rep in range(members)]
        assert max(counts) - min(counts) <= 1
        assert sum(counts) == turn


_REP, _POOL = st.sampled_from(REPS), st.sampled_from(POOLS)
EVENTS = st.one_of(
    st.tuples(st.just("lead"), _POOL, st.none() | _REP),
    st.tuples(st.just("lead"), _POOL, st.none()),
    st.tuples(st.just("close"), st.integers(0, 99)),
    st.tuples(st.just("credit"), st.integers(0, 99)),
    st.tuples(st.just("join"), _POOL, _REP, st.integers(0, 5), CAPS, CAPS),
    st.tuples(st.just("remove"), _POOL, _REP),
    st.tuples(st.just("rep"), _REP, st.booleans(), CAPS, CAPS),
    st.tuples(st.just("leave"), _REP, st.integers(-2, 30), st.integers(0, 40)),
    st.tuples(st.just("back"), _REP),
    st.tuples(st.just("later"), st.integers(1, 30)),
)


class Walk:
    """A team through any sequence, with counts kept apart by the plainest means."""

    def __init__(self) -> None:
        self.desk = fresh()
        self.on_hand: list[tuple[str, str | None, bool]] = []
        self.assigned: Counter[tuple[str, str]] = Counter()
        self.credits: Counter[tuple[str, str]] = Counter()
        self.today: Counter[tuple[str, int]] = Counter()

    def take(self, event: tuple[Any, ...]) -> None:
        getattr(self, event[0])(*event[1:])
        self.check()

    def lead(self, pool: str, owner: str | None) -> None:
        choice = self.desk.choose(pool, owner=owner)
        if choice.rep is None:
            assert not any(each.eligible for each in choice.looked_at)
            return
        self._holds(choice.rep, choice.via, choice.day)
        self.desk.take(choice)
        self.today[choice.rep, choice.day] += 1
        self.on_hand.append((choice.rep, choice.via, choice.counted))
        if choice.counted:
            self.assigned[pool, choice.rep] += 1
        chosen = [each for each in choice.candidates if each.why_not is None]
        for each in choice.candidates:
            if each.eligible and each.tier == chosen[0].tier:
                assert (chosen[0].level or 0) <= (each.level or 0)

    def _holds(self, name: str, via: str | None, day: int) -> None:
        rep = self.desk.team.reps[name]
        held = Counter((rep, pool) for rep, pool, _ in self.on_hand)
        assert rep.present
        assert rep.open_cap is None or sum(held[name, pool] for pool in (*POOLS, None)) < rep.open_cap
        assert rep.day_cap is None or self.today[name, day] < rep.day_cap
        member = None if via is None else self.desk.team.rosters[via].members[name]
        assert member is None or member.open_cap is None or held[name, via] < member.open_cap

    def close(self, which: int) -> None:
        if self.on_hand:
            rep, via, _ = self.on_hand.pop(which % len(self.on_hand))
            self.desk.close(rep, via)

    def credit(self, which: int) -> None:
        counted = [(via, rep) for rep, via, counted in self.on_hand if counted and via]
        if counted:
            via, rep = counted[which % len(counted)]
            self.desk.credit(rep, via)
            self.credits[via, rep] += 1

    def join(self, pool: str, rep: str, weight: int, open_cap: int | None, day_cap: int | None) -> None:
        known = self.desk.team.roster(pool).members.get(rep)
        before = None if known is None else known.level
        self.desk.join(pool, rep, weight, open_cap=open_cap, day_cap=day_cap)
        after = self.desk.level(rep, pool)
        if known is not None and known.takes_part:
            assert after == before or weight == 0
        floor = self.desk.team.lowest(pool, but=(rep,))
        if weight and not (known and known.takes_part) and floor is not None:
            assert after >= floor

    def remove(self, pool: str, rep: str) -> None:
        self.desk.tell(facts.MemberRemoved, pool=pool, rep=rep)

    def rep(self, rep: str, active: bool, open_cap: int | None, day_cap: int | None) -> None:
        self.desk.tell(facts.RepSet, rep=rep, active=active, open_cap=open_cap, day_cap=day_cap)

    def leave(self, rep: str, begins: int, lasts: int) -> None:
        starts = self.desk.now + begins * HOUR
        self.desk.tell(facts.AbsenceSet, absence=rep, rep=rep, starts=starts, ends=starts + lasts * HOUR)

    def back(self, rep: str) -> None:
        self.desk.tell(facts.AbsenceCancelled, absence=rep, rep=rep)

    def later(self, hours: int) -> None:
        self.desk.pass_to(self.desk.now + hours * HOUR)

    def check(self) -> None:
        held = Counter(rep for rep, _, _ in self.on_hand)
        team = self.desk.team
        assert {name: rep.open for name, rep in team.reps.items()} == {name: held[name] for name in team.reps}
        calibrated: Counter[tuple[str, str]] = Counter()
        for entry in self.desk.ledger:
            assert type(entry.amount) is Fraction
            if entry.kind == "calibrate":
                calibrated[entry.pool, entry.rep] += entry.amount  # type: ignore[assignment] # exact sums
        for pool, roster in team.rosters.items():
            assert self.desk.balances(pool) == self.desk.booked(pool)
            lines = [entry.sequence for entry in self.desk.ledger if entry.pool == pool]
            assert lines == list(range(1, roster.sequence + 1))
            for name, member in roster.members.items():
                key = (pool, name)
                assert member.balance == self.assigned[key] - self.credits[key] + calibrated[key]
                assert member.open == sum(1 for rep, via, _ in self.on_hand if (rep, via) == (name, pool))
                assert type(member.level) is Fraction
                assert member.level == Fraction(member.steps, roster.unit)
        for name, rep in team.reps.items():
            absent = [each for each in team.absences.values() if each.rep == name]
            assert rep.away == any(each.starts <= self.desk.now < each.ends for each in absent)


@given(st.lists(EVENTS, max_size=60))
@settings(max_examples=examples(150))
def test_whatever_happens_caps_hold_and_the_ledger_adds_up(events: list[tuple[Any, ...]]) -> None:
    walk = Walk()
    for rep in REPS[:3]:
        walk.join("inbound", rep, 2, None, None)
    for event in events:
        walk.take(event)


_TOGETHER: list[tuple[Any, Any]] = [
    (facts.AbsenceSet, {"absence": "a", "rep": "lena", "starts": MONDAY, "ends": MONDAY + HOUR}),
    (facts.AbsenceSet, {"absence": "b", "rep": "sam", "starts": MONDAY, "ends": MONDAY + HOUR}),
    (facts.MemberSet, {"pool": "inbound", "rep": "uma", "weight": 2}),
    (facts.MemberSet, {"pool": "inbound", "rep": "vic", "weight": 3}),
    (facts.RepSet, {"rep": "tom", "day_cap": 9}),
    (facts.AccountOwnerSet, {"account": "acme", "owner": "tom"}),
    (facts.PoolManagerSet, {"pool": "inbound", "rep": "tom"}),
]


@given(st.permutations(_TOGETHER), st.integers(0, 40))
@settings(max_examples=examples(60))
def test_the_order_of_facts_of_one_instant_is_nobodys_gain(order: list[tuple[Any, Any]], leads: int) -> None:
    told = []
    for events in (_TOGETHER, order):
        desk = fresh()
        for rep, weight in (("tom", 1), ("lena", 3), ("sam", 2)):
            desk.join("inbound", rep, weight)
        while desk.choose().rep != "tom" or sum(desk.given.values()) < leads:
            desk.lead()  # tom's is the lowest level, and tom stays
        for kind, values in events:
            desk.tell(kind, **values)
        desk.pass_to(MONDAY + HOUR)
        told.append((desk.balances(), desk.team.reps, desk.team.owner_of("acme"), desk.team.roster("inbound").manager))
    assert told[0] == told[1]
