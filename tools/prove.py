"""Runs what is too long for `make test`, part by part, and records each under docs/proof with commit and machine.

A part that passed at this very commit is not run again; what came of the others is kept beside it, so that the proof
can be taken up where it was left. `make proof ARGS="soak replay"` runs those parts; `ARGS=--list` says which there are.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from machine import commit, machine

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".make" / "proof"
PAGE = ROOT / "docs" / "proof" / "proof.md"
KILLED = "tests/server/crash/test_killed.py"
SOAK = "tests/server/crash/test_soak.py"
ON_POSTGRES = {"HANDFAST_TEST_DATABASE": "postgres"}


@dataclass(frozen=True)
class Part:
    """One run of pytest. ``minutes`` is about how long it takes on two quiet cores."""

    name: str
    title: str
    arguments: tuple[str, ...]
    minutes: int
    environment: dict[str, str] = field(default_factory=dict)


PARTS = (
    Part("kills", "Five hundred kills, on SQLite", ("-m", "proof", KILLED), 8),
    Part("kills-postgres", "Five hundred kills, on PostgreSQL", ("-m", "proof", KILLED), 8, ON_POSTGRES),
    Part("soak", "Ten minutes of bursts, on SQLite", ("-m", "proof", SOAK, "-k", "ten_minutes"), 13),
    Part(
        "soak-postgres",
        "Ten minutes of bursts, on PostgreSQL",
        ("-m", "proof", SOAK, "-k", "ten_minutes"),
        13,
        ON_POSTGRES,
    ),
    Part("replay", "Replay of that soak, from the facts alone", ("-m", "proof", SOAK, "-k", "facts_of_the_soak"), 2),
    Part(
        "replay-postgres",
        "Replay of the soak on PostgreSQL, from the facts alone",
        ("-m", "proof", SOAK, "-k", "facts_of_the_soak"),
        2,
        ON_POSTGRES,
    ),
    # `make test` runs on PostgreSQL what a database has a part in; here is the rest as well.
    Part(
        "service-postgres",
        "Every test of the service, on PostgreSQL, its branches followed",
        ("-m", "not proof", "-n", "2", "--cov=handfast_server", "--cov-branch", "tests/server"),
        20,
        ON_POSTGRES,
    ),
    Part("contracts", "Random contracts and damaged texts", ("-m", "proof", "tests/properties"), 10),
    Part(
        "properties",
        "Properties, fresh seeds, ten times the examples of make test",
        ("-m", "not proof", "-n", "2", "tests/properties"),
        15,
    ),
)


@dataclass(frozen=True)
class Record:
    """What came of a part."""

    part: str
    commit: str
    machine: str
    began: str
    seconds: float
    code: int
    said: str

    def write(self) -> None:
        """Keep it."""
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{self.part}.json").write_text(json.dumps(asdict(self)), encoding="utf-8")


def record_of(part: Part) -> Record | None:
    """What came of it when it was run last, if it was."""
    file = KEPT / f"{part.name}.json"
    return Record(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def run(part: Part) -> Record:
    """Run it now."""
    began, at = dt.datetime.now(dt.UTC), time.monotonic()
    environment = {**os.environ, "HANDFAST_HYPOTHESIS": "proof", **part.environment}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # every program of the proofs would compile everything anew
    command = [sys.executable, "-m", "pytest", "-q", "-s", *part.arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).replace(str(ROOT), ".").strip()[-12000:]
    seconds = time.monotonic() - at
    return Record(part.name, commit(ROOT), machine(), f"{began:%Y-%m-%d %H:%M} UTC", seconds, done.returncode, said)


def write_page() -> None:
    """Everything that is recorded, on one page."""
    found = [(part, record_of(part)) for part in PARTS]
    lines = ["# Proof", "", "Written by `make proof`: each part with the commit and the machine on which it ran.", ""]
    lines += ["| part | | commit | began | minutes |", "|---|---|---|---|---|"]
    for part, record in found:
        if record is None:
            lines.append(f"| {part.title} | not run | | | |")
        else:
            came = "passed" if record.code == 0 else "**failed**"
            lines.append(f"| {part.title} | {came} | {record.commit} | {record.began} | {record.seconds / 60:.1f} |")
    for part, record in found:
        if record is not None:
            lines += ["", f"## {part.title}", "", f"Commit {record.commit}, {record.began}, on {record.machine}."]
            lines += [f"Exit code {record.code}.", "", "```text", record.said, "```"]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Run the parts that are asked for, or all that did not pass at this commit."""
    asked = argparse.ArgumentParser(prog="make proof", description=__doc__)
    asked.add_argument("parts", nargs="*", help=f"of: {', '.join(part.name for part in PARTS)}")
    asked.add_argument("--list", action="store_true", help="say which parts there are, and run none")
    asked.add_argument("--again", action="store_true", help="run also what passed at this commit")
    given = asked.parse_args()
    unknown = set(given.parts) - {part.name for part in PARTS}
    if unknown:
        asked.error(f"there is no part {', '.join(sorted(unknown))}")
    chosen = [part for part in PARTS if not given.parts or part.name in given.parts]
    if given.list:
        for part in chosen:
            print(f"{part.name:16} about {part.minutes:2} min   {part.title}")
        return 0
    here = commit(ROOT)
    for part in chosen:
        before = record_of(part)
        if before is not None and before.code == 0 and before.commit == here and "+" not in here and not given.again:
            print(f"== {part.title}: passed at this commit already", flush=True)
            continue
        print(f"== {part.title}: about {part.minutes} min", flush=True)
        record = run(part)
        record.write()
        write_page()
        print(record.said[-4000:], f"\n== exit code {record.code} after {record.seconds / 60:.1f} min", flush=True)
    return max((found.code for part in chosen if (found := record_of(part)) is not None), default=0)


if __name__ == "__main__":
    sys.exit(main())
