"""What a command costs before it does anything: `handfast --help` may take 0.15 s of CPU."""

import sys
from pathlib import Path

from timing import command, report

PROGRAM = str(Path(sys.executable).parent / "handfast")
CONTRACT = str(Path(__file__).resolve().parent.parent / "examples/acme-inbound.yaml")

report(
    "Start of the command line",
    [
        command("`handfast --help`", [PROGRAM, "--help"], reach="≤ 150 ms"),
        command("`handfast --version`", [PROGRAM, "--version"]),
        command("`handfast check examples/acme-inbound.yaml`", [PROGRAM, "check", CONTRACT]),
        command("`handfast explain examples/acme-inbound.yaml`", [PROGRAM, "explain", CONTRACT]),
        command("an interpreter that does nothing", [sys.executable, "-c", "pass"]),
    ],
)
