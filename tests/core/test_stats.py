from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times, qth_survival_times
from statsmodels.stats.proportion import proportion_confint

from handfast.stats import Survival, quantile, survival, wilson, wilson_many

CLOSE = 1e-12


def sample(seed: int, count: int, *, ended: float, longest: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(1, longest, count), rng.random(count) < ended


def test_wilson_equals_statsmodels() -> None:
    for bottom in (1, 2, 3, 7, 10, 100, 12345, 10**9):
        for top in {0, 1, bottom // 3, bottom // 2, bottom - 1, bottom}:
            low, high = proportion_confint(top, bottom, method="wilson")
            found = wilson(top, bottom)
            assert found == pytest.approx((low, high), abs=CLOSE)


def test_wilson_of_nothing_is_none_and_of_many_is_nan() -> None:
    assert wilson(0, 0) is None
    low, high = wilson_many(np.array([0, 1]), np.array([0, 2]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert 0 < low[1] < 0.5 < high[1] < 1


def test_wilson_reaches_its_ends_exactly() -> None:
    assert (wilson(0, 7) or (1, 1))[0] == 0.0
    assert (wilson(7, 7) or (0, 0))[1] == 1.0


@pytest.mark.parametrize("seed", range(20))
def test_survival_equals_lifelines(seed: int) -> None:
    spans, ended = sample(seed, 20 + 30 * seed, ended=0.1 + seed / 22, longest=5 + 9 * seed)
    mine, theirs = survival(spans, ended), KaplanMeierFitter().fit(spans, ended)
    limits = theirs.confidence_interval_
    assert mine.time == pytest.approx(theirs.survival_function_.index.to_numpy()[1:], abs=0)
    assert mine.surviving == pytest.approx(theirs.survival_function_.to_numpy()[1:, 0], abs=CLOSE)
    assert mine.low == pytest.approx(limits.to_numpy()[1:, 0], abs=CLOSE)
    assert mine.high == pytest.approx(limits.to_numpy()[1:, 1], abs=CLOSE)
    median = median_survival_times(limits).to_numpy()[0]
    expected = [None if np.isinf(one) else int(one) for one in (theirs.median_survival_time_, *median)]
    assert list(mine.quantile(0.5)) == expected
    p90 = qth_survival_times(0.1, theirs.survival_function_)
    assert mine.quantile(0.9)[0] == (None if np.isinf(p90) else int(p90))


def test_share_ended_by_a_span_equals_lifelines_between_steps() -> None:
    spans, ended = sample(5, 200, ended=0.6, longest=60)
    mine, theirs = survival(spans, ended), KaplanMeierFitter().fit(spans, ended)
    for span in range(1, int(spans.max()) + 1):
        found = mine.ended_by(span)
        assert found is not None
        assert found[0] == pytest.approx(1 - theirs.predict(span), abs=CLOSE)
        assert found[1] - CLOSE <= found[0] <= found[2] + CLOSE


def test_a_censored_tie_was_still_at_risk() -> None:
    curve = survival(np.array([3, 3, 5]), np.array([True, False, True]))
    assert curve.at_risk.tolist() == [3, 1]
    assert curve.surviving.tolist() == pytest.approx([2 / 3, 0])


def test_a_median_exactly_at_a_step_is_that_step_whatever_the_rounding() -> None:
    for count in range(2, 400, 2):
        curve = survival(np.arange(1, count + 1), np.ones(count, np.bool_))
        assert curve.quantile(0.5)[0] == count // 2


def test_nobody_ended_leaves_every_quantile_open() -> None:
    curve = survival(np.array([4, 9]), np.array([False, False]))
    assert curve.quantile(0.5) == (None, None, None)
    assert curve.ended_by(4) == (0.0, 0.0, 0.0)
    assert curve.ended_by(3) == (0.0, 0.0, 0.0)
    assert curve.ended_by(10) is None, "nobody was watched for ten"


def test_nothing_watched_says_nothing() -> None:
    curve = survival(np.zeros(0, np.int64), np.zeros(0, np.bool_))
    assert isinstance(curve, Survival)
    assert curve.ended_by(1) is None
    assert curve.quantile(0.5) == (None, None, None)


def test_all_ended_keeps_the_share_known_for_ever() -> None:
    curve = survival(np.array([4, 9]), np.array([True, True]))
    assert curve.ended_by(1000) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("at", [Fraction(1, 2), Fraction(9, 10), Fraction(19, 20), Fraction(0), Fraction(1)])
def test_quantile_equals_numpy_and_is_exact(at: Fraction) -> None:
    rng = np.random.default_rng(11)
    for count in (1, 2, 3, 10, 101, 842):
        values = rng.integers(-(10**6), 10**6, count)
        found = quantile(values, at)
        assert found is not None
        assert float(found) == pytest.approx(float(np.quantile(values, float(at))), rel=1e-9, abs=1e-6)
    big = np.array([2**62, 2**62 + 1], np.int64)
    assert quantile(big, Fraction(1, 2)) == 2**62 + Fraction(1, 2), "no float on the way"


def test_quantile_of_nothing_is_none() -> None:
    assert quantile(np.zeros(0, np.int64), Fraction(1, 2)) is None
