"""One simulated year for all tests here: what is asked of it is fixed by its seed."""

from __future__ import annotations

import pytest

from handfast.simulate import Simulated, demo_contracts, simulate


@pytest.fixture(scope="session")
def year() -> Simulated:
    return simulate(11, 2_000, demo_contracts())
