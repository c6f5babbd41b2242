from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from handfast.condition import All, AnyOf, Condition, NoneOf, Operator, Test, ValueType
from handfast.contract.canonical import content, contract_from
from handfast.contract.english import values
from handfast.contract.english.conditions import speaker, speaker_of
from handfast.contract.explain import SECTIONS, explain
from handfast.contract.load import load
from handfast.contract.model import Attribute, Contract, Routing, Rule
from handfast.contract.terms import Disposition, DispositionKind, Duration, DurationUnit, Held
from handfast.instant import DAY, HOUR, MINUTE, SECOND, parse_instant
from handfast.problem import dotted

SMALLEST = """
handfast: 1
contract: smallest
version: 1
effective_from: 2027-01-01T00:00:00Z
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
definitions: {mql: {when: {total: {at_least: 1}}}}
score: {fit: {signals: {any: {when: {country: {known: true}}, points: 1}}}}
routing: {rules: [{to: inbound}]}
"""


def smallest() -> Contract:
    loaded = load(SMALLEST)
    assert loaded.contract is not None, loaded.problems
    return loaded.contract


def said(contract: Contract) -> dict[str, str]:
    return {each.path: each.text for section in explain(contract).sections for each in section.sentences}


def test_the_golden_contract_reads_as_a_sales_leader_would_like(acme: Contract, root: Path) -> None:
    golden = root / "tests" / "golden" / "acme-inbound.explained.txt"
    assert explain(acme).as_text() == golden.read_text(encoding="utf-8")


def test_every_sentence_begins_large_ends_with_a_stop_and_names_its_clause(acme: Contract) -> None:
    for section in explain(acme).sections:
        for each in section.sentences:
            assert each.text[0] == each.text[0].upper()
            assert each.text.endswith(".")
            assert not each.text.endswith("..")
            assert "None" not in each.text
            assert each.path


def test_every_clause_of_the_text_is_spoken_of(acme: Contract, acme_text: str) -> None:
    """Whatever stands in the text has a sentence: its own, one of its part, of its whole, or of its neighbour."""
    spoken = {f"{path}." for path in said(acme)}
    silent = {"handfast", "contract", "version"}  # the title says them
    for path in load(acme_text).marks:
        clause, above = (f"{dotted(part)}.".replace("[", ".[") for part in (path, path[:-1]))
        if path and clause[:-1] not in silent:
            heads = (clause, above if len(path) > 1 else clause)
            known = {known.replace("[", ".[") for known in spoken}
            assert any(clause.startswith(other) or other.startswith(heads) for other in known), clause


def test_the_explanation_is_data(acme: Contract) -> None:
    data: Any = json.loads(json.dumps(explain(acme).as_data()))
    assert data["title"] == "acme-inbound, version 7"
    assert data["sections"][0]["sentences"][-1] == {"path": "currency", "text": "Amounts are in EUR."}
    assert [section["title"] for section in data["sections"]] == [topic.value for topic in SECTIONS]


def test_lines_are_wrapped_and_never_broken_inside_a_path(acme: Contract) -> None:
    lines = explain(acme).as_text(60).splitlines()
    assert max(len(line) for line in lines) <= 60
    assert any("[score.behaviour.signals.pricing_viewed]" in line for line in lines)


def test_the_smallest_contract_is_explained_with_all_its_defaults() -> None:
    found = said(smallest())
    assert found["zone"] == "Days, months, quarters and years are cut in the zone UTC."
    assert found["routing.rules[0]"].endswith("go to inbound.")
    assert found["definitions.mql.when"] == "Marketing-qualified lead means that the total is at least 1."
    assert found["clocks.first_touch.within"] == (
        "First touch: somebody in sales touches a qualified lead within 4 business hours."
    )
    assert "score.fit.at_most" not in found
    assert "definitions.icp.when" not in found
    assert "revenue.target" not in found
    assert "Behaviour: what a lead does" not in explain(smallest()).as_text()


def test_the_sealed_contract_reads_the_same(acme: Contract) -> None:
    """Only the order of what has no order may differ."""
    back = said(contract_from(content(acme)))
    assert back.keys() == said(acme).keys()
    assert back["clocks.first_touch.within"] == said(acme)["clocks.first_touch.within"]


# Single clauses, changed one at a time.


def changed(contract: Contract, path: str, **changes: Any) -> Contract:
    """The contract with fields of one part replaced; the path is that of the model."""

    def inside(value: Any, parts: list[str]) -> Any:
        if not parts:
            return dataclasses.replace(value, **changes)
        head, *rest = parts
        if hasattr(value, "keys"):
            return {**value, head: inside(value[head], rest)}
        return dataclasses.replace(value, **{head: inside(getattr(value, head), rest)})

    return typing_contract(inside(contract, path.split(".") if path else []))


def test_a_lone_route_takes_all_leads(acme: Contract) -> None:
    lone = Routing(owner_first=False, rules=(Rule(when=None, to="inbound"),))
    assert said(dataclasses.replace(acme, routing=lone))["routing.rules[0]"] == "All leads go to inbound."


def typing_contract(value: Any) -> Contract:
    assert isinstance(value, Contract)
    return value


@pytest.mark.parametrize(
    ("path", "changes", "clause", "text"),
    [
        ("parties.marketing", {"deputies": ()}, "parties.marketing",
         "Dana Reyes (dana@acme.example) signs for marketing, without a deputy."),
        ("parties.marketing", {"deputies": ("a@acme.example", "b@acme.example")}, "parties.marketing",
         "Dana Reyes (dana@acme.example) signs for marketing; a@acme.example or b@acme.example may sign instead."),
        ("score.fit", {"at_least": -20}, "score.fit.at_least", "Together these take away at most 20 points."),
        ("score.fit", {"at_least": 5}, "score.fit.at_least", "Together these count for at least 5 points."),
        ("score.behaviour.signals.webinar", {"most_recent": None, "expires": None}, "score.behaviour.signals.webinar",
         "Webinar: 15 points for each webinar attended."),
        ("score.behaviour.signals.webinar", {"most_recent": None}, "score.behaviour.signals.webinar",
         "Webinar: 15 points for each webinar attended; each counts for 90 days."),
        ("score.behaviour.signals.webinar", {"on": "unsubscribed"}, "score.behaviour.signals.webinar",
         "Webinar: 15 points for each unsubscription; the 2 most recent count, for 90 days."),
        ("score.behaviour.signals.webinar", {"on": "email_opened", "points": -1}, "score.behaviour.signals.webinar",
         "Webinar: 1 point off for each e-mail opened; the 2 most recent count, for 90 days."),
        ("definitions.mql.hand_raise", {"on": "email_clicked", "when": None}, "definitions.mql.hand_raise",
         "An e-mail clicked is a hand-raise and qualifies at once, whatever the total."),
        ("definitions.mql.hand_raise", {"on": "unsubscribed", "when": None}, "definitions.mql.hand_raise",
         "An unsubscription is a hand-raise and qualifies at once, whatever the total."),
        ("definitions.mql.hand_raise", {"on": "trial_started", "when": None}, "definitions.mql.hand_raise",
         "A trial started is a hand-raise and qualifies at once, whatever the total."),
        ("definitions.mql", {"reference": ""}, "definitions.mql.reference",
         "This definition was last reviewed on 20 September 2026."),
        ("definitions.mql", {"reviewed_on": None}, "definitions.mql.reference",
         "This definition was agreed in RevOps meeting 2026-09-12, item 3."),
        ("definitions.sql", {"needs": ()}, "definitions.sql.needs",
         "Sales-qualified lead means that the rep has recorded it as such."),
        ("routing", {"owner_first": False}, "routing.rules[0]",
         "Leads where there are more than 1,000 employees go to enterprise."),
        ("pools.inbound", {"count_all": True}, "pools.inbound",
         ("The pool inbound shares leads by weight and keeps the hours of us; account owners' and manual leads count "
         "too; when nobody is eligible, a lead goes to the pool's manager.")),
        ("clocks.contest", {"escalate": ()}, "clocks.contest.within",
         "Contest: marketing settles a contested rejection within 2 business days."),
        ("reasons.no_budget", {"then": None}, "reasons.no_budget",
         'Sales may reject or disqualify a lead as "No budget": the lead is routed again.'),
        ("reasons.too_small", {"clause": "definitions.icp"}, "reasons.too_small",
         ('Sales may reject a lead before contact as "Too small", which is checked against definitions.icp: '
         "the lead is closed.")),
        ("recycle", {"fresh_evidence": False}, "recycle",
         "After a cycle ends, a lead cools off for 30 days; of its behaviour, also what it did before counts."),
        ("marketing", {"accepts_shortfall": True}, "commitments.marketing.accepts_shortfall",
         "Both sides accept that this is less than the plan needs."),
        ("sales", {"excused_left_out": False}, "commitments.sales.excused",
         "Breaches that were excused count all the same."),
        ("", {"stages": ("lead", "appointment", "sale")}, "plan.stages",
         "The plan counts leads → appointments → sales."),
        ("attribution", {"eligible": ()}, "attribution.eligible", "Eligible activities: none."),
        ("calendars.us", {"holidays": ""}, "calendars.us",
         "The calendar us is open Monday to Friday 08:30-17:30 (America/New_York)."),
        ("calendars.us", {"hours": ((),) * 7}, "calendars.us",
         "The calendar us is open never (America/New_York), closed on the holidays of US."),
        ("calendars.us", {"exceptions": {dt.date(2027, 12, 24): ()}}, "calendars.us.exceptions.2027-12-24",
         "On 24 December 2027 the calendar us is closed."),
        ("calendars.us", {"exceptions": {dt.date(2027, 12, 24): ((540, 720),)}}, "calendars.us.exceptions.2027-12-24",
         "On 24 December 2027 the calendar us is open 09:00-12:00."),
        ("", {"lists": {"nobody": frozenset()}}, "lists.nobody", "The list nobody holds 0 entries: nothing."),
        ("attributes.product_interest", {"title": "Interest", "one_of": ()}, "attributes.product_interest",
         "Product interest (Interest) is one of no words."),
        ("attributes.country", {"built_in": False, "title": ""}, "attributes.country", "Country is a country."),
        ("activities.chat_started", {"built_in": False}, "activities.chat_started",
         "Chat started: page (text) is recorded with it."),
        ("activities.chat_started", {"built_in": False, "properties": {}}, "activities.chat_started",
         "Chat started: nothing more is recorded with it."),
    ],
)  # fmt: skip
def test_a_clause_in_words(acme: Contract, path: str, changes: Any, clause: str, text: str) -> None:
    assert said(changed(acme, path, **changes))[clause] == text


@pytest.mark.parametrize(
    ("path", "changes", "clause"),
    [
        ("routing", {"owner_first": False}, "routing.owner_first"),
        ("clocks.contest", {"escalate": ()}, "clocks.contest.escalate"),
        (
            "marketing",
            {"mql": None, "icp_required": False, "at_most": None, "sourced_pipeline": None},
            "commitments.marketing",
        ),
        ("sales", {"first_touch": None, "worked": None, "attempts": None}, "commitments.sales.worked"),
        ("revenue", {"average_deal": None, "stakes": {}}, "revenue.stakes"),
        ("attribution", {"sales_sources": (), "partner_sources": ()}, "attribution.partner_sources"),
        ("targets", {"cycle_length": None}, "targets.cycle_length"),
        ("score", {"warm": None}, "score.bands.warm"),
        ("definitions.mql", {"hand_raise": None}, "definitions.mql.hand_raise"),
    ],
)
def test_what_is_not_agreed_is_not_said(acme: Contract, path: str, changes: Any, clause: str) -> None:
    assert any(known.startswith(clause) for known in said(acme))
    assert not any(known.startswith(clause) for known in said(changed(acme, path, **changes)))


# Conditions.

FINTECH = Test("industry", Operator.IS, "fintech")
SMALL = Test("employees", Operator.BELOW, 50)
GERMAN = Test("country", Operator.IN, ("de", "at"))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Test("industry", Operator.IS_NOT, "fintech"), "the industry is not fintech"),
        (Test("country", Operator.NOT_IN, ("de", "at", "ch")), "the country is not DE, AT or CH"),
        (Test("email_domain", Operator.IN_LIST, frozenset({"x"}), "tiny"), "the e-mail domain is in the list tiny"),
        (Test("employees", Operator.IS, 1), "there are exactly 1 employees"),
        (Test("employees", Operator.AT_LEAST, 1000), "there are at least 1,000 employees"),
        (Test("employees", Operator.AT_MOST, 10), "there are at most 10 employees"),
        (SMALL, "there are fewer than 50 employees"),
        (Test("employees", Operator.IN, (5, 6)), "the number of employees is 5 or 6"),
        (Test("employees", Operator.KNOWN, False), "the number of employees is not known"),
        (Test("revenue", Operator.ABOVE, 1_000_000), "the company's revenue is above 1,000,000 EUR"),
        (Test("revenue", Operator.BETWEEN, (Decimal("0.5"), 2)), "the company's revenue is between 0.5 EUR and 2 EUR"),
        (Test("customer", Operator.IS, True), "the company is a customer"),
        (Test("customer", Operator.IS, False), "the company is no customer"),
        (Test("customer", Operator.IS_NOT, True), "the company is not known to be a customer"),
        (Test("customer", Operator.IS_NOT, False), "the company is not known to be no customer"),
        (Test("customer", Operator.KNOWN, False), '"customer" is not known'),
        (Test("referred", Operator.IS, True), '"referred" is yes'),
        (NoneOf((Test("referred", Operator.IS, True),)), '"referred" is not yes'),
        (Test("plants", Operator.ABOVE, 1), "there are more than 1 plants"),
        (Test("plant", Operator.ABOVE, 1), "the plant is above 1"),
        (Test("phone", Operator.KNOWN, True), "the telephone number is known"),
        (Test("title", Operator.HAS_WORD, "vp"), 'the job title has the word "vp"'),
        (Test("company", Operator.CONTAINS, "acme"), 'the company contains "acme"'),
        (Test("company", Operator.ENDS_WITH, "gmbh"), 'the company ends with "gmbh"'),
        (Test("company", Operator.IS, "smith, sons and co"), 'the company is "smith, sons and co"'),
        (Test("company", Operator.IN, ("a-b c.de", "x & y")), "the company is a-b c.de or x & y"),
        (Test("start_on", Operator.AT_MOST, dt.date(2027, 3, 1).toordinal()), "the start on is at most 1 March 2027"),
        (Test("nobody_knows", Operator.IS, 3), "the nobody knows is 3"),
        (Test("fit", Operator.AT_LEAST, 20), "fit is at least 20"),
        (All((FINTECH, SMALL)), "the industry is fintech and there are fewer than 50 employees"),
        (AnyOf((FINTECH, SMALL, GERMAN)),
         "either the industry is fintech, there are fewer than 50 employees or the country is DE or AT"),
        (All((FINTECH, AnyOf((SMALL, GERMAN)))),
         "the industry is fintech and (there are fewer than 50 employees or the country is DE or AT)"),
        (All((FINTECH, AnyOf((SMALL,)))), "the industry is fintech and there are fewer than 50 employees"),
        (NoneOf((FINTECH, SMALL)), "the industry is not fintech and there are not fewer than 50 employees"),
        (NoneOf((Test("title", Operator.HAS_ANY_WORD, ("student", "intern")),)),
         'the job title does not have the word "student" or "intern"'),
        (NoneOf((Test("title", Operator.KNOWN, True), Test("phone", Operator.KNOWN, False))),
         "the job title is not known and the telephone number is known"),
        (NoneOf((Test("country", Operator.NOT_IN, ("de",)), Test("industry", Operator.IS_NOT, "fintech"))),
         "the country is DE and the industry is fintech"),
        (NoneOf((All((FINTECH, GERMAN)), SMALL)),
         ("it is not so that (the industry is fintech and the country is DE or AT) or there are fewer than 50 "
          "employees")),
        (All(()), "always"),
        (AnyOf(()), "never"),
        (NoneOf(()), "always"),
    ],
)  # fmt: skip
def test_a_condition_in_words(acme: Contract, condition: Condition, words: str) -> None:
    own = {
        "start_on": ValueType.DATE,
        "referred": ValueType.BOOLEAN,
        "plants": ValueType.NUMBER,
        "plant": ValueType.NUMBER,
    }
    attributes = {name: Attribute(name=name, type=kind) for name, kind in own.items()}
    contract = dataclasses.replace(acme, attributes={**acme.attributes, **attributes})
    assert speaker(contract).condition(condition) == words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Test("path", Operator.STARTS_WITH, "/pricing"), 'whose path starts with "/pricing"'),
        (Test("path", Operator.KNOWN, True), "where the path is known"),
        (Test("fit", Operator.AT_LEAST, 0), "where fit is at least 0"),
        (Test("title", Operator.CONTAINS, "price"), 'whose title contains "price"'),
        (AnyOf((Test("path", Operator.IS, "/a"), Test("path", Operator.IS, "/b"))),
         'where either the path is "/a" or the path is "/b"'),
    ],
)  # fmt: skip
def test_a_condition_on_an_activity_in_words(acme: Contract, condition: Condition, words: str) -> None:
    assert speaker_of(acme, "page_viewed").whose(condition) == words


def test_properties_of_an_activity_hide_attributes_of_the_same_name(acme: Contract) -> None:
    title = Test("title", Operator.CONTAINS, "vp")
    assert speaker_of(acme, "page_viewed").condition(title) == 'the title contains "vp"'
    assert speaker_of(acme, "form_submitted").condition(title) == 'the job title contains "vp"'


def test_an_activity_that_is_not_known_is_spoken_of_all_the_same(acme: Contract) -> None:
    assert speaker_of(acme, "danced").condition(Test("floor", Operator.IS, 2)) == "the floor is 2"


# Values.


@pytest.mark.parametrize(
    ("unit", "amount", "words"),
    [
        (DurationUnit.WALL, DAY, "1 day"),
        (DurationUnit.WALL, 36 * HOUR, "36 hours"),
        (DurationUnit.WALL, 90 * MINUTE, "90 minutes"),
        (DurationUnit.WALL, 90 * SECOND, "90 seconds"),
        (DurationUnit.WALL, 1_500, "1,500 microseconds"),
        (DurationUnit.WALL, 0, "0 days"),
        (DurationUnit.BUSINESS_TIME, 24 * HOUR, "24 business hours"),
        (DurationUnit.BUSINESS_TIME, 5 * MINUTE, "5 business minutes"),
        (DurationUnit.BUSINESS_DAYS, 1, "1 business day"),
    ],
)
def test_a_duration_has_one_spelling(unit: DurationUnit, amount: int, words: str) -> None:
    assert values.duration(Duration(unit, amount, "written otherwise")) == words


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (Held(0, 600), "every Monday at 10:00"),
        (Held(0, 600, months=(1, 2)), "every Monday of January and February at 10:00"),
        (Held(1, 840, first=True), "on the first Tuesday of every month at 14:00"),
        (Held(2, 840, first=True, months=(1, 4, 7)), "on the first Wednesday of January, April and July at 14:00"),
    ],
)
def test_when_a_meeting_is_held(held: Held, words: str) -> None:
    assert values.held(held) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (
            {0: ((540, 1020),), 1: ((540, 1020),), 4: ((1320, 1800),)},
            "Monday and Tuesday 09:00-17:00, Friday 22:00-06:00 the next day",
        ),
        (dict.fromkeys(range(7), ((0, 1440),)), "Monday to Sunday 00:00-24:00"),
        ({0: ((540, 720), (780, 1020))}, "Monday 09:00-12:00 and 13:00-17:00"),
        ({}, "never"),
    ],
)
def test_a_week_in_words(hours: dict[int, Any], words: str) -> None:
    assert values.week([hours.get(day, ()) for day in range(7)]) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Disposition(DispositionKind.CLOSE), "closes"),
        (Disposition(DispositionKind.RECYCLE_ON_DATE), "recycles on the date given"),
        (Disposition(DispositionKind.RECYCLE_AFTER, Duration(DurationUnit.WALL, 90 * DAY)), "recycles after 90 days"),
    ],
)
def test_what_becomes_of_a_lead(value: Disposition, words: str) -> None:
    assert values.disposition(value) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2027-03-28T02:30:00+01:00", "28 March 2027, 03:30 (Europe/Berlin)"),
        ("2027-03-28T00:30:05+01:00", "28 March 2027, 00:30:05 (Europe/Berlin)"),
        ("2027-03-28T00:30:00.25+01:00", "28 March 2027, 00:30:00.250000 (Europe/Berlin)"),
    ],
)
def test_an_instant_in_words(at: str, words: str) -> None:
    """02:30 does not exist on that night: the words say the time that it is."""
    assert values.moment(parse_instant(at), "Europe/Berlin") == words


def test_small_words() -> None:
    assert values.decimal(Decimal("1400000.00")) == "1,400,000"
    assert values.decimal(Decimal("22.50")) == "22.5"
    assert values.share(Decimal("0.225")) == "22.5%"
    assert values.join_and([]) == ""
    assert values.join_or(["a", "b", "c"]) == "a, b or c"
    assert values.some_of(list("abcde")) == "a, b, c, d and e"
    assert values.some_of(list("abcdef")) == "a, b, c, d and 2 more"
    assert values.sentence("a.") == "A."
    assert values.sentence("") == "."
    assert values.weekly_hours([((540, 1030),)] * 5) == "40.83 hours"
