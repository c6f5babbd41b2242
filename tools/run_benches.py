"""Runs every script of bench/ by itself and records the tables, with commit and machine, in docs/proof/bench.md."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

from machine import commit, machine

ROOT = Path(__file__).resolve().parent.parent
SHORT = " **short**"  # as bench/timing.py marks a row
SHARED = {"timing.py"}  # imported by the scripts, no bench of its own


def main() -> int:
    """One script after the other: two at once would time each other."""
    worst, missed = 0, list[str]()
    origin = f"Commit {commit(ROOT)}, {dt.datetime.now(dt.UTC):%Y-%m-%d}, on {machine()}. Written by `make bench`;"
    manner = "CPU time, medians of five, raw runs beside them. Ratios are taken within one run."
    pages = [f"# Timings\n\n{origin} {manner}\n"]
    for script in sorted((ROOT / "bench").glob("*.py")):
        if script.name in SHARED:
            continue
        print(f"== {script.name}", flush=True)
        done = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=False)
        print(done.stdout, done.stderr[-3000:], flush=True)
        worst = max(worst, done.returncode)
        pages.append(f"## {script.stem}\n\n{done.stdout.strip().replace(str(ROOT), '.')}\n")
        missed += [f"- {script.stem}: {_told(line)}" for line in done.stdout.splitlines() if SHORT in line]
    pages.insert(1, "## Short of what was to be reached\n\n" + ("\n".join(missed) or "Nothing.") + "\n")
    (ROOT / "docs/proof/bench.md").write_text("\n".join(pages), encoding="utf-8")
    return worst


def _told(row: str) -> str:
    """A row of a table as a line: what, what was asked, what was measured."""
    what, reach, measured, *_ = (cell.strip() for cell in row.strip("|").split("|"))
    return f"{what}: {measured}, asked {reach.replace(SHORT, '').strip()}"


if __name__ == "__main__":
    sys.exit(main())
