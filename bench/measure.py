"""Every measure over cycles in memory: a hundred thousand to a million cycles with their clocks, touches and deals."""

import numpy as np
from measuring.world import calendars, contract, world
from timing import race, ratio, report

from handfast.measure import board
from handfast.measure.columns import CycleColumns

SIZES = {"250k": 250_000, "500k": 500_000, "1M": 1_000_000}


def main() -> None:
    terms, hours = contract(), calendars()
    worlds: dict[str, tuple[CycleColumns, int]] = {label: world(7, size) for label, size in SIZES.items()}

    def once(label: str) -> int:
        columns, now = worlds[label]
        return len(board(columns, terms, None, now, calendars=hours).measures)

    works = {f"{label} cycles": (lambda label=label: once(label)) for label in SIZES}
    figures = race(works, reach={"1M cycles": "≤ 1.5 s"})
    columns, now = worlds["1M"]
    shown = board(columns, terms, None, now, calendars=hours)
    count = sum(measure.measurable for measure in shown)
    deals = 0 if columns.opportunities is None else len(columns.opportunities)
    clocks = 0 if columns.clocks is None else len(columns.clocks)
    report(
        "Measures",
        figures,
        ratios=[
            ratio(figures[2], figures[1], label="1M ÷ 500k", reach="≤ 2.2"),
            ratio(figures[1], figures[0], label="500k ÷ 250k", reach="≤ 2.2"),
        ],
        notes=[
            f"unit: one board of {len(shown.measures)} measures, {count} of them measurable.",
            "Splits and months are worked out when somebody opens them, and are not in it.",
            f"1M: {np.count_nonzero(columns.happened('qualified')):,} delivered, {deals:,} deals, {clocks:,} clocks.",
        ],
    )


if __name__ == "__main__":
    main()
