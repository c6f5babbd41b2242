"""`handfast plan`: what a marketing leader asks in December, with and without figures of the year that was."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handfast.cli.app import app

EXAMPLE = "examples/acme-inbound.yaml"


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(app, [str(one) for one in arguments])


def said(*arguments: object) -> str:
    """The output as one line: where it is wrapped does not matter."""
    done = run("plan", *arguments)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def data(*arguments: object) -> dict[str, Any]:
    done = run("plan", *arguments, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.output)
    return found


LEADS = 120
MAPPING = """handfast_mapping: 1
files:
  - file: leads.csv
    kind: leads
    columns:
      id: id
      created: inquiry_at
      handed: mql_at
      accepted: accepted_at
      deal: opportunity_at
      won: won_at
      rejected: rejected_at
      owner: owner
"""


def _leads() -> str:
    """A hundred and twenty leads: two in three accepted, half of these a deal, every fifth of these won."""
    lines = ["id,created,handed,accepted,deal,won,rejected,owner"]
    for place in range(LEADS):
        handed = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC) + dt.timedelta(days=place)
        accepted, deal, won = place % 3 > 0, place % 6 in {1, 2, 4} and place % 4 > 0, place % 10 == 1
        days = (0, 0, 1 if accepted else None, 9 if deal else None, 40 if deal and won else None)
        cells = ["" if day is None else f"{handed + dt.timedelta(days=day):%Y-%m-%d %H:%M}" for day in days]
        rejected = "" if accepted else f"{handed + dt.timedelta(days=2):%Y-%m-%d %H:%M}"
        lines.append(",".join([str(place + 1), *cells, rejected, f"rep {place % 3}"]))
    return "\n".join(lines)


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """An export, how it is read, a contract, and the JSON report of an audit."""
    folder = tmp_path_factory.mktemp("plan")
    (folder / "leads.csv").write_text(_leads(), encoding="utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "contract.yaml").write_text((root / EXAMPLE).read_text(encoding="utf-8"), encoding="utf-8")
    options = ("--mapping", folder / "mapping.yaml", "--refused", folder / "refused-rows.csv")
    named = ("--contract", folder / "contract.yaml", "--quiet", "--report", folder / "report.json")
    done = run("audit", folder / "leads.csv", *named, *options)
    assert done.exit_code == 0, done.output
    return folder


def export_of(crm: Path) -> tuple[object, ...]:
    return ("--measured", crm / "leads.csv", "--mapping", crm / "mapping.yaml")


def test_the_worked_sentence_of_the_contract(root: Path) -> None:
    told = said(root / EXAMPLE)
    assert "60% of EUR 2,000,000 is EUR 1,200,000: 48 deals at EUR 25,000." in told
    for row in ("delivered 970 81 75%", "accepted 728 61 30%", "opportunities 219 19 22%", "deals 48 4"):
        assert row in told
    assert "1,080 delivered are to come, 90 a month (commitments.marketing.mql)." in told
    assert "the chance of the target is 80% if as many a month came before the period, and 33% if nobody did." in told
    assert "over 255 working days are 3.8 a day." in told
    assert "delivered to accepted 75% EUR 16,000 12.8" in told


def test_data_are_exact_and_rounded(root: Path) -> None:
    found = data(root / EXAMPLE)
    assert [one["rounded"] for one in found["needs"]] == [970, 728, 219, 48]
    assert found["needs"][0]["exact"] == "32000/33"
    assert found["needs"][0]["monthly"]["rounded"] == 81
    assert found["agreed"]["chance"] == pytest.approx(0.7967, abs=1e-4)
    assert found["measured"] is None
    assert found["evidence"] is None
    assert found["lag"]["months"][0]["month"] == "2026-11"
    assert [one["money"] for one in found["agreed"]["worth_of_a_point"]] == ["16000.00", "40000.00", "54545.45"]


def test_a_roster_and_other_arrivals_are_told(root: Path) -> None:
    told = said(root / EXAMPLE, "--reps", 4, "--per-day", "2.5", "--arrivals", 120)
    assert "1,440 delivered are to come, 120 a month." in told
    assert "0.95 for each of 4 reps. A rep takes 2.5 a day: that asks for 2 reps." in told
    assert "for each of 1 rep." in said(root / EXAMPLE, "--reps", 1)


def test_rates_of_an_export_stand_beside_those_agreed(crm: Path) -> None:
    told = said(crm / "contract.yaml", *export_of(crm))
    assert "measured rate" in told
    assert "At the measured rates" in told
    assert "for each of 3 reps. A rep has been handed" in told
    found = data(crm / "contract.yaml", *export_of(crm))
    assert [one["measured"]["entered"] for one in found["rates"]] == [120, 80, 40]
    assert found["rates"][0]["measured"]["share"] == pytest.approx(2 / 3)
    assert found["evidence"]["source"] == "leads.csv"


def test_a_report_tells_the_same_as_its_export(crm: Path) -> None:
    from_report = data(crm / "contract.yaml", "--measured", crm / "report.json")
    from_export = data(crm / "contract.yaml", *export_of(crm))
    assert from_report["evidence"].pop("source") == "report.json"
    assert from_export["evidence"].pop("source") == "leads.csv"
    assert from_report == from_export


def test_of_a_report_without_a_plan_counts_are_left(crm: Path) -> None:
    report = json.loads((crm / "report.json").read_text(encoding="utf-8"))
    report["plan"] = None
    bare = crm / "bare.json"
    bare.write_text(json.dumps(report), encoding="utf-8")
    told = said(crm / "contract.yaml", "--measured", bare)
    assert "sal to opportunity was not measured, the agreed rate is used: No cycle is said to have ended there" in told
    assert "The median, 90% and 95% of won cycles in the report" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "no report of `handfast audit`"),
        ("[1]", "no report of `handfast audit`"),
        ('{"handfast_audit": 1, "measures": [{"name": "x"}]}', "it is damaged"),
        ('{"handfast_audit": 1}', "it is damaged"),
        ("{", "it is no JSON"),
        ("\udcff", "it is no JSON"),
    ],
)
def test_a_file_that_is_no_report_is_refused(root: Path, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = run("plan", root / EXAMPLE, "--measured", path)
    assert done.exit_code == 2
    assert words in " ".join(done.output.split())
    assert "--measured" in done.output


def test_what_a_contract_lacks_is_said_all_at_once(root: Path, tmp_path: Path) -> None:
    text = (root / EXAMPLE).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("revenue:", "targets:"))]
    path = tmp_path / "contract.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run("plan", path)
    assert done.exit_code == 1
    assert "acme-inbound does not say enough for a plan:" in done.output
    for clause in ("revenue:", "targets.mql_to_sal:", "targets.sal_to_opportunity:", "targets.opportunity_to_won:"):
        assert clause in done.output
    told = json.loads(run("plan", path, "--json").output)
    assert told["error"]["code"] == "plan_refused"


@pytest.mark.parametrize("wrong", [("--arrivals", "none"), ("--arrivals", "0"), ("--per-day", "nan"), ("--reps", "0")])
def test_a_number_that_is_none_is_refused(root: Path, wrong: tuple[str, str]) -> None:
    done = run("plan", root / EXAMPLE, *wrong)
    assert done.exit_code == 2
    assert wrong[0] in done.output
