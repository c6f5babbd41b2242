"""What runs the tests leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.program import alive, until

RUN = """
import os, subprocess, sys, time
from tests.support.keeper import keep
kept = keep()
inner = (
    "import subprocess as s; each = s.Popen(['sleep', '600'], start_new_session=True); "
    "print(each.pid, flush=True); each.wait()"
)
outer = subprocess.Popen([sys.executable, "-c", inner], stdout=1)
print(kept.pid, outer.pid, flush=True)
time.sleep(600)
"""


def test_what_tests_started_ends_with_a_run_that_is_killed(root: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=root, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        started = [int(pid) for _ in range(2) for pid in run.stdout.readline().split()]
        assert len(started) == 3
        assert all(map(alive, started))
        os.kill(run.pid, signal.SIGKILL)
        until(lambda: not any(map(alive, started)), "gone with the run", 60)
