"""Which commit and which machine a recorded figure comes from."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path


def commit(root: Path) -> str:
    """The short commit id, with a + when the tree holds changes beyond it; the records themselves are none."""
    short = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True, check=False
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", ".", ":!docs/proof"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return (short.stdout.strip() or "unknown") + ("+" if changed.stdout.strip() else "")


def machine() -> str:
    """Cores, memory, processor, system and Python, in one phrase."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    python = f"{platform.system()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores ({processor}), {memory:.0f} GiB, {python}"
