"""Runs every script of bench/ by itself and records the tables, with commit and machine, in docs/proof/bench.md.

What a script printed is kept in .bench/ with the commit that it ran at: after an interruption, those that ran at this
commit are not run again. ``run_benches.py NAME…`` runs these alone, once more. The record is written after each script,
and says of each at which commit it ran. A script that takes longer than two minutes is named.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from machine import commit, machine

ROOT = Path(__file__).resolve().parent.parent
KEPT, RECORD = ROOT / ".bench", ROOT / "docs/proof/bench.md"
SHORT = " **short**"  # as bench/timing.py marks a row
SHARED = {"timing.py"}  # imported by the scripts, no bench of its own
LONGEST = 120.0

Ran = dict[str, Any]


def main() -> int:
    """One script after the other: two at once would time each other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="scripts of bench/ without .py; all that did not run at this commit")
    named = parser.parse_args().names
    here, worst = commit(ROOT), 0
    KEPT.mkdir(exist_ok=True)
    for script in _scripts():
        before = _kept(script)
        wanted = script.stem in named if named else before.get("commit") != here or before.get("code") != 0
        if wanted:
            print(f"== {script.name}", flush=True)
            ran = _run(script, here)
            (KEPT / f"{script.stem}.json").write_text(json.dumps(ran), encoding="utf-8")
            worst = max(worst, ran["code"])
            _record()
    _record()
    return worst


def _scripts() -> list[Path]:
    return [each for each in sorted((ROOT / "bench").glob("*.py")) if each.name not in SHARED]


def _kept(script: Path) -> Ran:
    path = KEPT / f"{script.stem}.json"
    found: Ran = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _run(script: Path, here: str) -> Ran:
    began = time.monotonic()
    done = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    print(done.stdout, done.stderr[-3000:], f"{took:.0f} s", flush=True)
    told = done.stdout.strip().replace(str(ROOT), ".")
    return {"commit": here, "day": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", "took": took, "told": told} | {
        "code": done.returncode
    }


def _record() -> None:
    """The page of everything that is kept."""
    ran = {script.stem: found for script in _scripts() if (found := _kept(script))}
    origin = f"On {machine()}. Written by `make bench`;"
    manner = "CPU time, medians of five, raw runs beside them. Ratios are taken within one run."
    missed = [line for name, each in ran.items() for line in _missed(name, each)]
    pages = [
        f"# Timings\n\n{origin} {manner}\n",
        "## Short of what was to be reached\n\n" + ("\n".join(missed) or "Nothing.") + "\n",
    ]
    for name, each in ran.items():
        pages.append(f"## {name}\n\nCommit {each['commit']}, {each['day']}, {each['took']:.0f} s.\n\n{each['told']}\n")
    RECORD.write_text("\n".join(pages), encoding="utf-8")


def _missed(name: str, ran: Ran) -> Iterator[str]:
    if ran["code"]:
        yield f"- {name}: ended with {ran['code']}"
    if ran["took"] > LONGEST:
        yield f"- {name}: took {ran['took']:.0f} s, asked {LONGEST:.0f} s"
    for line in ran["told"].splitlines():
        if SHORT in line:
            yield f"- {name}: {_told(line)}"


def _told(row: str) -> str:
    """A row of a table as a line: what, what was asked, what was measured."""
    what, reach, measured, *rest = (cell.strip() for cell in row.strip("|").split("|"))
    wall = f" (wall {rest[0]})" if len(rest) > 1 else ""
    return f"{what}: {measured}{wall}, asked {reach.replace(SHORT, '').strip()}"


if __name__ == "__main__":
    sys.exit(main())
