"""No change of a contract is silent, and nothing is told where nothing changed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.contract.canonical import content
from handfast.contract.diff import diff
from handfast.contract.model import Contract
from handfast.problem import Path


def test_every_single_change_is_told(complete: Contract, all_mutants: list[tuple[Path, Contract]]) -> None:
    silent = [path for path, mutant in all_mutants if not diff(complete, mutant)]
    assert silent == []


def test_every_change_is_told_the_other_way_round_too(
    complete: Contract, all_mutants: list[tuple[Path, Contract]]
) -> None:
    silent = [path for path, mutant in all_mutants[::3] if not diff(mutant, complete)]
    assert silent == []


def test_nothing_is_told_of_equal_contracts(complete: Contract, all_mutants: list[tuple[Path, Contract]]) -> None:
    assert diff(complete, complete) == ()
    assert all(diff(mutant, mutant) == () for _, mutant in all_mutants[::10])


@settings(max_examples=examples(60))
@given(st.data())
def test_two_contracts_differ_in_words_exactly_when_they_differ_in_content(
    all_mutants: list[tuple[Path, Contract]], data: st.DataObject
) -> None:
    (_, one), (_, other) = data.draw(st.sampled_from(all_mutants)), data.draw(st.sampled_from(all_mutants))
    assert bool(diff(one, other)) == (content(one) != content(other))
