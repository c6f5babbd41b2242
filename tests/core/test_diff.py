from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from handfast.contract.diff import Change, ChangeKind, clause_of, diff, diff_sealed, drift
from handfast.contract.english.topics import Topic, topic_of
from handfast.contract.load import load
from handfast.contract.model import ClockName, Contract
from handfast.contract.seal import Almanac, Sealed, seal
from handfast.instant import DAY

CLOCK = "{hand_raise: 5 business minutes, otherwise: 4 business hours}"
ENTERPRISE = "    - {when: {employees: {above: 1000}}, to: enterprise}\n"
DACH = "    - {when: {country: {in: [DE, AT, CH]}}, to: dach}\n"


def edited(text: str, *edits: tuple[str, str]) -> Contract:
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    contract = load(text).contract
    assert contract is not None, load(text).problems
    return contract


def told(acme: Contract, acme_text: str, *edits: tuple[str, str]) -> list[str]:
    return [str(change) for change in diff(acme, edited(acme_text, *edits))]


def test_the_example_of_the_specification(acme: Contract, acme_text: str) -> None:
    assert told(
        acme, acme_text,
        ("total: {at_least: 70}", "total: {at_least: 80}"),
        ("otherwise: 4 business hours", "otherwise: 1 business hour"),
        ("recycle after 90 days", "recycle after 120 days"),
    ) == [
        "MQL bar 70 → 80; fewer leads qualify.",
        "First touch 4 business hours → 1 business hour; 75% less time.",
        "Response 4 business hours → 1 business hour; 75% less time.",
        '"No budget" now recycles after 120 days (before: recycles after 90 days).',
    ]  # fmt: skip


def test_what_is_the_same_is_not_told(acme: Contract, acme_text: str) -> None:
    assert told(acme, acme_text, ("4 business hours", "240 business minutes"), ("# format", "# form")) == []
    assert diff(acme, acme) == ()


@pytest.mark.parametrize(
    ("edit", "sentences"),
    [
        (("version: 7", "version: 8"), ["Version 7 → 8."]),
        (("2027-01-01T00:00:00+01:00", "2027-02-01T00:00:00+01:00"),
         ["Governs from 1 January 2027, 00:00 (Europe/Berlin) → 1 February 2027, 00:00 (Europe/Berlin)."]),
        (("fiscal_year_starts: jan", "fiscal_year_starts: apr"),
         [("The fiscal year starts in January → April. Take care: days, months and quarters begin at other instants "
          "from then on.")]),
        (("name: Dana Reyes", "name: Ines Vogt"), ["Who signs for marketing: Dana Reyes → Ines Vogt."]),
        (("deputies: []", "deputies: [lena@acme.example]"),
         ["The list of deputies for sales gains lena@acme.example."]),
        (("fit: {at_least: 20}}", "fit: {at_least: 15}}"), ["MQL bar, fit part 20 → 15; more leads qualify."]),
        (("{when: {fit: {at_least: 35}}}", "{when: {fit: {at_least: 30}}}"), None),
        (("when: {total: {at_least: 70}, fit: {at_least: 20}}", "when: {total: {at_least: 70}}"),
         [("A lead is an MQL now when the total is at least 70 (before: when the total is at least 70 and fit is at "
          "least 20).")]),
        (("{in: [demo, contact-sales]}", "{in: [demo]}"),
         [("The hand-raise counts now when the form is demo and fit is at least 0 (before: when the form is demo or "
          "contact-sales and fit is at least 0).")]),
        ((", except: hand_raise}", "}"), ["Do not contact: a hand-raise no longer outranks it."]),
        (("points: 25}", "points: 30}"), ["Target industry: 25 points → 30 points."]),
        (("most_recent: 3, fades: 25% every 14 days", "most_recent: 4, fades: 20% every 7 days"),
         ["Pricing viewed: how many of the most recent count 3 → 4.",
          "Pricing viewed fades by 25% every 14 days → 20% every 7 days."]),
        (("{path: {starts_with: /careers}}", "{path: {contains: jobs}}"),
         ['Careers viewed counts now when the path contains "jobs" (before: when the path starts with "/careers").']),
        (("bands: {warm: 40}", "bands: {warm: 30}"), ["A lead is warm from 40 points → 30 points."]),
        (("at_most: 60 ", "at_most: 50 "), ["Fit counts at most 60 points → 50 points."]),
        (("[rival.example, other.example]", "[rival.example, third.example]"),
         ["The list competitors gains third.example and loses other.example."]),
        (("{in: [DE, AT, CH]}}, to: dach", "{in: [DE, AT, CH]}}, to: inbound"),
         ["Leads where the country is DE, AT or CH now go to inbound (before: dach)."]),
        ((ENTERPRISE + DACH, DACH + ENTERPRISE),
         [("Routing rules are asked in another order: leads where the country is DE, AT or CH go to dach; leads where "
          "there are more than 1,000 employees go to enterprise; all other leads go to inbound.")]),
        ((ENTERPRISE, ""), ["Routing rule dropped: leads where there are more than 1,000 employees go to enterprise."]),
        ((DACH, DACH + "    - {when: {customer: true}, to: dach}\n"),
         ["New routing rule, asked as number 3 of 4: leads where the company is a customer go to dach."]),
        (("owner_first: true", "owner_first: false"), ["Account owners no longer come first."]),
        (("inbound:    {calendar: us,", "inbound:    {calendar: emea,"),
         ["The pool inbound keeps the hours of us → emea. Take care: clocks that run already keep their due."]),
        (("nobody: {then: manager}", "nobody: {hold: 1 business hour, then: manager}"),
         ["The pool inbound holds a lead that nobody can take for no time → 1 business hour."]),
        (("{hand_raise: 5 business minutes", "{hand_raise: 10 business minutes"),
         ["First touch after a hand-raise 5 business minutes → 10 business minutes; 100% more time.",
          "Response after a hand-raise 5 business minutes → 10 business minutes; 100% more time."]),
        (("within: 15 business days", "within: 20 business days"),
         ["Working 15 business days → 20 business days; 33% more time."]),
        (("within: 15 business days", "within: 30 days"), ["Working 15 business days → 30 days."]),
        (("- {at: 50%,  to: [owner]}", "- {at: 75%,  to: [owner, manager]}"),
         ["First touch: no longer at 50% of the time the owner is told.",
          "First touch: now at 75% of the time the owner and the manager are told."]),
        (("{at: 200%, to: [sales, marketing]}", "{at: 200%, to: [sales]}"),
         [("First touch: at 200% of the time sales is told "
           "(before: at 200% of the time sales and marketing are told).")]),
        (("{attempts: 6, spanning", "{attempts: 8, spanning"),
         ['"Unreachable" asks for 6 attempts spanning 10 business days → 8 attempts spanning 10 business days.']),
        (("credit: true", "credit: false"), ['"Misrouted" no longer credits the owner\'s turn.']),
        (("cool_off: 30 days", "cool_off: 45 days"), ["Cool-off 30 days → 45 days."]),
        (("fresh_evidence: true", "fresh_evidence: false"), ["A lead may come back on what it did before."]),
        (("mql: 90,", "mql: 100,"), ["MQLs promised: 90 a month → 100 a month; 120 more a year."]),
        (("icp: required, ", ""), ["Every MQL counts, ideal or not."]),
        (("worked: 100%", "worked: 95%"), ["Leads worked: 100% → 95%."]),
        (("mql_to_sal: 75%", "mql_to_sal: 70%"),
         ["MQLs that become SALs: 75% → 70%; the plan then needs 87 MQLs a month instead of 81."]),
        (("{target: 2000000", "{target: 2000001"), ["Revenue target 2,000,000 EUR → 2,000,001 EUR."]),
        (("number: all_won", "number: sourced"),
         ["Which deals count: all won deals → won deals that marketing sourced."]),
        (("eligible: [webinar_attended, ", "eligible: ["),
         ["The list of eligible activities loses webinar attended."]),
        (("held: mon 10:00", "held: tue 09:30"),
         ["The weekly review is now held every Tuesday at 09:30 (before: held every Monday at 10:00)."]),
        (('fri: ["09:00-15:00"]', 'fri: ["09:00-16:30"]'),
         [("The calendar emea is open Monday to Thursday 09:00-12:30 and 13:30-18:00, Friday 09:00-16:30 (before: "
          "Monday to Thursday 09:00-12:30 and 13:30-18:00, Friday 09:00-15:00); 38 hours → 39.5 hours a week.")]),
        (("[core, edge]", "[core, edge, cloud]"), ["The list of choices of product interest gains cloud."]),
        (("[core, edge]", "[edge, core]"),
         ["The list of choices of product interest, in another order: edge and core (before: core and edge)."]),
        (("needs: [budget, need, timeline]", "needs: [budget, need]"),
         ['The evidence that makes an SQL loses "Wants to decide by".']),
        (("name: Two looks at pricing", "name: Two visits of pricing"),
         ['Example dropped: "Two looks at pricing are not enough".',
          'New example: "Two visits of pricing are not enough".']),
        (("at: 2027-01-12T10:00:00+01:00", "at: 2027-01-12T11:00:00+01:00"),
         ['Example changed: "Two looks at pricing are not enough".']),
    ],
)  # fmt: skip
def test_a_change_in_business_words(
    acme: Contract, acme_text: str, edit: tuple[str, str], sentences: list[str] | None
) -> None:
    if sentences is None:
        edit = ("when: {fit: {at_least: 35}}", "when: {fit: {at_least: 30}}")
        sentences = ["Ideal customer bar, fit part 35 → 30; more leads qualify."]
    assert told(acme, acme_text, edit) == sentences


def only(changes: tuple[Change, ...]) -> Change:
    (change,) = changes
    return change


def test_a_reason_that_goes_while_in_use_needs_care(acme: Contract, acme_text: str) -> None:
    change = only(diff(acme, edited(acme_text, ("  competitor_won: {verb: disqualify, then: close}\n", ""))))
    assert change.kind is ChangeKind.REMOVED
    assert change.path == "reasons.competitor_won"
    assert change.care.startswith("open handoffs may still be declined with it under their own version")


def test_a_pool_that_goes_while_leads_wait_needs_care(acme: Contract, acme_text: str) -> None:
    pool = "  dach:       {calendar: emea, share: by_weight, nobody: {hold: 30 business minutes, then: inbound}}\n"
    changes = diff(acme, edited(acme_text, (pool, ""), (DACH, ""), ("pool: dach", "pool: inbound")))
    gone = next(change for change in changes if change.path == "pools.dach")
    assert gone.sentence.startswith("Dropped: the pool dach shares leads by weight")
    assert gone.care.startswith("leads waiting in it stay under the version that qualified them")
    assert str(gone).endswith("keep its roster until they are decided.")


def test_a_change_has_both_sides_its_clause_and_its_topic(acme: Contract, acme_text: str) -> None:
    change = only(diff(acme, edited(acme_text, ("points: 25}", "points: 30}"))))
    assert json.loads(json.dumps(dataclasses.asdict(change))) == {
        "path": "score.fit.signals.target_industry.points",
        "sentence": "Target industry: 25 points → 30 points.",
        "before": "25 points",
        "after": "30 points",
        "kind": "changed",
        "topic": "Fit: what a lead is",
        "effect": "",
        "care": "",
    }


def test_changes_come_by_topic(acme: Contract, acme_text: str) -> None:
    edits = [("version: 7", "version: 8"), ("mql: 90,", "mql: 100,"), ("points: 25}", "points: 30}")]
    topics = [change.topic for change in diff(acme, edited(acme_text, *edits))]
    assert topics == [Topic.AGREEMENT, Topic.FIT, Topic.COMMITMENTS]


def test_what_comes_and_goes_is_told_in_full(acme: Contract, acme_text: str) -> None:
    signal = (
        "      free_mail:       {title: Free mail address, when: {email_domain: {in_list: free_mail}}, points: -20}\n"
    )
    change = only(diff(acme, edited(acme_text, (signal, ""))))
    assert change.sentence == (
        "Fit signal dropped: Free mail address: 20 points off when the e-mail domain is in the list free_mail."
    )
    back = only(diff(edited(acme_text, (signal, "")), acme))
    assert back.sentence.startswith("New fit signal: Free mail address")
    assert (back.kind, back.before) == (ChangeKind.ADDED, "")


def replaced(contract: Contract, **changes: Any) -> Contract:
    return dataclasses.replace(contract, **changes)


def test_optional_parts_come_and_go(acme: Contract) -> None:
    definitions = replaced(acme, definitions=dataclasses.replace(acme.definitions, icp=None))
    assert only(diff(acme, definitions)).sentence == (
        "Definition of the ideal customer dropped: Ideal customer means that fit is at least 35."
    )
    promised = replaced(acme, marketing=dataclasses.replace(acme.marketing, mql=None))
    assert str(only(diff(promised, acme))) == "MQLs promised: none → 90 a month."
    aimless = replaced(acme, revenue=None)
    assert only(diff(acme, aimless)).sentence == (
        "Revenue target dropped: both sides aim for revenue of 2,000,000 EUR in 2027."
    )
    assert acme.revenue is not None
    no_deal = replaced(acme, revenue=dataclasses.replace(acme.revenue, average_deal=None))
    assert str(only(diff(acme, no_deal))) == "Average deal 25,000 EUR → none."


def test_a_calendar_has_exceptions_that_come_go_and_change(acme: Contract) -> None:
    def with_exceptions(exceptions: dict[dt.date, tuple[tuple[int, int], ...]]) -> Contract:
        us = dataclasses.replace(acme.calendars["us"], exceptions=exceptions)
        return replaced(acme, calendars={**acme.calendars, "us": us})

    eve = dt.date(2027, 12, 24)
    closed, short = with_exceptions({eve: ()}), with_exceptions({eve: ((540, 720),)})
    assert str(only(diff(acme, closed))) == ("The calendar us on 24 December 2027: closed (before: the usual hours).")
    assert str(only(diff(closed, short))) == "The calendar us on 24 December 2027: 09:00-12:00 (before: closed)."
    assert only(diff(short, acme)).path == "calendars.us.exceptions.2027-12-24"
    assert str(only(diff(short, acme))).endswith("the usual hours (before: 09:00-12:00).")


def test_what_has_no_words_of_its_own_is_told_as_data(acme: Contract) -> None:
    clock = dataclasses.replace(acme.clocks[ClockName.CONTEST], starts="rejected")
    other = replaced(acme, clocks={**acme.clocks, ClockName.CONTEST: clock})
    assert str(only(diff(acme, other))) == "The clause clocks.contest.starts: contested → rejected."
    without = replaced(acme, clocks={key: value for key, value in acme.clocks.items() if key != ClockName.CONTEST})
    assert only(diff(acme, without)).after == "nothing"


def test_changes_that_hide_behind_equal_words_are_told_as_data(acme: Contract) -> None:
    """The same rule twice, steps and examples in another order: no sentence of their own, yet never silent."""
    rules = (*acme.routing.rules[:1], *acme.routing.rules)
    twice = replaced(acme, routing=dataclasses.replace(acme.routing, rules=rules))
    assert diff(acme, twice)
    assert diff(twice, acme)
    reversed_examples = replaced(acme, examples=acme.examples[::-1])
    assert str(only(diff(acme, reversed_examples))) == "Examples stand in another order."
    first_touch = acme.clocks[ClockName.FIRST_TOUCH]
    steps = dataclasses.replace(first_touch, escalate=first_touch.escalate[::-1])
    turned = replaced(acme, clocks={**acme.clocks, ClockName.FIRST_TOUCH: steps})
    assert str(only(diff(acme, turned))) == "First touch: the escalations stand in another order."


def test_two_steps_at_one_point_are_told_together(acme: Contract) -> None:
    clock = acme.clocks[ClockName.CONTEST]
    twice = dataclasses.replace(clock, escalate=(*clock.escalate, dataclasses.replace(clock.escalate[0], to=())))
    assert str(only(diff(acme, replaced(acme, clocks={**acme.clocks, ClockName.CONTEST: twice})))) == (
        "Contest: when the time is up marketing is told; when the time is up nothing happens "
        "(before: when the time is up marketing is told)."
    )


@pytest.mark.parametrize(
    ("place", "clause"),
    [
        (("name",), "contract"),
        (("default_calendar",), "calendars.default"),
        (("marketing", "icp_required"), "commitments.marketing.icp"),
        (("marketing", "mql"), "commitments.marketing.mql"),
        (("sales", "excused_left_out"), "commitments.sales.excused"),
        (("targets", "rates", ("mql", "sal")), "targets.mql_to_sal"),
        (("targets", "cycle_length"), "targets.cycle_length"),
        (("score", "warm"), "score.bands.warm"),
        (("stages",), "plan.stages"),
        (("clocks", ClockName.RESPONSE, "within_hand_raise"), "clocks.response.within.hand_raise"),
        (
            ("definitions", "mql", "unless", "competitor", "except_hand_raise"),
            "definitions.mql.unless.competitor.except",
        ),
        (("calendars", "us", "exceptions", dt.date(2027, 12, 24)), "calendars.us.exceptions.2027-12-24"),
    ],
)
def test_a_clause_is_cited_as_the_text_has_it(place: Any, clause: str) -> None:
    assert clause_of(place) == clause


@pytest.mark.parametrize(
    ("clause", "topic"),
    [
        ("contract", Topic.AGREEMENT), ("score.fit.at_most", Topic.FIT), ("score.bands.warm", Topic.BEHAVIOUR),
        ("examples[2]", Topic.EXAMPLES), ("routing.rules[0]", Topic.ROUTING), ("commitments.sales", Topic.COMMITMENTS),
    ],
)  # fmt: skip
def test_each_clause_has_its_heading(clause: str, topic: Topic) -> None:
    assert topic_of(clause) is topic


# Drift: what packages would change in a sealed contract.


def holidays(*add: dt.date, drop: dt.date | None = None) -> Almanac:
    def dates(region: str, first: int, last: int) -> tuple[tuple[dt.date, str], ...]:
        known = dict(Almanac().holiday_dates(region, first, last))
        if region == "DE-BE":
            known |= dict.fromkeys(add, "A new day")
        return tuple(sorted((day, name) for day, name in known.items() if day != drop))

    return Almanac(holiday_dates=dates)


def test_nothing_drifts_while_packages_stay(acme: Contract, acme_sealed: Sealed) -> None:
    assert drift(acme_sealed, acme) == ()


def test_a_holiday_gained_is_a_proposed_amendment(acme: Contract, acme_sealed: Sealed) -> None:
    change = only(drift(acme_sealed, acme, almanac=holidays(dt.date(2031, 3, 9))))
    assert str(change) == "DE-BE gains 2031-03-09."
    assert change.path == "holidays.DE-BE"
    many = [dt.date(year, 3, 9) for year in range(2036, 2029, -1)]
    assert str(only(drift(acme_sealed, acme, almanac=holidays(*many)))) == (
        "DE-BE gains 2030-03-09, 2031-03-09, 2032-03-09, 2033-03-09 and 3 more."
    )
    both = holidays(dt.date(2031, 3, 9), drop=dt.date(2031, 3, 8))
    assert str(only(drift(acme_sealed, acme, almanac=both))) == "DE-BE gains 2031-03-09 and loses 2031-03-08."
    assert str(only(drift(acme_sealed, acme, almanac=holidays(drop=dt.date(2031, 3, 8))))) == "DE-BE loses 2031-03-08."


def test_a_zone_that_gives_up_summer_time_is_a_proposed_amendment(acme: Contract, acme_sealed: Sealed) -> None:
    def no_summer_from_2036(zone: str, first: int, last: int) -> tuple[tuple[int, int], ...]:
        known = Almanac().transitions(zone, first, last)
        return known[:-2] if zone == "Europe/Berlin" else known

    change = only(drift(acme_sealed, acme, almanac=Almanac(transitions=no_summer_from_2036)))
    assert str(change) == "Europe/Berlin loses +02:00 from 2036-03-30T01:00Z and +01:00 from 2036-10-26T01:00Z."
    assert change.topic is Topic.CALENDARS


@pytest.mark.parametrize(("seconds", "words"), [(-17_762, "-04:56:02"), (0, "+00:00"), (20_700, "+05:45")])
def test_offsets_are_told_as_people_write_them(acme: Contract, acme_sealed: Sealed, seconds: int, words: str) -> None:
    def another(zone: str, first: int, last: int) -> tuple[tuple[int, int], ...]:
        known = Almanac().transitions(zone, first, last)
        return ((known[0][0], seconds), *known[1:]) if zone == "America/New_York" else known

    assert str(only(drift(acme_sealed, acme, almanac=Almanac(transitions=another)))) == (
        f"America/New_York gains {words} from 2021-12-31T23:00Z and loses -05:00 from 2021-12-31T23:00Z."
    )


def test_a_shipped_list_that_grows_is_a_proposed_amendment(acme: Contract, acme_sealed: Sealed) -> None:
    grown = replaced(acme, lists={**acme.lists, "free_mail": acme.lists["free_mail"] | {"new-mail.example"}})
    assert str(only(drift(acme_sealed, grown))) == "The list free_mail gains new-mail.example."


def test_a_later_start_is_told_without_the_dates_that_move_with_it(acme: Contract, acme_sealed: Sealed) -> None:
    later = seal(replaced(acme, effective_from=acme.effective_from + 400 * DAY))
    assert [change.path for change in diff_sealed(acme_sealed, later)] == ["effective_from"]
    assert [change.path for change in diff_sealed(later, acme_sealed)] == ["effective_from"]


def test_another_region_or_zone_is_told_as_a_change_of_the_calendar(acme: Contract, acme_sealed: Sealed) -> None:
    calendar = dataclasses.replace(acme.calendars["us"], zone="America/Chicago", holidays="CA")
    other = seal(replaced(acme, calendars={**acme.calendars, "us": calendar}))
    assert [change.path for change in diff_sealed(acme_sealed, other)] == ["calendars.us.zone", "calendars.us.holidays"]


def test_a_seal_over_another_span_is_told(acme_sealed: Sealed) -> None:
    shorter = dataclasses.replace(acme_sealed, last=acme_sealed.last - DAY, digest="0" * 64)
    assert str(only(diff_sealed(acme_sealed, shorter))) == (
        "The sealed span of time 2021-12-31T23:00:00+00:00 to 2036-12-31T23:00:00+00:00 → "
        "2021-12-31T23:00:00+00:00 to 2036-12-30T23:00:00+00:00."
    )
