"""Scores of many leads: what the columns do at their edges, and how the kernel is compiled or not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from handfast.condition import All, AnyOf, Operator, Test, ValueType, value_of
from handfast.condition.columns import Column, holds_in_columns
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
from handfast.instant import DAY, NEVER
from handfast.score import ScoreTable, compile_table, kernel
from handfast.score import profile as profile_module
from handfast.score.bar import needed, ranges
from handfast.score.columns import (
    WORTH_COMPILING,
    Leads,
    arrange,
    attribute_columns,
    behaviour_at,
    first_passing,
    leads_of,
    score_column,
)
from handfast.score.compiled import compiled, loops_for
from handfast.score.kernel import HUGE
from handfast.score.profile import profiles

BAR = All((Test("total", Operator.AT_LEAST, 40), Test("fit", Operator.AT_LEAST, 20)))


def table_of(*signals: BehaviourSignal, **limits: int) -> ScoreTable:
    software = FitSignal(name="s", title="S", when=Test("industry", Operator.IS, "software"), points=25)
    score = Score(
        fit=FitGroup(signals={"s": software}),
        behaviour=BehaviourGroup(signals={each.name: each for each in signals}, **limits),
    )
    path = {"path": Attribute(name="path", type=ValueType.TEXT)}
    return compile_table(
        cast(
            "Contract",
            SimpleNamespace(
                score=score,
                attributes={"industry": Attribute(name="industry", type=ValueType.TEXT)},
                activities={"viewed": ActivityType(name="viewed", properties=path)},
            ),
        )
    )


VIEWED = BehaviourSignal(name="viewed", title="Viewed", on="viewed", points=10, most_recent=2, expires=30 * DAY)


def coded(codes: list[int], *words: str) -> Any:
    return SimpleNamespace(codes=np.array(codes, dtype=np.int32), words=words)


def activities(*rows: tuple[int, int]) -> Any:
    """Rows of (lead, instant), all of them views of nothing in particular."""
    leads, instants = [row[0] for row in rows], [row[1] for row in rows]
    return SimpleNamespace(
        lead=np.array(leads, dtype=np.int32),
        at=np.array(instants, dtype=np.int64),
        kind=coded([0] * len(rows), "viewed"),
        properties={},
    )


def leads(table: ScoreTable, *industries: int) -> Leads:
    known = {"industry": coded(list(industries), "Software", "Retail"), "unheard_of": coded([], "x")}
    return leads_of(table, BAR, attribute_columns(table, known), len(industries))


# Compiling is slow where branches are followed, and what is compiled is not seen: the plain loops cover the same lines.
@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.no_cover)], ids=["plain", "compiled"])
def fast(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


class TestFirstPassing:
    def test_is_the_instant_that_tips_the_bar(self, fast: bool) -> None:
        table = table_of(VIEWED)
        rows = activities((0, 3 * DAY), (1, DAY), (0, DAY), (2, DAY), (2, 2 * DAY), (1, 5 * DAY), (1, 5 * DAY))
        found = leads(table, 0, 0, 1)
        history = arrange(table, rows, 3, needs=found.needs, fast=fast)
        assert first_passing(table, found, history, fast=fast).tolist() == [3 * DAY, 5 * DAY, NEVER]
        assert found.fit.tolist() == [2500, 2500, 0]

    def test_leaves_out_leads_that_can_never_pass(self, fast: bool) -> None:
        table = table_of(VIEWED)
        rows = activities((0, DAY), (1, DAY), (1, 2 * DAY), (2, DAY), (2, 2 * DAY))
        found = leads(table, 0, 0, 1)  # too little done; enough; no fit
        history = arrange(table, rows, 3, needs=found.needs, fast=fast)
        assert history.rows.starts.tolist() == [0, 0, 2, 2]
        assert found.needs.tolist() == [1500, 1500, HUGE]

    def test_judges_at_an_activity_that_no_signal_listens_to(self, fast: bool) -> None:
        table = table_of(VIEWED)
        bar = Test("fit", Operator.AT_LEAST, 20)
        rows = activities((0, 7 * DAY), (1, 7 * DAY))
        rows.kind = coded([0, 0], "created")
        known = attribute_columns(table, {"industry": coded([0, 1], "software", "retail")})
        found = leads_of(table, bar, known, 2)
        history = arrange(table, rows, 2, needs=found.needs, fast=fast)
        assert first_passing(table, found, history, fast=fast).tolist() == [7 * DAY, NEVER]

    def test_counts_everything_where_none_is_too_many_and_skips_what_lies_between(self, fast: bool) -> None:
        table = table_of(BehaviourSignal(name="viewed", title="Viewed", on="viewed", points=10))
        between = All((Test("total", Operator.AT_LEAST, 30), Test("total", Operator.AT_MOST, 34)))
        bar = AnyOf((between, Test("total", Operator.AT_LEAST, 55)))
        columns = attribute_columns(table, {"industry": coded([0], "Software")})
        found = leads_of(table, bar, columns, 1)
        rows = activities(*((0, day * DAY) for day in (1, 2, 3, 4)))
        history = arrange(table, rows, 1, needs=found.needs, fast=fast)
        assert first_passing(table, found, history, fast=fast).tolist() == [3 * DAY]

    def test_of_nobody_is_nothing(self, fast: bool) -> None:
        table = table_of(VIEWED)
        found = leads(table)
        history = arrange(table, activities((-1, DAY)), 0, needs=found.needs, fast=fast)
        assert first_passing(table, found, history, fast=fast).tolist() == []

    def test_of_a_contract_without_signals_rests_on_fit(self, fast: bool) -> None:
        table = table_of()
        found = leads_of(table, Test("behaviour", Operator.AT_MOST, 0), {}, 1)
        history = arrange(table, activities((0, DAY)), 1, fast=fast)
        assert first_passing(table, found, history, fast=fast).tolist() == [DAY]


class TestBehaviourAt:
    def test_is_asked_of_each_lead_at_its_own_instant(self, fast: bool) -> None:
        table = table_of(VIEWED)
        history = arrange(table, activities((0, DAY), (1, DAY), (1, 2 * DAY), (1, 3 * DAY)), 3, fast=fast)
        when = np.array([31 * DAY - 1, 2 * DAY, NEVER])
        assert behaviour_at(table, history, when, fast=fast).tolist() == [1000, 2000, 0]
        assert behaviour_at(table, history, when + 1, fast=fast).tolist() == [0, 2000, 0]

    def test_of_a_lead_that_did_nothing_is_nothing_held_within_the_limits(self, fast: bool) -> None:
        table = table_of(VIEWED, at_least=5)
        history = arrange(table, activities(), 2, fast=fast)
        assert behaviour_at(table, history, np.zeros(2, dtype=np.int64), fast=fast).tolist() == [500, 500]


class TestArranging:
    def test_refuses_rows_of_leads_beyond_the_count(self) -> None:
        with pytest.raises(ValueError, match="lead 7 among 3"):
            arrange(table_of(VIEWED), activities((7, DAY)), 3)

    @pytest.mark.parametrize("length", [5, 50, 500])
    def test_sorts_a_log_that_is_newest_first(self, fast: bool, length: int) -> None:
        table = table_of(VIEWED)
        rows = activities(*((row % 3, row // 7 * DAY) for row in range(3 * length)))
        expected = arrange(table, rows, 3, fast=fast)
        rows.at, rows.lead = rows.at[::-1].copy(), rows.lead[::-1].copy()
        found = arrange(table, rows, 3, fast=fast)
        assert found.rows.at.tolist() == expected.rows.at.tolist()
        assert found.rows.starts.tolist() == expected.rows.starts.tolist()

    @pytest.mark.parametrize("length", [5, 500])
    def test_keeps_the_order_of_activities_at_one_instant(self, fast: bool, length: int) -> None:
        others = [
            BehaviourSignal(name=name, title=name, on=name, points=1, most_recent=1) for name in ("viewed", "clicked")
        ]
        table = table_of(*others)
        rng = np.random.default_rng(1)
        rows = activities(*((0, int(at)) for at in rng.integers(0, length // 2, length)))
        rows.kind = coded(rng.integers(0, 2, length).tolist(), "viewed", "clicked")
        history = arrange(table, rows, 1, fast=fast)
        order = np.argsort(rows.at, kind="stable")
        drawer = [int(history.patterns.drawer[history.patterns.start[code]]) for code in history.rows.pattern]
        assert drawer == [table.drawers[kind] for kind in rows.kind.codes[order]]
        assert history.rows.at.tolist() == rows.at[order].tolist()

    def test_takes_arrays_that_may_not_be_written(self, fast: bool) -> None:
        table, rows = table_of(VIEWED), activities((0, 2 * DAY), (0, DAY))
        rows.at.flags.writeable = rows.lead.flags.writeable = False
        assert arrange(table, rows, 1, fast=fast).rows.at.tolist() == [DAY, 2 * DAY]

    def test_walks_leads_in_blocks(self, fast: bool) -> None:
        table = table_of(VIEWED)
        many = np.repeat(np.arange(300, dtype=np.int32), 400)
        rows = activities(*((int(lead), int(lead) * DAY) for lead in many))
        history = arrange(table, rows, 300, fast=fast)
        found = leads_of(table, Test("behaviour", Operator.AT_LEAST, 20), {}, 300)
        assert first_passing(table, found, history, fast=fast).tolist() == [lead * DAY for lead in range(300)]
        assert (
            behaviour_at(table, history, np.full(300, 300 * DAY), fast=fast).sum() == 29 * 2000
        )  # the thirtieth has expired


class TestTheBar:
    LIMITS = (-HUGE, 8000)

    def test_is_a_range_of_behaviour(self) -> None:
        found = ranges(BAR, {}, 2500, self.LIMITS)
        assert found == ((1500, 8000),)
        assert needed(found, self.LIMITS) == 1500
        assert ranges(BAR, {}, 1999, self.LIMITS) == ()
        assert needed((), self.LIMITS) == HUGE

    def test_may_be_several_ranges(self) -> None:
        odd = Test("behaviour", Operator.IN, (3, 5))
        assert ranges(odd, {}, 0, self.LIMITS) == ((300, 300), (500, 500))
        assert ranges(Test("behaviour", Operator.IS_NOT, 3), {}, 0, self.LIMITS) == ((-HUGE, 299), (301, 8000))
        assert needed(ranges(Test("behaviour", Operator.BELOW, 3), {}, 0, self.LIMITS), self.LIMITS) == -HUGE

    def test_keeps_neighbours_together_and_ignores_what_behaviour_cannot_change(self) -> None:
        both = All((Test("behaviour", Operator.KNOWN, True), Test("employees", Operator.AT_LEAST, 5)))
        assert ranges(both, {"employees": 5}, 0, self.LIMITS) == ((-HUGE, 8000),)
        assert ranges(Test("behaviour", Operator.BETWEEN, (1, 200)), {}, 0, self.LIMITS) == ((100, 8000),)

    def test_counts_hundredths_exactly(self) -> None:
        above = Test("total", Operator.ABOVE, cast("int", value_of("40.005", ValueType.NUMBER)))
        assert ranges(above, {}, 0, self.LIMITS) == ((4001, 8000),)


class TestProfiles:
    def test_rows_that_answer_alike_share_a_profile(self) -> None:
        column = Column(np.array([0, 1, 2, -1, 0]), ["software", "fintech", "retail"])
        tests = {
            "industry": [Test("industry", Operator.IN, ("software", "fintech"))],
            "absent": [Test("a", Operator.IS, 1)],
        }
        found = profiles({"industry": column}, tests, 5)
        assert found.codes.tolist() == [0, 0, 1, 1, 0]
        assert [found.codes[row] for _, row in found.occurring()] == [0, 1]

    def test_too_many_combinations_for_a_table_are_sorted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rng = np.random.default_rng(3)
        columns = {name: Column(rng.integers(-1, 4, 500), [1, 2, 3, 4]) for name in "abc"}
        tests = {name: [Test(name, Operator.IS, value) for value in (1, 3, 4)] for name in "abc"}
        expected = profiles(columns, tests, 500)
        monkeypatch.setattr(profile_module, "_MANY", 10)
        found = profiles(columns, tests, 500)
        assert found.codes.tolist() != expected.codes.tolist()  # other numbers
        both = set(zip(found.codes.tolist(), expected.codes.tolist(), strict=True))  # for the same groups
        assert len(both) == len(list(found.occurring())) == len(list(expected.occurring()))
        assert all(found.codes[row] == code for code, row in found.occurring())


def test_scores_become_columns_that_conditions_read() -> None:
    column = score_column(np.array([2000, 1999, 2050, 2000]))
    found = holds_in_columns(Test("fit", Operator.AT_LEAST, 20), {"fit": column}, 4)
    assert found.tolist() == [True, False, True, True]


@pytest.fixture
def fresh_kernel() -> Iterator[None]:
    """The compiled kernel is made once a process; here it is made again, and forgotten afterwards."""
    compiled.cache_clear()
    yield
    compiled.cache_clear()


class TestCompiling:
    def test_is_worth_it_from_a_certain_size_on(self) -> None:
        assert loops_for(WORTH_COMPILING - 1) is None
        assert loops_for(WORTH_COMPILING) is compiled()
        assert loops_for(1, fast=True) is compiled()
        assert loops_for(WORTH_COMPILING, fast=False) is None

    @pytest.mark.usefixtures("fresh_kernel")
    def test_without_numba_plain_python_does_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "numba", None)
        assert compiled() is None
        table, rows = table_of(VIEWED), activities((0, DAY), (0, 2 * DAY))
        history = arrange(table, rows, 1, fast=True)
        assert behaviour_at(table, history, np.array([2 * DAY]), fast=True).tolist() == [2000]

    @pytest.mark.usefixtures("fresh_kernel")
    def test_without_a_folder_to_keep_it_the_kernel_is_compiled_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import numba

        asked: list[bool] = []

        def njit(*, cache: bool = False, **_options: Any) -> Any:
            asked.append(cache)
            if cache:
                raise RuntimeError("cannot cache function: no locator available")
            return lambda function: function

        monkeypatch.setattr(numba, "njit", njit)
        loops = compiled()
        assert loops is not None
        assert loops.tally is kernel.tally
        assert asked == [True, False] * 7

    def test_what_was_compiled_is_kept_beside_an_installed_package(self, root: Path, tmp_path: Path) -> None:
        package = tmp_path / "site"
        shutil.copytree(root / "src", package, ignore=shutil.ignore_patterns("__pycache__"))
        program = (
            "import numpy as np; from handfast.score.compiled import compiled; loops = compiled();"
            "one = np.zeros(1, dtype=np.int64);"
            "loops.tally(one.astype(np.int32), one, one.astype(np.int32), one, -1, np.zeros(2, dtype=np.int64));"
            "print(sum(loops.tally.stats.cache_hits.values()))"
        )
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(package)}
        hits = [
            subprocess.run(
                [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
            ).stdout.strip()
            for _ in range(2)
        ]
        assert hits == ["0", "1"]
        assert list((package / "handfast" / "score" / "__pycache__").glob("kernel.tally*.nbi"))
