from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from handfast.audit.findings.compare import Share, against_rest, contrast, difference, named, times_as_often

COUNTS = st.integers(1, 2000).flatmap(lambda bottom: st.tuples(st.integers(0, bottom), st.just(bottom)))


@given(COUNTS, COUNTS)
def test_the_interval_of_a_difference_is_newcombes(one: tuple[int, int], other: tuple[int, int]) -> None:
    found = difference(Share("a", *one), Share("b", *other))
    low, high = confint_proportions_2indep(*one, *other, method="newcomb")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@given(COUNTS, COUNTS, st.integers(1, 50))
def test_more_comparisons_never_make_an_interval_narrower(
    one: tuple[int, int], other: tuple[int, int], compared: int
) -> None:
    shares = Share("a", *one), Share("b", *other)
    few, many = difference(*shares, compared), difference(*shares, compared + 1)
    assert many.low <= few.low
    assert many.high >= few.high


def test_a_worked_example_of_newcombe() -> None:
    # Statistics in Medicine 17 (1998), table II, case (a): 56/70 against 48/80, method 10
    found = difference(Share("a", 56, 70), Share("b", 48, 80))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


@given(st.lists(COUNTS, max_size=6))
def test_a_contrast_is_never_claimed_where_the_interval_holds_no_difference(counts: list[tuple[int, int]]) -> None:
    found = contrast(Share(str(place), *count) for place, count in enumerate(counts))
    if found is not None:
        assert found.difference.low > 0
        assert found.more.value > found.less.value
        assert min(found.more.bottom, found.less.bottom) >= 30
        large = sum(bottom >= 30 for _, bottom in counts)
        assert found.compared == large * (large - 1) // 2


def test_equal_groups_have_no_contrast() -> None:
    assert contrast([Share("a", 50, 100), Share("b", 50, 100), Share("c", 50, 100)]) is None


def test_the_clearest_of_several_differences_is_taken() -> None:
    found = contrast([Share("a", 60, 100), Share("b", 300, 1000), Share("c", 12, 40)])
    assert found is not None
    assert (found.more.word, found.less.word) == ("a", "b")


def test_a_pair_picked_among_many_needs_more_than_a_pair_alone() -> None:
    pair = [Share("a", 60, 100), Share("b", 45, 100)]
    assert contrast(pair) is not None
    assert contrast([*pair, *(Share(str(place), 52, 100) for place in range(8))]) is None


def test_one_group_against_the_rest() -> None:
    found = against_rest([Share("0", 80, 100), Share("1", 40, 80), Share("2", 10, 40)], "0")
    assert found is not None
    assert (found.more.word, found.less.top, found.less.bottom) == ("0", 50, 120)
    turned = against_rest([Share("0", 20, 100), Share("1", 80, 100)], "0")
    assert turned is not None
    assert turned.less.word == "0"


@pytest.mark.parametrize(
    "shares",
    [
        [Share("1", 40, 80)],
        [Share("0", 10, 20), Share("1", 40, 80)],
        [Share("0", 80, 100), Share("1", 1, 20)],
        [Share("0", 50, 100), Share("1", 50, 100)],
    ],
    ids=["not there", "it is small", "the rest is small", "alike"],
)
def test_one_group_against_the_rest_is_held_back(shares: list[Share]) -> None:
    assert against_rest(shares, "0") is None


def test_how_many_times_as_often_has_an_interval() -> None:
    # 45 of 100 against 15 of 100: log-scale standard error sqrt(1/45 - 1/100 + 1/15 - 1/100) = 0.26247
    found = times_as_often(Share("a", 45, 100), Share("b", 15, 100))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((1.7935, 5.0180), abs=1e-4)
    wider = times_as_often(Share("a", 45, 100), Share("b", 15, 100), 10)
    assert wider is not None
    assert wider.low < found.low < found.high < wider.high
    assert times_as_often(Share("a", 45, 100), Share("b", 0, 100)) is None


def test_words_for_nothing_name_no_group() -> None:
    assert [word for word in ("paid", "Unknown ", "other", None, "", "(not set)") if named(word)] == ["paid"]


def test_the_more_comparisons_the_wider() -> None:
    widths = [difference(Share("a", 60, 100), Share("b", 45, 100), compared) for compared in (1, 2, 10, 100)]
    assert all(wider.high - wider.low > one.high - one.low for one, wider in pairwise(widths))
