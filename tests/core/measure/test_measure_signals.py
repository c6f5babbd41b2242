"""Measures by signal once more, slow and obvious; and the laws of a quotient of two shares."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from handfast.contract.model import Contract
from handfast.instant import DAY, parse_instant
from handfast.measure import Measure, board
from handfast.measure.coded import Coded
from handfast.measure.columns import CycleColumns
from handfast.measure.figure import Ratio, rows
from handfast.measure.lift import LEAST, Lift, lift_of
from handfast.measure.some import some_cycles
from handfast.measure.tables import Signals
from handfast.measure.value import NotMeasurable

NOW = parse_instant("2027-01-01T00:00:00+01:00") + 120 * DAY
SIGNALS = ("fit.right_size", "behaviour.webinar")

Make = Callable[[int, int], CycleColumns]


def noted(columns: CycleColumns, seed: int) -> CycleColumns:
    """Signals of some of the cycles; the second one of one version's alone."""
    rng = np.random.default_rng(seed)
    version = Coded(codes=rng.integers(-1, 2, len(columns)).astype(np.int32), words=("1", "2"))
    first = np.flatnonzero(rng.random(len(columns)) < 0.4)
    second = np.flatnonzero((rng.random(len(columns)) < 0.5) & (version.codes == 1))
    cycle = np.concatenate((first, second)).astype(np.int32)
    codes = np.repeat(np.arange(2, dtype=np.int32), (len(first), len(second)))
    table = Signals(cycle=cycle, signal=Coded(codes=codes, words=SIGNALS))
    return replace(columns, signals=table, version=version)


def counted(columns: CycleColumns) -> dict[str, list[str | None]]:
    """Of each signal and cycle: counted, not counted, or nobody knows."""
    table = columns.signals
    assert table is not None
    pairs = {
        (int(cycle), table.signal.words[code]) for cycle, code in zip(table.cycle, table.signal.codes, strict=True)
    }
    versions = {name: {int(columns.version.codes[row]) for row, each in pairs if each == name} for name in SIGNALS}
    found: dict[str, list[str | None]] = {}
    for name in SIGNALS:
        found[name] = []
        for row in range(len(columns)):
            known = columns.band.codes[row] >= 0 and int(columns.version.codes[row]) in versions[name]
            word = "counted" if (row, name) in pairs else "not counted"
            found[name].append(word if known else None)
    return found


def parts(measure: Measure, name: str) -> dict[str | None, tuple[int, int]]:
    return {part.word: pair(part.figure) for part in measure.splits[name]}


def pair(figure: object) -> tuple[int, int]:
    assert isinstance(figure, Ratio)
    return figure.numerator.count, figure.denominator.count


@pytest.mark.parametrize("seed", range(4))
def test_a_split_by_a_signal_is_counted_by_hand(seed: int, random_cycles: Make, acme: Contract) -> None:
    columns = noted(random_cycles(seed, 400), seed)
    found = board(columns, acme, None, NOW)
    seen, words = found.columns, counted(columns)
    ended = ("rejected", "disqualified", "won", "lost")
    did = {stage: seen.happened(stage) for stage in ("qualified", "accepted", "sql", "withdrawn", *ended)}
    for name in SIGNALS:
        accepted: dict[str | None, list[int]] = {}
        qualified: dict[str | None, list[int]] = {}
        for row, word in enumerate(words[name]):
            if did["qualified"][row] and (did["accepted"][row] or did["rejected"][row]):
                accepted.setdefault(word, []).append(int(did["accepted"][row]))
            over = any(did[stage][row] for stage in ended) and not did["withdrawn"][row]
            if did["qualified"][row] and (did["sql"][row] or over):
                qualified.setdefault(word, []).append(int(did["sql"][row]))
        assert parts(found["accepted_by_signal"], name) == {word: (sum(x), len(x)) for word, x in accepted.items()}
        assert parts(found["sql_by_signal"], name) == {word: (sum(x), len(x)) for word, x in qualified.items()}
    rate = found["acceptance_rate"].figure
    assert pair(found["accepted_by_signal"].figure) == pair(rate)
    assert parts(found["accepted_by_signal"], "source") == parts(found["acceptance_rate"], "source")


def test_some_cycles_keep_their_signals(random_cycles: Make, acme: Contract) -> None:
    columns = noted(random_cycles(5, 300), 5)
    kept: NDArray[np.bool_] = np.arange(300) % 3 == 0
    fewer = some_cycles(columns, kept)
    before = counted(columns)
    mine = {name: [each for each, keep in zip(before[name], kept, strict=True) if keep] for name in SIGNALS}
    assert counted(fewer) == mine


def test_without_signals_it_says_so(random_cycles: Make, acme: Contract) -> None:
    figure = board(random_cycles(1, 50), acme, None, NOW)["accepted_by_signal"].figure
    assert figure == NotMeasurable(reason="Which signals counted is not given.")


# The quotient.

COUNTS = st.integers(1, 10**6).flatmap(lambda bottom: st.tuples(st.integers(0, bottom), st.just(bottom)))


def ratio(top: int, bottom: int) -> Ratio:
    mask = np.ones(0, np.bool_)
    return Ratio(numerator=replace(rows(mask), count=top), denominator=replace(rows(mask), count=bottom))


def lift(one: tuple[int, int], other: tuple[int, int], z: float = 1.96) -> Lift:
    found = lift_of(ratio(*one), ratio(*other), z)
    assert found is not None
    return found


@given(COUNTS, COUNTS)
def test_an_interval_holds_its_value_and_is_positive(one: tuple[int, int], other: tuple[int, int]) -> None:
    found = lift(one, other)
    assert found.low >= 0
    assert (found.value is None) == (found.high is None) == (other[0] == 0)
    if found.value is not None and found.high is not None:
        assert found.low <= float(found.value) * (1 + 1e-9)
        assert float(found.value) <= found.high * (1 + 1e-9)


@given(COUNTS, COUNTS)
def test_the_other_way_round_is_one_over_it(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = lift(one, other), lift(other, one)
    assert there.enough == back.enough
    if there.value and back.value and there.high and back.high:
        assert there.value * back.value == 1
        assert math.isclose(there.low * back.high, 1, rel_tol=1e-6)


@given(COUNTS, COUNTS, st.integers(2, 50))
def test_more_of_the_same_and_a_surer_eye(one: tuple[int, int], other: tuple[int, int], times: int) -> None:
    few, many = lift(one, other), lift((one[0] * times, one[1] * times), (other[0] * times, other[1] * times))
    if one[0] and other[0]:
        assert few.value == many.value
        assert many.low >= few.low * (1 - 1e-9)
    assert not few.enough or many.enough
    assert lift(one, other, z=3.0).low <= few.low * (1 + 1e-9)


@given(COUNTS, COUNTS)
def test_enough_is_cochrans_rule(one: tuple[int, int], other: tuple[int, int]) -> None:
    whole, happened = one[1] + other[1], one[0] + other[0]
    cells = [size * part / whole for size in (one[1], other[1]) for part in (happened, whole - happened)]
    near = min(abs(cell - LEAST) for cell in cells)
    if near > 1e-6:
        assert lift(one, other).enough == (min(cells) >= LEAST)


def test_worked_examples() -> None:
    assert lift_of(ratio(0, 0), ratio(1, 2)) is None
    assert lift_of(ratio(1, 2), ratio(0, 0)) is None
    known = lift((30, 100), (10, 100), z=1.959963984540054)  # ln 3 ± 1.96 · √(1/30 − 1/100 + 1/10 − 1/100)
    assert known.value == 3
    assert (round(known.low, 2), round(known.high or 0, 2)) == (1.55, 5.80)
    assert known.enough
    assert lift((0, 10), (5, 10)).low == 0
    assert not lift((1, 2), (1, 2)).enough
