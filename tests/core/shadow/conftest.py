"""A cast for each test."""

from __future__ import annotations

import pytest
from tests.support.world import Cast

from handfast.contract.model import Contract


@pytest.fixture
def cast(acme: Contract) -> Cast:
    """Lena and Sam sell, Mia manages."""
    return Cast(acme)
