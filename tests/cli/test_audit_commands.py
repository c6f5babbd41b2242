"""`audit` and `demo`: from files to a report, and what happens when the files are no use."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handfast.cli.app import app
from handfast.cli.command import demo as demo_command

LEADS = """id,created,mail,company size,handed over,first call
1,2026-05-04 09:12,ann@one.example,120,2026-05-04 09:30,2026-05-04 10:05
2,2026-05-04 17:40,bob@two.example,8,2026-05-04 17:45,
3,2026-05-05 11:02,eve@three.example,700,2026-05-05 11:10,2026-05-07 16:00
"""
MAPPING = """handfast_mapping: 1
files:
  - file: leads.csv
    kind: leads
    columns:
      id: id
      created: inquiry_at
      mail: email
      company size: employees
      handed over: mql_at
      first call: first_touch_at
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


@pytest.fixture
def contract(root: Path) -> Path:
    return root / "src/handfast/simulate/demo-contract.yaml"


def test_an_audit_says_what_was_read_what_leaks_and_where_the_report_is(place: Path, contract: Path) -> None:
    shown = run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml")
    assert shown.exit_code == 0, shown.output
    assert "leads.csv: leads by the mapping; 3 of 3 rows used" in shown.output
    assert "1 of 3 leads delivered to sales" in shown.output
    assert "acme-demo" in (place / "handfast-report.html").read_text(encoding="utf-8")


def test_reports_in_every_format_from_one_run(place: Path, contract: Path) -> None:
    names = ["a.html", "b.md", "c.json"]
    reports = [each for name in names for each in ("--report", name)]
    assert (
        run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml", "--quiet", *reports).output == ""
    )
    assert (place / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (place / "b.md").read_text(encoding="utf-8").startswith("# ")
    assert json.loads((place / "c.json").read_text(encoding="utf-8"))["leads"] == 3


def test_owners_can_be_left_out_of_a_report_that_is_passed_on(place: Path, contract: Path) -> None:
    heads = LEADS.splitlines()
    owners = ["owner", "Ines Brandt", "Ines Brandt", "Ben Okafor"]
    (place / "leads.csv").write_text("\n".join(f"{a},{b}" for a, b in zip(heads, owners, strict=True)) + "\n")
    (place / "mapping.yaml").write_text(MAPPING + "      owner: owner\n", encoding="utf-8")
    told, hidden = (
        run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml", "--json", *switch).output
        for switch in ([], ["--hide-owners"])
    )
    assert "Ines Brandt" in told
    assert "Brandt" not in hidden
    assert "Okafor" not in hidden
    assert "owner 1" in hidden
    assert "Owners are called by numbers" in hidden


def test_json_on_standard_output_is_the_report(place: Path, contract: Path) -> None:
    shown = run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml", "--json")
    assert json.loads(shown.output)["contract"]["name"] == "acme-demo"
    assert not (place / "handfast-report.html").exists()


def test_a_saved_guess_given_back_gives_the_same_report(place: Path, contract: Path) -> None:
    first = run("audit", "leads.csv", "--contract", contract, "--save-mapping", "guess.yaml", "--json")
    again = run("audit", "leads.csv", "--contract", contract, "--mapping", "guess.yaml", "--json")
    assert first.exit_code == 0, first.output
    assert [json.loads(each.output)["leaks"] for each in (first, again)].count(json.loads(first.output)["leaks"]) == 2
    assert (place / "guess.yaml").exists()


def test_without_a_contract_a_plain_one_is_assumed_and_said(place: Path) -> None:
    shown = run("audit", "leads.csv", "--mapping", "mapping.yaml", "--zone", "America/New_York")
    assert shown.exit_code == 0, shown.output
    assert "No contract was given" in shown.output
    assert "No contract was given" in (place / "handfast-report.html").read_text(encoding="utf-8")


def test_a_file_of_rubbish_ends_with_4_and_its_reason(place: Path, contract: Path) -> None:
    (place / "rubbish.csv").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 40)
    shown = run("audit", "rubbish.csv", "--contract", contract)
    assert shown.exit_code == 4
    assert "This export cannot be audited." in shown.output
    assert "rubbish.csv" in shown.output
    assert json.loads(run("audit", "rubbish.csv", "--contract", contract, "--json").output)["error"]["code"]


def test_a_bad_mapping_ends_with_3_and_every_problem(place: Path, contract: Path) -> None:
    (place / "mapping.yaml").write_text(MAPPING.replace("mail: email", "mail: e-mail"), encoding="utf-8")
    shown = run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml")
    assert shown.exit_code == 3
    assert "mapping.yaml:8:" in shown.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--zone", "Europe/Belin"], "Did you mean Europe/Berlin?"),
        (["--as-of", "yesterday"], "not an instant with an offset"),
        (["--report", "no/such/folder/report.html"], "No such file"),
    ],
)
def test_wrong_options_are_explained(place: Path, contract: Path, arguments: list[str], said: str) -> None:
    assert place.exists()
    shown = run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml", *arguments)
    assert shown.exit_code in {1, 2}
    assert said in " ".join(shown.output.split())


def test_as_of_an_earlier_instant_fewer_clocks_are_due(place: Path, contract: Path) -> None:
    assert place.exists()
    arguments = ["audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml", "--json", "--as-of"]
    early = json.loads(run(*arguments, "2026-05-04T10:30:00+02:00").output)
    assert early["as_of"] == "2026-05-04T10:30:00+02:00"


def test_the_demo_writes_its_files_and_the_same_seed_gives_the_same(place: Path) -> None:
    first = run("demo", "--no-serve", "--leads", 120, "--json")
    assert first.exit_code == 0, first.output
    contacts = (place / "handfast-demo/hubspot-contacts.csv").read_bytes()
    run("demo", "--no-serve", "--leads", 120, "--json")
    assert (place / "handfast-demo/hubspot-contacts.csv").read_bytes() == contacts
    run("demo", "--no-serve", "--leads", 120, "--seed", 8, "--json")
    assert (place / "handfast-demo/hubspot-contacts.csv").read_bytes() != contacts


def test_a_port_in_use_is_said_and_the_usual_one_gives_way(place: Path) -> None:
    taken = demo_command._server(demo_command._Quiet, 0)
    try:
        port = taken.server_address[1]
        shown = run("demo", "--leads", 50, "--port", port)
        assert shown.exit_code == 1
        assert f"Port {port} cannot be used" in shown.output
        other = demo_command._server(demo_command._Quiet, 0)
        assert other.server_address[1] != port
        other.server_close()
    finally:
        taken.server_close()
    assert threading.active_count() >= 1
    assert place.exists()
