from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from handfast.contract.model import Contract
from handfast.instant import DAY, HOUR, NEVER, parse_instant
from handfast.measure import board
from handfast.measure.build import Entry, count_measure, share_measure
from handfast.measure.columns import STAGES, Coded, CycleColumns, as_of, faults
from handfast.measure.question import Question
from handfast.measure.scoreboard import FAMILIES, entries
from handfast.measure.value import Count, Durations, NotMeasurable, OnDemand, Ratio, Split, Unit, Verdict

NOW = parse_instant("2027-01-01T00:00:00+01:00") + 120 * DAY

Make = Callable[[int, int], CycleColumns]


def test_a_board_is_plain_data(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 500)
    assert faults(cycles) == []
    data = board(cycles, acme, None, NOW).to_data(records=3)
    assert json.loads(json.dumps(data)) == data
    names = [measure["name"] for measure in data["measures"]]  # type: ignore[attr-defined]  # a list of measures
    assert len(names) == len(set(names))


def test_every_number_opens_to_as_many_records_as_it_says(random_cycles: Make, acme: Contract) -> None:
    data = board(random_cycles(2, 400), acme, None, NOW).to_data(records=10_000)
    counted = 0

    def walk(part: object) -> None:
        nonlocal counted
        if isinstance(part, dict):
            if "records" in part and "count" in part:
                counted += 1
                assert len(part["records"]) == part["count"], part
                assert len(set(part["records"])) == part["count"], "nobody twice"
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(data)
    assert counted > 1000


def test_without_records_there_are_counts_alone(random_cycles: Make, acme: Contract) -> None:
    assert "cycle-" not in json.dumps(board(random_cycles(2, 50), acme, None, NOW).to_data())


def test_a_measure_is_found_by_name(random_cycles: Make, acme: Contract) -> None:
    scores = board(random_cycles(1, 20), acme, None, NOW)
    assert scores["delivered"].name == "delivered"
    with pytest.raises(KeyError):
        scores["nothing"]


def test_names_are_unique_and_families_are_their_own() -> None:
    every = entries()
    assert len({entry.definition.name for entry in every}) == len(every)
    for family in FAMILIES:
        names = {entry.definition.family for entry in family.MEASURES}
        assert names == {family.__name__.rpartition(".")[2]}


def test_what_a_source_cannot_tell_is_a_sentence_not_a_zero(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 50)
    cycles.absent = {"first_touch": "There are no touches."}
    scores = board(cycles, acme, None, NOW)
    for measure in scores:
        needs = "first_touch" in measure.definition.needs
        told = isinstance(measure.figure, NotMeasurable) and measure.figure.reason == "There are no touches."
        assert told == needs, measure.name
        assert measure.measurable != isinstance(measure.figure, NotMeasurable)
    assert not scores["speed_to_first_touch"].measurable
    assert scores["speed_to_first_touch"].trend is None
    assert scores["speed_to_first_touch"].verdict is Verdict.NONE


def test_without_deals_or_calendars_that_is_said(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 50)
    cycles.opportunities = None
    scores = board(cycles, acme, None, NOW)
    for name in ("pipeline", "source_mix", "won_revenue", "speed_to_first_touch_working"):
        assert not scores[name].measurable
    with pytest.raises(ValueError, match="no opportunities"):
        Question(columns=cycles, contract=acme, as_of=NOW).deals  # noqa: B018 a property that refuses


def test_a_ratio_of_nothing_is_none(random_cycles: Make, acme: Contract) -> None:
    scores = board(random_cycles(1, 0), acme, None, NOW)
    for measure in scores:
        if isinstance(measure.figure, Ratio) and measure.definition.family != "sourcing":  # one deal is nobody's
            assert measure.figure.value is None
            assert measure.verdict is Verdict.NONE
            assert list(measure.splits["source"]) == []
            assert list(measure.trend or ()) == []
        if isinstance(measure.figure, Durations):
            assert measure.figure.curve is None
            assert measure.figure.quantiles["median"].value is None


def test_a_stage_of_the_business_is_not_measurable_until_it_is_known(random_cycles: Make, acme: Contract) -> None:
    own = replace(acme, stages=("lead", "appointment", "sale"))
    scores = board(random_cycles(1, 50), own, None, NOW)
    for name in ("lead_to_appointment", "appointment_to_sale"):
        figure = scores[name].figure
        assert isinstance(figure, NotMeasurable)
        assert "'appointment'" in figure.reason
    assert isinstance(scores["lead_to_sale"].figure, Ratio)


def test_a_contracts_own_chain_adds_its_steps_and_the_way_from_its_first(acme: Contract) -> None:
    names = [entry.definition.name for entry in entries(replace(acme, stages=("inquiry", "sql", "won")))]
    assert {"inquiry_to_sql", "sql_to_won", "inquiry_to_won", "mql_to_sal"} <= set(names)


def test_targets_come_from_the_contract_or_by_default(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 400)
    agreed = board(cycles, acme, None, NOW)
    bare = replace(
        acme,
        sales=replace(acme.sales, first_touch=None, worked=None),
        targets=replace(acme.targets, rates={}, cycle_length=None),
    )
    default = board(cycles, bare, None, NOW)
    found = {
        name: tuple((scores[name].target.value, scores[name].target.clause) for scores in (agreed, default))  # type: ignore[union-attr]  # they have one
        for name in ("follow_up_compliance", "worked", "acceptance_rate")
    }
    assert found == {
        "follow_up_compliance": ((Decimal("0.9"), "commitments.sales.first_touch"), (Decimal("0.9"), "")),
        "worked": ((Decimal(1), "commitments.sales.worked"), (Decimal(1), "")),
        "acceptance_rate": ((Decimal("0.75"), "targets.mql_to_sal"), (Decimal("0.7"), "")),
    }
    assert agreed["cycle_length"].target is not None
    assert default["cycle_length"].target is None
    assert default["mql_to_sal"].target is None


def test_excused_breaches_are_left_out_or_counted_as_the_contract_says(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 400)
    left_out, strict = (
        board(cycles, replace(acme, sales=replace(acme.sales, excused_left_out=flag)), None, NOW)
        for flag in (True, False)
    )
    one, other = left_out["follow_up_compliance"], strict["follow_up_compliance"]
    assert isinstance(one.figure, Ratio)
    assert isinstance(other.figure, Ratio)
    assert one.figure.denominator.count < other.figure.denominator.count
    assert one.figure.numerator.count == other.figure.numerator.count
    assert "left out" in one.notes[0]
    assert "counted against" in other.notes[0]


def test_what_happened_later_has_not_happened(random_cycles: Make) -> None:
    cycles = random_cycles(1, 300)
    early = NOW - 60 * DAY
    then = as_of(cycles, early)
    for name in ("qualified_at", "won_at", "first_touch_at"):
        assert int(getattr(then, name).max()) <= early
    assert then.undated == {}, "known only since the export was drawn"
    assert then.opportunities is not None
    assert int(then.opportunities.closed_at.max()) <= early
    assert (then.opportunities.won[then.opportunities.closed_at == NEVER] == -1).all()
    assert (then.first_touch_due_at == cycles.first_touch_due_at).all(), "a due in the future is a due"
    last = max(int(at.max()) for at in (cycles.qualified_at, cycles.won_at, cycles.lost_at, cycles.disqualified_at))
    cycles.opportunities = None
    assert as_of(cycles, last + 400 * DAY) is cycles


def test_nothing_of_a_board_changes_when_later_facts_are_added(random_cycles: Make, acme: Contract) -> None:
    """A review's numbers stay what they were: the same as-of instant, whatever became known to happen after it."""
    cycles, early = random_cycles(3, 300), NOW - 60 * DAY
    known = as_of(cycles, early)
    known.drawn_at = early
    assert board(known, acme, None, early).to_data(records=400) == board(cycles, acme, None, early).to_data(records=400)


def test_faults_of_columns_are_named(random_cycles: Make) -> None:
    cycles = random_cycles(1, 5)
    cycles.key = [cycles.key[0], cycles.key[0], *cycles.key[2:]]
    cycles.won_at = cycles.won_at[:3]
    cycles.source = Coded(codes=np.array([9, 0, 0, 0, 0], np.int32), words=("one",))
    cycles.owner = Coded(codes=np.zeros(2, np.int32), words=("one",))
    assert faults(cycles) == [
        "column won_at has 3 rows instead of 5",
        "1 cycles are there twice",
        "column source holds a code without a word",
        "column owner has 2 rows instead of 5",
    ]


def test_splits_are_made_once_when_opened() -> None:
    made = []

    def make(name: str) -> Split:
        made.append(name)
        return Split(by=name, parts=())

    splits = OnDemand(("source", "owner"), make)
    assert made == []
    assert splits["owner"] is splits["owner"]
    assert (made, len(splits), list(splits)) == (["owner"], 2, ["source", "owner"])
    with pytest.raises(KeyError):
        splits["nothing"]


def test_parts_come_largest_first_and_the_unknown_last(random_cycles: Make, acme: Contract) -> None:
    scores = board(random_cycles(1, 400), acme, None, NOW)
    for measure in scores:
        own_order = {"band", "hand_offs", "stated_hand_offs", "speed_band"}
        for by in measure.splits.keys() - own_order:
            split = measure.splits[by]
            parts = [
                (part.word, part.figure.records.count) for part in split if not isinstance(part.figure, NotMeasurable)
            ]
            words = [word for word, _ in parts]
            assert words.count(None) <= 1, (measure.name, by)
            assert None not in words[:-1]
            sizes = [size for word, size in parts if word is not None]
            assert sizes == sorted(sizes, reverse=True)
            if measure.definition.family not in {"load", "cost"}:  # given nothing, or paid for nothing, is shown
                assert min((size for _, size in parts), default=1) > 0


def test_a_lead_with_two_cycles_is_one_lead(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 4)
    cycles.qualified_at = np.full(4, NOW - DAY, np.int64)
    cycles.lead = np.array([0, 1, 1, 0], np.int32)
    figure = board(cycles, acme, None, NOW)["delivered"].figure
    assert isinstance(figure, Count)
    assert (figure.value, figure.unique_leads) == (4, 2)


def test_a_cycle_merged_away_is_delivered_once_and_withdrawn(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 2)
    for stage in ("accepted", "contested", "overturned", "rejected", "won", "lost", "disqualified", "sql"):
        setattr(cycles, f"{stage}_at", np.full(2, NEVER, np.int64))
    cycles.undated = {}
    cycles.qualified_at = np.full(2, NOW - 9 * DAY, np.int64)
    cycles.withdrawn_at = np.array([NOW - 8 * DAY, NEVER], np.int64)
    scores = board(cycles, acme, None, NOW)
    balance = scores["conservation"].figure
    assert [group.count for group in balance.groups.values()] == [1, 0, 0, 0, 1]  # type: ignore[union-attr]  # a balance
    assert balance.unaccounted == 0  # type: ignore[union-attr]  # a balance
    assert scores["acceptance_rate"].figure.value is None  # type: ignore[union-attr]  # a ratio


def test_working_time_runs_by_the_calendar_of_the_pool(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 6)
    pools = {**acme.pools, "dach": replace(acme.pools["dach"], calendar="us")}
    question = Question(columns=cycles, contract=replace(acme, pools=pools), as_of=NOW)
    cycles.pool = Coded(codes=np.array([0, 1, -1, 2, 0, 1], np.int32), words=("inbound", "dach", "gone"))
    assert question.on_calendar("us").tolist() == [False, True, False, False, False, True]
    assert question.on_calendar("emea").tolist() == [True, False, True, True, True, False]


def test_a_days_resolution_is_said_and_bears_long_windows_only(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 200)
    cycles.date_only = frozenset({"qualified"})
    scores = board(cycles, acme, None, NOW)
    speed = scores["speed_to_first_touch"].figure
    assert isinstance(speed, Durations)
    assert speed.unit is Unit.DAYS
    assert [one.label for one in speed.within] == ["1 day", "2 days", "7 days", "30 days"]
    assert not scores["follow_up_compliance"].measurable, "four hours in a day nobody knows the hour of"
    assert scores["decision_compliance"].measurable, "a business day can be told by the day"


def test_measures_are_made_of_masks_not_of_transitions(random_cycles: Make, acme: Contract) -> None:
    """A numerator lies inside its denominator by construction, whatever masks a family hands over."""
    cycles = random_cycles(1, 10)
    question = Question(columns=cycles, contract=acme, as_of=NOW)
    from handfast.measure.build import Shares

    everything, nothing = np.ones(10, np.bool_), np.zeros(10, np.bool_)
    entry = next(entry for entry in entries() if entry.definition.name == "declined")
    assert isinstance(entry, Entry)
    found = share_measure(question, entry.definition, Shares(numerator=everything, denominator=nothing))
    assert isinstance(found.figure, Ratio)
    assert (found.figure.numerator.count, found.figure.denominator.count) == (0, 0)
    counted = count_measure(question, entry.definition, everything, notes=("said",))
    assert counted.notes == ("said",)


def test_what_ended_nobody_knows_when_is_left_out_and_said(random_cycles: Make, acme: Contract) -> None:
    cycles = random_cycles(1, 400)
    undated = cycles.undated["accepted"] & (cycles.rejected_at == NEVER) & (cycles.contested_at == NEVER)
    count = int((undated & (cycles.qualified_at != NEVER)).sum())
    assert count > 0
    measure = board(cycles, acme, None, NOW)["time_to_decision"]
    assert f"{count} ended, or were answered, at an instant that is not known; they are left out." in measure.notes
    assert isinstance(measure.figure, Durations)
    assert not (measure.figure.records.mask & undated).any()


def test_promises_sure_to_be_kept_are_not_counted_alone(random_cycles: Make, acme: Contract) -> None:
    """An acceptance that is only inferred is left out whichever side of the due its stamp lies on."""
    cycles = random_cycles(1, 4)
    for stage in ("rejected", "contested", "overturned", "disqualified", "won", "lost", "withdrawn"):
        setattr(cycles, f"{stage}_at", np.full(4, NEVER, np.int64))
    cycles.undated = {}
    cycles.qualified_at = np.full(4, NOW - 9 * DAY, np.int64)
    cycles.decision_due_at = np.full(4, NOW - 5 * DAY, np.int64)
    cycles.accepted_at = np.array([NOW - 6 * DAY, NOW - 4 * DAY, NOW - 6 * DAY, NOW - 4 * DAY], np.int64)
    cycles.inferred = {"accepted": np.array([False, False, True, True])}
    figure = board(cycles, acme, None, NOW)["decision_compliance"].figure
    assert isinstance(figure, Ratio)
    assert figure.numerator.keys(cycles) == ["cycle-0"]
    assert figure.denominator.keys(cycles) == ["cycle-0", "cycle-1"]


def _asked(random_cycles: Make, *, early: int, unknown: int, silent: int) -> CycleColumns:
    """Leads delivered nine days ago, to decide within four: accepted the next day, nobody knows when, or never."""
    count = early + unknown + silent
    cycles = random_cycles(1, count)
    for stage in STAGES:
        setattr(cycles, f"{stage}_at", np.full(count, NEVER, np.int64))
    cycles.inferred, cycles.excused = {}, np.zeros(count, np.bool_)
    cycles.undated = {"accepted": (np.arange(count) >= early) & (np.arange(count) < early + unknown)}
    cycles.qualified_at = np.full(count, NOW - 9 * DAY, np.int64)
    cycles.decision_due_at = cycles.first_touch_due_at = np.full(count, NOW - 5 * DAY, np.int64)
    cycles.accepted_at = np.where(np.arange(count) < early, NOW - 8 * DAY, NEVER)
    return cycles


@pytest.mark.parametrize("name", ["decision_compliance", "time_to_decision"])
def test_where_the_answered_fall_away_and_the_silent_stay_nothing_is_said(
    random_cycles: Make, acme: Contract, name: str
) -> None:
    leaning = board(_asked(random_cycles, early=30, unknown=40, silent=30), acme, None, NOW)[name]
    assert isinstance(leaning.figure, NotMeasurable)
    assert leaning.figure.reason.startswith("Of 100 that count here, 40 came to an end or an answer at an instant")
    assert "the 30 that never did" in leaning.figure.reason
    few = board(_asked(random_cycles, early=65, unknown=5, silent=30), acme, None, NOW)[name]
    assert not isinstance(few.figure, NotMeasurable)
    assert few.notes == ("5 ended, or were answered, at an instant that is not known; they are left out.",)
    even = board(_asked(random_cycles, early=59, unknown=40, silent=1), acme, None, NOW)[name]
    assert not isinstance(even.figure, NotMeasurable), "nobody was silent: what is known stands for what is not"


def test_who_is_only_known_to_be_delivered_because_sales_accepted_is_left_out_as_answered(
    random_cycles: Make, acme: Contract
) -> None:
    cycles = _asked(random_cycles, early=70, unknown=0, silent=30)
    implied = np.arange(100) < 40
    cycles.inferred = {"qualified": implied}
    cycles.first_touch_at = cycles.accepted_at
    for clock in ("decision", "first_touch"):
        setattr(cycles, f"{clock}_due_at", np.where(implied, NEVER, cycles.decision_due_at))
    found = board(cycles, acme, None, NOW)
    for name in ("decision_compliance", "time_to_decision", "follow_up_compliance", "touched_late"):
        assert isinstance(found[name].figure, NotMeasurable), name
    assert isinstance(found["speed_to_first_touch"].figure, NotMeasurable)


def test_who_was_touched_on_a_day_of_unknown_hour_is_touched_and_not_timed(random_cycles: Make, acme: Contract) -> None:
    cycles = _asked(random_cycles, early=70, unknown=0, silent=30)
    cycles.first_touch_at = cycles.accepted_at
    cycles.by_day = {"first_touch": np.arange(100) < 4}
    found = board(cycles, acme, None, NOW)
    never, kept = found["never_touched"].figure, found["follow_up_compliance"]
    assert isinstance(never, Ratio)
    assert isinstance(kept.figure, Ratio)
    assert (never.numerator.count, never.denominator.count) == (30, 100)
    assert (kept.figure.numerator.count, kept.figure.denominator.count) == (66, 96)
    assert kept.notes == ("4 ended, or were answered, at an instant that is not known; they are left out.",)
    speed = found["speed_to_first_touch"].figure
    assert isinstance(speed, Durations)
    assert (speed.unit, speed.records.count) == (Unit.WALL, 96)


def test_that_only_the_day_is_known_is_said_with_its_share_where_it_is_not_true_of_all(
    random_cycles: Make, acme: Contract
) -> None:
    cycles = _asked(random_cycles, early=70, unknown=0, silent=30)
    midnight = (NOW - 8 * DAY) // DAY * DAY
    cycles.first_touch_at = np.where(np.arange(100) < 20, midnight, cycles.accepted_at + HOUR + 1)
    cycles.first_touch_at[70:] = NEVER
    cycles.date_only = frozenset({"first_touch"})
    some = board(cycles, acme, None, NOW)["follow_up_compliance"].figure
    assert isinstance(some, NotMeasurable)
    assert some.reason.startswith("The source knows only the day of 20 of 70 instants, and a day cannot bear")
    cycles.first_touch_at[20:70] = midnight
    every = board(cycles, acme, None, NOW)["follow_up_compliance"].figure
    assert isinstance(every, NotMeasurable)
    assert every.reason.startswith("The source knows only the day, and")


@pytest.mark.parametrize(("zone", "days"), [("+02:00", 1), ("+00:00", 1)])
def test_bare_days_are_counted_on_the_clock_they_were_read_by(
    random_cycles: Make, acme: Contract, zone: str, days: int
) -> None:
    """From a Saturday to the Sunday after which the clocks had changed: one day, though 23 hours passed in Berlin."""
    cycles = random_cycles(1, 2)
    cycles.undated, cycles.inferred = {}, {}
    night = parse_instant(f"2027-03-28T00:00:00{'+01:00' if zone == '+02:00' else zone}")
    after = parse_instant(f"2027-03-29T00:00:00{zone}")
    cycles.qualified_at, cycles.won_at = np.full(2, night, np.int64), np.full(2, after, np.int64)
    cycles.date_only = frozenset({"qualified", "won"})
    figure = board(cycles, acme, None, NOW)["cycle_length"].figure
    assert isinstance(figure, Durations)
    assert figure.quantiles["median"].value == days * DAY
