"""`init`, `check`, `explain`, `diff`, `schema`: what a RevOps admin types first."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from handfast.cli.app import COMMANDS, app

BAD = b"handfast: 1\ncontract: bad\nversion: 1\neffective_from: soon\npools: {inbund: {}}\nrouting: {to: inbound}\n"


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)


@pytest.fixture
def acme(root: Path) -> Path:
    return root / "examples/acme-inbound.yaml"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.yaml"
    path.write_bytes(BAD)
    return path


def test_help_names_every_command_and_every_exit_code() -> None:
    shown = run("--help").output
    assert all(name in shown and sentence in shown for name, sentence in COMMANDS.items())
    assert all(f"  {code} " in shown for code in (0, 1, 2, 3, 4, 130))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_in_help_what_the_list_says(name: str) -> None:
    shown = run(name, "--help")
    assert shown.exit_code == 0
    assert "--json" in shown.output
    assert "\\b" not in shown.output


def test_a_misspelt_command_is_guessed() -> None:
    shown = run("chek")
    assert shown.exit_code == 2
    assert "Did you mean 'check'?" in shown.output


def test_a_sound_contract_is_called_sound(acme: Path) -> None:
    shown = run("check", acme)
    assert shown.exit_code == 0
    assert "acme-inbound version 7 is sound; 3 of 3 examples hold." in shown.output


def test_the_plan_behind_a_commitment_is_said(acme: Path) -> None:
    assert "so 81 MQLs a month; 90 are promised" in run("check", acme).output


def test_a_failing_example_ends_with_3_and_shows_the_difference(acme: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    changed.write_text(acme.read_text(encoding="utf-8").replace("total: 61", "total: 62"), encoding="utf-8")
    shown = run("check", changed)
    assert shown.exit_code == 3
    assert "61" in shown.output
    assert "62" in shown.output


def test_problems_come_with_place_line_and_caret(bad: Path) -> None:
    shown = run("check", bad)
    assert shown.exit_code == 3
    assert f"{bad}:4:17: error: effective_from" in shown.output
    assert "    effective_from: soon\n                    ^" in shown.output
    assert "Refused:" in shown.output


def test_the_same_problems_as_json(bad: Path) -> None:
    shown = run("check", bad, "--json")
    document = json.loads(shown.output)
    assert shown.exit_code == 3
    assert not document["sound"]
    first = next(each for each in document["problems"] if each["path"] == "effective_from")
    assert (first["line"], first["column"], first["severity"]) == (4, 17, "error")


def test_check_as_json_of_a_sound_contract(acme: Path) -> None:
    document = json.loads(run("check", acme, "--json").output)
    assert document["sound"]
    assert [example["holds"] for example in document["examples"]] == [True] * 3


@pytest.mark.parametrize("command", ["explain", "diff"])
def test_other_commands_refuse_a_bad_contract_the_same_way(command: str, bad: Path) -> None:
    arguments = [command, bad] if command == "explain" else [command, bad, bad]
    shown = run(*arguments)
    assert shown.exit_code == 3
    assert "effective_from" in shown.output


def test_a_missing_file_is_named() -> None:
    shown = run("check", "nowhere.yaml")
    assert shown.exit_code == 1
    assert "nowhere.yaml" in shown.output
    assert "No such file" in shown.output


def test_a_contract_from_standard_input(acme: Path) -> None:
    assert "is sound" in run("check", "-", stdin=acme.read_text(encoding="utf-8")).output


def test_explain_reads_a_clause_aloud(acme: Path) -> None:
    shown = run("explain", acme, "--clause", "definitions.mql")
    assert "70" in shown.output
    assert "definitions.mql.when" in shown.output
    assert "pools" not in shown.output


def test_explain_of_a_clause_that_is_not_there(acme: Path) -> None:
    shown = run("explain", acme, "--clause", "definitions.nothing")
    assert shown.exit_code == 1
    assert "Nothing is said under 'definitions.nothing'" in shown.output


@pytest.mark.parametrize(
    ("clause", "meant"),
    [("clocks.frst_touch", "clocks.first_touch"), ("clocks.frst", "clocks.first_touch"), ("polls", "pools")],
)
def test_explain_of_a_misspelt_clause_offers_the_nearest(acme: Path, clause: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in run("explain", acme, "--clause", clause).output


def test_explain_as_json_has_a_path_for_every_sentence(acme: Path) -> None:
    document = json.loads(run("explain", acme, "--json").output)
    assert all(each["path"] and each["text"] for part in document["sections"] for each in part["sentences"])


def test_diff_speaks_business(acme: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    text = acme.read_text(encoding="utf-8").replace("total: {at_least: 70}", "total: {at_least: 80}")
    changed.write_text(f"# only a comment more\n{text}", encoding="utf-8")
    shown = run("diff", acme, changed)
    assert shown.exit_code == 0
    assert "MQL bar 70 → 80" in shown.output
    assert run("diff", acme, changed, "--exit-code").exit_code == 1
    assert json.loads(run("diff", acme, changed, "--json").output)[0]["path"] == "definitions.mql.when"


def test_diff_of_equals_says_so(acme: Path) -> None:
    shown = run("diff", acme, acme, "--exit-code")
    assert (shown.exit_code, shown.output) == (0, "Nothing changed: both say the same.\n")


def test_schema_is_json_schema() -> None:
    assert json.loads(run("schema").output)["$schema"].startswith("https://json-schema.org/")


def test_init_writes_a_sound_contract_and_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "contract.yaml"
    shown = run("init", path, "--yes", "--from", "2027-01-01", "--holidays", "DE-BE")
    assert shown.exit_code == 0, shown.output
    assert run("check", path).exit_code == 0
    again = run("init", path, "--yes")
    assert again.exit_code == 1
    assert "already there" in again.output
    assert json.loads(run("init", path, "--force", "--json").output)["written"] == str(path)


@given(name=st.text(min_size=1, max_size=40).filter(str.strip), signatory=st.text(min_size=1, max_size=40))
def test_no_answer_to_init_breaks_the_file(tmp_path_factory: pytest.TempPathFactory, name: str, signatory: str) -> None:
    path = tmp_path_factory.mktemp("init") / "contract.yaml"
    shown = run("init", path, "--yes", "--name", name, "--marketing-name", signatory)
    # Either the answer is refused with words, or the file that is written is sound.
    if shown.exit_code:
        assert shown.exit_code == 3, shown.output
        assert not path.exists()
    else:
        assert run("check", path).exit_code == 0


def test_init_into_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    shown = run("init", tmp_path / "nodir" / "c.yaml", "--yes")
    assert shown.exit_code == 1
    assert "No such file or directory" in shown.output


def test_one_problem_is_not_called_problems(tmp_path: Path, acme: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(acme.read_text(encoding="utf-8").replace("at_most: 60", "at_most: sixty"), encoding="utf-8")
    assert "Refused: 1 problem." in run("check", path).output
    assert json.loads(run("explain", path, "--json").output)["error"]["message"] == "1 problem"


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [("--zone", "Europe/Belin", "no time zone"), ("--from", "soon", "not a date"), ("--currency", "euros", "currency")],
)
def test_init_refuses_what_cannot_be(tmp_path: Path, flag: str, value: str, said: str) -> None:
    shown = run("init", tmp_path / "c.yaml", "--yes", flag, value)
    assert shown.exit_code in {2, 3}
    assert said in shown.output


def test_init_asks_what_was_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handfast.cli.command.init._is_interactive", lambda: True)
    answers = "our-terms\nUTC\nUSD\nUS\nAnn\nann@a.example\nBob\nbob@a.example\n"
    shown = run("init", tmp_path / "c.yaml", stdin=answers)
    assert shown.exit_code == 0, shown.output
    assert 'currency: "USD"' in (tmp_path / "c.yaml").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to stand for a full disk")
def test_a_full_disk_is_said_in_a_sentence(root: Path) -> None:
    program = Path(sys.executable).parent / "handfast"
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [program, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=root
        )
    assert done.returncode == 74
    assert done.stderr == "The output could not be written: No space left on device.\n"
