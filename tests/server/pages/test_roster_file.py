"""The rosters as a file: out, and in after a look at what it would change, with what is wrong at its lines."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.page import Node, parsed
from tests.support.service import Crew, named

import handfast_server
from handfast.facts import MemberSet, PoolManagerSet, RepSet
from handfast_server.decide.session import tell, tell_all
from handfast_server.rosters.queries import MemberStand, pools_now, reps_now
from handfast_server.rosters.sheet import COLUMNS, Wrong, changes, read, written


def members(pool: str) -> dict[str, MemberStand]:
    stand = next(each for each in pools_now() if each.name == pool)
    return {each.rep: each for each in stand.members if each.here}


def looked(client: Client, text: str, **given: str) -> Node:
    """The preview of a file."""
    told = {"file": SimpleUploadedFile("rosters.csv", text.encode()), **given}
    page = client.post("/rosters/file", told).content.decode()
    return parsed(page[page.index("<main") : page.index("</main>") + 7])


def applied(client: Client, preview: Node) -> int:
    form = next(each for each in preview.all("form") if "apply" in each.attributes.get("action", ""))
    sent = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")}
    (text,) = (part for part in form.one("textarea").inside if isinstance(part, str))
    sent["text"] = text.removeprefix("\n").replace("\n", "\r\n")  # as a browser does
    return client.post(form.attributes["action"], sent).status_code


def test_what_comes_out_changes_nothing_when_it_comes_in_again(team: Crew, clients: dict[str, Client]) -> None:
    tell_all([
        named(RepSet, rep="=cmd()", open_cap=4),
        named(MemberSet, pool="home", rep='o"hara, "x"', weight=0, day_cap=3),
        named(RepSet, rep="gone", active=False),
    ])  # fmt: skip
    text = clients["viewer"].get("/rosters/rosters.csv").content.decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    semicolons = io.StringIO()
    csv.writer(semicolons, delimiter=";").writerows(csv.reader(io.StringIO(text)))
    for spelled in (text, semicolons.getvalue(), "\ufeff" + text):
        sheet = read(spelled)
        assert sheet.wrong == ()
        assert changes(sheet, pools_now(), reps_now(), whole=True) == []
    assert "The file changes nothing" in looked(clients["manager"], text).text
    assert "".join(written(pools_now(), reps_now())) == text


def test_a_file_is_looked_at_and_then_applied(team: Crew, clients: dict[str, Client]) -> None:
    text = "pool,rep,weight,rep_open_cap\nhome,lena,3,20\nhome,zoe,2,\nabroad,sam,0,\n"
    preview = looked(clients["manager"], text)
    assert "5 changes" in preview.text
    assert members("home")["lena"].weight == 1
    assert applied(clients["manager"], preview) == 302
    assert {rep: each.weight for rep, each in members("home").items()} == {"lena": 3, "sam": 1, "zoe": 2}
    assert members("abroad")["sam"].weight == 0
    assert {rep.name: rep.open_cap for rep in reps_now()}["lena"] == 20
    assert applied(clients["manager"], preview) == 409  # it is done
    assert "The file changes nothing" in looked(clients["manager"], text).text


def test_who_is_missing_leaves_only_a_file_that_is_complete(team: Crew, clients: dict[str, Client]) -> None:
    text = "pool;rep\nhome;lena\n"
    assert "The file changes nothing" in looked(clients["manager"], text).text
    preview = looked(clients["manager"], text, whole="yes")
    assert "leaves the pool" in preview.text
    assert applied(clients["manager"], preview) == 302
    assert set(members("home")) == {"lena"}
    assert set(members("abroad")) == {"lena", "sam"}
    broken = "pool;rep;weight\nhome;lena;1\nhome;;1\n"
    assert changes(read(broken), pools_now(), reps_now(), whole=True) == []


def test_problems_stand_at_their_lines_and_the_rest_goes_on(team: Crew, clients: dict[str, Client]) -> None:
    text = "pool,rep,weight,active\nhome,lena,heavy,\nhome,sam,4,\nhome,sam,5,\nhome\nhome,,1,\nabroad,lena,1,perhaps\n"
    preview = looked(clients["manager"], text)
    told = preview.text
    for line, what in (
        (2, "A weight is a whole number"),
        (4, "further up already"),
        (5, "not as many cells"),
        (6, "name of the rep is missing"),
        (7, "is another further up"),
    ):
        assert f"Line {line}: " in told, line
        assert what in told, what
    assert applied(clients["manager"], preview) == 302
    assert (members("home")["sam"].weight, members("home")["lena"].weight) == (4, 1)


def test_the_rosters_changed_meanwhile(team: Crew, clients: dict[str, Client]) -> None:
    preview = looked(clients["manager"], "pool,rep,weight\nhome,lena,3\n")
    tell(named(MemberSet, pool="home", rep="lena", weight=7))
    assert applied(clients["manager"], preview) == 409
    assert members("home")["lena"].weight == 7


def test_a_file_changes_no_pool_of_somebody_else(team: Crew, clients: dict[str, Client]) -> None:
    tell(named(PoolManagerSet, pool="abroad", rep="sam"))
    preview = looked(clients["manager"], "pool,rep,weight\nhome,lena,3\nabroad,lena,3\n")
    assert "Line 3: Somebody else manages this pool" in preview.text
    assert applied(clients["manager"], preview) == 302
    assert (members("home")["lena"].weight, members("abroad")["lena"].weight) == (3, 1)
    assert "not in the contract" not in preview.text
    assert "not in the contract" in looked(clients["admin"], "pool,rep\nhoem,lena\n").text
    assert clients["rep"].post("/rosters/file", {}).status_code == 403
    assert clients["rep"].post("/rosters/file/apply", {}).status_code == 403


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_head"),
        ("pool,weight\n", "no_head"),
        ("rep,rep\n", "no_head"),
        ("rep,colour\n", "no_column"),
        ('rep\n"open\n', "no_sheet"),
        ("rep\n" + "x\n" * 5_001, "too_many"),
    ],
)
def test_what_is_no_sheet_says_why(text: str, code: str) -> None:
    sheet = read(text)
    assert [each.code for each in sheet.wrong] == [code]
    assert isinstance(sheet.wrong[0], Wrong)
    assert sheet.lines == ()


def test_the_file_of_the_guide_is_one(team: Crew) -> None:
    guide = Path(handfast_server.__file__).parents[2] / "docs" / "how-to" / "rosters.md"
    found = re.search(r"^```csv\n(.*?)^```", guide.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None
    sheet = read(found[1])
    assert sheet.wrong == ()
    assert found[1].splitlines()[0] == ",".join(COLUMNS)
    assert {each.rep for each in changes(sheet, pools_now(), reps_now(), whole=False)} == {"lena", "sam"}


def test_a_file_that_is_no_text_says_so(team: Crew, clients: dict[str, Client]) -> None:
    told = {"file": SimpleUploadedFile("rosters.csv", b"\xff\xfe\x00")}
    answer = clients["manager"].post("/rosters/file", told)
    assert answer.status_code == 422
    assert "CSV UTF-8" in answer.content.decode()
    assert clients["manager"].post("/rosters/file", {}).status_code == 422
