"""Programs of the service look for garbage seldom, and not among what they are made of."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.django_db  # the template of ``home`` is made for tests that say so

_SHOWN = "import gc; print(gc.get_threshold()[0], gc.get_freeze_count())"


@pytest.mark.parametrize(
    "starts",
    [
        "import handfast_server.wsgi",
        "from handfast_server.commands.work import command; command(['--once'], standalone_mode=False)",
    ],
)
def test_a_program_looks_for_garbage_seldom(starts: str, home: dict[str, str]) -> None:
    script = f"from handfast_server.operate.up import up; up()\n{starts}\n{_SHOWN}"
    done = subprocess.run([sys.executable, "-c", script], env=home, capture_output=True, text=True, check=True)
    threshold, frozen = map(int, done.stdout.splitlines()[-1].split())
    assert threshold >= 10_000
    assert frozen > 50_000
