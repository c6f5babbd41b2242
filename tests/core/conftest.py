"""What tests of the core share: the golden contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.contract.seal import Sealed, seal


@pytest.fixture(scope="session")
def acme_text(root: Path) -> str:
    """The example of the specification, as it stands."""
    return (root / "tests" / "golden" / "acme-inbound.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def acme(acme_text: str) -> Contract:
    """The golden contract."""
    contract = load(acme_text).contract
    assert contract is not None
    return contract


@pytest.fixture(scope="session")
def acme_sealed(acme: Contract) -> Sealed:
    """The golden contract, sealed by the packages installed."""
    return seal(acme)
