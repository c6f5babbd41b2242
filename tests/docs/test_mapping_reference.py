"""The page of mapping files says what the code does, and its example works."""

from __future__ import annotations

from pathlib import Path

from handfast.audit import read_export, read_mapping
from handfast.audit.reference import EXAMPLE, KINDS, page
from handfast.audit.roles import ROLES, Kind
from handfast.audit.stage import Stage


def test_the_page_of_mappings_is_what_the_code_says(root: Path) -> None:
    shown = (root / "docs" / "reference" / "mapping.md").read_text(encoding="utf-8")
    assert shown == page(), "write it again: make generated"


def test_every_kind_and_every_role_is_on_the_page() -> None:
    shown = page()
    assert set(KINDS) == set(Kind)
    for kind, roles in ROLES.items():
        assert f"### `{kind}`\n" in shown
        for role in roles.values():
            assert f"| `{role.name}` |" in shown


def test_the_example_reads_an_export(tmp_path: Path) -> None:
    read = read_mapping(EXAMPLE)
    assert read.problems == ()
    (tmp_path / "leads-1.csv").write_text(
        "Lead number,Created,State of work,Rep,Product\n"
        "7,03/04/2026 10:00,Being worked,Lena,core\n8,04/04/2026 10:00,Not for us,Keine Angabe,\n"
    )
    (tmp_path / "calls.csv").write_text("Lead number,When,Result,Who\n7,2026-04-03 10:05,Spoke to them,Lena\n")
    export = read_export([tmp_path], zone="UTC", mapping=read.mapping)
    assert export.key == ["7", "8"]
    assert export.reached[Stage.ACCEPTED].tolist() == [True, False]
    assert export.reached[Stage.REJECTED].tolist() == [False, True]
    assert export.touches.two_way.tolist() == [True]
    assert export.attributes["product_interest"].words == ("core",)
