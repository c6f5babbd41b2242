"""Texts that remember how they were made: spans of opening time down to their smallest unit, reasons by their kind."""

from __future__ import annotations

import pytest

from handfast.contract.english import promises, values
from handfast.contract.model import ReasonKind, Verb
from handfast.instant import HOUR, MINUTE, SECOND
from handfast.wording import Counted, Worded


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (HOUR, "1 business hour"),
        (90 * MINUTE, "90 business minutes"),
        (SECOND, "1 business second"),
        (2, "2 business microseconds"),
    ],
)
def test_opening_time_is_told_in_its_largest_whole_unit(span: int, said: str) -> None:
    found = values.spell_open(span)
    assert found == said
    assert isinstance(found, Worded)
    assert isinstance(found.made, Counted)


def test_verbs_and_kinds_of_reasons_are_words() -> None:
    assert [promises.verb(each) for each in Verb] == ["return", "reject", "disqualify", "reject or disqualify"]
    assert {promises.kind_words(each) for each in ReasonKind} == {each.value for each in ReasonKind}
