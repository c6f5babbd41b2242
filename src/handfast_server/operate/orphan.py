"""A process that does not outlive the one that started it, even when that one is killed."""

from __future__ import annotations

import os
import signal
import threading

WATCH = "HANDFAST_WATCH_PARENT"
"""Set in the environment of a process whose parent is one of ours."""

_EVERY = 0.5


def end_with_parent() -> None:
    """Ask this process to end as soon as its parent is gone, if its parent is one of ours."""
    if WATCH in os.environ:
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True, name="parent").start()


def _watch(parent: int) -> None:
    gone = threading.Event()
    while not gone.wait(_EVERY):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
