"""Contracts that read well and make no sense. NAME.yaml is what a person wrote, NAME.expected the words shown.

A line is ``severity line:column: path: message``, as for the mistakes of single lines in the folder above.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.contract import load
from handfast.example import check
from handfast.problem import Problem, Severity

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.yaml"))


def as_shown(problem: Problem) -> str:
    return f"{problem.severity} {str(problem).removeprefix('contract').lstrip(': ')}"


@pytest.mark.parametrize("name", NAMES)
def test_what_makes_no_sense_is_told_in_these_words_at_this_place(name: str) -> None:
    text = (HERE / f"{name}.yaml").read_bytes()
    assert load(text).problems == ()
    checked = check(text)
    expected = (HERE / f"{name}.expected").read_text(encoding="utf-8").splitlines()
    assert [as_shown(problem) for problem in checked.problems] == expected
    assert checked.refused == any(problem.severity is Severity.ERROR for problem in checked.problems)


def test_every_mistake_has_its_words() -> None:
    assert sorted(path.stem for path in HERE.glob("*.expected")) == NAMES
    assert len(NAMES) >= 40
