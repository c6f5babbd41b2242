"""From files to the report: a made-up team whose leaks are known, and what becomes of them in between."""

from __future__ import annotations

import pytest
from tests.support.audits import contract
from tests.support.page import parsed

from handfast.audit import read_export
from handfast.audit.audit import Audit, audit
from handfast.audit.report import render_html, render_json, render_markdown
from handfast.contract.seal import seal
from handfast.simulate import Prospect, draw_prospects, write_hubspot_export


@pytest.fixture(scope="module")
def prospects() -> list[Prospect]:
    return draw_prospects(1, 1_200)


@pytest.fixture(scope="module")
def found(prospects: list[Prospect], tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("export")
    paths = write_hubspot_export(prospects, folder)
    terms = contract()
    return audit(read_export(paths, zone=terms.zone, contract=terms, refused_to=folder / "refused.csv"), terms)


def test_the_leads_never_called_are_those_of_the_team(found: Audit, prospects: list[Prospect]) -> None:
    never = sum(one.mql_at is not None and not one.touched_at for one in prospects)
    (leak,) = [one for one in found.found.leaks if one.code == "never_touched"]
    assert leak.records is not None
    assert leak.records.count == pytest.approx(never, abs=3)  # the file has damaged rows and duplicates


def test_the_digest_is_that_of_the_sealed_contract(found: Audit) -> None:
    assert found.digest == seal(contract()).digest
    assert found.digest in render_html(found)


def test_all_three_forms_are_made(found: Audit) -> None:
    page = parsed(render_html(found))
    assert page.one("h1").text == "Where the handoff of acme-demo leaks"
    assert len(list(page.all("section"))) >= 10
    assert render_markdown(found).startswith("# Where the handoff of acme-demo leaks\n")
    assert render_json(found)["leads"] == len(found.export)


def test_the_same_export_gives_the_same_report(found: Audit) -> None:
    again = audit(found.export, contract(), now=found.judged.as_of)
    assert [one.headline for one in again.found.leaks] == [one.headline for one in found.found.leaks]
    assert render_markdown(again).split("Judged as of")[0] == render_markdown(found).split("Judged as of")[0]
