"""What happens at the very instant: of a due, of an end, of the turn of a period, of the board itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from handfast.contract.model import Contract
from handfast.instant import DAY, HOUR, MINUTE, NEVER, parse_instant
from handfast.measure import board
from handfast.measure.columns import CycleColumns
from handfast.measure.period import period_named
from handfast.measure.reached import chosen
from handfast.measure.value import Count, Durations, Ratio

NOW = parse_instant("2027-01-20T12:00:00+01:00")
DUE = NOW - DAY

Make = Callable[[int, int], CycleColumns]


@pytest.fixture
def quiet(random_cycles: Make) -> CycleColumns:
    """Three delivered cycles on which nothing happened; their first touch was due a day ago."""
    cycles = random_cycles(1, 3)
    nothing = np.full(3, NEVER, np.int64)
    stages = ("accepted", "contested", "overturned", "rejected", "sql", "opportunity", "won", "lost", "disqualified")
    for stage in (*stages, "withdrawn", "first_touch"):
        setattr(cycles, f"{stage}_at", nothing.copy())
    cycles.undated, cycles.inferred, cycles.excused = {}, {}, np.zeros(3, np.bool_)
    cycles.qualified_at = np.full(3, DUE - 4 * HOUR, np.int64)
    cycles.first_touch_due_at = np.full(3, DUE, np.int64)
    cycles.decision_due_at = np.full(3, DUE, np.int64)
    return cycles


def counts(cycles: CycleColumns, contract: Contract, name: str, now: int = NOW) -> tuple[int, int]:
    figure = board(cycles, contract, None, now)[name].figure
    assert isinstance(figure, Ratio)
    return figure.numerator.count, figure.denominator.count


def test_a_touch_at_the_due_is_in_time(quiet: CycleColumns, acme: Contract) -> None:
    quiet.first_touch_at = np.array([DUE - 1, DUE, DUE + 1], np.int64)
    assert counts(quiet, acme, "follow_up_compliance") == (2, 3)


def test_a_promise_is_judged_from_its_due_on(quiet: CycleColumns, acme: Contract) -> None:
    quiet.first_touch_due_at = np.array([NOW - 1, NOW, NOW + 1], np.int64)
    assert counts(quiet, acme, "follow_up_compliance") == (0, 2)
    quiet.decision_due_at = quiet.first_touch_due_at
    assert counts(quiet, acme, "undecided_past_due") == (2, 3)
    assert counts(quiet, acme, "worked") == (0, 2)


def test_an_end_before_the_due_cancels_and_at_the_due_it_does_not(quiet: CycleColumns, acme: Contract) -> None:
    quiet.rejected_at = np.array([DUE - 1, DUE, DUE + 1], np.int64)
    assert counts(quiet, acme, "follow_up_compliance") == (0, 2)


def test_a_disqualification_does_not_cancel_a_first_touch(quiet: CycleColumns, acme: Contract) -> None:
    quiet.accepted_at = np.full(3, DUE - 2 * HOUR, np.int64)
    quiet.disqualified_at = np.full(3, DUE - HOUR, np.int64)
    assert counts(quiet, acme, "follow_up_compliance") == (0, 3), "one never answered ends as missed"


def test_a_contest_suspends_the_first_touch_until_it_is_settled(quiet: CycleColumns, acme: Contract) -> None:
    quiet.contested_at = np.array([DUE - HOUR, DUE - HOUR, DUE + HOUR], np.int64)
    quiet.overturned_at = np.array([NEVER, DUE - MINUTE, NEVER], np.int64)
    assert counts(quiet, acme, "follow_up_compliance") == (0, 2), "the first is suspended; the third was late already"
    assert counts(quiet, acme, "acceptance_rate") == (0, 0), "a contest is no rejection until it is settled"


def test_a_touch_before_an_end_that_came_before_the_due_counts(quiet: CycleColumns, acme: Contract) -> None:
    quiet.first_touch_at = np.array([DUE - 2 * HOUR, NEVER, NEVER], np.int64)
    quiet.lost_at = np.array([DUE - HOUR, DUE - HOUR, NEVER], np.int64)
    assert counts(quiet, acme, "follow_up_compliance") == (1, 2)


def test_a_period_is_half_open(quiet: CycleColumns, acme: Contract) -> None:
    january = period_named("2027-01", acme)
    quiet.qualified_at = np.array([january.first, january.last - 1, january.last], np.int64)
    later = january.last + DAY
    for label, expected in (("2026-12", 0), ("2027-01", 2), ("2027-02", 1)):
        figure = board(quiet, acme, period_named(label, acme), later)["delivered"].figure
        assert isinstance(figure, Count)
        assert figure.value == expected


def test_what_happens_at_the_as_of_instant_has_happened(quiet: CycleColumns, acme: Contract) -> None:
    quiet.first_touch_at = np.array([NOW, NOW + 1, NEVER], np.int64)
    figure = board(quiet, acme, None, NOW)["speed_to_first_touch"].figure
    assert isinstance(figure, Durations)
    assert (figure.ended.count, figure.never) == (1, 2)


def test_a_share_within_a_span_counts_its_end(quiet: CycleColumns, acme: Contract) -> None:
    start = quiet.qualified_at[0]
    quiet.first_touch_at = np.array([start + 5 * MINUTE, start + 5 * MINUTE + 1, NEVER], np.int64)
    figure = board(quiet, acme, None, NOW)["speed_to_first_touch"].figure
    assert isinstance(figure, Durations)
    assert [one.records.count for one in figure.within][:2] == [1, 2]
    assert figure.within[0].share == pytest.approx(1 / 3)


def test_an_interval_is_never_narrower_than_its_sample(quiet: CycleColumns, acme: Contract) -> None:
    quiet.first_touch_at = quiet.qualified_at + MINUTE
    figure = board(quiet, acme, None, NOW)["speed_to_first_touch"].figure
    assert isinstance(figure, Durations)
    within = figure.within[0]
    assert within.share == 1
    assert within.interval is not None
    assert within.interval.low < 0.5, "three of three is not 100 % for certain"


def test_the_activity_view_counts_events_of_the_period(quiet: CycleColumns, acme: Contract) -> None:
    january = period_named("2027-01", acme)
    quiet.qualified_at = np.array([january.first - DAY, january.first, january.first + DAY], np.int64)
    quiet.accepted_at = np.array([january.first, NEVER, january.last], np.int64)
    quiet.rejected_at = np.array([NEVER, january.first + HOUR, NEVER], np.int64)
    scores = board(quiet, acme, january, january.last + DAY)
    rate, given = scores["acceptance_rate"], scores["accepted_of_delivered"]
    assert rate.flow is not None
    assert (rate.flow.numerator, rate.flow.denominator) == (1, 2)
    assert given.flow is not None
    assert given.flow.value == 0.5
    assert isinstance(rate.figure, Ratio)
    assert rate.figure.value == 0.5, "of the cohort one was rejected, one accepted later"
    empty = board(quiet, acme, replace(january, last=january.first), january.last)["acceptance_rate"].flow
    assert empty is not None
    assert empty.value is None


def test_what_is_chosen_row_by_row_is_exact_also_where_the_difference_wraps_around() -> None:
    far = np.array([NEVER, NEVER, 2**63 - 1, 2**63 - 1, 5, -5] * 20_000)
    other = np.array([2**63 - 1, 0, NEVER, -7, NEVER, 2**63 - 1] * 20_000)
    where = np.arange(len(far)) % 7 < 3
    assert np.array_equal(chosen(where, far, other), np.where(where, far, other))
    assert np.array_equal(chosen(where, far, NEVER), np.where(where, far, NEVER))
