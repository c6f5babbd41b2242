"""The contract of a case: a base contract, with single terms written otherwise, and its amendments."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from tests.support.story.read import Case, CaseRefused, read_yaml

from handfast.contract import load
from handfast.contract.model import Contract
from handfast.engine import Terms

CONTRACTS = Path(__file__).parent.parent.parent / "golden" / "cycles" / "contracts"
ABSENT = "absent"


def written(case: Case) -> tuple[dict[str, Any], ...]:
    """Every version of the contract as plain values, the first first."""
    base = copy.deepcopy(_base(case.contract))
    found = [changed(base, case.terms)]
    for amendment in case.amended:
        head = {"version": amendment["version"], "effective_from": amendment["from"]}
        found.append(changed(found[-1], {**head, **amendment["terms"]}))
    return tuple(found)


def terms_of(case: Case) -> Terms:
    """The same, compiled. Raises CaseRefused for a contract that cannot be signed."""
    return Terms.of_contracts(
        _contract(yaml.safe_dump(raw, sort_keys=False, allow_unicode=True)) for raw in written(case)
    )


def changed(raw: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """The contract with some dotted paths written otherwise; ``absent`` takes one away."""
    after = copy.deepcopy(dict(raw))
    for path, value in terms.items():
        *into, last = path.split(".")
        table = after
        for part in into:
            table = table.setdefault(part, {})
        if value == ABSENT:
            if last not in table:
                raise CaseRefused(f"The contract has no {path} that could be absent.")
            del table[last]
        else:
            table[last] = value
    return after


@cache
def _base(name: str) -> dict[str, Any]:
    path = CONTRACTS / f"{name}.yaml"
    if not path.is_file():
        raise CaseRefused(f"There is no contract {name} in {CONTRACTS.name}/.")
    found: dict[str, Any] = read_yaml(path)
    return found


@cache
def _contract(text: str) -> Contract:
    loaded = load(text)
    if loaded.contract is None:
        raise CaseRefused("The contract is refused: " + " ".join(str(each) for each in loaded.problems))
    return loaded.contract
