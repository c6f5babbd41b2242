"""What holds of every plan: over drawn targets, rates and chains, and against the chain run forward by chance."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.support.examples import examples
from tests.support.plans import agreement, evidence, rows

from handfast.contract.walk import deals, upward
from handfast.instant import DAY
from handfast.plan import Evidence, Measured, plan
from handfast.plan.belief import beta, beta_below, certain, chance_of, least_of, posterior, product
from handfast.plan.evidence import Lengths
from handfast.plan.incidence import Fate, incidence
from handfast.plan.lag import MONTH, delays, lag
from handfast.plan.worth import POINT, worth

rate = st.fractions(min_value=Fraction(1, 1000), max_value=1, max_denominator=1000)
rates = st.lists(rate, min_size=1, max_size=6)
amount = st.fractions(min_value=1, max_value=10**9, max_denominator=100)
counts = st.integers(0, 5000)


@settings(max_examples=examples(60))
@given(amount, rate, amount, rates)
def test_the_needs_run_forward_give_the_target_to_the_last_cent(
    target: Fraction, share: Fraction, average: Fraction, steps: list[Fraction]
) -> None:
    needs = upward(deals(target, share, average), steps)
    count = needs[-1]
    for step, need in zip(steps[::-1], needs[-2::-1], strict=True):
        count *= step
        assert count == need
    assert count * average == target * share


@settings(max_examples=examples(60))
@given(amount, rates)
def test_rounding_up_is_never_below_the_need_and_never_a_whole_one_above(
    count: Fraction, steps: list[Fraction]
) -> None:
    for need in upward(count, steps):
        assert need <= ceil(need) < need + 1
    whole = ceil(upward(count, steps)[-1])
    for step in steps[::-1]:
        whole *= step  # type: ignore[assignment]  # a fraction from here on
    assert whole >= count  # as many as are told are enough


@settings(max_examples=examples(60))
@given(amount, rates, st.integers(0, 5), rate)
def test_a_better_rate_never_needs_more(count: Fraction, steps: list[Fraction], place: int, better: Fraction) -> None:
    place %= len(steps)
    raised = [max(step, better) if place == here else step for here, step in enumerate(steps)]
    before, after = upward(count, steps), upward(count, raised)
    assert all(new <= old for old, new in zip(before, after, strict=True))
    assert before[: place + 1] == after[: place + 1]  # stages below the step do not care


@settings(max_examples=examples(60))
@given(amount, amount, rates, st.integers(1, 1000))
def test_a_target_so_many_times_as_large_needs_so_many_times_as_many(
    target: Fraction, average: Fraction, steps: list[Fraction], times: int
) -> None:
    one, many = (upward(deals(each, Fraction(1), average), steps) for each in (target, target * times))
    assert [need * times for need in one] == list(many)
    other_money = upward(deals(target * times, Fraction(1), average * times), steps)
    assert other_money == one  # in pence as in pounds


@settings(max_examples=examples(40))
@given(rates, amount)
def test_a_point_is_worth_what_the_chain_run_forward_says(steps: list[Fraction], arrivals: Fraction) -> None:
    def revenue(of: list[Fraction], coming: Fraction) -> Fraction:
        for step in of:
            coming *= step
        return coming * 1000

    found = worth([("a", "b", step) for step in steps], revenue(steps, arrivals), arrivals)
    for place, one in enumerate(found):
        raised = [min(step + POINT, Fraction(1)) if here == place else step for here, step in enumerate(steps)]
        assert revenue(raised, arrivals) - revenue(steps, arrivals) == one.money
        assert revenue(raised, arrivals - one.arrivals) == revenue(steps, arrivals)


drawn_chain = st.lists(
    st.sampled_from(["lead", "meeting", "mql", "sal", "sql", "opportunity", "won", "sale"]),
    min_size=2, max_size=6, unique=True,
)  # fmt: skip


@settings(max_examples=examples(25))
@given(drawn_chain, st.data())
def test_every_chain_has_a_plan_and_each_part_of_it_agrees(chain: list[str], data: st.DataObject) -> None:
    per_cent = data.draw(st.lists(st.integers(1, 100), min_size=len(chain) - 1, max_size=len(chain) - 1))
    found = plan(agreement(chain, [f"{one}%" for one in per_cent]), arrivals=Decimal(50))
    assert found.needs is not None
    assert found.agreed is not None
    assert found.needs == upward(found.goal.deals, [Fraction(one, 100) for one in per_cent[::-1]])[::-1]
    assert [one.middle for one in found.agreed.needs] == pytest.approx([float(one) for one in found.needs])
    assert found.capacity.arrivals == found.needs[0]
    assert len(found.agreed.worth) == len(chain) - 1


@settings(max_examples=examples(40))
@given(st.floats(0.5, 5000), st.floats(0.5, 5000))
def test_beliefs_agree_with_a_library(a: float, b: float) -> None:
    mine, theirs = beta(a, b), stats.beta(a, b)
    assert mine.mean == pytest.approx(theirs.mean(), abs=1e-7)
    low, high = mine.range95()
    assert (theirs.cdf(low), theirs.cdf(high)) == (pytest.approx(0.025, abs=1e-4), pytest.approx(0.975, abs=1e-4))
    at = np.linspace(0, 1, 101)
    assert beta_below(a, b, at) == pytest.approx(theirs.cdf(at), abs=1e-5)


@settings(max_examples=examples(40))
@given(st.integers(1, 400), st.integers(0, 3000), st.floats(0.001, 1))
def test_the_chance_at_agreed_rates_is_the_binomial_tail(least: int, of: int, share: float) -> None:
    assert chance_of(least, of, certain(share)) == pytest.approx(stats.binom.sf(least - 1, of, share), abs=1e-5)


@settings(max_examples=examples(30))
@given(counts, counts, st.integers(1, 60), st.integers(1, 2000))
def test_more_arrivals_fewer_deals_or_better_evidence_never_lower_the_chance(
    reached: int, missed: int, least: int, of: int
) -> None:
    believed = posterior(reached, missed)
    chance = chance_of(least, of, believed)
    hair = 1e-9
    assert 0 <= chance <= 1 + hair
    assert chance_of(least, of + 7, believed) >= chance - hair
    assert chance_of(least + 1, of, believed) <= chance + hair
    assert chance_of(least, of, posterior(reached + 5, missed)) >= chance - 1e-6


@settings(max_examples=examples(15))
@given(st.integers(1, 60), st.integers(20, 400), st.sampled_from([0.5, 0.8, 0.9]))
def test_as_many_as_are_said_to_be_enough_are_and_one_fewer_are_not(least: int, reached: int, sure: float) -> None:
    believed = posterior(reached, 400 - reached)
    enough = least_of(sure, least, believed)
    assert enough is not None
    assert chance_of(least, enough, believed) >= sure
    assert enough == least or chance_of(least, enough - 1, believed) < sure


@given(st.integers(1, 99))
def test_belief_narrows_to_the_share_as_data_grow(hundredths: int) -> None:
    widths = []
    for size in (1, 10, 100, 10_000):
        low, high = posterior(hundredths * size, (100 - hundredths) * size).range95()
        assert low < hundredths / 100 < high
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.002


@settings(max_examples=examples(20))
@given(st.integers(2, 20))
def test_a_plan_of_ever_more_data_becomes_the_plan_of_the_agreed_rates(tenths: int) -> None:
    terms = agreement()

    def measured(size: int) -> Measured:
        agreed = {("mql", "sal"): 0.75, ("sal", "opportunity"): 0.3, ("opportunity", "won"): 0.22}
        return Measured(
            source="drawn",
            rates={
                step: Evidence(entered=size, reached=0, missed=size, waiting=0, known=size, share=share)
                for step, share in agreed.items()
            },
        )

    found = plan(terms, measured(tenths * 10**7))
    assert found.measured is not None
    assert found.agreed is not None
    assert found.measured.chance == pytest.approx(found.agreed.chance, abs=2e-3)
    for mine, need in zip(found.measured.needs, found.agreed.needs, strict=True):
        assert [mine.low, mine.middle, mine.high] == pytest.approx([need.middle] * 3, rel=3e-3)


@settings(max_examples=examples(30))
@given(
    st.lists(st.tuples(st.integers(1, 900), st.floats(0.01, 1)), min_size=1, max_size=8),
    st.integers(1, 12), st.integers(1, 10**6), st.integers(1, 1000),
)  # fmt: skip
def test_an_even_pace_run_forward_wins_each_month_what_it_needs(
    drawn: list[tuple[int, float]], count: int, arrivals: int, won: int
) -> None:
    spans = sorted({days for days, _ in drawn})
    weights = np.cumsum([weight for _, weight in drawn][: len(spans)])
    lengths = Lengths(
        span=tuple(days * DAY for days in spans), by=tuple((weights / weights[-1]).tolist()), source="drawn"
    )
    shares = delays(lengths)
    assert sum(shares) == pytest.approx(1)
    found = lag(Fraction(arrivals), Fraction(won), lengths, [f"2027-{month + 1:02}" for month in range(count)])
    assert sum(month.for_period for month in found.months) == pytest.approx(arrivals)
    assert sum(month.deals for month in found.months) == pytest.approx(won)
    assert found.carried + found.in_time == pytest.approx(1)
    # Forward: a month's arrivals are won over the months after it.
    pace, ratio = arrivals / count, won / arrivals
    by_month = np.zeros(len(found.months) + len(shares))
    for place in range(len(found.months)):
        by_month[place : place + len(shares)] += pace * ratio * np.array(shares)
    inside = [place for place, month in enumerate(found.months) if month.inside]
    assert by_month[inside] == pytest.approx(np.full(count, won / count))


@settings(max_examples=examples(15))
@given(st.integers(1, 900), st.integers(0, 10**6))
def test_delays_are_those_of_many_who_enter_at_any_moment(days: int, seed: int) -> None:
    lengths = Lengths(span=(days * DAY,), by=(1.0,), source="evenly up to so many days")
    draw = np.random.default_rng(seed)
    months = np.floor(draw.random(40_000) + draw.random(40_000) * days * DAY / MONTH).astype(int)
    counted = np.bincount(months, minlength=len(delays(lengths))) / 40_000
    assert counted == pytest.approx(np.array(delays(lengths)), abs=0.015)


fates = st.lists(st.tuples(st.integers(0, 50), st.sampled_from(list(Fate))), min_size=1, max_size=40)


@settings(max_examples=examples(80))
@given(fates)
def test_the_share_reached_is_that_of_whoever_counts_by_hand(drawn: list[tuple[int, Fate]]) -> None:
    unsettled, reached = Fraction(1), Fraction(0)
    for age in sorted({age for age, _ in drawn}):
        watched = sum(other >= age for other, _ in drawn)
        at = [fate for other, fate in drawn if other == age]
        reached += unsettled * Fraction(at.count(Fate.REACHED), watched)
        unsettled *= 1 - Fraction(len(at) - at.count(Fate.OPEN), watched)
    curve = incidence(np.array([age for age, _ in drawn]), np.array([int(fate) for _, fate in drawn], np.int8))
    assert curve.share == pytest.approx(float(reached), abs=1e-12)
    if not any(fate is Fate.OPEN for _, fate in drawn):
        assert curve.share == pytest.approx(sum(fate is Fate.REACHED for _, fate in drawn) / len(drawn))


def test_the_share_reached_agrees_with_a_library() -> None:
    lifelines = pytest.importorskip("lifelines")
    draw = np.random.default_rng(5)
    spans = draw.permutation(np.arange(1, 401))  # no ties: the library breaks them by chance
    drawn = draw.choice([0, 1, 2], 400, p=[0.4, 0.35, 0.25]).astype(np.int8)
    theirs = lifelines.AalenJohansenFitter(calculate_variance=False).fit(spans, drawn, event_of_interest=1)
    mine = incidence(spans, drawn)
    assert mine.share == pytest.approx(float(theirs.cumulative_density_.iloc[-1, 0]), abs=1e-9)


def forward(size: int, seed: int, slow: Callable[[Any], Any]) -> list[dict[str, float]]:
    """Cycles of a team whose true rates are 70 % and 40 %, drawn, entering over 400 days."""
    draw = np.random.default_rng(seed)
    found = []
    for at in np.sort(draw.random(size) * 400):
        one = {"qualified": float(at)}
        if draw.random() < 0.7:
            one["accepted"] = at + draw.random() * 5
            if draw.random() < 0.4:
                one["opportunity"] = one["accepted"] + slow(draw)
            elif draw.random() < 0.5:
                one["disqualified"] = one["accepted"] + draw.random() * 10
        else:
            one["rejected"] = at + draw.random() * 2
        found.append(one)
    return found


def test_rates_are_found_again_where_half_of_the_failures_are_never_told_and_success_is_slow() -> None:
    terms = agreement(("mql", "sal", "opportunity"), ("75%", "30%"))
    columns = rows(forward(4000, 3, lambda draw: draw.random() * 90))
    found = evidence(columns, 400, terms)
    first, second = (found.rates[step] for step in (("mql", "sal"), ("sal", "opportunity")))
    for one, truth in ((first, 0.7), (second, 0.4)):
        low, high = one.belief.range95()
        assert low < truth < high
    naive = second.reached / second.entered
    assert naive < 0.37  # what counting the young as failed would have said


@pytest.mark.parametrize("sample", [(75, 25, 30, 70, 22, 78), (8, 2, 3, 7, 2, 8), (750, 250, 300, 700, 220, 780)])
def test_the_chance_is_that_of_the_chain_run_forward_many_times(sample: tuple[int, ...]) -> None:
    """A slow second opinion: rates drawn from what is believed, each arrival drawn through each step."""
    draw = np.random.default_rng(11)
    believed = [posterior(reached, missed) for reached, missed in zip(sample[::2], sample[1::2], strict=True)]
    runs = 400_000
    left = np.full(runs, 1080)
    through = np.ones(runs)
    for reached, missed in zip(sample[::2], sample[1::2], strict=True):
        drawn = draw.beta(reached + 0.5, missed + 0.5, runs)
        left = draw.binomial(left, drawn)
        through *= drawn
    whole = product(believed)
    assert chance_of(48, 1080, whole) == pytest.approx(float((left >= 48).mean()), abs=0.004)
    assert [whole.quantile(at) for at in (0.025, 0.5, 0.975)] == pytest.approx(
        np.quantile(through, [0.025, 0.5, 0.975]).tolist(), rel=0.01
    )
