from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from handfast.audit.export import Export
from handfast.audit.judge import Judged, Origin, judge
from handfast.contract.model import Contract
from handfast.instant import DAY, NEVER, format_instant, parse_instant
from handfast.measure import board
from handfast.measure.columns import CycleColumns, faults
from handfast.measure.value import Durations, NotMeasurable, Ratio, Rows, Unit

Make = Callable[..., Export]

FRIDAY = "2027-01-08 14:30"  # in hours, half an hour before the weekend
MONDAY = "2027-01-11 09:00"
TUESDAY = "2027-01-12 10:00"
GOOD = {"industry": ["software"], "employees": ["200"], "country": ["DE"]}


def shown(columns: CycleColumns, stage: str) -> list[str | None]:
    """``2027-01-08 14:30`` for each lead."""
    at = getattr(columns, f"{stage}_at")
    return [None if one == NEVER else format_instant(int(one), "Europe/Berlin")[:16].replace("T", " ") for one in at]


def origins(judged: Judged) -> list[str]:
    return [judged.origin.words[code] for code in judged.origin.codes]


def listed(rows: Rows) -> list[int]:
    return [int(row) for row in rows.indices()]


def told(judged: Judged, part: str) -> str:
    return next(sentence for sentence in judged.assumed if part in sentence)


def test_the_export_says_who_was_delivered_where_it_states_an_mql_stage(make_export: Make, acme: Contract) -> None:
    export = make_export(
        3,
        stages={"inquiry": [FRIDAY] * 3, "mql": [FRIDAY, None, None], "accepted": [None, None, MONDAY]},
        reached={"mql": [False, True, False]},
        attributes={"industry": ["mining"] * 3},
    )
    found = judge(export, acme)
    assert origins(found) == [Origin.BY_EXPORT, Origin.BY_EXPORT, Origin.INFERRED]
    assert shown(found.columns, "qualified") == [FRIDAY, None, MONDAY]
    assert found.columns.happened("qualified").all()
    assert found.columns.undated["qualified"].tolist() == [False, True, False]
    assert found.columns.inferred["qualified"].tolist() == [False, False, True]
    assert "own MQL stage" in told(found, "delivered to sales")


def test_the_contract_says_it_where_the_export_does_not(make_export: Make, acme: Contract) -> None:
    export = make_export(
        2,
        stages={"inquiry": [FRIDAY, FRIDAY]},
        attributes={name: words * 2 for name, words in GOOD.items()},
        activities=[(0, MONDAY, "form_submitted", {"form": "demo"}), (1, MONDAY, "form_submitted", {"form": "news"})],
    )
    found = judge(export, acme)
    assert origins(found) == [Origin.BY_CONTRACT, Origin.NOT_DELIVERED]
    assert shown(found.columns, "qualified") == [MONDAY, None]
    assert shown(found.columns, "raised") == [MONDAY, None]
    assert found.columns.hand_raised.tolist() == [True, False]
    assert shown(found.columns, "first_touch_due") == ["2027-01-11 09:05", None], "five business minutes"
    assert "judged by the contract" in told(found, "delivered to sales")
    assert found.agreement is None


def test_where_nothing_can_be_judged_every_lead_counts_as_handed_over(make_export: Make, acme: Contract) -> None:
    export = make_export(
        3,
        stages={"inquiry": [FRIDAY, FRIDAY, None]},
        attributes={"industry": ["mining"] * 3},
        assignments=[(1, MONDAY, "lena")],
    )
    found = judge(export, acme)
    assert origins(found) == [Origin.ASSUMED] * 3
    assert shown(found.columns, "qualified") == [FRIDAY, MONDAY, None]
    assert "every lead counts as delivered" in told(found, "MQL stage")


def test_leads_that_the_contract_cannot_judge_are_undetermined(make_export: Make, acme: Contract) -> None:
    export = make_export(
        2,
        stages={"inquiry": [FRIDAY] * 2, "mql": [FRIDAY, None]},
        attributes={"industry": ["software"] * 2, "email_domain": ["good.example", "rival.example"]},
    )
    found = judge(export, acme)
    assert found.bar.undetermined.tolist() == [True, False]
    assert found.agreement is not None
    assert found.agreement.counts == ((0, 0, 1, 0), (0, 1, 0, 0), (0, 0, 0, 0))
    assert found.agreement.cell(0, 2).keys(found.columns) == ["lead-0"]


def test_both_definitions_of_qualified_are_set_side_by_side(make_export: Make, acme: Contract) -> None:
    export = make_export(
        3,
        stages={"inquiry": [FRIDAY] * 3, "mql": [FRIDAY, FRIDAY, None]},
        attributes={name: words * 3 for name, words in GOOD.items()},
        activities=[(lead, FRIDAY, "form_submitted", {"form": "demo"}) for lead in (0, 2)],
    )
    found = judge(export, acme)
    assert found.agreement is not None
    assert (found.agreement.rows[:2], found.agreement.columns[:3]) == (
        ("qualified", "not qualified"),
        ("qualified", "not qualified", "undetermined"),
    )
    assert found.agreement.counts == ((1, 1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0))
    assert shown(found.columns, "raised") == [FRIDAY, None, None]


def test_clocks_are_due_as_the_golden_examples_say(make_export: Make, acme: Contract) -> None:
    """Friday 14:30 with a hand-raise: five minutes; the same at 14:58: three are left on Monday."""
    moments = [FRIDAY, "2027-01-08 14:58", FRIDAY]
    export = make_export(
        3,
        stages={"mql": moments, "accepted": [None, None, MONDAY]},
        attributes={"country": ["DE", "DE", "US"], "employees": ["200", "200", "5000"]},
        activities=[(lead, moments[lead], "form_submitted", {"form": "demo"}) for lead in (0, 1)],
    )
    found = judge(export, acme, parse_instant("2027-02-01T00:00:00Z"))
    columns = found.columns
    assert [columns.pool.words[code] for code in columns.pool.codes] == ["dach", "dach", "enterprise"]
    assert shown(columns, "first_touch_due") == ["2027-01-08 14:35", "2027-01-11 09:03", "2027-01-08 18:30"]
    assert shown(columns, "decision_due") == ["2027-01-11 14:30", "2027-01-11 14:58", "2027-01-11 14:30"]
    assert shown(columns, "working_due") == [None, None, "2027-02-02 14:30"], "Martin Luther King's day is between"
    assert "virtual" in told(found, "Clocks")


def test_a_decision_clock_starts_with_the_first_assignment(make_export: Make, acme: Contract) -> None:
    export = make_export(
        3,
        stages={"mql": [FRIDAY] * 3},
        attributes={"country": ["DE"] * 3},
        assignments=[(0, "2027-01-11 10:00", "lena"), (1, "2027-01-04 10:00", "lena"), (1, MONDAY, "sam")],
    )
    columns = judge(export, acme, parse_instant("2027-02-01T00:00:00Z")).columns
    assert shown(columns, "decision_due") == ["2027-01-12 10:00", "2027-01-11 14:30", "2027-01-11 14:30"]
    assert columns.turns.tolist() == [1, 2, -1]


def test_turns_count_owners_in_a_row_from_qualification_on(make_export: Make, acme: Contract) -> None:
    rows = [("2027-01-04 10:00", "lena"), ("2027-01-05 10:00", "sam"), (MONDAY, "sam"), (TUESDAY, "lena")]
    export = make_export(1, stages={"mql": [FRIDAY]}, assignments=[(0, *row) for row in rows])
    assert judge(export, acme).columns.turns.tolist() == [2], "sam had it, then lena; what was before is not counted"


def test_a_touch_counts_from_qualification_to_the_end(make_export: Make, acme: Contract) -> None:
    export = make_export(
        5,
        stages={"inquiry": ["2027-01-04 10:00"] * 5, "mql": [FRIDAY] * 5, "rejected": [None, None, MONDAY, None, None]},
        touches=[
            (0, "2027-01-08 14:31", "robot"),
            (0, "2027-01-08 14:40", "call"),
            (0, TUESDAY, "call"),
            (1, "2027-01-07 10:00", "call"),
            (2, TUESDAY, "call"),
            (3, None, "call"),
            (-1, TUESDAY, "call"),
        ],
        first_touch=[None, None, None, None, FRIDAY],
    )
    found = judge(export, acme)
    assert shown(found.columns, "first_touch") == ["2027-01-08 14:40", None, None, None, FRIDAY]
    assert found.columns.attempts.tolist() == [2, 0, 0, 0, 0]
    assert listed(found.touched_only_before) == [1], "a promise is answered after it was made"


def test_where_qualification_is_inferred_every_touch_counts_and_no_time_is_measured(
    make_export: Make, acme: Contract
) -> None:
    export = make_export(
        30,
        stages={"inquiry": [FRIDAY] * 30, "mql": [*[FRIDAY] * 29, None], "accepted": [*[None] * 29, TUESDAY]},
        touches=[(29, MONDAY, "call")],
    )
    found = judge(export, acme)
    assert shown(found.columns, "first_touch") == [*[None] * 29, MONDAY]
    assert shown(found.columns, "first_touch_due")[29] is None
    speed = board(found.columns, acme, None, found.as_of)["speed_to_first_touch"].figure
    assert isinstance(speed, Durations)
    assert speed.records.keys(found.columns) == [f"lead-{lead}" for lead in range(29)]


def test_contact_accepts_by_implication(make_export: Make, acme: Contract) -> None:
    export = make_export(
        4,
        stages={"mql": [FRIDAY] * 4, "accepted": [None, TUESDAY, FRIDAY, None]},
        reached={"accepted": [False, False, False, True]},
        touches=[(lead, MONDAY, "talk") for lead in range(4)],
    )
    found = judge(export, acme)
    assert shown(found.columns, "accepted") == [MONDAY, MONDAY, FRIDAY, MONDAY]
    assert listed(found.accepted_by_contact) == [0]
    assert found.columns.inferred["accepted"].tolist() == [False, False, False, True], "accepted by then at the latest"


def test_a_refusal_gets_its_right_name(make_export: Make, acme: Contract) -> None:
    export = make_export(
        6,
        stages={
            "mql": [FRIDAY] * 6,
            "accepted": [None, FRIDAY, None, None, TUESDAY, None],
            "rejected": [TUESDAY, TUESDAY, TUESDAY, None, MONDAY, None],
            "disqualified": [None, None, None, TUESDAY, None, TUESDAY],
        },
        touches=[(0, MONDAY, "call"), (2, MONDAY, "talk")],
        reason=["Too small", "no budget", None, "Unreachable", None, "No budget"],
    )
    found = judge(export, acme)
    assert shown(found.columns, "rejected") == [TUESDAY, None, None, None, MONDAY, TUESDAY]
    assert shown(found.columns, "disqualified") == [None, TUESDAY, TUESDAY, TUESDAY, None, None]
    assert listed(found.read_as_disqualified) == [1, 2], "accepted first, or spoken with first"
    assert listed(found.read_as_rejected) == [5], "nobody had taken it on"
    assert shown(found.columns, "accepted")[3] == TUESDAY, "a reason that only disqualifies means it was taken on"
    assert listed(found.inferred["accepted"]) == [3]


def test_reasons_are_brought_to_the_contracts_words_or_kept(make_export: Make, acme: Contract) -> None:
    words = ["Too small", "WRONG-INDUSTRY", "wrong industry", "Changed jobs", None]
    export = make_export(5, stages={"mql": [FRIDAY] * 5, "rejected": [MONDAY] * 5}, reason=words)
    found = judge(export, acme)
    reason = found.columns.reason
    named = [reason.words[code] if code >= 0 else None for code in reason.codes]
    assert named == ["too_small", "wrong_industry", "wrong_industry", "Changed jobs", None]
    assert found.reasons == {words[0]: "too_small", words[1]: "wrong_industry", words[2]: "wrong_industry"}
    assert found.reasons_raw == ("Changed jobs",)


def test_skipped_stages_are_stamped_and_marked(make_export: Make, acme: Contract) -> None:
    export = make_export(
        3,
        stages={"inquiry": [FRIDAY] * 3, "mql": [FRIDAY, None, FRIDAY], "won": [TUESDAY, TUESDAY, None]},
        reached={"won": [False, False, True]},
    )
    columns = judge(export, acme).columns
    for stage in ("accepted", "sql", "opportunity"):
        assert shown(columns, stage) == [TUESDAY, None, None], "on a lead never delivered a deal is only attached"
        assert columns.inferred[stage].tolist() == [True, False, True]
        assert columns.happened(stage).tolist() == [True, False, True]


def test_a_stage_nobody_ever_stated_is_not_measurable(make_export: Make, acme: Contract) -> None:
    export = make_export(2, stages={"mql": [FRIDAY] * 2, "won": [TUESDAY, None]})
    found = judge(export, acme)
    scores = board(found.columns, acme, None, found.as_of)
    won = scores["mql_to_won"].figure
    assert isinstance(won, Ratio)
    assert won.value == 0.5
    for name in ("acceptance_rate", "mql_to_sal", "sal_to_sql", "conservation", "follow_up_compliance", "reassigned"):
        figure = scores[name].figure
        assert isinstance(figure, NotMeasurable), name
        assert figure.reason.startswith("The export"), name


def test_deals_make_opportunities(make_export: Make, acme: Contract) -> None:
    export = make_export(
        4,
        stages={"mql": [FRIDAY] * 4, "lost": [None, None, None, FRIDAY]},
        deals=[
            (0, MONDAY, TUESDAY, 0, 500),
            (0, "2027-01-10 10:00", "2027-01-13 10:00", 1, 700),
            (1, MONDAY, TUESDAY, 0, 100),
            (1, MONDAY, "2027-01-14 10:00", 0, 300),
            (2, MONDAY, "2027-06-01 10:00", -1, 900),
            (3, MONDAY, None, -1, 0),
            (-1, MONDAY, None, -1, 50),
        ],
        currency=["EUR", "eur", "USD", None, "EUR", None, None],
        source=["organic", "outbound", "partner", None],
    )
    found = judge(export, acme)
    columns = found.columns
    assert shown(columns, "opportunity") == ["2027-01-10 10:00", MONDAY, MONDAY, MONDAY]
    assert shown(columns, "won") == ["2027-01-13 10:00", None, None, None]
    assert shown(columns, "lost") == [None, "2027-01-14 10:00", None, None], "an open deal keeps a lead alive"
    assert columns.amount.tolist() == [700, 300, 900, 0]
    deals = columns.opportunities
    assert deals is not None
    assert deals.amount.tolist() == [500, 700, 0, 300, 900, 0, 50], "no rate of the day for dollars"
    assert deals.closed_at[4] == NEVER, "an expected date is no end"
    named = [deals.sourced.words[code] if code >= 0 else None for code in deals.sourced.codes]
    assert named == ["marketing", "marketing", "sales", "sales", "partner", None, None]
    assert found.as_of == parse_instant("2027-01-14T10:00:00+01:00")
    assert told(found, "1 deals are in another currency than EUR")
    assert told(found, "1 deals belong to no lead")
    assert told(found, "1 open deals carry an expected date")
    assert told(found, "read from the lead's source")


def test_with_activities_the_rule_of_attribution_decides(make_export: Make, acme: Contract) -> None:
    export = make_export(
        4,
        stages={"mql": [FRIDAY] * 4},
        activities=[
            (0, "2027-01-07 10:00", "webinar_attended", {}),
            (1, TUESDAY, "webinar_attended", {}),
            (2, "2027-01-07 10:00", "page_viewed", {}),
            (3, "2027-01-07 10:00", "webinar_attended", {}),
        ],
        deals=[(lead, MONDAY, None, -1, 1) for lead in range(4)],
        source=["organic", "organic", "organic", "Outbound"],
    )
    deals = judge(export, acme).columns.opportunities
    assert deals is not None
    named = [deals.sourced.words[code] if code >= 0 else None for code in deals.sourced.codes]
    assert named == ["marketing", None, None, "sales"], "before it opened, eligible, and a source of sales goes first"


def test_without_deals_the_leads_say_what_was_won(make_export: Make, acme: Contract) -> None:
    export = make_export(
        3,
        stages={"mql": [FRIDAY] * 3, "won": [TUESDAY, None, None], "opportunity": [None, MONDAY, None]},
        amount=[100, 200, 300],
    )
    deals = judge(export, acme).columns.opportunities
    assert deals is not None
    assert (deals.key, deals.won.tolist(), deals.amount.tolist()) == (["lead-0", "lead-1"], [1, -1], [100, 200])


def test_days_without_a_time_are_measured_in_days(make_export: Make, acme: Contract) -> None:
    export = make_export(
        2,
        stages={"mql": ["2027-01-08 10:00", "2027-01-08 16:00"]},
        first_touch=["2027-01-08 00:00", "2027-01-11 00:00"],
        date_only={"first_touch_at"},
    )
    found = judge(export, acme)
    assert found.columns.date_only == {"first_touch"}
    assert shown(found.columns, "first_touch") == ["2027-01-08 00:00", "2027-01-11 00:00"], "the same day is after"
    scores = board(found.columns, acme, None, found.as_of, calendars=found.calendars)
    speed = scores["speed_to_first_touch"].figure
    assert isinstance(speed, Durations)
    assert speed.unit is Unit.DAYS
    assert (speed.quantiles["median"].value, speed.quantiles["p90"].value) == (0, 3 * DAY)
    for name in ("follow_up_compliance", "speed_to_first_touch_working"):
        figure = scores[name].figure
        assert isinstance(figure, NotMeasurable)
        assert "only the day" in figure.reason
    assert told(found, "Only the day is known of: first touch")


def test_the_day_of_a_touch_and_of_an_end_counts_whole(make_export: Make, acme: Contract) -> None:
    export = make_export(
        1,
        stages={"mql": ["2027-01-08 10:00"], "rejected": ["2027-01-11 00:00"]},
        touches=[(0, "2027-01-11 15:00", "call")],
        date_only={"rejected_at"},
    )
    assert shown(judge(export, acme).columns, "first_touch") == ["2027-01-11 15:00"]


def test_as_of_is_the_latest_instant_but_no_slip(make_export: Make, acme: Contract) -> None:
    export = make_export(2, stages={"mql": [FRIDAY, "2071-01-08 10:00"]}, touches=[(0, TUESDAY, "call")])
    found = judge(export, acme)
    assert (found.as_of, found.as_of_given) == (parse_instant("2027-01-12T10:00:00+01:00"), False)
    assert found.future == 1
    assert shown(found.columns, "first_touch_due")[1] is None, "no clock runs from a day to come"
    given = judge(export, acme, parse_instant("2027-01-09T00:00:00Z"))
    assert (given.as_of_given, given.future) == (True, 2)
    assert told(given, "as asked")
    assert told(found, "the latest instant of the export")


def test_a_slip_is_told_and_a_day_asked_for_says_what_it_leaves_out(make_export: Make, acme: Contract) -> None:
    export = make_export(2, stages={"mql": [FRIDAY, "2071-01-08 10:00"]}, touches=[(0, TUESDAY, "call")])
    assert told(judge(export, acme), "Left aside as a slip: 1 instant that lies more than a year after all others")
    given = judge(export, acme, parse_instant("2027-01-09T00:00:00Z"))
    assert told(given, "as asked. Not counted: 2 instants that lie after it")
    assert not any("Left aside" in one for one in judge(make_export(1, stages={"mql": [FRIDAY]}), acme).assumed)


def test_one_old_date_is_not_the_present(make_export: Make, acme: Contract) -> None:
    stages = {"mql": ["2017-01-06 10:00", *[FRIDAY] * 30], "accepted": [None, *[TUESDAY] * 30]}
    assert judge(make_export(31, stages=stages), acme).as_of == parse_instant("2027-01-12T10:00:00+01:00")


@pytest.mark.parametrize(("before", "after"), [(20, 380), (300, 100), (100, 3), (1, 1)])
def test_a_pause_of_years_does_not_end_an_export(make_export: Make, acme: Contract, before: int, after: int) -> None:
    export = make_export(before + after, stages={"mql": ["2023-01-06 10:00"] * before + [FRIDAY] * after})
    found = judge(export, acme)
    assert (found.as_of, found.future) == (parse_instant("2027-01-08T14:30:00+01:00"), 0)


def test_an_export_without_instants_is_of_no_day(make_export: Make, acme: Contract) -> None:
    found = judge(make_export(2, reached={"mql": [True, False]}), acme)
    assert told(found, "The export holds no instants")
    assert not any("1970" in sentence for sentence in found.assumed)
    assert (found.dated, found.day_known) == (False, False)
    assert judge(make_export(2), acme, parse_instant("2027-01-09T00:00:00Z")).day_known


def test_nothing_at_all_is_judged_without_a_fault(make_export: Make, acme: Contract) -> None:
    for count in (0, 2):
        found = judge(make_export(count), acme)
        assert faults(found.columns) == []
        data = board(found.columns, acme, None, found.as_of, calendars=found.calendars).to_data()
        assert data["cycles"] == count


def test_segments_are_sizes_unless_the_export_names_them(make_export: Make, acme: Contract) -> None:
    sizes = ["20", "50", "999", "1000", "many", None]
    found = judge(make_export(6, attributes={"employees": sizes}), acme).columns.segment
    assert [found.words[code] if code >= 0 else None for code in found.codes] == [
        "under 50 people",
        "50 to 249 people",
        "250 to 999 people",
        "1,000 people or more",
        None,
        None,
    ]
    named = judge(make_export(1, attributes={"employees": ["20"], "segment": ["enterprise"]}), acme).columns.segment
    assert named.words == ("enterprise",)


def test_an_ideal_customer_is_unknown_where_nothing_is_known(make_export: Make, acme: Contract) -> None:
    export = make_export(
        4,
        stages={"mql": [FRIDAY, FRIDAY, FRIDAY, None]},
        attributes={"industry": ["software", "mining", None, "software"], "employees": ["200", "200", None, "200"]},
    )
    found = judge(export, acme)
    assert found.columns.icp.tolist() == [1, 0, -1, -1]
    assert found.unread == ("consent_contact", "email_domain", "title")


@pytest.mark.parametrize("name", ["industry", "country", "team"])
def test_further_splits_come_from_the_export(make_export: Make, acme: Contract, name: str) -> None:
    attributes = {} if name == "team" else {name: ["one", "other"]}
    pool = ["one", "other"] if name == "team" else None
    found = judge(make_export(2, stages={"mql": [FRIDAY] * 2}, attributes=attributes, pool=pool), acme)
    split = board(found.columns, acme, None, found.as_of)["delivered"].splits[name]
    assert {part.word for part in split} == {"one", "other"}


def test_columns_are_sound_for_any_export(make_export: Make, acme: Contract) -> None:
    rng = np.random.default_rng(7)
    count = 200

    def some(share: float) -> list[str | None]:
        return [
            f"2027-01-{day:02} 1{hour}:00" if rng.random() < share else None
            for day, hour in zip(rng.integers(1, 28, count), rng.integers(0, 9, count), strict=True)
        ]

    stages = ("inquiry", "mql", "accepted", "rejected", "sql", "opportunity", "won", "lost", "disqualified")
    export = make_export(
        count,
        stages={stage: some(0.4) for stage in stages},
        touches=[(int(rng.integers(-1, count)), at, "talk") for at in some(0.9)],
        attributes={"industry": ["software"] * count, "employees": ["200"] * count},
    )
    found = judge(export, acme)
    assert faults(found.columns) == []
    for mask in (found.columns.undated, found.columns.inferred):
        assert all(len(column) == count for column in mask.values())
    scores = board(found.columns, acme, None, found.as_of, calendars=found.calendars)
    assert len(scores.to_data()["measures"]) == len(scores.measures)  # type: ignore[arg-type]  # a list
