"""From text to contract: what a contract comes to, and what is told when it comes to nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.support.contracts import SMALL

from handfast.condition import AnyOf, Operator, Test, ValueType
from handfast.contract import Loaded, load
from handfast.contract.load import MOST_PROBLEMS
from handfast.contract.model import (
    ClockName,
    Contract,
    Nobody,
    PartyName,
    ReasonKind,
    RevenueNumber,
    Rule,
    ShareBy,
    SourcedBy,
    Step,
    Verb,
)
from handfast.contract.terms import Attempts, Disposition, DispositionKind, Fading, Held, Per, PerPeriod
from handfast.instant import DAY, parse_instant
from handfast.problem import Mark, Problem, Severity

RAISED_AS = "{{within: {{hand_raise: as {}, otherwise: 1 hour}}}}"

USEFUL = """\
handfast: 1
contract: acme
version: 1
effective_from: 2027-01-01T00:00:00+01:00
zone: Europe/Berlin
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
score:
  fit: {signals: {right_size: {when: {employees: {between: [50, 1000]}}, points: 30}}}
  behaviour: {signals: {pricing: {on: page_viewed, when: {path: {starts_with: /pricing}}, points: 10, most_recent: 3}}}
definitions: {mql: {when: {total: {at_least: 50}}, hand_raise: {on: form_submitted, when: {form: demo}}}}
routing: {to: inbound}
clocks: {first_touch: {within: {hand_raise: 5 business minutes, otherwise: 4 business hours}}}
commitments: {marketing: {mql: 90}, sales: {first_touch: 90%}}
"""


def contract(text: str) -> Contract:
    loaded = load(text)
    assert not loaded.problems, [str(problem) for problem in loaded.problems]
    assert loaded.contract is not None
    return loaded.contract


def told(text: str | bytes) -> list[tuple[str, str]]:
    return [(problem.code, problem.dotted) for problem in load(text).problems]


def test_the_example_of_the_specification_loads_without_a_word(acme_text: str) -> None:
    assert load(acme_text).problems == ()
    assert load(acme_text).contract is not None


def test_a_useful_contract_fits_in_fifteen_lines() -> None:
    assert len(USEFUL.splitlines()) == 15
    useful = contract(USEFUL)
    assert useful.clocks[ClockName.FIRST_TOUCH].within_hand_raise.text == "5 business minutes"
    assert useful.clocks[ClockName.RESPONSE].within_hand_raise.text == "5 business minutes"


def test_the_same_text_is_the_same_contract(acme_text: str) -> None:
    assert load(acme_text) == load(acme_text.encode())


def test_comments_layout_and_the_order_of_sections_change_nothing(acme_text: str) -> None:
    head, _, rest = acme_text.partition("\nparties:")
    first, _, last = rest.partition("\nexamples:")
    moved = f"examples:{last}\nparties:{first}\n\n\n{head}  # moved\n"
    assert load(moved).contract == load(acme_text).contract


def test_who_signs_and_from_when(acme: Contract) -> None:
    assert (acme.name, acme.version) == ("acme-inbound", 7)
    assert acme.effective_from == parse_instant("2026-12-31T23:00:00Z")
    assert (acme.zone, acme.fiscal_year_starts, acme.currency) == ("Europe/Berlin", 1, "EUR")
    assert acme.parties[PartyName.MARKETING].deputies == ("ines@acme.example",)
    assert acme.parties[PartyName.SALES].email == "omar@acme.example"


def test_words_of_its_own_stand_beside_those_built_in(acme: Contract) -> None:
    assert acme.attributes["product_interest"].one_of == ("core", "edge")
    assert acme.attributes["product_interest"].type is ValueType.CHOICE
    assert acme.attributes["employees"].built_in
    assert acme.evidence["timeline"].type is ValueType.DATE
    assert acme.evidence["budget"].title == "Budget confirmed"
    assert "rival.example" in acme.lists["competitors"]
    assert "gmail.com" in acme.lists["free_mail"]


def test_lists_are_folded_as_conditions_compare() -> None:
    found = contract(SMALL + "lists: {rivals: [' Rival.EXAMPLE ', STRASSE]}\n")
    assert found.lists["rivals"] == {"rival.example", "strasse"}


def test_own_activities_and_own_properties_of_built_in_ones() -> None:
    found = contract(
        SMALL + "activities:\n  form_submitted: {budget: number}\n"
        "  demo_watched: {product: {one_of: [core, edge], title: Product}, minutes: number}\n"
        "score: {behaviour: {signals: {\n"
        "  rich: {on: form_submitted, when: {budget: {above: 1000}, form: demo}, points: 5},\n"
        "  long: {on: demo_watched, when: {minutes: {above: 20}, product: edge}, points: 7}}}}\n"
    )
    assert set(found.activities["form_submitted"].properties) == {"form", "page", "budget"}
    assert found.activities["form_submitted"].built_in
    assert not found.activities["demo_watched"].built_in
    assert found.activities["demo_watched"].properties["product"].title == "Product"


def test_evidence_may_be_a_choice_and_gets_a_title() -> None:
    found = contract(SMALL + "evidence: {buying_role: {one_of: [champion, buyer]}, budget: boolean}\n")
    assert found.evidence["buying_role"].one_of == ("champion", "buyer")
    assert found.evidence["buying_role"].title == "Buying role"


def test_calendars_are_minutes_of_seven_days(acme: Contract) -> None:
    emea, us = acme.calendars["emea"], acme.calendars["us"]
    assert acme.default_calendar == "emea"
    assert emea.hours == (*[((540, 750), (810, 1080))] * 4, ((540, 900),), (), ())
    assert us.hours == (*[((510, 1050),)] * 5, (), ())
    assert (emea.zone, emea.holidays, us.zone) == ("Europe/Berlin", "DE-BE", "America/New_York")


def test_exceptions_replace_the_hours_of_a_date() -> None:
    found = contract(
        SMALL + "calendars: {office: {hours: {mon-fri: 09:00-17:00, sat: closed, sun: []},\n"
        '  exceptions: {2027-12-24: ["09:00-12:00"], 2027-12-31: closed}}}\n'
    ).calendars["office"]
    assert found.exceptions == {dt.date(2027, 12, 24): ((540, 720),), dt.date(2027, 12, 31): ()}
    assert found.hours[4:] == (((540, 1020),), (), ())


def test_signals_carry_their_terms(acme: Contract) -> None:
    fit, behaviour = acme.score.fit, acme.score.behaviour
    assert (fit.at_most, fit.at_least, behaviour.at_most, acme.score.warm) == (60, None, 80, 40)
    assert fit.signals["free_mail"].points == -20
    pricing = behaviour.signals["pricing_viewed"]
    assert (pricing.on, pricing.points, pricing.most_recent, pricing.expires) == ("page_viewed", 8, 3, None)
    assert pricing.fades == Fading(25, 14 * DAY)
    assert behaviour.signals["webinar"].expires == 90 * DAY
    assert behaviour.signals["webinar"].when is None
    assert behaviour.signals["careers_viewed"].title == "Careers viewed"


def test_a_step_falls_from_one_per_cent_to_ten_times_the_window() -> None:
    steps = "{at: 1%, to: [owner]}, {at: 1000%, to: [sales]}"
    found = contract(f"{SMALL}clocks: {{decision: {{escalate: [{steps}]}}}}\n").clocks[ClockName.DECISION]
    assert [step.at for step in found.escalate] == [1, 1000]
    for outside in ("0%", "1001%"):
        text = f"{SMALL}clocks: {{decision: {{escalate: [{{at: {outside}, to: [owner]}}]}}}}\n"
        assert told(text) == [("phrase", "clocks.decision.escalate[0].at")]


def test_limits_of_a_group_may_meet() -> None:
    assert contract(f"{SMALL}score: {{fit: {{at_most: 10, at_least: 10}}}}\n").score.fit.at_least == 10


def test_a_commitment_may_be_its_own_limit_and_a_deal_the_whole_target() -> None:
    found = contract(
        SMALL + "commitments: {marketing: {mql: 90, at_most: 90}}\n"
        "revenue: {target: 25000, average_deal: 25000, period: 2027}\n"
    )
    assert found.marketing.mql == found.marketing.at_most


def test_definitions_read_attributes_scores_and_the_activity_itself(acme: Contract) -> None:
    mql = acme.definitions.mql
    assert acme.definitions.icp is not None
    assert acme.definitions.icp.when == Test("fit", Operator.AT_LEAST, 35)
    assert mql.hand_raise is not None
    assert mql.hand_raise.on == "form_submitted"
    assert mql.unless["do_not_contact"].except_hand_raise
    assert not mql.unless["competitor"].except_hand_raise
    assert mql.unless["do_not_contact"].title == "Do not contact"
    assert mql.reviewed_on == dt.date(2026, 9, 20)
    assert acme.definitions.sql.needs == ("budget", "need", "timeline")
    assert acme.definitions.sal.means == "the owner takes the lead on"


def test_on_a_hand_raise_a_property_hides_the_attribute_of_its_name() -> None:
    text = SMALL.replace("at_least: 50}}}", "at_least: 50}}, hand_raise: {on: meeting_booked, when: {kind: 5}}}")
    assert told(text + "attributes: {kind: number}\n") == [("wrong_operand", "definitions.mql.hand_raise.when.kind")]


def test_routing_may_be_a_lone_pool_or_rules(acme: Contract) -> None:
    assert [rule.to for rule in acme.routing.rules] == ["enterprise", "dach", "inbound"]
    assert acme.routing.owner_first
    lone = contract(SMALL.replace("{to: inbound}", "{to: inbound, owner_first: false}")).routing
    assert lone.rules == (Rule(when=None, to="inbound"),)
    assert not lone.owner_first


def test_routing_may_ask_for_scores_and_band() -> None:
    rules = "{rules: [{when: {any: [{band: engage}, {total: {above: 90}}]}, to: inbound}, {to: inbound}]}"
    assert isinstance(contract(SMALL.replace("{to: inbound}", rules)).routing.rules[0].when, AnyOf)


def test_pools_say_who_takes_over(acme: Contract) -> None:
    enterprise = acme.pools["enterprise"]
    assert (enterprise.calendar, enterprise.share, enterprise.nobody.then) == ("us", ShareBy.BY_WEIGHT, "inbound")
    assert str(enterprise.nobody.hold) == "30 business minutes"
    assert acme.pools["inbound"].nobody == Nobody(hold=None, then="manager")


def test_a_clock_may_be_as_another(acme: Contract) -> None:
    first, response = acme.clocks[ClockName.FIRST_TOUCH], acme.clocks[ClockName.RESPONSE]
    assert (str(first.within), str(first.within_hand_raise)) == ("4 business hours", "5 business minutes")
    assert (response.within, response.within_hand_raise) == (first.within, first.within_hand_raise)
    assert response.escalate == ()
    assert first.escalate[1] == Step(at=100, to=("manager",), re_route=True)
    assert (first.starts, first.stops) == ("qualified", "touched")


def test_as_may_go_on_and_may_stand_for_one_part_alone() -> None:
    clocks = contract(
        SMALL + "clocks:\n  first_touch: {within: {hand_raise: as decision, otherwise: 3 hours}}\n"
        "  response: {within: {hand_raise: 1 hour, otherwise: as first_touch}}\n"
        "  decision: {within: as working, escalate: [{at: 80%, to: [boss@acme.example]}]}\n"
        "  working: {within: 9 days}\n"
    ).clocks
    assert str(clocks[ClockName.FIRST_TOUCH].within_hand_raise) == "9 days"
    assert str(clocks[ClockName.FIRST_TOUCH].within) == "3 hours"
    assert str(clocks[ClockName.RESPONSE].within_hand_raise) == "1 hour"
    assert str(clocks[ClockName.RESPONSE].within) == "3 hours"
    assert str(clocks[ClockName.DECISION].within) == "9 days"


@pytest.mark.parametrize(
    ("clocks", "expected"),
    [
        ("first_touch: {within: as response}", [("as_ring", "clocks.first_touch.within")]),
        (f"first_touch: {RAISED_AS.format('decision')}, decision: {RAISED_AS.format('first_touch')}", [
            ("as_ring", "clocks.decision.within.hand_raise"),
        ]),
        ("working: {within: as contest}, contest: {within: as decision}, decision: {within: as working}", [
            ("as_ring", "clocks.contest.within"),
        ]),
        ("contest: {within: {otherwise: as none, hand_raise: as nothing}}", [
            ("unknown_clock", "clocks.contest.within.hand_raise"),
            ("unknown_clock", "clocks.contest.within.otherwise"),
        ]),
        ("contest: {within: as none}, working: {within: as contest}", [("unknown_clock", "clocks.contest.within")]),
    ],
)  # fmt: skip
def test_a_window_that_is_never_said_is_told_once(clocks: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(told(f"{SMALL}clocks: {{{clocks}}}\n")) == sorted(expected)


def test_reasons_say_what_follows(acme: Contract) -> None:
    reasons = acme.reasons
    assert (reasons["misrouted"].verb, reasons["misrouted"].credit, reasons["misrouted"].then) == (
        Verb.RETURN, True, None,
    )  # fmt: skip
    assert reasons["wrong_industry"].clause == "score.fit.signals.target_industry"
    assert reasons["wrong_industry"].kind is ReasonKind.DEFINITIONAL
    assert reasons["unreachable"].needs is not None
    assert (reasons["unreachable"].needs.count, str(reasons["unreachable"].needs.span)) == (6, "10 business days")
    assert reasons["no_budget"].then is not None
    assert str(reasons["no_budget"].then) == "recycle after 90 days"
    assert reasons["bad_timing"].then == Disposition(DispositionKind.RECYCLE_ON_DATE)
    assert reasons["competitor_won"].title == "Competitor won"


def test_a_reason_may_name_any_clause_that_data_can_contradict() -> None:
    text = SMALL.replace("definitions:", "definitions:\n  icp: {when: {country: DE}}") + (
        "score: {fit: {signals: {size: {when: {employees: {above: 50}}, points: 5}}}}\n"
        "reasons:\n  a: {verb: reject, kind: definitional, clause: definitions.icp}\n"
        "  b: {verb: either, kind: definitional, clause: definitions.mql}\n"
        "  c: {verb: disqualify, kind: definitional, clause: score.fit.signals.size}\n"
    )
    assert contract(text).reasons["a"].then == Disposition(DispositionKind.CLOSE)


def test_what_is_owed_is_exact(acme: Contract) -> None:
    marketing, sales = acme.marketing, acme.sales
    assert marketing.mql == PerPeriod(Decimal(90), Per.MONTH)
    assert marketing.at_most == PerPeriod(Decimal(120), Per.MONTH)
    assert marketing.sourced_pipeline == PerPeriod(Decimal(1_400_000), Per.QUARTER)
    assert marketing.icp_required
    assert not marketing.accepts_shortfall
    assert (sales.first_touch, sales.worked, sales.excused_left_out) == (Decimal("0.9"), Decimal(1), True)
    assert sales.attempts is not None
    assert isinstance(sales.attempts, Attempts)
    assert sales.attempts.count == 6


def test_excused_breaches_may_count_and_a_shortfall_be_accepted() -> None:
    found = contract(
        SMALL + "commitments: {sales: {excused: counted}, marketing: {mql: 1, per: quarter, accepts_shortfall: true}}\n"
    )
    assert not found.sales.excused_left_out
    assert found.marketing.accepts_shortfall
    assert found.marketing.mql == PerPeriod(Decimal(1), Per.QUARTER)


def test_targets_lie_between_neighbouring_stages(acme: Contract) -> None:
    assert acme.targets.rates == {
        ("mql", "sal"): Decimal("0.75"),
        ("sal", "opportunity"): Decimal("0.3"),
        ("opportunity", "won"): Decimal("0.22"),
    }
    assert str(acme.targets.cycle_length) == "60 days"
    own = contract(SMALL + "plan: {stages: [lead, visit, sale]}\ntargets: {lead_to_visit: 6%, visit_to_sale: 15%}\n")
    assert own.targets.rates[("lead", "visit")] == Decimal("0.06")


def test_the_number_both_live_by(acme: Contract) -> None:
    revenue = acme.revenue
    assert revenue is not None
    assert (revenue.target, revenue.period, revenue.average_deal) == (Decimal(2_000_000), "2027", Decimal(25_000))
    assert (revenue.from_marketing, revenue.number) == (Decimal("0.6"), RevenueNumber.ALL_WON)
    assert revenue.stakes == {PartyName.MARKETING: Decimal("0.2"), PartyName.SALES: Decimal("0.5")}


@pytest.mark.parametrize("period", ["2027", '"2027"', "2027-Q3", "2027-11"])
def test_a_period_is_a_year_a_quarter_or_a_month(period: str) -> None:
    found = contract(f"{SMALL}revenue: {{target: 10.5, period: {period}}}\n").revenue
    assert found is not None
    assert found.period == period.strip('"')
    assert found.stakes == {}


def test_attribution_and_reviews(acme: Contract) -> None:
    assert acme.attribution.sourced is SourcedBy.FIRST_ACTIVITY
    assert acme.attribution.eligible == ("webinar_attended", "form_submitted", "event_attended")
    assert acme.attribution.partner_sources == ("partner",)
    assert acme.reviews["quarterly"].held == Held(2, 14 * 60, first=True, months=(1, 4, 7, 10))
    assert acme.reviews["weekly"].held == Held(0, 10 * 60)


def test_examples_carry_typed_outcomes(acme: Contract) -> None:
    first = acme.examples[0]
    assert first.given == {"industry": "software", "employees": 200, "country": "DE"}
    assert first.did[0].properties == {"form": "demo"}
    assert first.did[0].at == first.at == parse_instant("2027-01-08T14:30:00+01:00")
    assert first.expect["first_touch_due"] == parse_instant("2027-01-08T14:35:00+01:00")
    assert acme.examples[2].expect["total"] == 61


def test_an_act_of_an_example_may_have_an_instant_of_its_own() -> None:
    found = contract(
        SMALL + "attributes: {renewal: date, seats: money, tier: {one_of: [Gold]}}\n"
        "examples:\n  - name: Long ago\n    at: 2027-01-08T14:30:00Z\n"
        "    given: {renewal: 2027-06-01, seats: 12.5, tier: gold, customer: true, country: de}\n"
        "    did: [{on: page_viewed, at: 2026-12-01T08:00:00Z, path: /pricing}]\n"
        "    expect: {state: open, total: 12.5, icp: false, pool: manager, band: nurture}\n"
    ).examples[0]
    assert found.did[0].at == parse_instant("2026-12-01T08:00:00Z")
    assert found.expect["total"] == Decimal("12.5")


def test_examples_may_speak_in_the_zone_of_any_calendar() -> None:
    example = "examples: [{name: There, at: 2027-01-08T14:30:00-05:00, expect: {state: open}}]\n"
    new_york = "calendars: {office: {zone: America/New_York}}\n"
    assert told(SMALL + example) == [("other_offset", "examples[0].at")]
    assert told(SMALL + new_york + example) == []


def test_a_warning_leaves_the_contract_standing() -> None:
    loaded = load(SMALL.replace("00:00:00Z", "00:00:00+05:30"))
    assert [problem.severity for problem in loaded.problems] == [Severity.WARNING]
    assert loaded.contract is not None


def test_problems_come_in_the_order_of_the_text_and_name_the_file() -> None:
    loaded = load(SMALL.replace("version: 1", "version: 0").replace("inbound", "outbound"), file="acme.yaml")
    assert [str(problem).partition(": ")[0] for problem in loaded.problems] == ["acme.yaml:3:10", "acme.yaml:10:15"]


def test_many_problems_are_not_all_told() -> None:
    loaded = load(SMALL + "lists: {" + ", ".join(f"a{number}: {number}" for number in range(300)) + "}\n")
    assert len(loaded.problems) == MOST_PROBLEMS + 1
    assert (loaded.problems[-1].code, loaded.problems[-1].severity) == ("more", Severity.NOTE)
    assert loaded.contract is None


def test_many_problems_with_the_text_alone_are_not_all_told_either() -> None:
    loaded = load("a: [" + ", ".join(f"&x{number} 1" for number in range(300)) + "]\n")
    assert len(loaded.problems) == MOST_PROBLEMS + 1


def test_many_warnings_are_not_all_told_and_leave_the_contract_standing() -> None:
    example = "{name: There, at: 2027-01-08T14:30:00-05:00, expect: {state: open}}"
    loaded = load(f"{SMALL}examples: [{', '.join([example] * 150)}]\n")
    assert loaded.contract is not None
    assert [problem.severity for problem in loaded.problems] == [Severity.WARNING] * MOST_PROBLEMS + [Severity.NOTE]


def test_problems_that_others_find_are_placed_in_the_text() -> None:
    loaded = load(SMALL, file="acme.yaml")
    found = (
        Problem(code="late", path=("routing", "to"), message="Late."),
        Problem(code="early", path=("parties", "sales", "absent", 3), message="Early."),
    )
    assert [(problem.code, problem.mark) for problem in loaded.placed(found)] == [
        ("early", Mark(7, 3)),
        ("late", Mark(10, 15)),
    ]
    elsewhere = Loaded(None, (), {}, "")
    assert [problem.mark for problem in elsewhere.placed(found[:1])] == [None]


def test_one_mistake_does_not_hide_the_others_nor_breed_more() -> None:
    text = SMALL.replace("routing: {to: inbound}", "routing: {rules: [{to: dach}, 7, {to: inbound}]}") + (
        "pools: {dach: {share: fairly, calendar: emea}, inbound: {nobody: manager}}\n"
        "calendars: {emea: {hours: {mon-fri: nine to five}, zone: }}\n"
        "plan: {stages: mql}\ntargets: {mql_to_sal: 75%}\n"
        "evidence: {budget: money, need: texts}\n"
        "attributes: {seats: numbr}\n"
        "score: {fit: {signals: {seats: {when: {seats: {above: 5}}, points: many}}}}\n"
        "reasons: {none: {verb: reject, kind: definitional, clause: score.fit.signals.seats}, odd: {verb: rejct}}\n"
        "examples: [{name: 5, at: now, given: [], did: [{on: page_viewed, path: [x]}, page], expect: {state: open}}]\n"
    )
    assert sorted(path for _, path in told(text)) == [
        "attributes.seats",
        "calendars.emea.hours.mon-fri",
        "calendars.emea.zone",
        "evidence.need",
        "examples[0].at",
        "examples[0].did[0].path",
        "examples[0].did[1]",
        "examples[0].given",
        "examples[0].name",
        "plan.stages",
        "pools.dach.share",
        "pools.inbound.nobody",
        "reasons.odd.verb",
        "routing.rules[0]",
        "routing.rules[1]",
        "score.fit.signals.seats.points",
    ]


def test_names_that_a_mistake_hides_are_not_called_unknown_but_not_without_end() -> None:
    names = ", ".join(f"{{name{number}: 1}}" for number in range(150))
    text = SMALL.replace("{employees: {at_least: 50}}", f"{{any: [{names}]}}") + "attributes: {seats: numbr}\n"
    assert [code for code, _ in told(text)].count("unknown_name") == 50
