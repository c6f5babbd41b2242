"""Whole explanations of leads, word for word: a story a file of facts, what is said of it beside it.

``python tests/golden/test_stories.py`` writes the texts anew, to be read before they are kept.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handfast.contract.load import load
from handfast.engine import Terms
from handfast.history import read_facts
from handfast.history.file import has_ticks
from handfast.history.replay import replay
from handfast.history.shown import Story
from handfast.history.story import Witness, story

HERE = Path(__file__).parent / "stories"
CONTRACT = HERE.parent / "cycles" / "contracts" / "business.yaml"
STORIES = sorted(path.stem for path in HERE.glob("*.jsonl"))


def told(name: str) -> Story:
    contract = load(CONTRACT.read_bytes()).contract
    assert contract is not None
    terms, witness = Terms.of_contracts([contract]), Witness("ada")
    raw = (HERE / f"{name}.jsonl").read_bytes()
    replayed = replay(read_facts(raw.splitlines()), terms, ticking=not has_ticks(raw), watch=witness)
    return story(replayed, witness, terms)


def test_there_are_stories() -> None:
    assert len(STORIES) >= 14
    assert {path.stem for path in HERE.glob("*.txt")} == set(STORIES)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_told_word_for_word(name: str) -> None:
    assert told(name).as_text() == (HERE / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STORIES)
def test_the_points_of_a_story_add_up(name: str) -> None:
    (score, *_) = told(name).chapters
    *lines, total = score.said
    assert score.topic == "score"
    assert sum(int(line.points) for line in lines) == int(total.points)


@pytest.mark.parametrize("name", STORIES)
def test_every_clause_that_is_cited_is_one_of_the_contract(name: str) -> None:
    contract = load(CONTRACT.read_bytes()).contract
    assert contract is not None
    cited = {said.clause for chapter in told(name).chapters for said in chapter.said if said.clause}
    assert cited
    assert {clause for clause in cited if not _stands(contract, clause)} <= {"consent_contact"}


def _stands(contract: object, clause: str) -> bool:
    """Whether the contract has something at a path; what stands under a name of its own is a key of a mapping."""
    found: object = contract
    for part in re.findall(r"[^.\[\]]+", clause):
        if part in {"signals", "clocks", "pools", "reasons"} or not isinstance(found, dict | tuple):
            found = getattr(found, part, None)
        else:
            found = found[int(part)] if isinstance(found, tuple) else found.get(part)
        if found is None:
            return False
    return True


if __name__ == "__main__":
    for each in STORIES:
        (HERE / f"{each}.txt").write_text(told(each).as_text(), encoding="utf-8")
