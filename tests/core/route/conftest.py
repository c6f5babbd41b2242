"""A desk for every test, under one contract that is compiled once."""

from __future__ import annotations

import pytest
from tests.support.desk import Desk, desk_of


@pytest.fixture(scope="session")
def first_desk() -> Desk:
    return desk_of()


@pytest.fixture
def desk(first_desk: Desk) -> Desk:
    return Desk(first_desk.contract, first_desk.calendars)
