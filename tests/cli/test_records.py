"""The records behind every number can be had, all of them: more than a page names."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handfast.audit.findings.finding import SHOWN
from handfast.cli.app import app

Behind = dict[tuple[str, str, str], list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration's export, audited into JSON, HTML, Markdown and a file of records; an id looks like a formula."""
    folder = tmp_path_factory.mktemp("records")
    runner = CliRunner()
    runner.invoke(app, ["demo", "--no-serve", "--leads", "1200", "--folder", str(folder), "--json"])
    exports = [str(path) for path in sorted(folder.glob("hubspot-*.csv"))]
    contacts = folder / "hubspot-contacts.csv"
    first, wanted = contacts.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[0], "=cmd|'/c calc'!A1"
    for path in map(Path, exports):
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[wanted if cell == first else cell for cell in row] for row in rows])
    reports = [each for name in ("r.json", "r.html", "r.md") for each in ("--report", str(folder / name))]
    contract, refused = str(folder / "contract.yaml"), str(folder / "refused.csv")
    arguments = ["audit", *exports, "--contract", contract, "--refused", refused, *reports]
    done = runner.invoke(app, [*arguments, "--records", str(folder / "records.csv")])
    assert done.exit_code == 0, done.output
    assert f"Records behind every number: {folder / 'records.csv'}" in done.output
    return folder


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    return report


@pytest.fixture(scope="module")
def behind(folder: Path) -> Behind:
    found: Behind = {}
    with (folder / "records.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["of"], row["name"], row["part"]), []).append(row["record"])
    return found


def test_the_data_holds_every_record_of_every_finding(told: dict[str, Any], behind: Behind) -> None:
    findings = [one for one in told["leaks"] + told["strengths"] if one["records"]]
    assert max(one["records"]["count"] for one in findings) > SHOWN
    for one in findings:
        records = one["records"]
        assert len(set(records["all"])) == records["count"]
        assert records["all"][:SHOWN] == records["first"]
        written = behind["finding", one["code"], records["label"]]
        assert [cell.removeprefix("'") for cell in written] == records["all"]


def counts(figure: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """How many records the data says each part of a figure has, by the name the file has for the part."""
    match figure["kind"]:
        case "count" | "amount":
            yield "records", figure["count"]
        case "ratio":
            yield "numerator", figure["numerator"]["count"]
            yield "denominator", figure["denominator"]["count"]
            yield "still open", (figure["still_open"] or {"count": 0})["count"]
        case "durations":
            yield from ((part, figure[part]["count"]) for part in ("watched", "ended", "negative"))
            yield from ((f"within {one['label']}", one["count"]) for one in figure["within"])
        case "balance":
            yield from ((part, figure[part]["count"]) for part in ("delivered", "in_none", "in_several"))
            yield from ((name, group["count"]) for name, group in figure["groups"].items())


def test_the_file_holds_every_record_of_every_part_of_every_measure(told: dict[str, Any], behind: Behind) -> None:
    kinds: Counter[str] = Counter()
    for measure in told["measures"]:
        kinds[measure["figure"]["kind"]] += 1
        for part, count in counts(measure["figure"]):
            written = behind.get(("measure", measure["name"], part.replace("_", " ") if "in_" in part else part), [])
            assert len(set(written)) == count, (measure["name"], part)
    assert kinds.keys() >= {"count", "amount", "ratio", "durations", "table", "balance"}


def test_the_cells_of_a_table_are_told_apart(told: dict[str, Any], behind: Behind) -> None:
    (table,) = [one["figure"] for one in told["measures"] if one["name"] == "reasons_by_source"]
    for row, word in enumerate(table["rows"]):
        for column, head in enumerate(table["columns"]):
            part = f"{table['row_title']} {word or 'unknown'}, {table['column_title']} {head or 'unknown'}"
            assert len(behind.get(("measure", "reasons_by_source", part), [])) == table["counts"][row][column]


def test_no_cell_is_a_formula(behind: Behind) -> None:
    cells = {cell for cells in behind.values() for cell in cells}
    assert "'=cmd|'/c calc'!A1" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


@pytest.mark.parametrize("name", ["r.html", "r.md"])
def test_where_a_page_stops_it_names_the_option(folder: Path, name: str) -> None:
    assert "--records FILE.csv" in (folder / name).read_text(encoding="utf-8")
