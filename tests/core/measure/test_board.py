from __future__ import annotations

import json
from collections.abc import Callable

from handfast.contract.model import Contract
from handfast.instant import DAY, parse_instant
from handfast.measure import board
from handfast.measure.columns import CycleColumns, faults

NOW = parse_instant("2027-01-01T00:00:00+01:00") + 120 * DAY


def test_a_board_is_plain_data(random_cycles: Callable[[int, int], CycleColumns], acme: Contract) -> None:
    cycles = random_cycles(1, 500)
    assert faults(cycles) == []
    data = board(cycles, acme, None, NOW).to_data(records=3)
    assert json.loads(json.dumps(data)) == data
