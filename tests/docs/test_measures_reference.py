from __future__ import annotations

from pathlib import Path

from handfast.measure.reference import page
from handfast.measure.scoreboard import entries
from handfast.measure.value import Unit


def test_the_page_of_measures_is_what_the_code_says(root: Path) -> None:
    shown = (root / "docs" / "reference" / "measures.md").read_text(encoding="utf-8")
    assert shown == page(), "write it again: make generated"


def test_every_measure_is_on_the_page_with_its_formula_and_its_records() -> None:
    shown = page()
    for entry in entries():
        definition = entry.definition
        assert f"### `{definition.name}`\n" in shown
        for part in (definition.title, definition.formula, definition.records):
            assert part in shown
            assert part
        assert definition.needs


def test_shares_are_written_as_quotients() -> None:
    for entry in entries():
        if entry.definition.unit is Unit.SHARE:
            assert " ÷ " in entry.definition.formula, entry.definition.name
