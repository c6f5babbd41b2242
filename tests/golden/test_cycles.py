"""The business cases of tests/golden/cycles, each told to a world and compared with what a sales leader expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support.story.play import Play
from tests.support.story.read import Case, CaseRefused, case_of, read_case
from tests.support.story.required import REQUIRED

FOLDER = Path(__file__).parent / "cycles"
CASES = [read_case(path) for path in sorted(FOLDER.glob("*.yaml"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    wrong = list(Play(case).differences())
    assert not wrong, f"\n{case.name} ({case.file.name})\n  " + "\n  ".join(wrong)


def test_there_are_at_least_sixty_and_no_two_of_one_name() -> None:
    names = [case.name for case in CASES]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


def test_every_row_of_the_tables_every_trap_and_every_hard_case_is_shown() -> None:
    shown = {each for case in CASES for each in case.shows}
    assert shown >= REQUIRED, f"nothing shows {sorted(REQUIRED - shown)}"
    assert shown <= REQUIRED, f"shown, and nowhere required: {sorted(shown - REQUIRED)}"


PLAIN: dict[str, Any] = {
    "case": "A lead",
    "shows": [],
    "team": {"inbound": {"manager": "mia", "members": ["ana"]}},
    "story": [{"at": "2027-06-07T10:00+02:00", "lead": "nora", "arrives": {"industry": "software"}}],
}


def told(**changes: Any) -> list[str]:
    """What is not as expected in a plain case with some keys written otherwise."""
    return list(Play(case_of({**PLAIN, **changes}, Path("plain.yaml"))).differences())


def test_a_difference_says_when_of_whom_and_what() -> None:
    line = {"expect": {"nora": {"state": "waiting", "total": 30}, "groups": {"delivered": 1}}}
    assert told(story=[*PLAIN["story"], line]) == [
        "after 2027-06-07T10:00+02:00: nora.state: expected waiting, found open",
        "after 2027-06-07T10:00+02:00: groups.delivered: expected 1, found 0",
    ]


def test_a_due_that_is_worked_out_wrongly_is_found_by_walking_there() -> None:
    said = told(worked_out=["4 business hours in office from 2027-06-11T16:00+02:00 is 2027-06-14T11:00+02:00"])
    (wrong,) = said
    assert wrong == (
        "4 business hours in office from 2027-06-11T16:00+02:00 is 2027-06-14T11:00+02:00: "
        "walked through minute by minute it is 2027-06-14T10:00:00+00:00"
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"stroy": []}, "In a case: stroy means nothing; it may say"),
        ({"contract": "other"}, "There is no contract other"),
        ({"terms": {"reasons.nothing": "absent"}}, "The contract has no reasons.nothing that could be absent"),
        ({"terms": {"clocks.decision.within": "soon"}}, "The contract is refused: .* clocks.decision.within"),
        ({"worked_out": ["soon"]}, "'soon' is not worked out"),
        ({"story": [{"at": "2027-06-07T10:00+02:00", "lead": "nora", "sings": True}]}, "sings means nothing"),
        ({"story": [{"at": "2027-06-07T10:00+02:00", "by": "ana", "accept": "nora", "why": ""}]}, "why means nothing"),
        ({"story": [{"at": "2027-06-07T10:00+02:00", "mood": "good"}]}, "says nothing that happens"),
        ({"story": [*PLAIN["story"], {"expect": {"nora": {"mood": "good"}}}]}, "nobody can ask mood; there are"),
        ({"story": [*PLAIN["story"], {"expect": {"noar": {}}}]}, "Nobody has heard of noar"),
        ({"story": [*PLAIN["story"], {"expects": {}}]}, "A line of a story has a moment or an expectation"),
    ],
)
def test_what_a_case_cannot_say_is_refused_in_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CaseRefused, match=sentence):
        told(**changes)


def test_a_case_without_a_story_is_refused() -> None:
    with pytest.raises(CaseRefused, match="A case needs story"):
        case_of({"case": "A lead", "shows": [], "team": {}}, Path("plain.yaml"))


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("case: A\ncase: B\n", encoding="utf-8")
    with pytest.raises(CaseRefused, match="Line 2: case is written twice"):
        read_case(path)
