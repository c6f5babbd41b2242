from __future__ import annotations

from dataclasses import replace

from tests.support.audits import Group, contract, cycles, measured

from handfast.audit.english.unseen import OTHERWISE, REMEDIES
from handfast.audit.findings import Unseen, find
from handfast.contract.model import Contract
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
