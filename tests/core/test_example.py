"""Examples of a contract run as tests: the shipped ones hold, and what does not hold is said in words and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.contract.builtin import EXPECTED
from handfast.example import Checked, check, run_examples
from handfast.example.expectation import FOUND
from handfast.problem import Severity

ROOT = Path(__file__).parent.parent.parent
GOLDEN = (ROOT / "tests" / "golden" / "acme-inbound.yaml").read_text(encoding="utf-8")
SUM = "fit 45 = target_industry 25 + right_size 20; behaviour 16 = pricing_viewed 16"
SHIPPED = sorted((ROOT / "examples").glob("*.yaml"))


def errors_of(checked: Checked) -> list[str]:
    return [str(problem) for problem in checked.problems if problem.severity is Severity.ERROR]


def checked(*pairs: tuple[str, str]) -> Checked:
    """The golden contract with some of its text exchanged."""
    text = GOLDEN
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return check(text, file="acme.yaml")


def judged(given: str, did: str, expect: str, at: str = "2027-01-12T10:00:00+01:00") -> list[str]:
    """What is said of one example under the golden contract."""
    head = GOLDEN[: GOLDEN.index("examples:")]
    text = f"{head}examples:\n  - name: It\n    at: {at}\n    given: {given}\n    did: {did}\n    expect: {expect}\n"
    return [str(difference) for result in check(text).examples for difference in result.differences]


def test_everything_that_may_be_expected_can_be_found() -> None:
    assert set(FOUND) == set(EXPECTED)


def test_the_example_of_the_specification_is_shipped_as_it_stands() -> None:
    assert (ROOT / "examples" / "acme-inbound.yaml").read_text(encoding="utf-8") == GOLDEN


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_contract_is_sound_and_its_examples_hold(path: Path) -> None:
    found = check(path.read_bytes(), file=path.name)
    assert not found.refused
    assert [problem for problem in found.problems if problem.severity is not Severity.NOTE] == []
    assert [str(each) for result in found.examples for each in result.differences] == []
    assert len(found.examples) >= (3 if path.stem == "acme-inbound" else 8)


def test_the_plan_of_the_specification_is_told_with_its_figures() -> None:
    (said,) = map(str, checked().problems)
    assert said == (
        "acme.yaml:92:20: commitments.marketing.mql: 60% of 2,000,000 EUR at 25,000 a deal is 48 deals; at 22%, 30% "
        "and 75% that is 219 opportunities, 728 accepted and 970 delivered, so 81 MQLs a month; 90 are promised."
    )


def test_a_due_that_does_not_come_out_is_shown_at_the_expectation() -> None:
    found = checked(("first_touch_due: 2027-01-08T14:35:00+01:00", "first_touch_due: 2027-01-08T14:36:00+01:00"))
    assert found.refused
    assert not found.examples[0].holds
    (said,) = errors_of(found)
    assert said == (
        "acme.yaml:108:59: examples[0].expect.first_touch_due: "
        "A good fit who asks for a demo on Friday at 14:30 is due in five minutes: "
        "expected 2027-01-08T14:36:00+01:00, found 2027-01-08T14:35:00+01:00 "
        "(5 business minutes from 2027-01-08T14:30:00+01:00, calendar emea)."
    )


def test_every_expectation_that_fails_is_told() -> None:
    found = checked(("fit: 45, behaviour: 16, total: 61, band: warm, state: open",
                     "fit: 44, behaviour: 17, total: 62, band: engage, state: waiting"))  # fmt: skip
    assert [str(each) for each in found.examples[2].differences] == [
        "fit: expected 44, found 45 (target_industry 25 + right_size 20)",
        "behaviour: expected 17, found 16 (pricing_viewed 16)",
        "total: expected 62, found 61 (" + SUM + ")",
        "band: expected engage, found warm (" + SUM + ")",
        "state: expected waiting, found open (total 61: the bar does not hold, and no hand was raised)",
    ]
    assert [problem.dotted for problem in found.problems if problem.severity is Severity.ERROR] == [
        f"examples[2].expect.{key}" for key in ("fit", "behaviour", "total", "band", "state")
    ]


def test_a_refused_text_has_no_examples_but_all_its_problems() -> None:
    found = checked(("version: 7", "version: seven"))
    assert found.refused
    assert found.contract is None
    assert found.examples == ()
    assert len(errors_of(found)) == 1


def test_problems_of_the_loader_and_of_the_whole_come_in_the_order_of_the_text() -> None:
    found = checked(
        (
            "lists: {competitors: [rival.example, other.example]}",
            "lists: {competitors: [rival.example], spare: [x.example]}",
        ),
        ("effective_from: 2027-01-01T00:00:00+01:00", "effective_from: 2027-01-01T00:00:00+03:00"),
    )
    assert [(problem.code, problem.severity) for problem in found.problems] == [
        ("other_offset", Severity.WARNING),
        ("unused", Severity.WARNING),
        ("plan_agrees", Severity.NOTE),
    ]
    assert not found.refused


def test_why_a_lead_is_held_is_told() -> None:
    given = "{industry: software, employees: 200, email: spy@RIVAL.example}"
    form = "[{on: form_submitted, form: demo}]"
    assert judged(given, form, "{state: waiting, pool: inbound, first_touch_due: 2027-01-12T10:05:00+01:00}") == [
        "state: expected waiting, found open (held by competitor)",
        "pool: expected inbound, found nothing (held by competitor)",
        "first_touch_due: expected 2027-01-12T10:05:00+01:00, found nothing (held by competitor)",
    ]
    assert judged(given, form, "{held_by: competitor, hand_raise: true, icp: true}") == []
    assert judged(given, form, "{held_by: do_not_contact, hand_raise: false}") == [
        "held_by: expected do_not_contact, found competitor (held by competitor)",
        "hand_raise: expected false, found true (held by competitor)",
    ]


def test_what_holds_nobody_is_told_as_nothing() -> None:
    assert judged("{}", "[]", "{held_by: competitor}") == [
        "held_by: expected competitor, found nothing (total 0: the bar does not hold, and no hand was raised)"
    ]


def test_the_rule_that_named_the_pool_is_told() -> None:
    given, form = "{industry: software, country: AT}", "[{on: form_submitted, form: demo}]"
    assert judged(given, form, "{pool: enterprise, state: open}") == [
        "pool: expected enterprise, found dach (rule 2 is the first that matches)",
        "state: expected open, found waiting (it was qualified)",
    ]


def test_the_other_clocks_can_be_expected_too() -> None:
    given, form = "{industry: software, country: AT}", "[{on: form_submitted, form: demo}]"
    friday = "2027-01-08T14:58:00+01:00"
    wanted = "{response_due: 2027-01-11T09:03:00+01:00, decision_due: 2027-01-11T14:58:00+01:00}"
    assert judged(given, form, wanted, at=friday) == []
    (said,) = judged(given, form, "{decision_due: 2027-01-11T14:59:00+01:00}", at=friday)
    assert said == (
        "decision_due: expected 2027-01-11T14:59:00+01:00, found 2027-01-11T14:58:00+01:00 "
        "(1 business day from 2027-01-08T14:58:00+01:00, calendar emea)"
    )


PRICING = "{on: page_viewed, path: /pricing, at: 2027-01-12T10:00:00+01:00}"


def test_what_has_faded_since_leaves_the_lead_with_sales() -> None:
    given = "{industry: software, employees: 200, title: VP Sales, country: DE}"  # fit 60
    later = "2027-03-12T10:00:00+01:00"
    wanted = "{state: waiting, behaviour: 0, total: 60, band: warm, first_touch_due: 2027-01-12T15:00:00+01:00}"
    assert judged(given, f"[{PRICING}, {PRICING}]", wanted, at=later) == []


def test_that_time_alone_qualifies_nobody_is_told() -> None:
    given = "{industry: software, employees: 200, title: VP Sales}"
    did = "[{on: page_viewed, path: /careers, at: 2027-01-11T10:00:00+01:00}, " + f"{PRICING}, {PRICING}]"
    assert judged(given, did, "{state: open, total: 66}", at="2027-01-12T11:00:00+01:00") == []
    twice = did.replace("]", ", {on: webinar_attended, at: 2027-01-12T10:00:00+01:00}]")
    assert judged(given, twice, "{state: waiting, total: 81}", at="2027-01-12T11:00:00+01:00") == []
    once = did.replace(f"{PRICING}, {PRICING}", "{on: webinar_attended, at: 2027-01-12T10:00:00+01:00}")
    assert judged(given, once, "{state: waiting}", at="2027-02-12T10:00:00+01:00") == [
        "state: expected waiting, found open (the bar holds only because time passed, which qualifies nobody)"
    ]


def test_another_hand_raise_later_than_the_due_changes_nothing() -> None:
    given = "{industry: software, employees: 200, country: DE}"
    first = "{on: form_submitted, form: demo, at: 2027-01-12T10:00:00+01:00}"
    due = "{first_touch_due: 2027-01-12T10:05:00+01:00, response_due: 2027-01-12T10:05:00+01:00}"
    assert judged(given, f"[{first}, {{on: form_submitted, form: demo}}]", due, at="2027-01-13T10:00:00+01:00") == []


def test_what_comes_after_the_instant_is_not_known_yet() -> None:
    later = "[{on: form_submitted, form: demo, at: 2027-01-12T10:00:01+01:00}]"
    assert judged("{industry: software}", later, "{state: open, hand_raise: false}") == []


def test_an_example_beyond_the_sealed_years_never_holds() -> None:
    given, form, far = "{industry: software}", "[{on: form_submitted, form: demo}]", "2045-01-12T10:00:00+01:00"
    (said,) = judged(given, form, "{state: waiting}", at=far)
    assert said.startswith(
        "first_touch_due: expected an instant, found nothing (2045-01-12T09:00:00+00:00 lies outside"
    )
    (said,) = judged(given, form, f"{{first_touch_due: {far}}}", at=far)
    assert said.startswith(f"first_touch_due: expected {far}, found nothing (2045-01-12T09:00:00+00:00 lies outside")


def test_fractions_of_points_are_told_exactly() -> None:
    did = "[{on: page_viewed, path: /pricing, at: 2026-12-15T10:00:00+01:00}]"
    head = GOLDEN.replace("fades: 25% every 14 days", "fades: 7% every 14 days")[: GOLDEN.index("examples:") - 1]
    text = (
        f"{head}\nexamples:\n  - {{name: It, at: 2027-01-12T10:00:00+01:00, did: {did}, expect: {{behaviour: 6.88}}}}\n"
    )
    assert check(text).examples[0].holds
    (failed,) = check(text.replace("6.88", "6.89")).examples
    assert [str(each) for each in failed.differences] == ["behaviour: expected 6.89, found 6.88 (pricing_viewed 6.88)"]


def test_negative_points_are_told_with_a_minus() -> None:
    given, did = "{industry: software, email: me@gmail.com}", "[{on: page_viewed, path: /careers}]"
    assert judged(given, did, "{fit: 4, behaviour: 0}") == [
        "fit: expected 4, found 5 (target_industry 25 - free_mail 20)",
        "behaviour: expected 0, found -10 (careers_viewed -10)",
    ]


def test_an_example_is_run_with_the_very_judgement_that_leads_get() -> None:
    contract = checked().contract
    assert contract is not None
    result = run_examples(contract)[1]
    assert result.holds
    assert result.outcome.routed is not None
    assert [each.clause for each in result.outcome.weighed if each.holds] == [
        "definitions.icp",
        "definitions.mql.hand_raise",
    ]
    assert sum(line.value for line in result.outcome.explanation.lines) == result.outcome.score.total == 4500


def test_an_example_of_a_lead_with_a_domain_of_its_own_keeps_it() -> None:
    given = "{email: me@gmail.com, email_domain: acme.example}"
    assert judged(given, "[]", "{fit: 0}") == []
    assert judged("{email: nobody}", "[]", "{fit: 0}") == []
