"""Programs of the service look for garbage seldom, and not among what they are made of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_SHOWN = "import gc; print(gc.get_threshold()[0], gc.get_freeze_count())"


@pytest.mark.parametrize(
    "starts",
    [
        "import handfast_server.wsgi",
        "from handfast_server.commands.work import command; command(['--once'], standalone_mode=False)",
    ],
)
def test_a_program_looks_for_garbage_seldom(starts: str, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HANDFAST_", "DATABASE_URL"))}
    env = {**kept, "HANDFAST_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "handfast_server.settings"}
    migrated = "from handfast_server.operate.up import up; up(); from django.core.management import call_command; "
    migrated += "call_command('migrate', verbosity=0)"
    script = f"{migrated}\n{starts}\n{_SHOWN}"
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    threshold, frozen = map(int, done.stdout.splitlines()[-1].split())
    assert threshold >= 10_000
    assert frozen > 50_000
