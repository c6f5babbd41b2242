"""A simulated year of 50,000 leads and two million activities; how it grows when leads double."""

import sys
import tempfile
from pathlib import Path

from timing import command, measure, ratio, report

from handfast.simulate import demo_contracts, simulate
from handfast.simulate.fact_file import write_facts
from handfast.simulate.hubspot import write_hubspot_export

PROGRAM = str(Path(sys.executable).parent / "handfast")
SMALL, LARGE = 5_000, 50_000


def main() -> None:
    contracts = demo_contracts()
    small, double = (
        measure(f"{leads:,} leads", lambda leads=leads: simulate(7, leads, contracts), repeat=3)  # type: ignore[misc] # mypy infers no lambda with a default
        for leads in (SMALL, 2 * SMALL)
    )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        arguments = [PROGRAM, "simulate", "--leads", str(LARGE), "--out", str(place / "year"), "--facts", "none"]
        whole = command(
            f"handfast simulate --leads {LARGE:,}, export and truth written", arguments, repeat=3, reach="≤ 30 s"
        )
        year = simulate(7, LARGE, contracts)
        lines = measure("facts as lines", lambda: write_facts(year, place / "facts.jsonl"), repeat=3)
        parquet = measure("facts as Parquet", lambda: write_facts(year, place / "facts.parquet"), repeat=3)
        export = measure("the export", lambda: write_hubspot_export(year, place / "again"), repeat=3)
        handoffs = f"{len(year.handoffs):,} handoffs, {len(year.told):,} facts that the engine was told or made."
        notes = [f"{LARGE:,} leads: {len(year.acts):,} activities, {handoffs}"]
    growth = ratio(double, small, label="10,000 ÷ 5,000 leads", reach="≤ 2.2")
    report("A simulated year", [whole, small, double, export, lines, parquet], ratios=[growth], notes=notes)


if __name__ == "__main__":
    main()
