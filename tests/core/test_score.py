"""Scores of one lead: the arithmetic at its edges, the kept state, the explanation."""

from __future__ import annotations

import dataclasses
import struct
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from handfast.condition import All, NoneOf, Operator, Test, Value, ValueType
from handfast.contract.model import (
    ActivityType,
    Attribute,
    BehaviourGroup,
    BehaviourSignal,
    Contract,
    FitGroup,
    FitSignal,
    Score,
)
from handfast.contract.terms import Fading
from handfast.errors import HandfastError, ScoreForgotten
from handfast.instant import DAY, MICROSECOND
from handfast.score import (
    LineKind,
    Scored,
    ScoreState,
    ScoreTable,
    Side,
    compile_table,
    explain,
    explain_state,
    fit_of,
    points,
    score_at,
    signals_counted,
)

NOW = 20_000 * DAY


def attribute(name: str, kind: ValueType) -> Attribute:
    return Attribute(name=name, type=kind)


def contract_of(fit: FitGroup, behaviour: BehaviourGroup) -> Contract:
    """As much of a contract as a score reads."""
    kinds = {"industry": ValueType.TEXT, "employees": ValueType.NUMBER}
    path = {"path": attribute("path", ValueType.TEXT)}
    return cast(
        "Contract",
        SimpleNamespace(
            score=Score(fit=fit, behaviour=behaviour),
            attributes={name: attribute(name, kind) for name, kind in kinds.items()},
            activities={name: ActivityType(name=name, properties=path) for name in ("page_viewed", "webinar", "other")},
        ),
    )


def signal(name: str, points: int, **terms: Any) -> BehaviourSignal:
    return BehaviourSignal(name=name, title=name.title(), on=terms.pop("on", "page_viewed"), points=points, **terms)


def behaviour_table(*signals: BehaviourSignal, **limits: int) -> ScoreTable:
    group = BehaviourGroup(signals={each.name: each for each in signals}, **limits)
    return compile_table(contract_of(FitGroup(signals={}), group))


PRICING = Test("path", Operator.STARTS_WITH, "/pricing")
SOFTWARE = FitSignal(name="software", title="Software", when=Test("industry", Operator.IS, "software"), points=25)
SMALL = FitSignal(name="small", title="Small", when=Test("employees", Operator.BELOW, 50), points=-40)
BIG = FitSignal(name="big", title="Big", when=Test("employees", Operator.AT_LEAST, 50), points=45)


def fit_table(**limits: int) -> ScoreTable:
    signals = {each.name: each for each in (SOFTWARE, SMALL, BIG)}
    return compile_table(contract_of(FitGroup(signals=signals, **limits), BehaviourGroup(signals={})))


def worth(table: ScoreTable, *ages: int, at: int = NOW) -> int:
    """The behaviour score of one signal, by ages; the state must agree whatever the order of arrival."""
    instants = [at - age for age in ages]
    expected = score_at(table, 0, [instants], at).behaviour
    for order in (instants, instants[::-1]):
        state = ScoreState(table)
        for instant in order:
            state.add([0], instant)
        assert state.behaviour(at) == expected
    return expected


class TestTheWeightOfAnActivity:
    def test_counts_in_full_until_it_expires_and_not_at_all_from_then_on(self) -> None:
        table = behaviour_table(signal("s", 10, most_recent=1, expires=30 * DAY))
        assert worth(table, 0) == 1000
        assert worth(table, 30 * DAY - MICROSECOND) == 1000
        assert worth(table, 30 * DAY) == 0
        assert worth(table, 31 * DAY) == 0

    def test_fades_by_whole_steps(self) -> None:
        table = behaviour_table(signal("s", 8, most_recent=1, fades=Fading(25, 14 * DAY)))
        steps = [0, 14 * DAY - 1, 14 * DAY, 28 * DAY - 1, 28 * DAY, 42 * DAY, 56 * DAY - 1, 56 * DAY, 900 * DAY]
        assert [worth(table, age) for age in steps] == [800, 800, 600, 600, 400, 200, 200, 0, 0]

    def test_never_turns_negative_when_the_steps_do_not_divide_a_hundred(self) -> None:
        table = behaviour_table(signal("s", 10, most_recent=1, fades=Fading(40, DAY)))
        assert [worth(table, age * DAY) for age in range(5)] == [1000, 600, 200, 0, 0]

    def test_is_exact_to_the_hundredth(self) -> None:
        table = behaviour_table(signal("s", 7, most_recent=3, fades=Fading(33, DAY)))
        assert worth(table, DAY, 2 * DAY, 3 * DAY) == 7 * (67 + 34 + 1)

    def test_fades_and_expires(self) -> None:
        table = behaviour_table(signal("s", 10, most_recent=1, fades=Fading(10, DAY), expires=3 * DAY))
        assert [worth(table, age * DAY) for age in range(5)] == [1000, 900, 800, 0, 0]

    def test_of_negative_points_fades_towards_nothing(self) -> None:
        table = behaviour_table(signal("s", -10, most_recent=1, fades=Fading(50, DAY)))
        assert [worth(table, age * DAY) for age in range(4)] == [-1000, -500, 0, 0]

    def test_fading_by_nothing_is_no_fading(self) -> None:
        assert worth(behaviour_table(signal("s", 10, fades=Fading(0, DAY))), 1000 * DAY) == 1000


class TestWhichActivitiesCount:
    def test_only_the_most_recent_by_time_whatever_the_order_of_arrival(self) -> None:
        table = behaviour_table(signal("s", 10, most_recent=2, fades=Fading(10, DAY)))
        assert worth(table, 5 * DAY, DAY, 3 * DAY, 0) == 1000 + 900

    def test_several_at_one_instant_are_several(self) -> None:
        table = behaviour_table(signal("s", 10, most_recent=2))
        assert worth(table, DAY) == 1000
        assert worth(table, DAY, DAY) == 2000
        assert worth(table, DAY, DAY, DAY) == 2000

    def test_none_after_the_instant_asked_about(self) -> None:
        table = behaviour_table(signal("s", 10, most_recent=2))
        assert worth(table, -1) == 0
        assert worth(table, -1, 0) == 1000

    def test_all_of_them_without_a_limit(self) -> None:
        assert worth(behaviour_table(signal("s", 3)), *range(0, 500 * DAY, DAY)) == 3 * 500 * 100

    def test_a_lead_that_did_nothing_has_nothing(self) -> None:
        table = behaviour_table(signal("s", 3), signal("t", 4))
        assert score_at(table, 0, [[], []], NOW) == ScoreState(table).score(0, NOW) == Scored(0, 0)
        assert Scored(0, 0).total == 0


class TestMatching:
    def test_one_activity_may_match_several_signals(self) -> None:
        table = behaviour_table(signal("any_page", 1), signal("pricing", 8, when=PRICING), signal("w", 5, on="webinar"))
        assert table.matching("page_viewed", {"path": "/pricing/teams"}) == (0, 1)
        assert table.matching("page_viewed", {"path": "/blog"}) == (0,)
        assert table.matching("page_viewed", {}) == (0,)
        assert table.matching("webinar", {}) == (2,)
        assert table.matching("form_submitted", {}) == ()

    def test_each_fit_signal_matches_once_and_the_sum_is_limited(self) -> None:
        values: dict[str, Value | None] = {"industry": "software", "employees": 200}
        assert fit_of(fit_table(), values) == 7000
        assert fit_of(fit_table(at_most=60), values) == 6000
        assert fit_of(fit_table(), {"employees": 3}) == -4000
        assert fit_of(fit_table(at_least=-10), {"employees": 3}) == -1000
        assert fit_of(fit_table(), {}) == 0


class TestLimits:
    def test_hold_the_group(self) -> None:
        table = behaviour_table(signal("s", 30), signal("t", -50), at_most=80, at_least=-20)
        assert score_at(table, 100, [[NOW] * 4, []], NOW) == Scored(100, 8000)
        assert score_at(table, 100, [[NOW], [NOW] * 2], NOW) == Scored(100, -2000)
        assert score_at(table, 100, [[NOW] * 4, [NOW]], NOW) == Scored(100, 7000)


class TestPoints:
    def test_are_exact(self) -> None:
        assert points(700) == 7
        assert isinstance(points(-700), int)
        assert points(725) == Decimal("7.25")
        assert points(-725) == Decimal("-7.25")
        assert Scored(2000, 350).values() == {"fit": 20, "behaviour": Decimal("3.5"), "total": Decimal("23.5")}


class TestTermsThatNoLoadedContractHas:
    @pytest.mark.parametrize(
        ("terms", "words"),
        [
            ({"expires": DAY}, "without most_recent"),
            ({"fades": Fading(10, DAY)}, "without most_recent"),
            ({"fades": Fading(10, 10), "most_recent": 1}, "once a second"),
            ({"points": 10_000_000}, "beyond 1000000"),
        ],
    )
    def test_are_refused(self, terms: dict[str, Any], words: str) -> None:
        given = {"points": 1, **terms}
        with pytest.raises(ValueError, match=words):
            behaviour_table(signal("s", **given))

    def test_limits_the_wrong_way_round_are_refused(self) -> None:
        with pytest.raises(ValueError, match="at_least 5 is above at_most 4"):
            behaviour_table(signal("s", 1), at_least=5, at_most=4)


KEPT = behaviour_table(signal("s", 10, most_recent=2, expires=10 * DAY), signal("all", 1, on="webinar"))
IN_LIST = Test("path", Operator.IN_LIST, frozenset({"/a", "/c"}), "paths")
A = signal("a", 10, when=IN_LIST, most_recent=2, expires=10 * DAY)
B = signal("b", 1, on="webinar")


def head(many: int, *, form: int = 2, signals: int = 2, fingerprint: bytes = KEPT.fingerprint) -> bytes:
    return struct.pack("<BHH8s", form, many, signals, fingerprint)


class TestTheKeptState:
    table = KEPT

    def state(self, *days: int, signals: tuple[int, ...] = (0,)) -> ScoreState:
        state = ScoreState(self.table)
        for day in days:
            state.add(signals, day * DAY)
        return state

    def test_keeps_no_more_than_it_needs(self) -> None:
        state = self.state(*range(100), signals=(0, 1))
        assert state.stored(0) == [97 * DAY, 98 * DAY, 99 * DAY]
        assert state.stored(1) == [99 * DAY]
        assert [state.signal(signal, 100 * DAY)[0] for signal in (0, 1)] == [100, 100]

    def test_is_exact_before_the_latest_activity_as_long_as_nothing_needed_was_dropped(self) -> None:
        assert self.state(1, 2, 3, 4).behaviour(3 * DAY) == 2000  # 2 and 3: one more than the limit is kept
        assert self.state(1, 9).behaviour(DAY) == 1000  # nothing was dropped
        assert self.state(1, 2, 30, 31).behaviour(20 * DAY) == 0  # 2 has expired, so 1 has
        assert self.state(1, 2, 30, 31).behaviour(12 * DAY) == 0  # exactly at its expiry
        assert self.state(30, 31).behaviour(20 * DAY) == 0
        assert self.state(3, signals=(1,)).behaviour(2 * DAY) == 0
        assert self.state(2, 3, signals=(1,)).behaviour(3 * DAY) == 200

    def test_refuses_when_something_dropped_would_count(self) -> None:
        with pytest.raises(ScoreForgotten, match="s: activities that counted"):
            self.state(1, 2, 3, 4).behaviour(2 * DAY)  # 1 is gone, and would count
        with pytest.raises(ScoreForgotten):
            self.state(1, 2, 30, 31).behaviour(12 * DAY - 1)
        with pytest.raises(ScoreForgotten):
            self.state(1, 20, 21, 22).behaviour(19 * DAY)  # nothing is left to tell how old the dropped one is
        with pytest.raises(ScoreForgotten):
            self.state(2, 3, signals=(1,)).behaviour(2 * DAY)
        assert issubclass(ScoreForgotten, HandfastError)

    def test_is_brought_up_to_date_by_a_late_activity(self) -> None:
        state = self.state(5, 9)
        state.add((0,), 7 * DAY)
        state.add((0,), 1 * DAY)  # too old to matter
        assert state.stored(0) == [5 * DAY, 7 * DAY, 9 * DAY]
        assert state.behaviour(16 * DAY) == 2000
        assert state.behaviour(17 * DAY) == 1000

    def test_survives_as_bytes(self) -> None:
        state = self.state(5, 9, 12, 1, signals=(0, 1))
        again = ScoreState.from_bytes(self.table, bytes(state))
        assert bytes(again) == bytes(state)
        assert explain_state(self.table, {}, again, 13 * DAY) == explain_state(self.table, {}, state, 13 * DAY)
        assert bytes(ScoreState.from_bytes(self.table, bytes(ScoreState(self.table)))) == bytes(ScoreState(self.table))

    def test_takes_less_than_a_kilobyte_for_twenty_signals(self) -> None:
        table = behaviour_table(*(signal(f"s{n}", 5, most_recent=3) for n in range(20)))
        state = ScoreState(table)
        for day in range(50):
            state.add(range(20), day * DAY)
        assert len(bytes(state)) <= 1000

    def test_keeps_more_signals_than_a_byte_can_count(self) -> None:
        table = behaviour_table(*(signal(f"s{n}", 5, most_recent=1) for n in range(300)))
        state = ScoreState(table)
        state.add(range(300), DAY)
        again = ScoreState.from_bytes(table, bytes(state))
        assert again.behaviour(DAY) == state.behaviour(DAY) == 300 * 500

    @pytest.mark.parametrize(
        "other",
        [
            [B, A],
            [A, dataclasses.replace(B, name="c")],
            [A, dataclasses.replace(B, on="page_viewed")],
            [A, dataclasses.replace(B, when=All(()))],
            [A, dataclasses.replace(B, points=2)],
            [dataclasses.replace(A, expires=9 * DAY), B],
            [dataclasses.replace(A, most_recent=1), B],
            [dataclasses.replace(A, when=dataclasses.replace(IN_LIST, operand=frozenset({"/a", "/b"}))), B],
        ],
        ids=["reordered", "named", "activity", "condition", "points", "expiry", "most_recent", "list"],
    )
    def test_of_another_contract_is_refused(self, other: list[BehaviourSignal]) -> None:
        table = behaviour_table(A, B)
        state = ScoreState(table)
        state.add((0, 1), DAY)
        with pytest.raises(ValueError, match="another contract"):
            ScoreState.from_bytes(behaviour_table(*other), bytes(state))

    def test_of_the_same_signals_under_other_titles_is_read(self) -> None:
        state = ScoreState(behaviour_table(A, B))
        state.add((0, 1), DAY)
        titled = behaviour_table(dataclasses.replace(A, title="Looked at a page"), B)
        assert ScoreState.from_bytes(titled, bytes(state)).behaviour(DAY) == state.behaviour(DAY)

    def test_has_the_same_fingerprint_in_every_process(self) -> None:
        assert behaviour_table(A, B).fingerprint.hex() == "722729d8cce63791"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x02",
            head(0, form=1),
            head(0, signals=3),
            head(0, fingerprint=bytes(8)),
            head(1) + struct.pack("<2H2q", 9, 1, 1, 0),
            head(1) + struct.pack("<2H10q", 0, 9, *[9] * 10),
            head(1) + struct.pack("<2H2q", 0, 1, 0, 0),
            head(1) + struct.pack("<2H1q", 0, 0, 1),
            head(2) + struct.pack("<4H4q", 0, 1, 0, 1, 1, 0, 1, 0),
            head(1) + struct.pack("<2H1q", 0, 1, 1),
            head(1) + struct.pack("<2H2q", 0, 1, 1, 0) + b"\x00",
        ],
        ids=[
            "empty",
            "short",
            "format",
            "signals",
            "fingerprint",
            "signal",
            "too many",
            "fewer seen",
            "none",
            "twice",
            "cut",
            "more",
        ],
    )
    def test_refuses_bytes_that_are_not_its_own(self, data: bytes) -> None:
        with pytest.raises(ValueError, match="score state"):
            ScoreState.from_bytes(self.table, data)


class TestTheExplanation:
    contract = contract_of(
        FitGroup(signals={"software": SOFTWARE, "big": BIG}, at_most=60),
        BehaviourGroup(
            signals={
                "pricing": signal("pricing", 8, when=PRICING, most_recent=3, fades=Fading(25, 14 * DAY)),
                "webinar": signal("webinar", -30, on="webinar"),
            },
            at_least=-20,
        ),
    )
    table = compile_table(contract)

    def test_lists_every_signal_and_adds_up(self) -> None:
        instants = [[NOW, NOW - 14 * DAY, NOW - 20 * DAY, NOW - 90 * DAY, NOW + 1], []]
        found = explain(self.table, {"industry": "software", "employees": 80}, instants, NOW)
        assert [(line.clause, line.count, line.raw, line.value) for line in found.lines] == [
            ("score.fit.signals.software", 1, 2500, 2500),
            ("score.fit.signals.big", 1, 4500, 4500),
            ("score.fit.at_most", 0, 0, -1000),
            ("score.behaviour.signals.pricing", 4, 3200, 800 + 600 + 600),
            ("score.behaviour.signals.webinar", 0, 0, 0),
        ]
        assert found.scored == Scored(6000, 2000)
        assert sum(line.value for line in found.lines) == found.scored.total
        assert found.lines[2].kind is LineKind.LIMIT
        assert found.lines[0].why is not None
        assert found.lines[0].why.found == "software"
        assert found.at == NOW

    def test_shows_a_lower_limit_too(self) -> None:
        found = explain(self.table, {}, [[], [NOW]], NOW)
        assert [(line.side, line.title, line.value) for line in found.lines if line.kind is LineKind.LIMIT] == [
            (Side.BEHAVIOUR, "Held at the least allowed", 1000)
        ]
        assert found.scored == Scored(0, -2000)

    def test_is_the_same_from_the_kept_state(self) -> None:
        instants = [[NOW, NOW - 14 * DAY, NOW - 20 * DAY, NOW - 90 * DAY], [NOW, NOW]]
        state = ScoreState(self.table)
        for place, when in enumerate(instants):
            for instant in when:
                state.add([place], instant)
        values = {"employees": 80}
        assert explain_state(self.table, values, state, NOW) == explain(self.table, values, instants, NOW)
        found = explain_state(self.table, values, state, NOW)
        counted = {
            line.clause.replace("score.", "").replace("signals.", "")
            for line in found.lines
            if line.kind is LineKind.SIGNAL and line.value
        }
        assert set(signals_counted(self.table, values, state, NOW)) == counted

    def test_a_negated_condition_matches_a_lead_of_whom_nothing_is_known(self) -> None:
        other = FitSignal(name="o", title="O", when=NoneOf((SOFTWARE.when,)), points=5)
        table = compile_table(contract_of(FitGroup(signals={"o": other}), BehaviourGroup(signals={})))
        found = explain(table, {}, [], NOW)
        assert (found.lines[0].count, found.scored) == (1, Scored(500, 0))
