"""The canonical bytes change with every change of meaning, and with nothing else."""

from __future__ import annotations

import dataclasses
import typing

from hypothesis import given
from hypothesis import strategies as st

from handfast.condition import All, AnyOf, Condition, NoneOf, Operator, Test
from handfast.contract.canonical import canonical_bytes, content, contract_from, to_plain
from handfast.contract.model import Contract
from handfast.problem import Path

TESTS = st.builds(
    Test,
    st.sampled_from(["industry", "country", "total"]),
    st.sampled_from([Operator.IS, Operator.AT_LEAST]),
    st.integers(0, 3),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    TESTS,
    lambda inner: st.builds(
        lambda kind, parts: kind(tuple(parts)), st.sampled_from([All, AnyOf, NoneOf]), st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


def digest(contract: Contract) -> bytes:
    return canonical_bytes(content(contract))


def holds(condition: Condition, true: set[Test]) -> bool:
    if isinstance(condition, Test):
        return condition in true
    parts = [holds(part, true) for part in condition.parts]
    return {All: all(parts), AnyOf: any(parts), NoneOf: not any(parts)}[type(condition)]


def asked_in(condition: Condition) -> set[Test]:
    if isinstance(condition, Test):
        return {condition}
    return set().union(*(asked_in(part) for part in condition.parts))


def test_every_single_change_changes_the_bytes(complete: Contract, all_mutants: list[tuple[Path, Contract]]) -> None:
    known = digest(complete)
    silent = [path for path, mutant in all_mutants if digest(mutant) == known]
    assert silent == []


def test_every_field_of_every_type_was_changed(all_mutants: list[tuple[Path, Contract]]) -> None:
    assert {path[0] for path, _ in all_mutants} == {field.name for field in dataclasses.fields(Contract)}
    assert len(all_mutants) > 300


def test_a_contract_comes_back_from_its_content(all_mutants: list[tuple[Path, Contract]]) -> None:
    for _, mutant in all_mutants:
        plain = content(mutant)
        assert content(contract_from(plain)) == plain


@given(CONDITIONS, st.randoms(use_true_random=False))
def test_the_order_of_a_conditions_parts_is_no_content(condition: Condition, random: typing.Any) -> None:
    def shuffled(part: Condition) -> Condition:
        if isinstance(part, Test):
            return part
        parts = [shuffled(inner) for inner in part.parts]
        random.shuffle(parts)
        return type(part)((*parts, *parts[:1]))

    assert to_plain(Condition, shuffled(condition)) == to_plain(Condition, condition)


@given(CONDITIONS, st.data())
def test_the_canonical_condition_holds_where_the_written_one_does(condition: Condition, data: st.DataObject) -> None:
    from handfast.contract.canonical import from_plain

    canonical = from_plain(Condition, to_plain(Condition, condition))
    names = sorted(asked_in(condition), key=repr)
    true = {test for test in names if data.draw(st.booleans())}
    assert holds(canonical, true) == holds(condition, true)
