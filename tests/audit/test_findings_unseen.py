from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support.audits import Group, audit_of, contract, cycles, measured

from handfast.audit import read_export
from handfast.audit.audit import audit
from handfast.audit.english.unseen import OTHERWISE, REMEDIES
from handfast.audit.findings import Unseen, find
from handfast.audit.report import render_markdown
from handfast.contract.model import Contract
from handfast.instant import parse_instant
from handfast.measure.columns import CycleColumns
from handfast.measure.scoreboard import entries


def unseen(columns: CycleColumns, terms: Contract | None = None) -> dict[str, Unseen]:
    agreed = terms or contract()
    return {one.measure: one for one in find(agreed, measured(columns, agreed)).unseen}


def test_what_the_export_lacks_is_named_with_the_column_that_would_show_it() -> None:
    absent = {"first_touch": "The export holds no touches.", "reason": "The export gives no reasons."}
    found = unseen(cycles([Group(count=5)], absent))
    assert found["never_touched"].reason == "The export holds no touches."
    assert found["never_touched"].remedy == REMEDIES["first_touch"]
    assert found["reasons_by_source"].remedy == REMEDIES["reason"]
    assert "delivered" not in found


def test_an_export_that_holds_everything_lacks_nothing() -> None:
    assert unseen(cycles([Group(count=5, turns=1, stated=1)])) == {}


def test_what_few_systems_carry_is_not_missed() -> None:
    assert "stated_in_time" not in unseen(cycles([Group(count=5)], {"stated_in_time": "No flag."}))


def test_an_ideal_customer_that_the_contract_does_not_define_is_not_the_exports_fault() -> None:
    terms = replace(contract(), definitions=replace(contract().definitions, icp=None))
    columns = cycles([Group(count=5)], {"icp": "The contract does not define an ideal customer."})
    assert "definitions.icp" in unseen(columns, terms)["delivered_icp"].remedy


def test_dates_without_a_time_of_day_are_named() -> None:
    columns = cycles([Group(count=5)])
    columns.date_only = frozenset({"qualified", "first_touch"})
    assert unseen(columns)["speed_to_first_touch_working"].remedy == OTHERWISE["speed_to_first_touch_working"]


def test_words_known_only_of_leads_that_went_on_are_named() -> None:
    columns = cycles([Group(count=50, accepted=True), Group(count=200, owner="", source="")])
    found = unseen(columns)
    assert found["by_owner"].remedy == "the owner of every lead, whatever became of it"
    assert "by_source" in found


def test_words_unknown_of_everybody_are_not() -> None:
    assert "by_campaign" not in unseen(cycles([Group(count=50)]))


def test_every_need_of_every_measure_has_a_remedy() -> None:
    needs = {need for entry in entries(contract()) for need in entry.definition.needs}
    assert needs <= REMEDIES.keys()


SILENT = dict.fromkeys(
    ("first_touch", "first_touch_due", "decision_due", "working_due", "accepted", "rejected"), "not known."
)


def test_silence_about_leaks_is_no_praise_where_no_promise_can_be_judged() -> None:
    kept = find(contract(), measured(cycles([Group(count=4, accepted=True)])))
    assert (kept.shows_handoff, kept.without_leaks) == (True, "Nothing leaks that this export can show.")
    for groups in ([Group(count=4)], [Group(count=4, delivered=False)]):
        found = find(contract(), measured(cycles(groups, SILENT)))
        assert not found.leaks
        assert (found.shows_handoff, found.without_leaks) == (False, "This export does not show the handoff.")
    leaking = find(contract(), measured(cycles([Group(count=60, waited=None)])))
    assert leaking.leaks
    assert leaking.without_leaks == ""


def test_an_instant_before_all_data_is_told(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(
        "Record ID,Create Date,Became a Marketing Qualified Lead Date,Lifecycle Stage\n"
        "1,2026-02-03 10:00,2026-02-04 11:00,Marketing Qualified Lead\n"
        "2,2026-02-05 10:00,,Lead\n"
    )
    export = read_export([file], zone="UTC", contract=contract())
    before = audit(export, contract(), now=parse_instant("2020-01-01T00:00:00Z"))
    line = "All 2\N{NO-BREAK SPACE}leads of this export came after the instant it is judged as of."
    assert before.found.without_leaks == line
    assert line in render_markdown(before)
    assert audit(export, contract(), now=parse_instant("2026-02-04T12:00:00Z")).found.all_after == 0


def test_the_report_of_promises_that_cannot_be_judged_says_so() -> None:
    found = render_markdown(audit_of(cycles([Group(count=4)], SILENT)))
    assert "# This export does not show the handoff of" in found
    assert "of no promise can it be said whether it was kept" in found
