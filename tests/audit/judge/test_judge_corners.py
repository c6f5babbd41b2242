"""Corners of judging: contracts without this or that, bare days from every table, sentences that must be told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from handfast.audit.export import Export
from handfast.audit.judge import Judged, judge
from handfast.audit.judge.naming import opportunities
from handfast.audit.judge.stages import stated
from handfast.audit.judge.virtual import turns
from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.instant import DAY, NEVER, parse_instant
from handfast.measure import board
from handfast.measure.columns import Coded
from handfast.measure.value import NotMeasurable, Ratio

Make = Callable[..., Export]

FRIDAY = "2027-01-08 14:30"
MONDAY = "2027-01-11 09:00"
TUESDAY = "2027-01-12 10:00"

SMALL = """
handfast: 1
contract: small
version: 1
effective_from: 2027-01-01T00:00:00+01:00
zone: Europe/Berlin
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
definitions:
  mql: {when: {country: DE}}
routing:
  rules:
    - {to: inbound}
"""


@pytest.fixture(scope="module")
def small() -> Contract:
    found = load(SMALL)
    assert found.contract is not None, found.problems
    return found.contract


def why(judged: Judged, contract: Contract, name: str) -> str:
    figure = board(judged.columns, contract, None, judged.as_of, calendars=judged.calendars)[name].figure
    assert isinstance(figure, NotMeasurable)
    return figure.reason


def test_a_small_contract_judges_by_what_it_says(make_export: Make, small: Contract) -> None:
    export = make_export(2, stages={"inquiry": [FRIDAY, MONDAY]}, attributes={"country": ["DE", "FR"]})
    found = judge(export, small)
    assert (found.columns.qualified_at != NEVER).tolist() == [True, False]
    assert found.unread == ()
    assert any("as they stand now" in sentence for sentence in found.assumed)
    assert "does not define" in why(found, small, "delivered_icp")


def test_each_thing_that_is_missing_is_said(make_export: Make, acme: Contract) -> None:
    nothing = judge(make_export(1), acme)
    assert why(nothing, acme, "lead_to_mql") == "The export does not say when leads came in."
    assert "no instant from which" in nothing.columns.absent["first_touch_due"]
    told = judge(make_export(1, stages={"mql": [FRIDAY], "rejected": [MONDAY]}), acme)
    assert why(told, acme, "reasons_by_source") == "The export gives no reasons."
    assert "withdrawn" in told.columns.absent
    only = make_export(2, stages={"mql": [FRIDAY] * 2}, deals=[(0, MONDAY, TUESDAY, 1, 100)])
    assert "only of deals that were won" in why(judge(only, acme), acme, "mql_to_opportunity")
    stated = make_export(2, stages={"mql": [FRIDAY] * 2, "opportunity": [MONDAY, None], "won": [TUESDAY, None]})
    assert "only of opportunities that were won" in why(judge(stated, acme), acme, "mql_to_opportunity")


@pytest.mark.parametrize("lead", [0, -1])
def test_one_deal_that_is_open_is_not_denied(make_export: Make, acme: Contract, lead: int) -> None:
    """Be it the second of a lead that was won, or one that is tied to no lead."""
    deals = [(0, MONDAY, TUESDAY, 1, 100), (lead, MONDAY, None, -1, 100)]
    found = judge(make_export(2, stages={"mql": [FRIDAY] * 2}, deals=deals), acme)
    assert not any("only of deals that were won" in one for one in (*found.columns.absent.values(), *found.assumed))
    assert isinstance(board(found.columns, acme, None, found.as_of)["mql_to_opportunity"].figure, Ratio)


def test_won_leads_are_no_deals_where_nothing_speaks_of_opportunities(make_export: Make, acme: Contract) -> None:
    leads = {"mql": [FRIDAY] * 2, "won": [TUESDAY, None]}
    found = judge(make_export(2, stages=leads, source=["web", "web"]), acme)
    assert found.columns.opportunities is None
    assert why(found, acme, "source_mix") == "The export holds no deals."


def test_no_lead_delivered_is_said(make_export: Make, small: Contract) -> None:
    export = make_export(
        1,
        stages={"inquiry": [FRIDAY]},
        attributes={"country": ["FR"]},
        activities=[(0, MONDAY, "page_viewed", {"path": "/"})],
    )
    assert why(judge(export, small), small, "delivered") == "No lead of the export was delivered to sales."


def test_arrival_taken_for_delivery_measures_no_conversion(make_export: Make, acme: Contract) -> None:
    export = make_export(2, stages={"inquiry": [FRIDAY, MONDAY], "mql": [FRIDAY, MONDAY]})
    found = judge(export, acme)
    assert found.agreement is None, "nothing of the export's own to compare with"
    assert "does not tell delivery from arrival" in why(found, acme, "lead_to_mql")
    later = judge(make_export(2, stages={"inquiry": [FRIDAY, MONDAY], "mql": [FRIDAY, TUESDAY]}), acme)
    assert isinstance(board(later.columns, acme, None, later.as_of)["lead_to_mql"].figure, Ratio)


@pytest.mark.parametrize(
    ("role", "stages"),
    [
        ("touches.at", {"first_touch"}),
        ("deals.opened_at", {"opportunity"}),
        ("deals.closed_at", {"won", "lost"}),
        ("deals.won_at", {"won"}),
        ("deals.lost_at", {"lost"}),
        ("accepted_at", {"accepted"}),
        ("assignments.at", set()),
    ],
)
def test_bare_days_are_known_by_their_table_and_role(
    make_export: Make, acme: Contract, role: str, stages: set[str]
) -> None:
    day = "2027-01-11 00:00"
    export = make_export(
        3,
        stages={"mql": [FRIDAY] * 3, "accepted": [day, None, None]},
        touches=[(0, day, "call")],
        deals=[(0, day, day, 1, 1), (1, "2027-01-10 00:00", "2027-01-13 00:00", 0, 1)],
        date_only={role},
    )
    assert judge(export, acme).columns.date_only >= stages


def _one_touch_by_day(make_export: Make, bare: int, count: int = 40) -> Export:
    """Leads of a Friday, called on Monday at nine; of the first so many only the day of the call is known."""
    touches = [
        (lead, "2027-01-11 00:00" if lead < bare else f"2027-01-11 09:{lead + 10}", "call") for lead in range(count)
    ]
    return make_export(count, stages={"mql": [FRIDAY] * count}, touches=touches, date_only={"first_touch_at"})


def test_few_touches_without_an_hour_are_left_out_and_told(make_export: Make, acme: Contract) -> None:
    found = judge(_one_touch_by_day(make_export, 2), acme)
    assert found.columns.date_only == frozenset()
    scores = board(found.columns, acme, None, parse_instant("2027-02-01T00:00:00Z"), calendars=found.calendars)
    kept, never = scores["follow_up_compliance"], scores["never_touched"].figure
    assert isinstance(kept.figure, Ratio)
    assert isinstance(never, Ratio)
    assert (kept.figure.denominator.count, never.numerator.count, never.denominator.count) == (38, 0, 40)
    assert "2 ended, or were answered, at an instant that is not known; they are left out." in kept.notes
    assert (
        "Of 2 leads only the day is known of: first touch. It counts, and no time is measured by it." in found.assumed
    )


def test_many_touches_without_an_hour_are_counted_in_days(make_export: Make, acme: Contract) -> None:
    found = judge(_one_touch_by_day(make_export, 3), acme)
    assert found.columns.date_only == {"first_touch"}
    assert "only the day of 3 of 40 instants" in why(found, acme, "follow_up_compliance")


def test_a_touch_on_the_day_of_delivery_counts_where_its_hour_is_not_known(make_export: Make, acme: Contract) -> None:
    touches = [(0, "2027-01-08 00:00", "talk"), *((lead, MONDAY, "call") for lead in range(1, 40))]
    found = judge(make_export(40, stages={"mql": [FRIDAY] * 40}, touches=touches), acme)
    assert found.columns.by_day["first_touch"].tolist() == [True, *[False] * 39]
    assert found.columns.by_day["accepted"].tolist() == [True, *[False] * 39], "accepted by contact on that day"
    assert found.columns.attempts.tolist() == [1] * 40


def test_a_delivery_without_an_hour_among_many_starts_no_clock(make_export: Make, acme: Contract) -> None:
    mql = ["2027-01-08 00:00", *(f"2027-01-08 14:{lead + 10}" for lead in range(39))]
    refused = [None, "2027-01-11 00:00", *(f"2027-01-11 09:{lead + 10}" for lead in range(38))]
    stages = {"mql": mql, "rejected": refused, "accepted": [None, FRIDAY, *[None] * 38]}
    found = judge(make_export(40, stages=stages, date_only={"mql_at", "rejected_at"}), acme)
    assert (found.columns.first_touch_due_at == NEVER).tolist() == [True, *[False] * 39]
    assert np.flatnonzero(found.columns.by_day["disqualified"]).tolist() == [1], "a refusal by its right name"
    assert "rejected" not in found.columns.by_day


def test_a_bare_date_made_good_from_another_column_is_an_instant(make_export: Make, acme: Contract) -> None:
    moments = ["2027-01-11 09:05", "2027-01-11 10:17", "2027-01-12 16:40"]
    export = make_export(
        3,
        stages={"mql": [FRIDAY] * 3},
        touches=[(lead, at, "call") for lead, at in enumerate(moments)],
        date_only={"touches.at"},
    )
    assert judge(export, acme).columns.date_only == frozenset()


def test_midnights_of_another_zone_are_days_too(make_export: Make, acme: Contract) -> None:
    midnights = [parse_instant(f"2027-0{month}-10T00:00:00Z") for month in (1, 2, 6)]
    export = make_export(3, stages={"inquiry": midnights, "mql": midnights}, date_only={"inquiry_at"})
    found = judge(export, acme)
    assert found.columns.date_only == {"inquiry", "qualified"}, "delivered when it came: the same days"


def test_a_stage_stated_without_an_instant_is_stamped_by_a_later_one_and_stays_unknown(
    make_export: Make, acme: Contract
) -> None:
    export = make_export(
        2,
        stages={"mql": [FRIDAY] * 2, "sql": [MONDAY, None]},
        reached={"accepted": [True, True]},
    )
    columns = judge(export, acme).columns
    assert columns.accepted_at[0] == parse_instant("2027-01-11T09:00:00+01:00")
    assert columns.inferred["accepted"].tolist() == [True, False]
    assert columns.undated["accepted"].tolist() == [True, True]


def test_turns_are_of_teams_where_the_exports_own_count_says_so(make_export: Make, acme: Contract) -> None:
    export = make_export(
        2,
        stages={"mql": [FRIDAY] * 2},
        assignments=[(0, FRIDAY, "lena"), (0, MONDAY, "sam"), (1, FRIDAY, "lena"), (1, TUESDAY, "sam")],
        reassignments=[0, 1],
    )
    export.assignments.pool = Coded(codes=np.array([0, 0, 0, 1], np.int32), words=("first", "second"))
    found = judge(export, acme)
    assert found.columns.turns.tolist() == [1, 2]
    assert any("team to team" in sentence for sentence in found.assumed)
    export.stated_reassignments = np.array([1, 1], np.int32)
    assert judge(export, acme).columns.turns.tolist() == [2, 2]
    assert any("owner to owner" in sentence for sentence in judge(export, acme).assumed)


def test_teams_alone_are_counted_where_no_owner_is_known(make_export: Make, acme: Contract) -> None:
    export = make_export(1, stages={"mql": [FRIDAY]}, assignments=[(0, FRIDAY, "x"), (0, MONDAY, "x")])
    export.assignments.owner = Coded(codes=np.full(2, -1, np.int32), words=())
    export.assignments.pool = Coded(codes=np.array([0, 1], np.int32), words=("first", "second"))
    assert judge(export, acme).columns.turns.tolist() == [2]


def test_turns_of_nobody_are_unknown() -> None:
    nobody, never = np.zeros(0, np.int32), np.zeros(0, np.int64)
    found = turns(nobody, never, nobody, np.zeros(2, np.int64), np.ones(2, np.bool_))
    assert found.tolist() == [-1, -1]


def test_deals_without_names_are_called_by_their_row(make_export: Make, acme: Contract) -> None:
    export = make_export(1, stages={"mql": [FRIDAY]}, deals=[(0, MONDAY, None, -1, 1)] * 2)
    deals = opportunities(export, acme, stated(export))
    assert deals is not None
    assert deals.key == ["deal 1", "deal 2"]
    export.deals.key = ["A", "B"]
    named = opportunities(export, acme, stated(export))
    assert named is not None
    assert named.key == ["A", "B"]


def test_ancient_instants_start_no_clock(make_export: Make, acme: Contract) -> None:
    export = make_export(2, stages={"mql": [parse_instant("1900-01-01T00:00:00Z"), FRIDAY]})
    found = judge(export, acme, parse_instant("2027-02-01T00:00:00Z"))
    assert (found.columns.first_touch_due_at != NEVER).tolist() == [False, True]


def test_slips_of_the_pen_move_nothing_but_themselves(make_export: Make, acme: Contract) -> None:
    rng = np.random.default_rng(3)
    start = parse_instant("2026-01-01T00:00:00Z")
    instants = [int(start + rng.integers(0, 300) * DAY) for _ in range(1500)]
    export = make_export(1501, stages={"mql": [*instants, "2099-01-01 00:00"]})
    assert judge(export, acme).as_of == max(instants)


def test_a_hand_raised_after_delivery_shortens_no_window(make_export: Make, acme: Contract) -> None:
    demo = ("form_submitted", {"form": "demo"})
    export = make_export(
        2,
        stages={"mql": [FRIDAY] * 2},
        attributes={"country": ["DE"] * 2},
        activities=[(0, FRIDAY, *demo), (1, "2027-01-08 14:31", *demo)],
    )
    found = judge(export, acme)
    assert found.columns.hand_raised.tolist() == [True, False]
    short, long = (found.columns.first_touch_due_at - found.columns.qualified_at).tolist()
    assert short < long
