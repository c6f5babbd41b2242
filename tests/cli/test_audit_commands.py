"""`audit` and `demo`: from files to a report, and what happens when the files are no use."""

from __future__ import annotations

import json
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
    return root / "tests/support/demo-contract.yaml"


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
    assert "first call: first_touch_at" in (place / "guess.yaml").read_text(encoding="utf-8")


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
        (["--report", "no/such/folder/report.html"], "there is no folder 'no/such/folder'"),
        (["--report", "report.pdf"], "'report.pdf' ends in none of .html"),
        (["--save-mapping", "nodir/m.yaml"], "there is no folder 'nodir'"),
        (["--refused", "nodir/r.csv"], "there is no folder 'nodir'"),
        (["--records", "nodir/r.csv"], "there is no folder 'nodir'"),
        (["--records", "."], "is a directory"),
    ],
)
def test_wrong_options_are_explained_before_any_work(
    place: Path, contract: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.setattr("handfast.cli.command.audit.run", None)  # whoever calls it fails
    before = {path.name for path in place.iterdir()}
    shown = run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml", *arguments)
    assert shown.exit_code == 2, shown.output
    assert said in " ".join(shown.output.split())
    told = run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml", *arguments, "--json")
    assert told.exit_code == 2
    assert said in json.loads(told.stdout)["error"]["message"]
    assert {path.name for path in place.iterdir()} == before


def test_as_of_an_earlier_instant_fewer_clocks_are_due(place: Path, contract: Path) -> None:
    arguments = ["audit", place / "leads.csv", "--contract", contract, "--mapping", "mapping.yaml", "--json", "--as-of"]
    due = {}
    for as_of in ("2026-05-04T10:30:00+02:00", "2026-05-04T15:00:00+02:00", "2026-05-08T12:00:00+02:00"):
        told = json.loads(run(*arguments, as_of).stdout)
        assert told["as_of"] == as_of
        (figure,) = [one["figure"] for one in told["measures"] if one["name"] == "follow_up_compliance"]
        due[as_of] = figure["denominator"]["records"]
    # Four business hours after 09:30 is 13:30; the lead of 17:45 is due the next day, that of 11:10 at 15:10.
    assert list(due.values()) == [[], ["1"], ["1", "2", "3"]]


def test_the_demo_writes_its_files_and_the_same_seed_gives_the_same(place: Path) -> None:
    first = run("demo", "--no-serve", "--leads", 120, "--json")
    assert first.exit_code == 0, first.output
    contacts = (place / "handfast-demo/hubspot-contacts.csv").read_bytes()
    run("demo", "--no-serve", "--leads", 120, "--json")
    assert (place / "handfast-demo/hubspot-contacts.csv").read_bytes() == contacts
    run("demo", "--no-serve", "--leads", 120, "--seed", 8, "--json")
    assert (place / "handfast-demo/hubspot-contacts.csv").read_bytes() != contacts


@pytest.mark.usefixtures("place")
def test_a_port_in_use_is_said_and_the_usual_one_gives_way() -> None:
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


@pytest.mark.parametrize("arguments", [["--leads", "-5"], ["--leads", "0"], ["--port", "99999"], ["--seed", "-1"]])
def test_numbers_that_make_no_demo_are_refused(place: Path, arguments: list[str]) -> None:
    shown = run("demo", "--no-serve", *arguments)
    assert shown.exit_code == 2
    assert f"Invalid value for '{arguments[0]}': {arguments[1]} is not in the range" in shown.output
    assert not (place / "handfast-demo").exists()


def test_a_demo_of_one_lead_counts_in_the_singular_and_needs_a_folder(place: Path) -> None:
    shown = run("demo", "--no-serve", "--leads", 1)
    assert "A year of 1 lead and" in shown.output
    (place / "file").write_text("in the way", encoding="utf-8")
    refused = run("demo", "--no-serve", "--leads", 1, "--folder", "file/demo")
    assert refused.exit_code == 1
    assert "file/demo" in refused.output
    assert "Not a directory" in refused.output


def test_what_there_is_one_of_is_said_in_the_singular(place: Path, contract: Path) -> None:
    head, first, *_ = LEADS.splitlines()
    (place / "leads.csv").write_text(f"{head}\n{first}\n{first}\n", encoding="utf-8")
    shown = run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml").output
    assert "leads.csv: leads by the mapping; 2 of 2 rows used, 1 duplicate\n" in shown
    (place / "leads.csv").write_text(f"{head}\n{first}\n", encoding="utf-8")
    shown = run("audit", "leads.csv", "--contract", contract, "--mapping", "mapping.yaml").output
    assert "leads.csv: leads by the mapping; 1 of 1 row used\n" in shown


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "said"),
    [
        (["audit", "leads.csv", "--contract", "nosuch.yaml", "--json"], 1, "file_refused", "nosuch.yaml"),
        (["audit", "leads.csv", "--jso", "--json"], 2, "wrong_use", "--jso"),
        (["audit", "--json", "nowhere.csv"], 2, "wrong_use", "nowhere.csv"),
        (["audit", "--json"], 2, "wrong_use", "EXPORTS"),
        (["demo", "--leads", "many", "--json"], 2, "wrong_use", "--leads"),
        (["demo", "--json", "--folder", "leads.csv/x", "--leads", "3"], 1, "file_refused", "leads.csv/x"),
        (["init", "leads.csv", "--json"], 1, "refused", "already there"),
        (["init", "nodir/c.yaml", "--yes", "--json"], 1, "file_refused", "nodir/c.yaml"),
        (["chek", "--json"], 2, "wrong_use", "Did you mean 'check'?"),
        (["--json", "check"], 2, "wrong_use", "--json"),
    ],
)
@pytest.mark.usefixtures("place")
def test_a_program_is_refused_in_json_on_standard_output(arguments: list[str], code: int, kind: str, said: str) -> None:
    shown = run(*arguments)
    error = json.loads(shown.stdout)["error"]
    assert (shown.exit_code, error["code"], shown.stderr) == (code, kind, "")
    assert said in error["message"]
    without = [each for each in arguments if each != "--json"]
    if without != ["check"]:
        person = run(*without, *(["--yes"] if "init" in without else []))
        assert (person.exit_code, person.stdout) == (code, "")
        assert person.stderr
