"""One bad contract a mistake. NAME.yaml is what a person wrote, NAME.expected the words shown, a line a problem.

A line is ``severity line:column: path: message``. After a change of words, look at every line of the difference: they
are what people read when they are stuck.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.contract import load
from handfast.problem import Problem, Severity

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.yaml"))


def as_shown(problem: Problem) -> str:
    return f"{problem.severity} {str(problem).removeprefix('contract').lstrip(': ')}"


@pytest.mark.parametrize("name", NAMES)
def test_the_mistake_is_told_in_these_words_at_this_place(name: str) -> None:
    loaded = load((HERE / f"{name}.yaml").read_bytes())
    expected = (HERE / f"{name}.expected").read_text(encoding="utf-8").splitlines()
    assert [as_shown(problem) for problem in loaded.problems] == expected
    refused = any(problem.severity is Severity.ERROR for problem in loaded.problems)
    assert (loaded.contract is None) == refused


def test_every_mistake_has_its_words_and_there_are_many() -> None:
    assert sorted(path.stem for path in HERE.glob("*.expected")) == NAMES
    assert len(NAMES) > 200


@pytest.mark.parametrize("name", NAMES)
def test_a_problem_says_a_sentence(name: str) -> None:
    for problem in load((HERE / f"{name}.yaml").read_bytes()).problems:
        assert problem.message.endswith("."), problem.message
        assert not problem.message[0].islower() or problem.message.split()[0] in str(problem.dotted), problem.message
        assert "\n" not in str(problem)
