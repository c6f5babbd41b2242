"""The plan in the report: the figures of `handfast plan`, in a section of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.support.audits import Group, audit_of, cycles

from handfast.audit.audit import Audit
from handfast.audit.planned import measured_in, planned
from handfast.audit.report import render_html, render_json, render_markdown
from handfast.audit.report.part.plan import plan_part, spaced
from handfast.contract.model import Targets
from handfast.plan import Plan, plan

GROUPS = [
    Group(count=60, accepted=True, opportunity=True, won=True),
    Group(count=100, accepted=True, opportunity=True, lost=True),
    Group(count=40, rejected="too_small"),
]


@pytest.fixture(scope="module")
def audited() -> Audit:
    return audit_of(cycles(GROUPS))


def of(audit: Audit) -> Plan:
    found = planned(audit)
    assert found is not None
    return found


def test_the_rates_are_those_of_the_cycles(audited: Audit) -> None:
    found = of(audited)
    assert found.evidence is not None
    counted = {step: (one.reached, one.entered, one.waiting) for step, one in found.evidence.rates.items()}
    assert counted == {
        ("mql", "sal"): (160, 200, 0),
        ("sal", "opportunity"): (160, 160, 0),
        ("opportunity", "won"): (60, 160, 0),
    }
    assert plan(audited.contract, found.evidence).needs == found.needs


def test_page_text_and_data_show_the_same_needs(audited: Audit) -> None:
    found, data = of(audited), render_json(audited)["plan"]
    assert found.needs is not None
    page, text = render_html(audited), render_markdown(audited)
    for need, told in zip(found.needs, data["needs"], strict=True):
        assert told["exact"] == str(need)
        assert f"{told['rounded']:,}" in page
        assert f"{told['rounded']:,}" in text
    assert "The plan" in text
    assert re.search(r"EUR\s450,000: 19 deals at EUR\s24,000", text.replace("&nbsp;", " "))


def test_a_rate_that_the_export_cannot_show_is_taken_as_agreed() -> None:
    columns = cycles(GROUPS, {"accepted": "The export never says that a lead was accepted."})
    found = of(audit_of(columns))
    assert found.measured is not None
    assert [one.measured is None for one in found.rates] == [True, True, False]
    assert found.rates[0].why_not == "The export never says that a lead was accepted."
    assert found.measured.rates[0] == found.rates[0].agreed
    grid = next(iter(plan_part(found)))
    assert "never says" in repr(grid)


def test_rates_that_were_measured_do_for_those_not_agreed(audited: Audit) -> None:
    found = of(replace(audited, contract=replace(audited.contract, targets=Targets(rates={}))))
    assert found.agreed is None
    assert found.needs is None
    assert found.measured is not None
    assert list(plan_part(found))


@pytest.mark.parametrize("lacks", ["target", "rates"])
def test_without_a_target_or_any_rate_there_is_no_section(audited: Audit, lacks: str) -> None:
    if lacks == "target":
        changed = replace(audited, contract=replace(audited.contract, revenue=None))
    else:
        bare = audit_of(cycles([Group(count=3, delivered=False)]))
        changed = replace(bare, contract=replace(bare.contract, targets=Targets(rates={})))
    assert planned(changed) is None
    assert render_json(changed)["plan"] is None
    assert list(plan_part(None)) == []


def test_nothing_measured_is_no_section() -> None:
    found = of(audit_of(cycles([])))
    assert found.measured is None
    assert list(plan_part(found)) == []


def test_evidence_names_its_source(audited: Audit) -> None:
    assert measured_in(audited, "crm/").source == "crm/"


def test_numbers_keep_their_units() -> None:
    assert spaced("60% of EUR 900,000 at 5%.") == "60\u00a0% of EUR\u00a0900,000 at 5\u00a0%."
