"""Examples of a contract run as tests: the shipped ones hold, and what does not hold is said in words and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.contract.builtin import EXPECTED
from handfast.example import Checked, check
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
