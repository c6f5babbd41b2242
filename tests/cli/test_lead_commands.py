"""`explain --lead` and `measure --facts`: what somebody types who asks why, and what they are told of a broken file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handfast.cli.app import app

ADA = "touched-in-time-recorded-late.jsonl"


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)


@pytest.fixture
def contract(root: Path) -> Path:
    return root / "tests/golden/cycles/contracts/business.yaml"


@pytest.fixture
def facts(root: Path) -> Path:
    return root / "tests/golden/stories" / ADA


def measured(*arguments: object) -> dict[str, Any]:
    shown = run("measure", *arguments, "--json")
    assert shown.exit_code == 0, shown.output
    found: dict[str, Any] = json.loads(shown.output)
    return found


def test_a_lead_is_explained_in_english_and_as_data(contract: Path, facts: Path) -> None:
    text = run("explain", contract, "--lead", "ada", "--facts", facts)
    assert text.exit_code == 0
    for title in ("Why 70 points", "Why it qualified", "Why lena", "Why these due times", "What has happened since"):
        assert title in text.output
    data = json.loads(run("explain", contract, "--lead", "ada", "--facts", facts, "--json").output)
    assert (data["lead"], data["state"], data["owner"], data["version"]) == ("ada", "accepted", "lena", 1)
    assert [chapter["title"] for chapter in data["chapters"]][:4] == [
        "Why 70 points",
        "Why it qualified",
        "Why lena",
        "Why these due times",
    ]
    for chapter in data["chapters"]:
        assert all(" ".join(said["text"].split()) for said in chapter["sentences"])
    topics = {node["topic"] for step in data["trace"] for node in step["nodes"]}
    assert topics >= {"score", "judgement", "choice", "clock"}


def test_every_sentence_of_the_data_stands_in_the_text(contract: Path, facts: Path) -> None:
    text = " ".join(run("explain", contract, "--lead", "ada", "--facts", facts).output.split())
    data = json.loads(run("explain", contract, "--lead", "ada", "--facts", facts, "--json").output)
    for chapter in data["chapters"]:
        for said in chapter["sentences"]:
            assert " ".join(said["text"].split()) in text


def test_a_lead_is_explained_as_of_an_instant(contract: Path, facts: Path) -> None:
    early = run("explain", contract, "--lead", "ada", "--facts", facts, "--at", "2027-01-11T14:10:00+01:00")
    assert "As of Monday 11 January 2027, 14:10 (Europe/Berlin) its cycle ada/1 is waiting, with sam" in " ".join(
        early.output.split()
    )
    later = run("explain", contract, "--lead", "ada", "--facts", facts, "--at", "2027-02-20T09:00:00+01:00", "--json")
    sentences = [said["text"] for chapter in json.loads(later.output)["chapters"] for said in chapter["sentences"]]
    assert "Tuesday 26 January 2027, 09:30: The working clock was broken: it was due then." in sentences


def test_facts_come_by_standard_input_too(contract: Path, facts: Path) -> None:
    shown = run("explain", contract, "--lead", "ada", "--facts", "-", stdin=facts.read_bytes())
    assert shown.output == run("explain", contract, "--lead", "ada", "--facts", facts).output


def test_a_lead_nobody_told_of_is_refused_with_the_nearest(contract: Path, facts: Path) -> None:
    shown = run("explain", contract, "--lead", "adda", "--facts", facts)
    assert shown.exit_code == 1
    assert "There is no lead 'adda': the facts tell of 1 lead. Did you mean ada?" in shown.output
    data = json.loads(run("explain", contract, "--lead", "adda", "--facts", facts, "--json").output)
    assert data["error"]["code"] == "lead_unknown"


def test_an_earlier_cycle_is_told_when_it_is_asked_for(contract: Path, root: Path) -> None:
    asked = ("explain", contract, "--lead", "ada", "--facts", root / "tests/golden/stories/unreachable-and-back.jsonl")
    latest = " ".join(run(*asked).output.split())
    assert "its cycle ada/2 is open" in latest
    assert "Its other cycles: ada/1 (disqualified); --cycle tells of one." in latest
    for name in ("1", "ada/1"):
        earlier = " ".join(run(*asked, "--cycle", name).output.split())
        assert "its cycle ada/1 is disqualified" in earlier
        assert "Why lena" in earlier
    refused = run(*asked, "--cycle", "3")
    assert refused.exit_code == 1
    assert "ada has no cycle '3'; it has had ada/1 and ada/2." in refused.output


def test_a_merged_and_an_erased_lead_are_said_to_be_so(contract: Path, tmp_path: Path) -> None:
    lines = [
        '{"fact":"lead_created","id":"1","happened_at":"2027-01-11T10:00:00+01:00","lead":"a","attributes":{}}',
        '{"fact":"lead_created","id":"2","happened_at":"2027-01-11T10:00:00+01:00","lead":"b","attributes":{}}',
        '{"fact":"leads_merged","id":"3","happened_at":"2027-01-11T10:01:00+01:00","lead":"a","absorbed":"b"}',
        '{"fact":"lead_created","id":"4","happened_at":"2027-01-11T10:02:00+01:00","lead":"c","attributes":{}}',
        '{"fact":"lead_erased","id":"5","happened_at":"2027-01-11T10:03:00+01:00","lead":"c"}',
    ]
    path = tmp_path / "facts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "b was merged into a: ask for a" in run("explain", contract, "--lead", "b", "--facts", path).output
    assert "c was erased" in run("explain", contract, "--lead", "c", "--facts", path).output
    assert run("explain", contract, "--lead", "a", "--facts", path).exit_code == 0


NOW = '"happened_at":"2027-01-11T10:00:00+01:00"'

HOSTILE = {
    "broken": (b"{", "facts.jsonl:1:2: error: This is no line of JSON"),
    "binary": (bytes(range(256)), "facts.jsonl:2:1: error: This is not UTF-8"),
    "zip": (b"PK\x03\x04\x00\x00", "facts.jsonl:1:1:"),
    "list": (b"[]", "facts.jsonl:1:1: error: A fact is an object"),
    "deep": (b"[" * 50_000, "facts.jsonl:1:1: error: This line cannot be taken"),
    "long": (b'{"fact":"' + b"x" * 200_000 + b'"}', "facts.jsonl:1:1: error: A line has at most 100,000 letters"),
    "pool": (
        f'{{"fact":"member_set","id":"1",{NOW},"pool":"nosuch","rep":"r"}}'.encode(),
        "facts.jsonl:1:1: error: The contract has no pool nosuch. It has enterprise, inbound, us.",
    ),
    "calendar": (
        f'{{"fact":"member_set","id":"1",{NOW},"pool":"us","rep":"r","calendar":"moon"}}'.encode(),
        "facts.jsonl:1:1: error: The contract has no calendar moon",
    ),
    "version": (
        f'{{"fact":"contract_in_force","id":"1",{NOW},"digest":"","version":9}}'.encode(),
        "facts.jsonl:1:1: error: Version 9 takes force, and was not given",
    ),
    "order": (
        f'{{"fact":"rep_set","id":"1",{NOW},"rep":"r"}}\n'
        f'{{"fact":"rep_set","id":"2","happened_at":"2026-01-11T10:00:00+01:00","rep":"r"}}'.encode(),
        "facts.jsonl:2:1: error: recorded_at: It was recorded at 2026-01-11T09:00:00",
    ),
    "colours": (
        f'{{"fact":"rep_set","id":"1",{NOW},"rep":"\\u001b[31mred","\\u001b[2J":1}}'.encode(),
        "rep_set has no field",
    ),
}


@pytest.mark.parametrize("command", ["explain", "measure"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_file_is_refused_with_file_and_line(name: str, command: str, contract: Path, tmp_path: Path) -> None:
    text, expected = HOSTILE[name]
    path = tmp_path / "facts.jsonl"
    path.write_bytes(text)
    asked = [contract, "--lead", "ada"] if command == "explain" else ["--contract", contract]
    shown = run(command, *asked, "--facts", path)
    assert shown.exit_code == 3, shown.output
    assert expected in shown.output
    assert "\x1b[2J" not in shown.output
    assert "Traceback" not in shown.output
    data = json.loads(run(command, *asked, "--facts", path, "--json").output)["error"]
    assert data["code"] == "facts_refused"
    assert data["problems"][0]["line"] in (1, 2)


def test_an_empty_file_has_nothing_to_tell(contract: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_bytes(b"\n\n")
    shown = run("explain", contract, "--lead", "ada", "--facts", path)
    assert shown.exit_code == 1
    assert "holds no facts" in shown.output


def test_what_a_fact_says_cannot_steer_a_terminal(contract: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    evil = "\\u001b[2J\\u202eevil"
    lines = [
        f'{{"fact":"lead_created","id":"1",{NOW},"lead":"ada","attributes":{{"industry":"{evil}"}}}}',
        f'{{"fact":"activity_happened","id":"2",{NOW},"lead":"ada","kind":"{evil}","properties":{{"{evil}":1}}}}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    shown = run("explain", contract, "--lead", "ada", "--facts", path)
    assert shown.exit_code == 0
    assert "evil" in shown.output
    assert "\x1b" not in shown.output
    assert "\u202e" not in shown.output


def test_a_date_no_calendar_covers_is_refused_with_its_line(contract: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    when = '"happened_at":"2199-01-11T10:00:00+01:00"'
    lines = [
        f'{{"fact":"member_set","id":"0",{NOW},"pool":"inbound","rep":"r"}}',
        f'{{"fact":"lead_created","id":"1",{when},"lead":"ada","attributes":{{"industry":"software","employees":99}}}}',
        f'{{"fact":"activity_happened","id":"2",{when},"lead":"ada","kind":"webinar_attended"}}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    shown = run("explain", contract, "--lead", "ada", "--facts", path)
    assert shown.exit_code == 3
    assert "facts.jsonl:3:1: " in shown.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lead", "ada"], "name it with --lead and the file of facts with --facts"),
        (["--facts", "x"], "name it with --lead and the file of facts with --facts"),
        (["--at", "2027-01-01T00:00:00Z"], "name it with --lead"),
        (["--lead", "ada", "--facts", "x", "--clause", "clocks"], "use one of them"),
        (["--lead", "ada", "--facts", "x", "--at", "noon"], "'noon' is not an instant with an offset"),
        (["nosuch.yaml"], "Several contracts are explained for a lead"),
    ],
)
def test_wrong_options_of_explain_are_explained(arguments: list[str], said: str, contract: Path) -> None:
    shown = run("explain", contract, *arguments)
    assert shown.exit_code == 2
    assert said in " ".join(shown.output.split())


def test_two_contracts_of_one_version_are_refused(contract: Path, facts: Path) -> None:
    shown = run("explain", contract, contract, "--lead", "ada", "--facts", facts)
    assert shown.exit_code == 1
    assert "Two of the contracts are version 1" in shown.output


def test_nobody_governs_before_the_first_version(contract: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    line = '{"fact":"lead_created","id":"1","happened_at":"2026-12-01T10:00:00Z","lead":"ada","attributes":{}}'
    path.write_text(line, encoding="utf-8")
    shown = run("explain", contract, "--lead", "ada", "--facts", path)
    assert shown.exit_code == 1
    assert "No version of the contract was in force yet" in shown.output


def test_what_a_lead_did_again_and_again_is_told_in_one_sentence(contract: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    viewed = '"lead":"ada","kind":"page_viewed","properties":{"path":"/blog"}'
    lines = [f'{{"fact":"lead_created","id":"0",{NOW},"lead":"ada","attributes":{{}}}}'] + [
        f'{{"fact":"activity_happened","id":"{hour}","happened_at":"2027-01-11T{hour}:00:00+01:00",{viewed}}}'
        for hour in range(11, 16)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    shown = " ".join(run("explain", contract, "--lead", "ada", "--facts", path).output.split())
    assert "11:00: The lead did 5 things until Monday 11 January 2027, 15:00: page viewed." in shown


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("explain", "    handfast explain contract.yaml --lead lead-7 --facts facts.jsonl"),
        ("measure", "    handfast measure --facts facts.jsonl --contract contract.yaml --period 2027-01"),
    ],
)
def test_help_shows_examples_line_by_line(command: str, line: str) -> None:
    assert line in run(command, "--help").output.splitlines()


# Measures.


def test_measures_of_facts_have_their_records(contract: Path, facts: Path) -> None:
    data = measured("--facts", facts, "--contract", contract, "--records")
    board = {one["name"]: one for one in data["measures"]}
    assert data["cycles"] == 1
    assert board["delivered"]["figure"] == {
        "kind": "count",
        "unique_leads": 1,
        "count": 1,
        "records": ["ada/1"],
    }
    accepted = board["accepted_of_delivered"]["figure"]
    assert (accepted["numerator"]["records"], accepted["denominator"]["records"]) == (["ada/1"], ["ada/1"])
    groups = board["conservation"]["figure"]["groups"]
    assert {name: one["count"] for name, one in groups.items()} == {
        "waiting": 0,
        "contested": 0,
        "accepted": 1,
        "rejected": 0,
        "withdrawn": 0,
    }
    assert board["conservation"]["figure"]["unaccounted"] == 0
    assert board["follow_up_compliance"]["figure"]["numerator"]["count"] == 1  # in time, though recorded late
    assert board["reassigned"]["figure"]["numerator"]["count"] == 1


def test_measures_are_told_as_text(contract: Path, facts: Path) -> None:
    shown = run("measure", "--facts", facts, "--contract", contract, "--split", "owner")
    assert shown.exit_code == 0
    assert "golden-business, version 1: all there is, as of 12 January 2027" in shown.output
    counted = "delivered 1 = waiting 0 + contested 0 + accepted 1 + rejected 0 + withdrawn 0; unaccounted 0"
    assert counted in " ".join(shown.output.split())
    assert "    lena: 1" in shown.output
    assert "Not a case yet of: " in shown.output
    assert "cost_per_mql: No spend is given." in shown.output


def test_a_measure_by_name_shows_its_formula_and_its_records(contract: Path, facts: Path) -> None:
    asked = ("--facts", facts, "--contract", contract, "--measure", "follow_up_compliance")
    shown = run("measure", *asked, "--records", "--period", "2027-01")
    assert "Follow-up compliance [follow_up_compliance]" in shown.output
    assert "= touched at or before due" in shown.output
    assert "numerator (1): ada/1" in shown.output
    assert "too close to call" in shown.output
    empty = run("measure", *asked, "--period", "2028")
    assert "nothing to divide by" in empty.output


def test_a_view_shows_its_own_numbers_alone(contract: Path, facts: Path) -> None:
    asked = ("--facts", facts, "--contract", contract)
    cohort = {one["name"] for one in measured(*asked, "--view", "cohort")["measures"]}
    activity = {one["name"] for one in measured(*asked, "--view", "activity")["measures"]}
    every = {one["name"] for one in measured(*asked)["measures"]}
    assert "won_revenue" in activity - cohort
    assert "lead_to_mql" in cohort & activity
    assert cohort | activity == every
    text = run("measure", *asked, "--view", "activity", "--measure", "lead_to_mql").output
    assert "100 %; 1 over 1 in the period" in text


def test_measures_stand_as_of_an_instant(contract: Path, facts: Path) -> None:
    data = measured("--facts", facts, "--contract", contract, "--at", "2027-01-11T12:00:00+01:00")
    groups = {one["name"]: one for one in data["measures"]}["conservation"]["figure"]["groups"]
    assert groups["waiting"]["count"] == 1
    assert groups["accepted"]["count"] == 0


def test_an_export_is_measured_with_the_same_words(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(
        "Record ID,Email,Industry,Number of Employees,Create Date,Lifecycle Stage,Became an MQL Date\n"
        "1,ada@corp.example,Software,200,2027-01-11 10:00,marketingqualifiedlead,2027-01-11 10:00\n",
        encoding="utf-8",
    )
    data = measured("--export", path, "--contract", root / "examples/acme-inbound.yaml", "--measure", "delivered")
    assert [one["name"] for one in data["measures"]] == ["delivered"]
    assert data["measures"][0]["figure"]["count"] == 1


def test_an_export_is_measured_by_a_mapping(root: Path, tmp_path: Path) -> None:
    leads, mapping = tmp_path / "leads.csv", tmp_path / "mapping.yaml"
    leads.write_text("nr;handed\n1;03.05.2027 09:30\n2;04.05.2027 10:00\n", encoding="utf-8")
    mapping.write_text(
        "handfast_mapping: 1\nzone: Europe/Berlin\nfiles:\n  - file: leads.csv\n    kind: leads\n    dates: dmy\n"
        "    columns: {nr: id, handed: mql_at}\n",
        encoding="utf-8",
    )
    asked = ("--export", leads, "--mapping", mapping, "--contract", root / "examples/acme-inbound.yaml")
    data = measured(*asked, "--measure", "delivered", "--period", "2027-05", "--records")
    assert data["measures"][0]["figure"]["records"] == ["1", "2"]


def test_amounts_in_another_currency_count_with_a_file_of_rates(root: Path, tmp_path: Path, contract: Path) -> None:
    facts = root / "tests/golden/stories/another-currency-and-an-unwon-deal.jsonl"
    rates = tmp_path / "rates.csv"
    rates.write_text("day,currency,rate\n2027-01-12,USD,0.9\n", encoding="utf-8")
    asked = ("--facts", facts, "--contract", contract, "--measure", "pipeline")
    assert measured(*asked)["measures"][0]["figure"]["value"] == 0
    assert measured(*asked, "--rates", rates)["measures"][0]["figure"]["value"] == 720000, "8,000 USD"
    leads, deals = tmp_path / "contacts.csv", tmp_path / "deals.csv"
    leads.write_text("Record ID,Email,Became an MQL Date\n1,ada@corp.example,2027-01-08 10:00\n", encoding="utf-8")
    deals.write_text(
        "Deal ID,Deal Name,Associated Contact IDs,Create Date,Amount,Currency,Deal Stage\n"
        "7,Corp,1,2027-01-12 10:00,1000,USD,Negotiation\n",
        encoding="utf-8",
    )
    exports = ("--export", leads, "--export", deals, "--contract", contract, "--measure", "pipeline")
    assert measured(*exports, "--rates", rates)["measures"][0]["figure"]["value"] == 90000
    audited = run("audit", leads, deals, "--contract", contract, "--rates", rates, "--json")
    assert audited.exit_code == 0, audited.output
    assert "1 deals in another currency count at the rate" in audited.output


def test_a_broken_file_of_rates_is_refused_with_its_lines(tmp_path: Path, contract: Path, facts: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("day,currency,rate\n8.1.2027,USD,0.9\n", encoding="utf-8")
    asked = ("measure", "--facts", facts, "--contract", contract, "--rates", rates)
    shown = run(*asked)
    assert shown.exit_code == 3
    assert "rates.csv:2:1" in shown.output
    error = json.loads(run(*asked, "--json").output)["error"]
    assert (error["code"], error["problems"][0]["line"]) == ("rates_refused", 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "from --facts or from --export: name one of them"),
        (["--facts", "a", "--export", "b"], "from --facts or from --export: name one of them"),
        (["--facts", "FACTS", "--period", "Q1"], "'Q1' is no period: write 2027, 2027-Q1 or 2027-01."),
        (["--facts", "FACTS", "--period", "2027-13"], "is no period"),
        (["--facts", "FACTS", "--measure", "acceptance"], "Did you mean acceptance_rate?"),
        (["--facts", "FACTS", "--split", "sourse"], "Did you mean source?"),
        (["--facts", "FACTS", "--view", "sideways"], "'cohort', 'activity'"),
        (["--export", "a", "--contract", "CONTRACT"], "An export is judged by one contract"),
    ],
)
def test_wrong_options_of_measure_are_explained(arguments: list[str], said: str, contract: Path, facts: Path) -> None:
    given = [{"FACTS": str(facts), "CONTRACT": str(contract)}.get(each, each) for each in arguments]
    shown = run("measure", "--contract", contract, *given)
    assert shown.exit_code == 2
    assert said in " ".join(shown.output.split())
