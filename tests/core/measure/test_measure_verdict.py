from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from handfast.instant import DAY
from handfast.measure.duration import _AT
from handfast.measure.judge import verdict
from handfast.measure.value import Count, Durations, NotMeasurable, Quantile, Ratio, Rows, Target, Unit, Verdict


def some(count: int) -> Rows:
    return Rows(np.zeros(0, np.bool_), count)


def ratio(top: int, bottom: int, still_open: int | None = None) -> Ratio:
    left = None if still_open is None else some(still_open)
    return Ratio(numerator=some(top), denominator=some(bottom), still_open=left)


def share(value: str, *, at_least: bool = True) -> Target:
    return Target(value=Decimal(value), at_least=at_least, clause="")


@pytest.mark.parametrize(
    ("top", "bottom", "target", "expected"),
    [
        (950, 1000, "0.9", Verdict.MET),
        (850, 1000, "0.9", Verdict.MISSED),
        (900, 1000, "0.9", Verdict.UNCERTAIN),
        (9, 10, "0.7", Verdict.UNCERTAIN),
        (3, 3, "1", Verdict.MET),
        (999, 1000, "1", Verdict.MISSED),
        (0, 0, "0.9", Verdict.NONE),
    ],
)
def test_a_share_is_met_or_missed_when_its_interval_is(top: int, bottom: int, target: str, expected: Verdict) -> None:
    assert verdict(ratio(top, bottom), share(target)) is expected


def test_a_share_that_must_not_exceed_turns_the_sides() -> None:
    assert verdict(ratio(50, 1000), share("0.1", at_least=False)) is Verdict.MET
    assert verdict(ratio(150, 1000), share("0.1", at_least=False)) is Verdict.MISSED
    assert verdict(ratio(100, 1000), share("0.1", at_least=False)) is Verdict.UNCERTAIN


def test_a_cohort_that_may_still_get_there_is_not_missed() -> None:
    assert verdict(ratio(500, 1000), share("0.75")) is Verdict.MISSED
    assert verdict(ratio(500, 1000, still_open=0), share("0.75")) is Verdict.MISSED
    assert verdict(ratio(500, 1000, still_open=300), share("0.75")) is Verdict.UNCERTAIN
    assert verdict(ratio(800, 1000, still_open=200), share("0.75")) is Verdict.MET, "it is there already"


def test_an_immature_cohort_shows_its_settled_part() -> None:
    young = ratio(10, 100, still_open=80)
    assert young.value == Decimal("0.1")
    assert young.settled == Decimal("0.5")
    assert ratio(0, 5, still_open=5).settled is None
    assert ratio(0, 0).value is None
    assert ratio(0, 0).interval is None
    assert ratio(0, 0).settled is None


def spans(median: int | None, low: int | None, high: int | None, *, count: int = 9) -> Durations:
    at = _AT["median"]
    return Durations(
        unit=Unit.WALL,
        records=some(count),
        ended=some(count),
        negative=some(0),
        quantiles={"median": Quantile(at=at, value=median, low=low, high=high)},
        within=(),
        curve=None,
        censoring=True,
    )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (40, 59, Verdict.MET),
        (40, 60, Verdict.MET),
        (40, 61, Verdict.UNCERTAIN),
        (61, 90, Verdict.MISSED),
        (61, None, Verdict.MISSED),
        (40, None, Verdict.UNCERTAIN),
        (None, None, Verdict.MISSED),
    ],
)
def test_a_median_is_judged_by_its_interval(low: int | None, high: int | None, expected: Verdict) -> None:
    within = Target(value=60 * DAY, at_least=False, clause="targets.cycle_length")
    ends = [None if one is None else one * DAY for one in (low, high)]
    assert verdict(spans(50 * DAY, *ends), within) is expected
    assert verdict(spans(None, None, None, count=0), within) is Verdict.NONE


def test_other_figures_and_no_target_have_no_verdict() -> None:
    assert verdict(ratio(1, 2), None) is Verdict.NONE
    none = Target(value=0, at_least=False, clause="")
    assert verdict(Count(records=some(3)), none) is Verdict.MISSED
    assert verdict(Count(records=some(0)), none) is Verdict.MET
    assert verdict(NotMeasurable(reason="because"), share("0.5")) is Verdict.NONE
