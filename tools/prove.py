"""Runs what is too long for `make test` and records the output, with commit and machine, under docs/proof."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

from machine import commit, machine

ROOT = Path(__file__).resolve().parent.parent
PROPERTIES = ("-m", "not proof", "-n", "2", "tests/properties")


def main() -> int:
    """Run every test marked `proof`, and the property tests with fresh seeds and many examples."""
    started = dt.datetime.now(dt.UTC)
    pytest = [sys.executable, "-m", "pytest", "-q"]
    runs = {
        "Long proofs": [*pytest, "-m", "proof", "-s"],
        "The service's long proofs again, on PostgreSQL": [*pytest, "-m", "proof", "-s", "tests/server"],
        "Properties, fresh seeds, ten times the examples of make test": [
            *pytest,
            "-m",
            "not proof",
            "-n",
            "2",
            "tests/properties",
        ],
    }
    environment = {**os.environ, "HANDFAST_HYPOTHESIS": "proof"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # every program of the proofs would compile everything anew
    origin = f"Commit {commit(ROOT)}, {started:%Y-%m-%d %H:%M} UTC, on {machine()}."
    pages = [f"# Proof\n\n{origin} Written by `make proof`.\n"]
    worst = 0
    for title, command in runs.items():
        print(f"== {title}", flush=True)
        which = {"HANDFAST_TEST_DATABASE": "postgres"} if "PostgreSQL" in title else {}
        given = {**environment, **which}
        done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
        print(done.stdout[-4000:], done.stderr[-2000:], flush=True)
        shown = done.stdout.replace(str(ROOT), ".").strip()
        pages.append(f"## {title}\n\nExit code {done.returncode}.\n\n```text\n{shown[-12000:]}\n```\n")
        worst = max(worst, done.returncode)
    (ROOT / "docs/proof/proof.md").write_text("\n".join(pages), encoding="utf-8")
    return worst


if __name__ == "__main__":
    sys.exit(main())
