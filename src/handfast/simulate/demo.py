"""The agreement of the made-up company: two versions of one contract, the second from the middle of the year."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.errors import ContractRefused

VERSIONS = (1, 2)


def demo_texts() -> tuple[str, ...]:
    """The texts of the versions, in order."""
    folder = files("handfast.simulate")
    return tuple(folder.joinpath(f"acme-demo-{version}.yaml").read_text(encoding="utf-8") for version in VERSIONS)


@cache
def demo_contracts() -> tuple[Contract, ...]:
    """The versions, in order. Raises ContractRefused when the package is damaged."""
    return tuple(_loaded(text) for text in demo_texts())


def _loaded(text: str) -> Contract:
    found = load(text)
    if found.contract is None:
        raise ContractRefused(found.problems)
    return found.contract
