"""Laws that every figure keeps, whatever the cycles."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.support.examples import examples

from handfast.stats import quantile, survival, wilson_many

SPANS = st.lists(st.tuples(st.integers(-(10**12), 10**15), st.booleans()), min_size=1, max_size=60)
COUNTS = st.integers(0, 10**9).flatmap(lambda bottom: st.tuples(st.integers(0, bottom), st.just(bottom)))


def columns(spans: list[tuple[int, bool]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    return np.array([span for span, _ in spans], np.int64), np.array([ended for _, ended in spans], np.bool_)


@given(COUNTS.filter(lambda pair: pair[1] > 0))
def test_wilson_holds_its_share_and_stays_a_share(pair: tuple[int, int]) -> None:
    top, bottom = pair
    low, high = (float(end[0]) for end in wilson_many(np.array([top]), np.array([bottom])))
    assert 0 <= low <= top / bottom + 1e-15
    assert top / bottom - 1e-15 <= high <= 1


@given(st.integers(1, 10**6), st.integers(2, 50))
def test_more_of_the_same_narrows_the_interval(bottom: int, times: int) -> None:
    top = bottom // 3
    tops, bottoms = np.array([top, top * times]), np.array([bottom, bottom * times])
    low, high = wilson_many(tops, bottoms)
    assert high[1] - low[1] < high[0] - low[0]


@given(SPANS)
@settings(max_examples=examples(150))
def test_a_curve_falls_from_one_within_its_limits(spans: list[tuple[int, bool]]) -> None:
    curve = survival(*columns(spans))
    shares = np.concatenate(([1.0], curve.surviving))
    assert (np.diff(shares) <= 1e-15).all()
    assert (curve.low <= curve.surviving + 1e-12).all()
    assert (curve.surviving <= curve.high + 1e-12).all()
    assert ((curve.low >= 0) & (curve.high <= 1)).all()
    assert curve.ended.sum() == sum(ended for _, ended in spans)
    assert curve.at_risk[0] == len(spans)


@given(SPANS)
@settings(max_examples=examples(150))
def test_without_censoring_the_curve_counts(spans: list[tuple[int, bool]]) -> None:
    lengths, _ = columns(spans)
    curve = survival(lengths, np.ones(len(lengths), np.bool_))
    for at in (lengths[0], lengths.max(), lengths.min()):
        found = curve.ended_by(int(at))
        assert found is not None
        assert abs(found[0] - float((lengths <= at).mean())) < 1e-12


@given(SPANS, st.integers(0, 10**6))
@settings(max_examples=examples(150))
def test_silence_never_improves_a_number(spans: list[tuple[int, bool]], later: int) -> None:
    """One more lead that still waits, watched longer than all others, makes no quantile shorter and no share larger."""
    lengths, ended = columns(spans)
    before = survival(lengths, ended)
    last = int(lengths.max()) + later
    after = survival(np.append(lengths, last), np.append(ended, False))
    for at in (0.5, 0.9, 0.95):
        one, other = before.quantile(at)[0], after.quantile(at)[0]
        assert other is None or (one is not None and one <= other)
    for span in {int(length) for length in lengths}:
        one_share, other_share = before.ended_by(span), after.ended_by(span)
        assert one_share is not None
        assert other_share is not None
        assert other_share[0] <= one_share[0] + 1e-12


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=50), st.fractions(0, 1, max_denominator=1000))
@settings(max_examples=examples(150))
def test_a_quantile_lies_among_the_values_and_rises(values: list[int], at: Fraction) -> None:
    column = np.array(values, np.int64)
    found = quantile(column, at)
    assert found is not None
    assert min(values) <= found <= max(values)
    higher = quantile(column, (at + 1) / 2)
    assert higher is not None
    assert found <= higher
