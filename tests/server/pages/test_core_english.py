"""The contract's plain English and its differences in German: made from the same templates, with German values."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from django.utils.translation import override

from handfast.contract import load
from handfast.contract.diff import diff
from handfast.contract.explain import explain
from handfast.contract.model import Contract
from handfast.wording import Template, Worded, counted, series, shortened, worded
from handfast_server.pages.contract.told import told
from handfast_server.pages.core_words import in_words

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
TEXT = (GOLDEN / "acme-inbound.yaml").read_text(encoding="utf-8")


def contract(text: str = TEXT) -> Contract:
    loaded = load(text)
    assert loaded.contract is not None, loaded.problems
    return loaded.contract


def sentences() -> list[str]:
    return [each.text for section in explain(contract()).sections for each in section.sentences]


def test_the_golden_contract_reads_as_a_german_sales_leader_would_like() -> None:
    with override("de"):
        german = "".join(f"{in_words(each)}\n" for each in sentences())
    assert german == (GOLDEN / "acme-inbound.explained.de.txt").read_text(encoding="utf-8")


def test_in_english_nothing_is_said_otherwise() -> None:
    assert [in_words(each) for each in sentences()] == sentences()
    assert {type(in_words(each)) for each in sentences()} == {str}


CHANGES = {
    ("total: {at_least: 70}", "total: {at_least: 80}"): "MQL-Schwelle 70 → 80.|weniger Leads qualifizieren sich|",
    ("[core, edge]", "[edge, core]"): (
        "Die Liste der Wahlmöglichkeiten von product interest, in anderer Reihenfolge: edge und core "
        "(vorher: core und edge).||"
    ),
    ("needs: [budget, need, timeline]", "needs: [budget, need]"): (
        "Die Belege, die einen SQL ausmachen: jetzt ohne „Wants to decide by“.||"
    ),
    ("points: 25", "points: 1250"): "Target industry: 25 Punkte → 1.250 Punkte.||",
    ("currency: EUR", "currency: USD"): "Währung EUR → USD.||Beträge werden nicht umgerechnet",
}


@pytest.mark.parametrize(("edit", "german"), CHANGES.items(), ids=range(len(CHANGES)))
def test_a_change_is_told_in_german(edit: tuple[str, str], german: str) -> None:
    assert edit[0] in TEXT
    changes = diff(contract(), contract(TEXT.replace(*edit, 1)))
    with override("de"):
        found = [f"{each.sentence}|{each.effect}|{each.care}" for _topic, some in told(changes) for each in some]
    assert german in found


def test_numbers_and_lists_are_written_as_the_reader_writes_them() -> None:
    with override("de"):
        assert in_words(counted(1, "{number} day", "{number} days")) == "1 Tag"
        assert in_words(counted(1400, "{number} day", "{number} days")) == "1.400 Tage"
        assert in_words(series(["a", "b", "c"], "{first} and {last}")) == "a, b und c"


def test_what_is_done_to_a_text_gives_a_text_and_a_copy_is_its_english() -> None:
    made = worded("whose {condition}", condition="the path is known")
    assert made == "whose the path is known"
    assert isinstance(made.made, Template)
    assert type(made.upper()) is str
    assert type(copy.deepcopy(made)) is str
    assert json.dumps(made) == '"whose the path is known"'
    short = shortened(made, "whose ")
    assert isinstance(short, Worded)
    assert (short, short.made) == ("the path is known", made.made)
    assert type(shortened("the path", "the ")) is str
